"""The letters that this machine's own mail server kept (`config.embedded.smtp`), read for a page of the development mode."""

import mailbox
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import default
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter as a page shows it."""

    key: str
    subject: str
    sender: str
    recipients: str
    sent_at: datetime | None
    text: str


def messages(folder: Path, limit: int = 50) -> list[Letter]:
    """The letters in a mailbox, newest first."""
    if not (folder / "new").is_dir():
        return []
    box = mailbox.Maildir(folder, create=False)
    # A Maildir's key begins with the second of arrival and goes on with a count of the process that wrote it.
    keys = sorted(box.keys(), key=_arrival, reverse=True)[:limit]
    return [_letter(key, box.get_bytes(key)) for key in keys]


def _arrival(key: str) -> tuple[int, int]:
    second, rest = key.split(".", 1)
    count = rest.split("Q", 1)[-1].split(".", 1)[0]
    return int(second), int(count) if count.isdecimal() else 0


def _letter(key: str, content: bytes) -> Letter:
    letter: EmailMessage = message_from_bytes(content, policy=default)
    body = letter.get_body(("plain", "html"))
    return Letter(
        key=key,
        subject=str(letter["subject"] or ""),
        sender=str(letter["from"] or ""),
        recipients=str(letter["x-envelope-to"] or ""),
        sent_at=_sent_at(letter),
        text=str(body.get_content()) if body else "",
    )


def _sent_at(letter: EmailMessage) -> datetime | None:
    try:
        return letter["date"].datetime if letter["date"] else None
    except (MessageError, AttributeError, ValueError):
        return None
