"""Drawings of numbers as SVG: bars, lines, shares of a whole. Pure; the same markup stands on a page and on paper, and
holds no script.

What is drawn is also said: `title` is the alternative, `desc` has every number, and `blocks.Chart` is shown with its
table. Strands differ by word and by dash or wash as well as by colour.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from math import floor, log10

from reports.rendering.blocks import Chart, Strand
from reports.rendering.characters import printable
from reports.rendering.look import INK, Look, contrast, tint
from reports.rendering.typography import Language, number

LEFT, RIGHT, TOP, BOTTOM = 46, 10, 12, 26
ROW = 30
DASHES = ("", "7 4", "2 3", "9 3 2 3", "1 4", "12 4")
GRID, QUIET = "#d9dde2", "#59626d"
FONT = "font-family=\"'Relais Sans','Relais Arabic','Relais Hebrew','Relais Emoji',sans-serif\""
LETTER = 6.2
"""Units that a letter or digit takes at most, nearly always."""
LONGEST_LABEL = 26


@dataclass(frozen=True, slots=True)
class Room:
    """How large a drawing is, in units of which eleven are the height of a letter."""

    wide: int
    high: int


WHOLE, BESIDE = Room(640, 216), Room(352, 128)
"""Across the page, or beside its numbers."""


def drawn(chart: Chart, look: Look, language: Language, room: Room = WHOLE) -> str:
    """The chart as one SVG element. Every text in it is escaped; there is no address in it but of its own parts."""
    body = "".join({"bars": _bars, "lines": _lines, "shares": _shares}[chart.form](chart, look, language, room))
    high = ROW * len(chart.labels) + 8 if chart.form == "shares" else room.high
    numbers = "; ".join(
        f"{strand.name}, {label}: {text}" if label else f"{strand.name}: {text}"
        for strand in chart.strands
        for label, text in zip(chart.labels, strand.texts, strict=True)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" viewBox="0 0 {room.wide} {high}" '
        f'width="{room.wide}" height="{high}">'
        f"<title>{_said(f'{chart.title}. {chart.summary}')}</title><desc>{_said(numbers)}</desc>"
        f'<g {FONT} font-size="11">{body}</g></svg>'
    )


def colours(chart: Chart, look: Look) -> tuple[str, ...]:
    """The colour of each strand, in order."""
    palette = look.palette
    return tuple(palette[place % len(palette)] for place in range(len(chart.strands)))


def _bars(chart: Chart, look: Look, language: Language, room: Room) -> Iterator[str]:
    top = _top(chart)
    yield from _grid(chart, top, language, room)
    slot = (room.wide - LEFT - RIGHT) / max(1, len(chart.labels))
    wide = min(46.0, slot * 0.62 / max(1, len(chart.strands)))
    for place, (strand, colour) in enumerate(zip(chart.strands, colours(chart, look), strict=True)):
        shift = (place - (len(chart.strands) - 1) / 2) * wide
        for at, value in enumerate(strand.values):
            middle = LEFT + slot * (at + 0.5) + shift
            if value is not None:
                height = max(0.0, (room.high - TOP - BOTTOM) * value / top)
                y = room.high - BOTTOM - height
                yield _block(middle - wide / 2 + 1, y, wide - 2, height, colour)
                if len(strand.texts[at]) * LETTER <= wide + 6:
                    yield _text(middle, y - 4, strand.texts[at], anchor="middle", weight=600)
    most = max(2, int(slot / LETTER))
    for at, label in enumerate(chart.labels):
        yield _text(LEFT + slot * (at + 0.5), room.high - 8, _short(label, most), anchor="middle", ink=QUIET)
    yield from _goal(chart, top, room)


def _lines(chart: Chart, look: Look, language: Language, room: Room) -> Iterator[str]:
    top = _top(chart)
    yield from _grid(chart, top, language, room)
    steps = max(1, len(chart.labels) - 1)
    places = [LEFT + 8 + (room.wide - LEFT - RIGHT - 20) * at / steps for at in range(len(chart.labels))]
    for order, (strand, colour) in enumerate(zip(chart.strands, colours(chart, look), strict=True)):
        for stretch in _stretches(strand, places, top, room):
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in stretch)
            dash = f' stroke-dasharray="{DASHES[order % len(DASHES)]}"' if DASHES[order % len(DASHES)] else ""
            yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.2" stroke-linejoin="round"{dash}/>'
            yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{colour}"/>' for x, y in stretch)
    yield from _labels(chart, places, room)
    yield from _goal(chart, top, room)


def _stretches(strand: Strand, places: list[float], top: float, room: Room) -> Iterator[list[tuple[float, float]]]:
    stretch: list[tuple[float, float]] = []
    for x, value in zip(places, strand.values, strict=True):
        if value is None:
            if stretch:
                yield stretch
            stretch = []
        else:
            stretch.append((x, room.high - BOTTOM - (room.high - TOP - BOTTOM) * max(0.0, value) / top))
    if stretch:
        yield stretch


def _shares(chart: Chart, look: Look, language: Language, room: Room) -> Iterator[str]:
    named = any(chart.labels)
    begin = 150 if named else 0
    wide = room.wide - begin
    for row, label in enumerate(chart.labels):
        y = row * ROW + 4
        if named:
            yield _text(begin - 10, y + 15, _short(label), anchor="end")
        total = sum(strand.values[row] or 0 for strand in chart.strands)
        x = float(begin)
        for strand, colour in zip(chart.strands, colours(chart, look), strict=True):
            share = (strand.values[row] or 0) / total if total else 0
            if share > 0:
                yield _block(x, y, max(0.5, share * wide - 1.5), ROW - 8, colour)
                if share * wide > 15 + 7 * len(strand.texts[row]):
                    ink = "#ffffff" if contrast(colour) >= 4.5 else INK
                    yield _text(x + 7, y + 15, strand.texts[row], ink=ink, weight=600)
            x += share * wide
        if not total:
            yield _block(begin, y, wide - 1.5, ROW - 8, tint(QUIET, 0.12))


def _grid(chart: Chart, top: float, language: Language, room: Room) -> Iterator[str]:
    places = 0 if top >= 4 else 1
    for step in range(5):
        value = top * step / 4
        y = room.high - BOTTOM - (room.high - TOP - BOTTOM) * step / 4
        yield _rule(y, room, f'stroke="{GRID}" stroke-width="{0.6 if step else 1.2}"')
        yield _text(LEFT - 7, y + 4, number(value, language, places) + chart.suffix, anchor="end", ink=QUIET)


def _labels(chart: Chart, places: list[float], room: Room) -> Iterator[str]:
    every = max(
        1, -(-len(places) * max((len(_short(label)) for label in chart.labels), default=1) * 7 // (room.wide - LEFT))
    )
    for at, (label, x) in enumerate(zip(chart.labels, places, strict=True)):
        if at % every == 0:
            yield _text(x, room.high - 8, _short(label), anchor="middle", ink=QUIET)


def _goal(chart: Chart, top: float, room: Room) -> Iterator[str]:
    if chart.goal is not None and 0 <= chart.goal <= top:
        y = room.high - BOTTOM - (room.high - TOP - BOTTOM) * chart.goal / top
        yield _rule(y, room, f'stroke="{INK}" stroke-width="1.2" stroke-dasharray="3 3"')
        yield _text(room.wide - RIGHT, y - 4, chart.goal_text, anchor="end", weight=600)


def _top(chart: Chart) -> float:
    """The least round number above everything that is drawn; four even steps lead there."""
    most = max(
        [0.0, chart.goal or 0.0, *(value for strand in chart.strands for value in strand.values if value is not None)]
    )
    if most <= 4:
        return 4.0 if most > 1 or not most else 1.0
    size = 10.0 ** floor(log10(most))
    return float(next(size * step for step in (1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10, 12) if size * step >= most * 1.04))


def _block(x: float, y: float, wide: float, high: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" fill="{colour}"/>'


def _rule(y: float, room: Room, look: str) -> str:
    return f'<line x1="{LEFT}" y1="{y:.1f}" x2="{room.wide - RIGHT}" y2="{y:.1f}" {look}/>'


def _text(x: float, y: float, text: str, *, anchor: str = "start", ink: str = INK, weight: int = 400) -> str:
    bold = f' font-weight="{weight}"' if weight != 400 else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{ink}"{bold}>{_said(text)}</text>'


def _short(label: str, most: int = LONGEST_LABEL) -> str:
    return label if len(label) <= min(most, LONGEST_LABEL) else label[: min(most, LONGEST_LABEL) - 1] + "\u2026"


def _said(text: str) -> str:
    return escape(printable(text))
