"""A printer for a module's tests, and a small document."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from reports.rendering.blocks import Document, Head, Heading, Paragraph
from reports.rendering.printer import Printer

MADE = datetime(2026, 11, 23, 7, tzinfo=UTC)


def document(*blocks: Any, **changed: Any) -> Document:
    """A document with these blocks."""
    shown = blocks or (Heading("A part"), Paragraph("Some words."))
    values = {
        "language": "en",
        "head": Head("Kind", "Title"),
        "made_at": MADE,
        "author": "Us",
        "footer": "Foot",
        **changed,
    }
    return Document(blocks=shown, **values)


@pytest.fixture(scope="session")
def printer() -> Iterator[Printer]:
    """One process for all tests of this worker."""
    one = Printer()
    yield one
    one.close()


@pytest.fixture
def make() -> Callable[..., Document]:
    return document
