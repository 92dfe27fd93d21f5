"""One row of a table made into a content, or everything that is wrong with it, cell by cell.

`Around` holds the brand's channels, pictures and clocks: looked up once a table, however many rows it has.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from clients.autonomy.vocabulary import ActionKind, Sensitivity
from clients.channels.models import Channel
from clients.items.content import Content, MediaRef
from clients.items.models import Media
from clients.items.moments import moment_at
from clients.items.problems import problems_among
from clients.items.queries import newest_media
from clients.items.rules import Problem
from clients.items.tables import POSTS
from tenants.errors import Invalid

LEAST_OF_A_DIGEST = 8
MOST_PICTURES = 10_000
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_CLOCK = re.compile(r"(\d{1,2})\s*(?:[:hH]\s*(\d{2})?(?::\d{2})?)\s*([+-]\d{2}:?\d{2})?")


@dataclass(frozen=True, slots=True)
class Around:
    """What the cells of a row may name."""

    channels: Mapping[str, Channel]
    media: Mapping[str, Media]
    alts: Mapping[str, str]
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row with its content, or with what is wrong; never with both."""

    number: int
    cells: Mapping[str, str]
    content: Content | None
    problems: tuple[Problem, ...] = ()


def read_rows(rows: Iterable[Mapping[str, Any]], time_zone: str) -> list[ReadRow]:
    """The rows of a stored table, read in the brand as it is now. Two queries at most."""
    known = list(rows)
    channels = {str(channel.pk): channel for channel in Channel.objects.defer("secret")}
    named = any(row["cells"].get("picture", "").strip() for row in known)
    pictures = newest_media(MOST_PICTURES) if named else []
    media, alts = {m.digest: m for m, _ in pictures}, {m.digest: alt for m, alt in pictures}
    around = Around(channels, media, alts, ZoneInfo(time_zone))
    return [read_row(row["number"], row["cells"], row["odd"], around) for row in known]


def read_row(number: int, cells: Mapping[str, str], odd: bool, around: Around) -> ReadRow:
    """`Problem.field` is the column; what a channel does not take stands under the column that it speaks of."""
    found: list[Problem] = [Problem("table_too_many_cells", "text")] if odd else []
    values: dict[str, object] = {}
    for name, read in _READERS.items():
        try:
            values[name] = read(cells, around)
        except Invalid as wrong:
            facts = {k: str(v) for k, v in wrong.facts.items()}
            found.append(Problem(wrong.code, wrong.field or name, actual=facts.get("time"), limit=facts.get("next")))
    if found:
        return ReadRow(number, cells, None, tuple(found))
    posts = [post for post in POSTS if cells.get(post, "").strip()]  # as in the composer: an empty one is none
    content = Content(
        text=cells.get("text", ""),
        title=cells.get("title", "").strip(),
        link=cells.get("link", "").strip(),
        topic=cells.get("topic", "").strip(),
        parts=tuple(cells[post] for post in posts),
        first_comment=cells.get("first comment", "").strip(),
        **values,  # type: ignore[arg-type]
    )
    wrong_content = tuple(_in_columns(problems_among(content, around.channels, around.media), posts))
    return ReadRow(number, cells, None if wrong_content else content, wrong_content)


def _in_columns(problems: list[Problem], posts: list[str]) -> Iterator[Problem]:
    """Each under the column that it speaks of; that a thread is too long stands under its last post."""
    for problem in problems:
        column, _, place = problem.field.partition(".")
        if column == "media":
            column = "alt" if problem.field.endswith(".alt") else "picture"
        elif column == "parts":
            column = posts[int(place)] if place else posts[-1]
        elif column == "first_comment":
            column = "first comment"
        yield Problem(problem.code, column, problem.channel, problem.limit, problem.actual)


def _kind(cells: Mapping[str, str], around: Around) -> ActionKind:
    typed = cells.get("kind", "").strip() or ActionKind.PUBLISH
    if typed not in set(ActionKind):
        raise Invalid("unknown_kind", "kind")
    return ActionKind(typed)


def _sensitivity(cells: Mapping[str, str], around: Around) -> Sensitivity:
    typed = cells.get("sensitivity", "").strip() or Sensitivity.ROUTINE
    if typed not in set(Sensitivity):
        raise Invalid("unknown_sensitivity", "sensitivity")
    return Sensitivity(typed)


def _channels(cells: Mapping[str, str], around: Around) -> tuple[str, ...]:
    """Names as people see them, separated by bars or commas; a name that has a comma itself stands alone or by bars."""
    by_name = {channel.name.casefold(): key for key, channel in around.channels.items() if channel.is_open}
    typed = cells.get("channels", "").strip()
    names = [typed] if typed.casefold() in by_name else re.split(r"\|" if "|" in typed else r"[,;]", typed)
    found = []
    for name in (name.strip() for name in names):
        if name and name.casefold() not in by_name:
            raise Invalid("unknown_channel", "channels")
        if name:
            found.append(by_name[name.casefold()])
    return tuple(found)


def _media(cells: Mapping[str, str], around: Around) -> tuple[MediaRef, ...]:
    """A picture of the library by the beginning of its digest; without words of the row, with its own."""
    typed, words = cells.get("picture", "").strip().lower(), cells.get("alt", "").strip()
    if not typed:
        return ()
    fitting = [digest for digest in around.media if digest.startswith(typed)]
    if len(typed) < LEAST_OF_A_DIGEST or len(fitting) != 1:
        raise Invalid("unknown_media", "picture")
    return (MediaRef(fitting[0], words or around.alts.get(fitting[0], "")),)


def _moment(cells: Mapping[str, str], around: Around) -> datetime | None:
    """Date and time on the brand's clocks. In the hour that comes twice, an offset such as 02:30+01:00 tells which."""
    day, clock = cells.get("date", "").strip(), cells.get("time", "").strip()
    if not day and not clock:
        return None
    on = _day(day)
    at, offset = _clock(clock)
    wall = datetime.combine(on, at)
    if not offset:
        return moment_at(wall, around.zone, "time").astimezone(around.zone)
    exact = datetime.fromisoformat(f"{wall.isoformat()}{offset}").astimezone(around.zone)
    if exact.replace(tzinfo=None) != wall:
        raise Invalid("not_a_moment", "time")
    return exact


def _day(typed: str) -> date:
    match = _DAY.fullmatch(typed)
    if match is None:
        raise Invalid("not_a_date", "date")
    year, month, day = match.group(1, 2, 3) if match.group(1) else match.group(6, 5, 4)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise Invalid("not_a_date", "date") from None


def _clock(typed: str) -> tuple[time, str]:
    match = _CLOCK.fullmatch(typed)
    if match is None:
        raise Invalid("not_a_clock", "time")
    try:
        return time(int(match[1]), int(match[2] or 0)), match[3] or ""
    except ValueError:
        raise Invalid("not_a_clock", "time") from None


_READERS = {
    "kind": _kind,
    "sensitivity": _sensitivity,
    "channels": _channels,
    "media": _media,
    "not_before": _moment,
}
