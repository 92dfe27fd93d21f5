"""A server of Mastodon's client API, after docs.joinmastodon.org, as far as our acts go.

What it keeps of the original: ids that are texts; an Idempotency-Key per account, which `keyless` servers ignore; media
that is processed later (202, then 206); HTML in which links and mentions are dressed up; no notice without a mention;
PUT that loses the pictures it does not name; 404 for what is gone; 422 for what is too long; scopes.
"""

import html
import re
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any

from clients.channels.lengths import counted_length
from clients.channels.port import Counting
from tests.channels.fakes.serving import Answer, Ask, Fake, main

TOKEN, US, FRIEND = "t" * 43, "109348ours", "109348amie"
ACCOUNTS = {US: "marque", FRIEND: "amie@ailleurs.example"}
_LINK = re.compile(r"https?://\S+")
_MENTION = re.compile(r"@(\w+)(@[\w.]+)?")


class Mastodon(Fake):
    """`keyless`: knows no Idempotency-Key. `slow`: how often a picture is asked for before it is ready. `old`: speaks
    neither edits nor media v2. `scopes`: of the token. `blind`: shows no statuses of an account."""

    token, keyless, slow, old, blind = TOKEN, False, 0, False, False
    scopes: tuple[str, ...] = ("read", "write")

    def empty(self) -> dict[str, Any]:
        return {"statuses": {}, "keys": {}, "media": {}}

    @property
    def ours(self) -> list[dict[str, Any]]:
        """Our statuses, oldest first."""
        return [each for each in self.state["statuses"].values() if each["account"] == US]

    def seed(self, text: str, visibility: str = "public") -> str:
        """A status of somebody else; its id."""
        return self.add(FRIEND, {"status": text, "visibility": visibility})["id"]

    def answer(self, ask: Ask) -> Answer:
        if ask.head.get("authorization") != f"Bearer {self.token}":
            return 401, {"error": "The access token is invalid"}
        for method, pattern, scope, do in ROUTES:
            found = re.fullmatch(pattern, ask.path)
            if method == ask.method and found and not (self.old and do in NEW):
                if not {scope, scope.partition(":")[0]} & {*self.scopes, ""}:
                    return 403, {"error": "This action is outside the authorized scopes"}
                return do(self, ask, *found.groups())
        return _missing()

    def add(self, account: str, said: dict[str, Any]) -> dict[str, Any]:
        number = f"1093-{self.next('status'):04d}x"
        status = {
            "id": number,
            "account": account,
            "text": said.get("status", ""),
            "visibility": said.get("visibility", "public"),
            "language": said.get("language"),
            "in_reply_to_id": said.get("in_reply_to_id"),
            "media": said.get("media_ids", []),
            "created_at": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
            "favourited": False,
            "edits": 0,
        }
        self.state["statuses"][number] = status
        return status

    def shown(self, status: dict[str, Any]) -> dict[str, Any]:
        everything = self.state["statuses"].values()
        return {
            **{
                name: status[name]
                for name in ("id", "visibility", "language", "in_reply_to_id", "created_at", "favourited")
            },
            "url": f"{self.url}/@{ACCOUNTS[status['account']]}/{status['id']}",
            "content": _dressed(status["text"]),
            "account": {"id": status["account"], "acct": ACCOUNTS[status["account"]]},
            "media_attachments": [
                {"id": number, "description": self.state["media"][number]["alt"]} for number in status["media"]
            ],
            "replies_count": sum(each["in_reply_to_id"] == status["id"] for each in everything),
            "favourites_count": int(status["favourited"]),
            "reblogs_count": 0,
        }

    def wrong(self, said: dict[str, Any]) -> str:
        """What validation has against a status, or ''."""
        text, media = said.get("status") or "", said.get("media_ids") or []
        counted = _MENTION.sub(lambda found: f"@{found[1]}", text)
        if not text and not media:
            return "Text can't be blank"
        if counted_length(counted, Counting.GRAPHEMES, 23) > 500:
            return "Text character limit of 500 exceeded"
        if not all(number in self.state["media"] and self.state["media"][number]["left"] <= 0 for number in media):
            return "Cannot attach files that have not finished processing"
        to = said.get("in_reply_to_id")
        return "" if to is None or to in self.state["statuses"] else "in_reply_to"


def _verify(fake: Mastodon, ask: Ask) -> Answer:
    return 200, {"id": US, "acct": ACCOUNTS[US], "url": f"{fake.url}/@{ACCOUNTS[US]}"}


def _verify_app(fake: Mastodon, ask: Ask) -> Answer:
    return 200, {"name": "Relais", "scopes": list(fake.scopes)}


