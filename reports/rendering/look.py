"""How a brand looks on paper: its name, its mark and two colours, of which only such shades are used as everybody can
read. Pure.

Where text is set in a colour of a brand, or paper's white stands on it, it has 4.5 to 1 (WCAG 2, level AA: the same ratio
both ways), and where it draws lines and bars 3 to 1. A brand's colour that has less is refused, with the nearest that would
do (`too_weak`); what is drawn is darkened all the same until it can be read.
"""

import colorsys
import re
from dataclasses import dataclass

from reports.rendering.errors import BadColour

HEX = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)
PAPER = "#ffffff"
INK = "#1b1f24"
OF_TEXT = 4.5
OF_SHAPES = 3.0
HOUSE = "#1f4e5f"
OTHERS = ("#c0561a", "#3b6ea8", "#7a4b8c", "#6b7280", "#8a6d1d", "#5b7f3a", "#a8323e")
"""Colours of further strands of a chart, each 3 to 1 against paper, and told apart by direct words as well."""
STEP = 1 / 255
SAME_TONE, GREY = 0.09, 0.2


@dataclass(frozen=True, slots=True)
class Look:
    """`logo`: a PNG, JPEG or SVG; None for the name in letters. `alternative` says what is on it. Colours as '#rrggbb'."""

    name: str = ""
    colour: str = HOUSE
    second: str = OTHERS[0]
    logo: bytes | None = None
    alternative: str = ""

    @property
    def palette(self) -> tuple[str, ...]:
        """Colours of a chart's strands, those of the brand first, then those whose tone is none of these."""
        mine = (readable(self.colour, OF_SHAPES), readable(self.second, OF_SHAPES))
        return tuple(dict.fromkeys((*mine, *(one for one in OTHERS if all(_apart(one, other) for other in mine)))))


@dataclass(frozen=True, slots=True)
class TooWeak:
    """A colour that text cannot be read in: the contrast it has, and the nearest darker shade of its tone that would do."""

    colour: str
    has: float
    nearest: str


def too_weak(colour: str) -> TooWeak | None:
    """None for a colour that text can be read in, and white on it. Raises BadColour('not_a_colour')."""
    has = contrast(colour)
    return None if has >= OF_TEXT else TooWeak(colour.lower(), has, readable(colour, OF_TEXT))


def contrast(colour: str, ground: str = PAPER) -> float:
    """1 to 21, as WCAG 2 counts it. Raises BadColour('not_a_colour')."""
    lighter, darker = sorted((_luminance(colour), _luminance(ground)), reverse=True)
    return round((lighter + 0.05) / (darker + 0.05), 2)


def readable(colour: str, least: float) -> str:
    """The colour, or the nearest darker shade of its tone with this contrast to paper. Raises BadColour('not_a_colour')."""
    if contrast(colour) >= least:
        return colour.lower()
    hue, light, full = colorsys.rgb_to_hls(*(part / 255 for part in _parts(colour)))
    while light > 0:
        light -= STEP
        shade = "#" + "".join(f"{round(part * 255):02x}" for part in colorsys.hls_to_rgb(hue, max(0, light), full))
        if contrast(shade) >= least:
            return shade
    return INK


def tint(colour: str, share: float) -> str:
    """The colour as a wash: `share` of it, the rest paper."""
    return "#" + "".join(f"{round(255 - (255 - part) * share):02x}" for part in _parts(colour))


def _apart(one: str, other: str) -> bool:
    """Whether two colours are of different tones, or one of them of none."""
    (first, _, full), (second, _, also_full) = (
        colorsys.rgb_to_hls(*(part / 255 for part in _parts(colour))) for colour in (one, other)
    )
    between = abs(first - second)
    return min(between, 1 - between) > SAME_TONE or min(full, also_full) < GREY


def _parts(colour: str) -> tuple[int, int, int]:
    if not HEX.fullmatch(colour):
        raise BadColour("not_a_colour")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in _parts(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
