"""Mastodon and its relatives: class A, by Idempotency-Key, and by looking before a repeat.

A server remembers a key for an hour, and some never do. So before an act is repeated it is looked for among the account's
own statuses: the same words with as many pictures, to the same post, since its first call began. INVARIANT: a first call
looks for nothing: the same words may be another act's, and both were meant. Where a repeat cannot tell them apart it says so.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from clients.autonomy.vocabulary import ActionKind
from clients.channels.mastodon.api import NOT_SPOKEN, Server, expected, failed, named, server_of
from clients.channels.mastodon.words import addressed, came_after, narrower, says, says_ours
from clients.channels.naming import is_name, mentions, others_named
from clients.channels.port import (
    Account,
    Added,
    Capabilities,
    Counting,
    Idempotency,
    OAuth,
    Outbound,
    Proven,
    Seen,
    SelfTest,
    SendFailed,
    Sent,
    SentState,
    SettingField,
    SettingType,
    Written,
)
from clients.channels.rules import outgoing_text
from clients.channels.secret import Secrets

REPLIES = frozenset({ActionKind.ANSWER, ActionKind.ACKNOWLEDGE})
CHANGES = frozenset({ActionKind.REACT, ActionKind.DELETE, ActionKind.CORRECT})
SCOPES = ("read:accounts", "read:statuses", "write:statuses", "write:media", "write:favourites")
_COUNTS = {"replies": "replies_count", "reactions": "favourites_count", "shares": "reblogs_count"}


class MastodonConnector:
    kind = "mastodon"
    fields = (
        SettingField("site", SettingType.SITE),
        SettingField("access_token", SettingType.SECRET),
        SettingField("visibility", SettingType.CHOICE, default="public", choices=("public", "unlisted", "private")),
        SettingField("language", required=False),
    )
    oauth = OAuth(
        authorize="{site}/oauth/authorize",
        token="{site}/oauth/token",  # noqa: S106 - an address
        revoke="{site}/oauth/revoke",
        register="{site}/api/v1/apps",
        scopes=SCOPES,
    )
    declares = Capabilities(
        kinds=REPLIES | CHANGES | {ActionKind.PUBLISH, ActionKind.DIRECT_MESSAGE},
        idempotency=Idempotency.REMOTE_KEY,
        max_length=500,
        counting=Counting.GRAPHEMES,
        link_weight=23,
        max_media=4,
        media_types=frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"}),
        max_media_bytes=8_000_000,
        max_media_pixels=16_000_000,
        max_alt=1500,
        recipient_for=frozenset({ActionKind.DIRECT_MESSAGE}),
        target_for=REPLIES | CHANGES,
        tells_the_named=True,
        at_home="site",
        max_parts=10,
        gap_seconds=1.0,
        self_test=SelfTest.MESSAGE,
        proven=Proven.DOCUMENTATION,
    )

    def check_settings(self, settings: Mapping[str, Any], secret: Secrets) -> None:
        """Nothing that a single setting could not know."""

    def send(self, outbound: Outbound, until: float) -> Sent:
        server = server_of(outbound.settings, outbound.secret, until)
        if outbound.kind in CHANGES:
            return _DO[outbound.kind](server, outbound)
        return _publish(server, outbound)

    def find(self, outbound: Outbound, until: float) -> Sent | None:
        """The status of the act, or the change as its status shows it."""
        server = server_of(outbound.settings, outbound.secret, until)
        if outbound.kind in CHANGES:
            return _changed(server, outbound)
        text, about = _words(server, outbound)
        own = _own(server)
        if own is None:
            raise SendFailed("cannot_look_up", permanent=True, maybe_sent=True)
        found = _ours(own, outbound, text, about)
        return None if found is None else _sent(found)

    def self_test(self, outbound: Outbound, until: float) -> None:
        """A direct status that names nobody reaches nobody: only the account sees it, and it is deleted."""
        server = server_of(outbound.settings, outbound.secret, until)
        made = _post(server, outbound.key, {"status": outbound.text, "visibility": "direct"})
        try:
            _take_back(server, replace(outbound, target=named(made)))
        except SendFailed:
            raise SendFailed("test_left_behind", permanent=True, maybe_sent=True) from None

    def look(self, outbound: Outbound, until: float) -> Seen:
        status = server_of(outbound.settings, outbound.secret, until).status(outbound.target or "")
        if status is None:
            return Seen(SentState.GONE)
        same = says_ours(status, outgoing_text(outbound.text, outbound.link))
        counts = {name: _count(status.get(theirs)) for name, theirs in _COUNTS.items()}
        return Seen(SentState.PUBLISHED if same else SentState.EDITED, _url(status), **counts)

    def adds(self, written: Written) -> Added:
        """Nobody is told of a status that does not name them."""
        if written.kind is not ActionKind.DIRECT_MESSAGE:
            return Added(author_named=written.kind in REPLIES)
        account = written.recipient.removeprefix("@")
        return Added(before="" if not account or mentions(written.text, account) else f"@{account}")

    def check(self, settings: Mapping[str, Any], secret: Secrets, until: float) -> Account:
        """The account; and the scopes where the server tells them, as those of the application."""
        server = server_of(settings, secret, until)
        account = server.ask("accounts/verify_credentials")
        told = server.reply("GET", "apps/verify_credentials")
        scopes = tuple(str(name) for name in (told.fields().get("scopes") or ())) if told.ok else ()
        missing = tuple(name for name in SCOPES if not {name, name.partition(":")[0]} & set(scopes)) if scopes else ()
        return Account(handle=f"@{account.get('acct', '')}", url=_url(account), scopes=scopes, missing=missing)


def _publish(server: Server, outbound: Outbound) -> Sent:
    """The status and what follows it in the thread; from the first one on, a failure leaves something standing."""
    text, about = _words(server, outbound)
    own = (_own(server) or []) if outbound.begun else []
    first = _ours(own, outbound, text, about)
    if first is None:
        about["media_ids"] = [server.upload(file) for file in outbound.media]
        first = _post(server, outbound.key, {"status": text, **about})
    try:
        before = first
        for part, following in enumerate(outbound.parts, 1):
            about = {**about, "in_reply_to_id": named(before), "media_ids": []}
            before = _ours(own, outbound, following, about) or _post(
                server, f"{outbound.key}/{part}", {"status": following, **about}
            )
    except SendFailed as failure:
        failure.maybe_sent = True
        raise
    return _sent(first)


def _words(server: Server, outbound: Outbound) -> tuple[str, dict[str, Any]]:
    """The words of a status with whom they address, and what stands beside them."""
    text = outgoing_text(outbound.text, outbound.link)
    about: dict[str, Any] = {"visibility": outbound.settings.get("visibility") or "public"}
    if language := outbound.settings.get("language"):
        about["language"] = language
    if outbound.kind is ActionKind.DIRECT_MESSAGE:
        about["visibility"] = "direct"
        return _to_one(text, (outbound.recipient or "").removeprefix("@")), about
    if outbound.kind in REPLIES:
        target = _target(server, outbound)
        about["in_reply_to_id"] = named(target)
        about["visibility"] = narrower(about["visibility"], str(target.get("visibility", "")))
        theirs = str((target.get("account") or {}).get("acct", ""))
        if about["visibility"] == "direct":
            # What answers a private message is one.
            _require_alone((text, *outbound.parts), theirs)
        text = addressed(text, theirs, CONNECTOR.declares)
    return text, about


def _to_one(text: str, account: str) -> str:
    """INVARIANT: a direct message goes to whom its text mentions, so it never leaves without the recipient's mention, and
    never to a name that a server reads otherwise than it is written.
    """
    if not is_name(account):
        raise SendFailed("recipient_not_a_user", permanent=True, maybe_sent=False)
    told = addressed(text, account, CONNECTOR.declares)
    if not mentions(told, account):
        raise SendFailed("text_too_long", permanent=True, maybe_sent=False)
    return told


def _require_alone(texts: tuple[str, ...], account: str) -> None:
    """INVARIANT: what is private reaches one person: everybody whom its text names would read it."""
    if any(others_named(text, account) for text in texts):
        raise SendFailed("others_named", permanent=True, maybe_sent=False)


def _target(server: Server, outbound: Outbound) -> dict[str, Any]:
    """INVARIANT: the very status that is named: some servers find '007' by 7, and custody knows it by one name alone."""
    found = server.status(outbound.target or "")
    if found is None or named(found) != outbound.target:
        raise SendFailed("target_gone", permanent=True, maybe_sent=False)
    return found


def _own(server: Server) -> list[dict[str, Any]] | None:
    """The account's latest statuses, newest first; None from a server that lists none."""
    account = named(server.ask("accounts/verify_credentials"))
    return server.list(f"accounts/{account}/statuses", limit="40", exclude_reblogs="true")


