"""Letters that this machine's own mail server keeps (development mode): they hold words about members as a table does.

Every brand's letters lie in one box, so a letter is this brand's unless it leads to another's pages.
"""

import mailbox
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from django.conf import settings

from clients.audit.erasing.holders import holds_outside
from clients.audit.erasing.values import Sought
from tenants.walls.scope import required_brand


def letters_that_name(sought: Sought) -> int:
    """How many of this brand's letters hold one of the values."""
    return sum(1 for _ in _found(sought))


def delete_letters(sought: Sought) -> int:
    found = list(_found(sought))
    for box, key in found:
        box.remove(key)
    return len(found)


def _found(sought: Sought) -> Iterator[tuple["mailbox.Maildir", str]]:
    kept = getattr(settings, "MAILBOX_MESSAGES", None)
    folder: Path | None = kept.args[0] if kept is not None else None
    if folder is None or not (folder / "new").is_dir() or not sought.values:
        return
    box = mailbox.Maildir(folder, create=False)
    for key in list(box.keys()):
        text = _text(box.get_bytes(key))
        if sought.found_in(text) and _ours(text):
            yield box, key


def _text(content: bytes) -> str:
    """Envelope, headers and every readable part."""
    letter: EmailMessage = message_from_bytes(content, policy=default)
    parts = [part.get_content() for part in letter.walk() if part.get_content_maintype() == "text"]
    return "\n".join([*(f"{name}: {value}" for name, value in letter.items()), *map(str, parts)])


def _ours(text: str) -> bool:
    hosts = set(re.findall(rf"//([a-z0-9-]+)\.{re.escape(settings.HUB_HOST)}", text))
    return not hosts or required_brand().slug in hosts


holds_outside("letters", letters_that_name, delete_letters)