def _own(fake: Mastodon, ask: Ask, account: str) -> Answer:
    if fake.blind:
        return _missing()
    return 200, [fake.shown(each) for each in reversed(fake.ours)][: int(ask.query.get("limit", ["20"])[0])]


def _create(fake: Mastodon, ask: Ask) -> Answer:
    key = ask.head.get("idempotency-key", "")
    there = fake.state["keys"].get(key)
    if there in fake.state["statuses"] and not fake.keyless:
        return 200, fake.shown(fake.state["statuses"][there])
    if wrong := fake.wrong(ask.said):
        return 422, {"error": f"Validation failed: {wrong}"}
    status = fake.add(US, ask.said)
    fake.state["keys"][key] = status["id"]
    return 200, fake.shown(status)


def _show(fake: Mastodon, ask: Ask, number: str) -> Answer:
    status = fake.state["statuses"].get(number) or fake.state["statuses"].get(number.lstrip("0"))  # a number to it
    return (200, fake.shown(status)) if status else _missing()


def _edit(fake: Mastodon, ask: Ask, number: str) -> Answer:
    status = fake.state["statuses"].get(number)
    if not status or status["account"] != US:
        return _missing()
    if wrong := fake.wrong(ask.said):
        return 422, {"error": f"Validation failed: {wrong}"}
    status["edits"] += status["text"] != ask.said["status"]
    status["text"], status["media"] = ask.said["status"], ask.said.get("media_ids") or []
    return 200, fake.shown(status)


def _remove(fake: Mastodon, ask: Ask, number: str) -> Answer:
    status = fake.state["statuses"].get(number)
    if not status or status["account"] != US:
        return _missing()
    return 200, fake.shown(fake.state["statuses"].pop(number))


def _favour(fake: Mastodon, ask: Ask, number: str) -> Answer:
    status = fake.state["statuses"].get(number)
    if not status:
        return _missing()
    status["favourited"] = True
    return 200, fake.shown(status)


def _upload(fake: Mastodon, ask: Ask) -> Answer:
    head = f"Content-Type: {ask.head['content-type']}\r\n\r\n".encode()
    parts = {
        part.get_param("name", header="content-disposition"): part
        for part in message_from_bytes(head + ask.body).walk()
    }
    number = f"m{fake.next('media')}"
    alt = parts["description"].get_payload(decode=True).decode()
    fake.state["media"][number] = {"alt": alt, "size": len(parts["file"].get_payload(decode=True)), "left": fake.slow}
    return (202 if fake.slow else 200), {"id": number, "url": None}


def _upload_as_before(fake: Mastodon, ask: Ask) -> Answer:
    return _upload(fake, ask)


def _media(fake: Mastodon, ask: Ask, number: str) -> Answer:
    fake.state["media"][number]["left"] -= 1
    return (206 if fake.state["media"][number]["left"] > 0 else 200), {"id": number, "url": None}


def _missing() -> Answer:
    return 404, {"error": "Record not found"}


def _dressed(text: str) -> str:
    """As Mastodon renders: links cut up by invisible spans, mentions without their server."""

    def link(found: re.Match[str]) -> str:
        scheme, _, rest = found[0].partition("://")
        return (
            f'<a href="{found[0]}"><span class="invisible">{scheme}://</span><span class="ellipsis">{rest}</span></a>'
        )

    dressed = _LINK.sub(link, html.escape(text, quote=False))
    dressed = re.sub(
        r"(?<![\w/])@(\w+)(@[\w.]+)?", r'<span class="h-card"><a href="#">@<span>\1</span></a></span>', dressed
    )
    return "".join(f"<p>{part}</p>" for part in dressed.split("\n\n")).replace("\n", "<br />")


NUMBER = "/api/v1/statuses/([^/]+)"
ROUTES = [
    ("GET", "/api/v1/accounts/verify_credentials", "read:accounts", _verify),
    ("GET", "/api/v1/apps/verify_credentials", "", _verify_app),
    ("GET", "/api/v1/accounts/([^/]+)/statuses", "read:statuses", _own),
    ("POST", "/api/v1/statuses", "write:statuses", _create),
    ("GET", NUMBER, "read:statuses", _show),
    ("PUT", NUMBER, "write:statuses", _edit),
    ("DELETE", NUMBER, "write:statuses", _remove),
    ("POST", f"{NUMBER}/favourite", "write:favourites", _favour),
    ("POST", "/api/v2/media", "write:media", _upload),
    ("POST", "/api/v1/media", "write:media", _upload_as_before),
    ("GET", "/api/v1/media/([^/]+)", "write:media", _media),
]
NEW = (_edit, _upload)


def make(file: Path, delay: float) -> Mastodon:
    return Mastodon(file, delay)


if __name__ == "__main__":
    main(make)