def _ours(own: list[dict[str, Any]], outbound: Outbound, text: str, about: dict[str, Any]) -> dict[str, Any] | None:
    """The status that this act made before, if it did. Of several the oldest: the others are other acts.

    Raises SendFailed('cannot_look_up') for one without words: it may be ours, and it may be another's.
    """
    since, pictures = outbound.begun or outbound.moment, len(about.get("media_ids", outbound.media))
    for status in reversed(own):
        if not (came_after(status, since) and says(status, text) and _is_there(status, about)):
            continue
        if len(status.get("media_attachments") or ()) != pictures:
            continue
        if not text:
            raise SendFailed("cannot_look_up", permanent=True, maybe_sent=True)
        return status
    return None


def _is_there(status: Mapping[str, Any], about: Mapping[str, Any]) -> bool:
    """In the same place, and as public or as private as ours: a server may narrow what it shows, but opens no letter."""
    to, ours = status.get("in_reply_to_id"), about.get("in_reply_to_id")
    same_place = to is None if ours is None else str(to) == ours
    return same_place and (status.get("visibility") == "direct") is (about["visibility"] == "direct")


def _post(server: Server, key: str, body: dict[str, Any]) -> dict[str, Any]:
    made = expected(server.reply("POST", "statuses", key=key, json=body))
    named(made, effect=True)
    return made


