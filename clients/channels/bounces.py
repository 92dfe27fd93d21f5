"""Mail that came back: which message, to whom, and whether for good. Pure: bytes in, facts out, no word of the mail kept.

The standard way (RFC 3464) is read first; then what servers wrote before it or beside it: `X-Failed-Recipients` (Exim,
Gmail), qmail's plain text, Postfix and Exchange without a machine-readable part. A reply, a vacation notice and a notice
of delay or of delivery are no bounces. Anybody can write such a mail: believe it no more than a note.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message

LARGEST = 2_000_000
MOST_RECIPIENTS = 100

_MESSAGE_ID = re.compile(r"<[^<>\s@]{1,200}@[^<>\s@]{1,200}>")
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,253}")
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.])([45])\d\d(?=[ -])")
_SENDER = re.compile(r"(?i)mailer-daemon|postmaster|microsoftexchange[0-9a-f]{32}|mail delivery (sub)?system")
# Where the report ends and the message that came back begins.
_COPY = re.compile(
    r"(?im)^[-\s>]*(?:below this line is a copy of the message|this is a copy of (?:the|your) message"
    r"|original message|included is a copy of the message|original message (?:headers|follows))\b.*$"
)
_NAMED_ID = re.compile(r"(?im)^[>\s]*message-id:\s*(<[^<>\s]{3,400}>)")
# A line that begins with the address that failed, as qmail, Postfix and old Gmail write it.
_NAMED_ADDRESS = re.compile(rf"(?m)^\s*<?({_ADDRESS.pattern})>?(?::|\s*$|\s+\()")


@dataclass(frozen=True, slots=True)
class Bounce:
    """One recipient whom one message did not reach. `status` is the enhanced code, such as 5.1.1; '' when none is told."""

    message_id: str
    recipient: str
    status: str
    permanent: bool


def bounces_in(data: bytes) -> tuple[Bounce, ...]:
    """What a mail says came back; empty when it is no bounce, or does not tell of which message."""
    mail = message_from_bytes(data[:LARGEST], policy=policy.compat32)
    report = _part(mail, "message/delivery-status")
    original = _original_id(mail)
    if not original:
        return ()
    found = _standard(report, original) if report is not None else _plain(mail, original)
    return tuple({bounce.recipient: bounce for bounce in found}.values())[:MOST_RECIPIENTS]


def _standard(report: Message, original: str) -> Iterator[Bounce]:
    """RFC 3464: a block for the message, then one for each recipient. Only 'failed' has failed."""
    for block in _children(report):
        action = _head(block, "Action").lower()
        named = _head(block, "Original-Recipient") or _head(block, "Final-Recipient")
        recipient = _address(named.rpartition(";")[2])
        if recipient and action == "failed":
            told = _STATUS.search(_head(block, "Status")) or _STATUS.search(_head(block, "Diagnostic-Code"))
            yield _bounce(original, recipient, told, _head(block, "Diagnostic-Code"))


def _plain(mail: Message, original: str) -> Iterator[Bounce]:
    """A report in words: from a mail system, with nothing behind it but addresses and numbers."""
    failed = _head(mail, "X-Failed-Recipients")
    if not failed and not _is_from_a_system(mail):
        return
    words = _COPY.split(_text(mail), maxsplit=1)[0]
    named = _ADDRESS.findall(failed) or _NAMED_ADDRESS.findall(words)
    for recipient in named:
        about = _about(words, recipient, named)
        told = _STATUS.search(about)
        if told or _REPLY.search(about) or failed:
            yield _bounce(original, recipient, told, about)


def _bounce(original: str, recipient: str, told: "re.Match[str] | None", words: str) -> Bounce:
    """Without any number it failed for good: a server that goes on trying says so in a notice of delay."""
    reply = _REPLY.search(words)
    first = told[1] if told else (reply[1] if reply else "5")
    return Bounce(original, recipient.lower(), told[0] if told else "", permanent=first == "5")


def _is_from_a_system(mail: Message) -> bool:
    """No address to answer to, or the name of one that nobody answers; and no robot that answers for a person."""
    if _head(mail, "Auto-Submitted").lower().startswith("auto-replied") and "<>" not in _head(mail, "Return-Path"):
        return False
    return _head(mail, "Return-Path") == "<>" or bool(_SENDER.search(_head(mail, "From")))


def _original_id(mail: Message) -> str:
    """The Message-ID of what came back: in its copy, in the copy of its head, quoted in the words, or answered to."""
    for kind in ("message/rfc822", "message/global", "message/rfc822-headers", "text/rfc822-headers"):
        part = _part(mail, kind)
        found = _NAMED_ID.search(_unfolded(part)) if part is not None else None
        if found:
            return found[1]
    copies = _COPY.split(_text(mail), maxsplit=1)
    found = _NAMED_ID.search(copies[1]) if len(copies) > 1 else None
    if found:
        return found[1]
    answered = _MESSAGE_ID.search(_head(mail, "In-Reply-To")) or _MESSAGE_ID.search(_head(mail, "References"))
    return answered[0] if answered else ""


def _part(mail: Message, kind: str) -> Message | None:
    """The first part of this type, not looking into the message that came back."""
    if mail.get_content_type() == kind:
        return mail
    if mail.get_content_maintype() != "multipart":
        return None
    return next((found for part in _children(mail) if (found := _part(part, kind)) is not None), None)


def _children(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []


def _unfolded(part: Message) -> str:
    """The head of a message that came back, a header a line."""
    for inner in _children(part):
        return "\n".join(f"{name}: {' '.join(str(value).split())}" for name, value in inner.items())
    return re.sub(r"\r?\n[ \t]+", " ", _decoded(part))


def _text(mail: Message) -> str:
    """The words of the report itself."""
    part = _part(mail, "text/plain")
    if part is not None:
        return _decoded(part)
    page = _part(mail, "text/html")
    return re.sub(r"<(?:br|/p|/div|/tr)[^>]*>|<[^>@]*>", "\n", _decoded(page)) if page is not None else ""


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _about(words: str, recipient: str, named: Sequence[str]) -> str:
    """From where the address stands to the next one, or a few empty lines on: there its server's answer is repeated."""
    after = words.partition(recipient)[2] or words
    ends = [after.index(other) for other in named if other != recipient and other in after]
    return "\n\n".join(re.split(r"\n\s*\n", after[: min(ends, default=len(after))])[:3])


def _head(mail: Message, name: str) -> str:
    return " ".join(str(mail.get(name, "")).split())


def _address(named: str) -> str:
    found = _ADDRESS.search(named)
    return found[0].lower() if found else ""
