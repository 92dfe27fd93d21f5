"""One document of every kind of block, drawn once before any other: what it loads and parses, each child finds done.

Alphabets, styles, sheet and templates: without it every child begins with a tenth of a second of the same work.
"""

from base64 import b64decode
from datetime import UTC, datetime

from reports.rendering.blocks import (
    Attachment,
    Chart,
    Column,
    Document,
    Head,
    Heading,
    Linked,
    Note,
    Paragraph,
    Picture,
    Pictures,
    Points,
    Seal,
    Strand,
    Table,
    Tile,
    Tiles,
)

DOT = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAC0lEQVR4nGNgQAYAAA4AAamRc7EAAAAASUVORK5CYII=")
"""A picture of four points."""
WORDS = "Aé Жж שלום مرحبا 😀"


def rehearsal() -> Document:
    """A page that nobody reads."""
    strand = Strand("A", (1, 2), ("1", "2"))
    blocks = (
        Heading(WORDS),
        Heading(WORDS, 3),
        Paragraph(WORDS),
        Points((Linked(WORDS, "https://a.example"),)),
        Tiles((Tile("A", "1", "+1", "up", True, "2", 0.5),)),
        Table("a", "A", (Column("A"), Column("B", True)), ((WORDS, "1"),)),
        Chart("bars", "A", "A", ("a", "b"), (strand, strand)),
        Chart("lines", "A", "A", ("a", "b"), (strand,)),
        Chart("shares", "A", "A", ("a", "b"), (strand, strand)),
        Pictures((Picture(DOT, "A"),)),
        Note(WORDS, WORDS, "annotation", "A"),
    )
    return Document(
        "en",
        Head("A", "A", "A", (("A", "A"),)),
        blocks,
        datetime(2026, 1, 1, tzinfo=UTC),
        "A",
        "A",
        attachments=(Attachment("a.json", b"{}", "application/json", "A"),),
        seal=Seal("https://a.example", "A", "A"),
    )