def _favour(server: Server, outbound: Outbound) -> Sent:
    target = named(_target(server, outbound))
    return _sent(expected(server.reply("POST", f"statuses/{target}/favourite", json={})))


def _take_back(server: Server, outbound: Outbound) -> Sent:
    there = server.status(outbound.target or "")
    if there is not None:
        reply = server.reply("DELETE", f"statuses/{named(there)}")
        if not reply.ok and reply.status not in (404, 410):
            raise failed(reply)
    return Sent(outbound.target or "", state=SentState.GONE)


def _correct(server: Server, outbound: Outbound) -> Sent:
    """Other words; a status keeps its pictures only where they are named again."""
    there = _target(server, outbound)
    text = outgoing_text(outbound.text, outbound.link)
    kept = [named(picture) for picture in there.get("media_attachments") or ()]
    media = [server.upload(file) for file in outbound.media] or kept
    body: dict[str, Any] = {"status": text, "media_ids": media}
    if language := outbound.settings.get("language"):
        body["language"] = language
    reply = server.reply("PUT", f"statuses/{named(there)}", json=body)
    if reply.status in NOT_SPOKEN:
        # It was there a moment ago: this server cannot edit.
        raise SendFailed("kind_not_supported", permanent=True, maybe_sent=False, status=reply.status)
    return _sent(expected(reply))


_DO = {ActionKind.REACT: _favour, ActionKind.DELETE: _take_back, ActionKind.CORRECT: _correct}


def _changed(server: Server, outbound: Outbound) -> Sent | None:
    status = server.status(outbound.target or "")
    if outbound.kind is ActionKind.DELETE:
        return Sent(outbound.target or "", state=SentState.GONE) if status is None else None
    if status is None:
        return None
    if outbound.kind is ActionKind.REACT:
        return _sent(status) if status.get("favourited") is True else None
    return _sent(status) if says(status, outgoing_text(outbound.text, outbound.link)) else None


def _sent(status: Mapping[str, Any]) -> Sent:
    return Sent(remote_id=named(status, effect=True), url=_url(status))


def _url(found: Mapping[str, Any]) -> str:
    return str(found.get("url") or found.get("uri") or "")


def _count(found: Any) -> int | None:
    return found if isinstance(found, int) and found >= 0 else None


CONNECTOR = MastodonConnector()
