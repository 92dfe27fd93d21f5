"""What a document is made of: frozen blocks of plain text and numbers. Pure.

No block holds markup: every word is escaped when it becomes HTML, so a brand's words can say anything and do nothing.
Numbers and dates come as the text that stands on the page (`typography` makes it), charts also as the numbers they are
drawn from.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from reports.rendering.look import Look

Tone = Literal["note", "annotation", "warning"]
Relationship = Literal["Data", "Source", "Supplement", "Alternative", "Unspecified"]


@dataclass(frozen=True, slots=True)
class Linked:
    """Text that leads somewhere. Only https, http and mailto lead anywhere: anything else stays text."""

    text: str
    address: str


Cell = str | Linked


@dataclass(frozen=True, slots=True)
class Heading:
    """Begins a part (level 2) or a piece of one (level 3). The title of the document is level 1. `quiet`: a part to look up."""

    text: str
    level: Literal[2, 3] = 2
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. 'lead' stands larger, 'small' is what is there to be looked up."""

    text: str
    kind: Literal["body", "lead", "small"] = "body"


@dataclass(frozen=True, slots=True)
class Points:
    """A list with bullets."""

    items: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure to be seen from afar, beside what it was and what it should be. `good`: whether the change is welcome."""

    label: str
    value: str
    change: str = ""
    direction: Literal["up", "down", "same"] = "same"
    good: bool | None = None
    goal: str = ""
    reached: float | None = None
    """Of the goal, 0 to 1 and more; None where no bar is drawn."""


@dataclass(frozen=True, slots=True)
class Tiles:
    """Figures side by side."""

    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `weight` is its share of the width."""

    label: str
    numeric: bool = False
    weight: int = 2


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under repeated headers. More than `LAID_OUT` rows are attached as `name`.csv, and the page says so."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Strand:
    """One row of numbers of a chart, and the same as text, one for each label. None where there is no number."""

    name: str
    values: tuple[float | None, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of numbers with the numbers beside it. `summary` says in a sentence what is to be seen: it is the alternative."""

    form: Literal["bars", "lines", "shares"]
    title: str
    summary: str
    labels: tuple[str, ...]
    strands: tuple[Strand, ...]
    suffix: str = ""
    goal: float | None = None
    goal_text: str = ""
    first: str = ""
    """What the labels are: the head of the first column of the data table."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it came. `alternative` says what is on it; one without is not drawn."""

    content: bytes
    alternative: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures side by side."""

    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Something set apart: a remark of the house, a word of the brand, a warning."""

    text: str
    title: str = ""
    tone: Tone = "note"
    by: str = ""


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on a new page."""


Block = Heading | Paragraph | Points | Tiles | Table | Chart | Pictures | Note | NewPage


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the file."""

    name: str
    content: bytes
    media_type: str
    description: str
    relationship: Relationship = "Data"


@dataclass(frozen=True, slots=True)
class Seal:
    """What lets a reader check the paper: an address, the code to type there, and which key signed."""

    address: str
    code: str
    key: str


@dataclass(frozen=True, slots=True)
class Words:
    """The few words of the house that stand on every document, in its language. `{...}` are filled in."""

    page: str = "Page {page} of {pages}"
    goal: str = "Goal"
    contents: str = "Contents"
    part_of: str = "The first {shown} of {total} rows. All are in the attached file {name}."
    data: str = "The numbers"
    data_attached: str = "{total} rows of numbers: in the attached file {name}."
    attached: str = "Attached to this file"
    verify: str = "Check this report"
    verify_at: str = "at {address} with the code {code}. Signed with the key {key}."
    not_printable: str = (
        "{number} characters have no sign in our fonts and stand as \ufffd. The attached data has them."
    )
    picture_left_out: str = "A picture was left out: {reason}."
    reasons: tuple[tuple[str, str], ...] = ()
    """Why a picture was left out, by the code of `errors.BadPicture`."""


@dataclass(frozen=True, slots=True)
class Head:
    """What the document begins with. `cover` gives it a page of its own."""

    kind: str
    title: str
    subtitle: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    cover: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document. `made_at` is its only clock: the same document has the same bytes."""

    language: Literal["en", "fr"]
    head: Head
    blocks: tuple[Block, ...]
    made_at: datetime
    author: str
    footer: str
    look: Look = field(default_factory=Look)
    words: Words = field(default_factory=Words)
    attachments: tuple[Attachment, ...] = ()
    seal: Seal | None = None
    contents: bool = False
    """Whether a list of the parts follows the head."""
