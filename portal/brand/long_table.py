"""A long table to take home: written to the disk a stretch at a time, and never cut short in silence.

A file holds so many lines, so that it is made within the time of one answer. Where there are more, its last row says how many
are missing and where the next part of them is.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from tempfile import TemporaryFile
from typing import IO, Any, Generic, TypeVar, cast
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.utils.translation import ngettext

from clients.disclosure.steps import MOST_IDS
from clients.items.tables import table_pieces

MOST_ROWS = 100_000
A_STRETCH = 1_000

_R = TypeVar("_R", bound=Any)


@dataclass(frozen=True, slots=True)
class Source(Generic[_R]):
    """What a table is made of. `older`: the rows after one, or all of them for None; `cells`: of a stretch of rows at a time;
    `address`: where the part after a row is.
    """

    heads: Sequence[str]
    older: Callable[[_R | None], QuerySet[_R]]
    cells: Callable[[list[_R]], Iterable[list[str]]]
    address: Callable[[_R], str]


@dataclass(slots=True)
class LongTable(Generic[_R]):
    """One part as it stands on the disk: so many rows, the first of their ids, the last row, how many are `left` behind it."""

    held: IO[bytes]
    count: int = 0
    left: int = 0
    ids: tuple[UUID, ...] = ()
    last: _R | None = None
    digest: str = ""

    def content(self) -> bytes:
        self.held.seek(0)
        return self.held.read()


def long_table(source: Source[_R], most: int = MOST_ROWS) -> LongTable[_R]:
    """The first `most` rows, and a last one where there are more. Whoever takes it closes the file."""
    table: LongTable[_R] = LongTable(TemporaryFile())  # noqa: SIM115  whoever takes the table closes it
    digest = sha256()
    for piece in table_pieces(source.heads, _rows(source, table, most)):
        table.held.write(piece)
        digest.update(piece)
    table.digest = digest.hexdigest()
    return table


def streamed(held: IO[bytes], name: str, kind: str) -> HttpResponse:
    """A file on the disk, from its start; closed with the answer."""
    held.seek(0)
    response = FileResponse(held, as_attachment=True, filename=name, content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    # A stream is no HttpResponse to the type checker; what is done to answers here holds for both.
    return cast("HttpResponse", response)


def _rows(source: Source[_R], table: LongTable[_R], most: int) -> Iterator[list[str]]:
    for stretch in _stretches(source.older(None)[:most]):
        table.count, table.last = table.count + len(stretch), stretch[-1]
        table.ids = (*table.ids, *(row.pk for row in stretch))[:MOST_IDS]
        yield from source.cells(stretch)
    if table.last is not None and table.count == most:
        table.left = source.older(table.last).count()
    if table.left:
        assert table.last is not None
        said = ngettext(
            "%(left)d older line is not in this file. The next part: %(address)s",
            "%(left)d older lines are not in this file. The next part: %(address)s",
            table.left,
        )
        yield [said % {"left": table.left, "address": source.address(table.last)}]


def _stretches(found: QuerySet[_R]) -> Iterator[list[_R]]:
    stretch: list[_R] = []
    for row in found.iterator(chunk_size=A_STRETCH):
        stretch.append(row)
        if len(stretch) == A_STRETCH:
            yield stretch
            stretch = []
    if stretch:
        yield stretch
