"""Tables of items as spreadsheets write and read them: bytes to rows of text, and back.

Pure. Read: UTF-8 with or without its mark, or Windows-1252; semicolons, commas or tabs. Written: no cell that a spreadsheet
could take for a formula. Every trouble names its line, counted as an editor counts them.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tenants.errors import Invalid

BEFORE_POSTS = ("date", "time", "channels", "kind", "title", "text")
AFTER_POSTS = ("first comment", "link", "picture", "alt", "topic", "sensitivity")
COLUMNS = BEFORE_POSTS + AFTER_POSTS
# The text is the first post of a thread; each that follows it has a column of its own.
POSTS = tuple(f"post {number}" for number in range(2, 27))
# What people call them.
NAMES = {name: name for name in COLUMNS} | {
    "heure": "time",
    "canal": "channels",
    "canaux": "channels",
    "channel": "channels",
    "action": "kind",
    "type": "kind",
    "titre": "title",
    "texte": "text",
    "premier commentaire": "first comment",
    "first_comment": "first comment",
    "lien": "link",
    "image": "picture",
    "picture alt": "alt",
    "texte alternatif": "alt",
    "description": "alt",
    "sujet": "topic",
    "sensibilité": "sensitivity",
}
_POST = re.compile(r"(?:post|publication|suite)[ _]?(\d{1,2})")
MOST_ROWS, MOST_BYTES = 1000, 2_000_000
DELIMITERS = ";,\t"
# A spreadsheet that opens a file calculates what begins like this; an apostrophe makes it a text.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
SURE, USUAL = "utf-8-sig", "cp1252"


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the line on which it begins, and its cells by column. `odd`: it has more cells than there are columns."""

    number: int
    cells: dict[str, str]
    odd: bool = False


def read_table(data: bytes) -> list[Line]:
    """The rows that are not blank. Raises Invalid with field 'file': table_empty, table_too_big, table_unreadable,
    table_column_unknown, table_column_twice, table_without_text, table_too_long."""
    if len(data) > MOST_BYTES:
        raise Invalid("table_too_big", "file", limit=MOST_BYTES // 1_000_000)
    text = decoded(data)
    begin = 1 if text[:4].lower() == "sep=" else 0  # a line that some spreadsheets put first
    rows = list(_rows(text.split("\n", 1)[1] if begin and "\n" in text else text, begin))
    if not rows:
        raise Invalid("table_empty", "file")
    columns = _columns(rows[0][1])
    lines = [_line(number, cells, columns) for number, cells in rows[1:] if any(cell.strip() for cell in cells)]
    if not lines:
        raise Invalid("table_empty", "file")
    if len(lines) > MOST_ROWS:
        raise Invalid("table_too_long", "file", limit=MOST_ROWS, actual=len(lines))
    return lines


def write_table(rows: Iterable[Mapping[str, str]]) -> str:
    """The rows under all columns, with semicolons and the mark of UTF-8: as spreadsheets of this country open them.

    Of the posts of a thread there are as many columns as the longest one needs.
    """
    known = list(rows)
    longest = max((place for row in known for place, post in enumerate(POSTS, 1) if row.get(post)), default=0)
    columns = (*BEFORE_POSTS, *POSTS[:longest], *AFTER_POSTS)
    return as_table(columns, ([row.get(column, "") for column in columns] for row in known))


def as_table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Any table to take home, as spreadsheets of this country open it. No cell of it is a formula, whatever people wrote."""
    return b"".join(table_pieces(heads, rows)).decode()


def table_pieces(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[bytes]:
    """The same as UTF-8, row by row: for tables that are too long to be held at once."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    out.write("\ufeff")
    writer.writerow(heads)
    for row in rows:
        yield _emptied(out)
        writer.writerow([neutral(cell) for cell in row])
    yield _emptied(out)


def _emptied(out: io.StringIO) -> bytes:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text.encode()


def neutral(cell: str) -> str:
    """The cell as a text that nobody calculates; `plain` takes the sign away again."""
    return f"'{cell}" if cell.startswith((*FORMULA, *(f"'{sign}" for sign in FORMULA))) else cell


def plain(cell: str) -> str:
    quoted = cell.startswith(tuple(f"'{sign}" for sign in (*FORMULA, *(f"'{sign}" for sign in FORMULA))))
    return cell[1:] if quoted else cell


def decoded(data: bytes) -> str:
    """The text of a table's bytes. Raises Invalid('table_unreadable', 'file')."""
    if b"\0" in data:
        raise Invalid("table_unreadable", "file", line=data[: data.index(b"\0")].count(b"\n") + 1)
    try:
        text = data.decode(SURE)
    except UnicodeDecodeError:
        try:
            text = data.decode(USUAL)
        except UnicodeDecodeError as error:
            raise Invalid("table_unreadable", "file", line=data[: error.start].count(b"\n") + 1) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _rows(text: str, before: int) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it begins: a cell in quotation marks may run over several."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = before + 1
    try:
        for cells in reader:
            yield number, cells
            number = before + reader.line_num + 1
    except csv.Error:
        raise Invalid("table_unreadable", "file", line=number) from None


def _delimiter(text: str) -> str:
    head = text.split("\n", 1)[0]
    return max(DELIMITERS, key=head.count)


def _columns(heads: Sequence[str]) -> list[str]:
    columns = []
    for head in (head.strip() for head in heads):
        column = _column(head.lower())
        if not column and head:
            raise Invalid("table_column_unknown", "file", name=head[:60])
        if column and column in columns:
            raise Invalid("table_column_twice", "file", name=head[:60])
        columns.append(column)
    if "text" not in columns:
        raise Invalid("table_without_text", "file")
    return columns


def _column(head: str) -> str:
    """'' for a name that is none of ours."""
    if post := _POST.fullmatch(head):
        column = f"post {int(post[1])}"
        return column if column in POSTS else ""
    return NAMES.get(head, "")


def _line(number: int, cells: Sequence[str], columns: Sequence[str]) -> Line:
    """A column without a name is nobody's: what stands in it is left out."""
    known = {column: plain(cell) for column, cell in zip(columns, cells, strict=False) if column}
    return Line(number, known, odd=any(cell.strip() for cell in cells[len(columns) :]))
