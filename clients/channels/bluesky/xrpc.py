"""One session with an account's server: questions and procedures of the AT protocol, and what its refusals mean."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings as installation

from clients.channels.bluesky.records import Place, Reference
from clients.channels.fetch import Reply, call, refused
from clients.channels.port import SendFailed
from clients.channels.secret import Secrets

_DID = re.compile(r"did:[a-z]+:[a-zA-Z0-9._:%-]{1,200}")
_REFUSED_LOG_INS = frozenset({400, 401, 403})
# Names of errors that say: this credential does not count (any more), whatever the status beside them.
_OF_THE_CREDENTIAL = frozenset(
    {"ExpiredToken", "InvalidToken", "AuthMissing", "AuthenticationRequired", "AccountTakedown"}
)


@dataclass(frozen=True, slots=True)
class Session:
    """An account that is logged in, for the seconds of one call."""

    site: str
    did: str
    handle: str
    until: float
    token: Secrets = field(repr=False)

    def ask(self, name: str, **params: str) -> Reply:
        return self._call("GET", name, params=params)

    def do(self, name: str, body: Mapping[str, Any], *, effect: bool = True) -> Reply:
        return self._call("POST", name, json=body, effect=effect)

    def upload(self, data: bytes, mime: str) -> dict[str, Any]:
        """A blob that nobody sees until a record names it."""
        reply = self._call(
            "POST", "com.atproto.repo.uploadBlob", content=data, headers={"Content-Type": mime}, effect=False
        )
        return dict(_expected(reply)["blob"])

    def own(self, collection: str, key: str) -> Reference | None:
        """A record of the account, as its own server has it."""
        found = self.record_of(Place(self.did, collection, key))
        return None if found is None else Reference(found["uri"], found["cid"])

    def record_of(self, place: Place) -> dict[str, Any] | None:
        """A record on this server with uri, cid and value. One that is gone is told as a 400."""
        repo, collection, key = place
        reply = self.ask("com.atproto.repo.getRecord", repo=repo, collection=collection, rkey=key)
        if reply.status in (400, 404) and error_of(reply) in ("RecordNotFound", ""):
            return None
        return _expected(reply)

    def post(self, uri: str) -> dict[str, Any] | None:
        """Anybody's post as the network shows it, with its counts; None where it shows none."""
        posts = _expected(self.ask("app.bsky.feed.getPosts", uris=uri)).get("posts")
        return posts[0] if isinstance(posts, list) and posts else None

    def did_of(self, handle: str) -> str:
        """The account of a handle, or '': a mention of nobody is just words."""
        reply = self.ask("com.atproto.identity.resolveHandle", handle=handle)
        if reply.status in (400, 404):
            return ""
        did = str(_expected(reply).get("did", ""))
        return did if _DID.fullmatch(did) else ""

    def _call(self, method: str, name: str, headers: Mapping[str, str] | None = None, **more: Any) -> Reply:
        bearer = {"Authorization": f"Bearer {self.token.reveal('access')}", **(headers or {})}
        return _xrpc(method, self.site, name, self.until, headers=bearer, **more)


def log_in(settings: Mapping[str, Any], secret: Secrets, until: float) -> Session:
    """A session by the account's app password. Raises SendFailed: credentials_refused, and all that `fetch` raises."""
    given = {"identifier": settings["handle"].removeprefix("@"), "password": secret.reveal("password")}
    reply = _xrpc("POST", settings["site"], "com.atproto.server.createSession", until, json=given, effect=False)
    if reply.status in _REFUSED_LOG_INS:
        raise SendFailed("credentials_refused", permanent=True, maybe_sent=False, status=reply.status)
    found = _expected(reply)
    if found.get("active") is False:
        raise SendFailed("not_permitted", permanent=True, maybe_sent=False)
    did, token = str(found.get("did", "")), Secrets({"access": str(found.get("accessJwt", ""))})
    if not _DID.fullmatch(did):
        raise SendFailed("answer_unreadable", permanent=False, maybe_sent=False)
    return Session(settings["site"], did, str(found.get("handle", did)), until, token)


def failed(reply: Reply) -> SendFailed:
    """The error for an answer of this protocol: the shared table, but for what its names of errors say."""
    if reply.status in (400, 403) and error_of(reply) in _OF_THE_CREDENTIAL:
        return SendFailed("credentials_refused", permanent=True, maybe_sent=False, status=reply.status)
    return refused(reply)


def error_of(reply: Reply) -> str:
    try:
        return str(reply.fields().get("error", ""))
    except SendFailed:
        return ""


def _expected(reply: Reply) -> dict[str, Any]:
    if not reply.ok:
        raise failed(reply)
    return reply.fields()


def _xrpc(method: str, site: str, name: str, until: float, **more: Any) -> Reply:
    return call(method, f"{site}/xrpc/{name}", until=until, allow_private=installation.ALLOW_PRIVATE_HOSTS, **more)
