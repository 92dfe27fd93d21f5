"""Two senders as they are usually written, for comparison: one notes after the call that it sent, one before it.

Each keeps its book in a file, appended and never rewritten, and begins anew after its last line when it was killed.
"""

import os
import signal
from collections import Counter
from pathlib import Path
from typing import Any

from tests.proof._kill_networks import ask


def send_all(port: int, book: Path, texts: list[str], *, mark_first: bool) -> None:
    """Everything that does not stand in the book."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    done = set(book.read_text().split("\n")) if book.exists() else set()
    line = os.open(book, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for text in texts:
        if text in done:
            continue
        if mark_first:
            os.write(line, f"{text}\n".encode())
        ask(port, "send", key=text, text=text)
        if not mark_first:
            os.write(line, f"{text}\n".encode())


def judged(told: list[str], book: Path) -> dict[str, Any]:
    """Of the texts that the book calls sent: how many are public more than once, and how many never."""
    sent = {text for text in book.read_text().split("\n") if text} if book.exists() else set()
    public = Counter(told)
    return {
        "items": len(sent),
        "twice": sum(public[text] > 1 for text in sent),
        "lost": sum(text not in public for text in sent),
    }
