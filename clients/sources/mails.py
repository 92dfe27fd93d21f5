"""Mails: bytes to what somebody wrote, whatever is wrong with them. Pure.

A mail is read with distrust: heads that no standard knows, words in another charset than they say, no words at all. What is
attached is named and never opened.
"""

import email
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import policy
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import sha256

from clients.mentions.raw import RawMention
from clients.sources.plain import LONGEST_ID, LONGEST_TEXT, LONGEST_TITLE, cut, from_html, line_of, text_of
from clients.sources.rules import believable

MOST_NAMED = 20
_OF_MANY = ("list-id", "list-unsubscribe", "list-post", "x-auto-response-suppress", "feedback-id")
_NUMBER = re.compile(r"<[^<>\s]+@[^<>\s]+>")
_BADLY = (LookupError, ValueError, TypeError, AttributeError, IndexError, MessageError)


class _AsItIs(policy.Compat32):
    """TRAP: the usual one wraps a head that is no ASCII in an object from which no file name can be read."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


def read_mail(data: bytes, *, now: datetime) -> RawMention:
    """The words of one mail. Never raises for what `data` is."""
    mail = email.message_from_bytes(data, policy=_AsItIs())
    name, address = _sender(mail)
    number = line_of(_head(mail, "message-id"), LONGEST_ID)
    before = _ids(_head(mail, "references"))
    return RawMention(
        own_id=number or sha256(data).hexdigest(),
        title=line_of(_head(mail, "subject"), LONGEST_TITLE),
        text=_words(mail),
        author=line_of(name),
        author_handle=line_of(address),
        published_at=believable(_date(mail), now),
        remote_id=number,
        in_reply_to=next(iter(_ids(_head(mail, "in-reply-to"))), before[-1] if before else ""),
        references=before,
        direct=True,
        bulk=_is_bulk(mail),
    )


def _is_bulk(mail: Message) -> bool:
    """Newsletters, lists (RFC 2919, RFC 2369), what a program answered by itself (RFC 3834), and what says that it could not be
    delivered.
    """
    if any(mail.get(name) for name in _OF_MANY):
        return True
    program = _head(mail, "auto-submitted").strip().lower()
    return (
        _head(mail, "precedence").strip().lower() in {"bulk", "list", "junk"}
        or (bool(program) and program != "no")
        or _head(mail, "return-path").strip() == "<>"
        or mail.get_content_type() == "multipart/report"
    )


def _words(mail: Message) -> str:
    """The plain part, else the HTML part as text; below it the names of what is attached."""
    parts = list(_parts(mail))
    plain = next((text for kind, text in parts if kind == "text/plain" and text.strip()), "")
    html = next((text for kind, text in parts if kind == "text/html"), "")
    attached = [f"📎 {text}" for kind, text in parts if kind == "attached"][:MOST_NAMED]
    words = text_of(plain) if plain else from_html(html)
    return cut("\n".join(filter(None, (words, *attached))), LONGEST_TEXT)


def _parts(mail: Message) -> Iterator[tuple[str, str]]:
    """(kind, text) of each part; of one that is attached its name."""
    for part in mail.walk():
        if part.is_multipart():
            continue
        kind = part.get_content_type()
        name = _filename(part)
        attached = str(part.get("content-disposition") or "").strip().lower().startswith("attachment")
        if attached or name or kind not in ("text/plain", "text/html"):
            yield "attached", line_of(name or kind)
        else:
            yield kind, _decoded(part)


def _filename(part: Message) -> str:
    try:
        return _readable(part.get_filename() or "")
    except _BADLY:
        return ""


def _decoded(part: Message) -> str:
    """In the charset it names if that can be, else in UTF-8, else in Windows-1252, which can always be."""
    try:
        data = part.get_payload(decode=True)
    except _BADLY:
        data = None
    if not isinstance(data, bytes):
        return ""
    for charset in (str(part.get_content_charset() or "utf-8"), "utf-8", "cp1252"):
        try:
            return data.decode(charset)
        except _BADLY:
            continue
    return data.decode("cp1252", "replace")


def _ids(head: str) -> tuple[str, ...]:
    """The numbers of mails in a head, whatever else stands there: of too many the first, which names the thread, and the last."""
    found = [one for one in _NUMBER.findall(head) if len(one) <= LONGEST_ID]
    return tuple(found if len(found) <= MOST_NAMED else [found[0], *found[1 - MOST_NAMED :]])


def _head(mail: Message, name: str) -> str:
    try:
        return _readable(str(mail.get(name) or ""))
    except _BADLY:
        return ""


def _readable(said: str) -> str:
    """Encoded words decoded, one by one: a wrong one among them spoils no other."""
    found = []
    for part, charset in decode_header(said):
        if isinstance(part, str):
            found.append(part.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
            continue
        try:
            found.append(part.decode(charset or "utf-8"))
        except (LookupError, ValueError):
            found.append(part.decode("cp1252", "replace"))
    return "".join(found)


def _sender(mail: Message) -> tuple[str, str]:
    try:
        pairs = getaddresses([str(mail.get("from") or "")])
    except _BADLY:
        return "", ""
    name, address = pairs[0] if pairs else ("", "")
    try:
        return _readable(name) or address, address
    except _BADLY:
        return address, address


def _date(mail: Message) -> datetime | None:
    try:
        found = parsedate_to_datetime(str(mail.get("date") or ""))
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except (*_BADLY, OverflowError):
        return None
