"""SVG that brands upload as their mark: rebuilt from shapes and colours alone, or refused with the reason. Pure.

Refused: whatever could act, fetch or grow: scripts, styles, references (`href`, `url(...)` but to its own gradients),
text, pictures, `use`, entities, and too much of anything. Left out in silence: what editing programs leave behind, and
gradients that repeat (a short one over a wide field takes gigabytes to draw).
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, fromstring, tostring

from reports.rendering.errors import BadPicture

SVG = "{http://www.w3.org/2000/svg}"
SHAPES = frozenset({"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon"})
PAINTS = frozenset({"defs", "linearGradient", "radialGradient", "stop", "clipPath"})
SILENT = frozenset({"title", "desc", "metadata"})
PLAIN = frozenset(
    "d x y x1 y1 x2 y2 cx cy r rx ry fx fy width height points viewBox transform offset gradientUnits gradientTransform "  # noqa: SIM905
    "preserveAspectRatio fill-rule clip-rule opacity fill-opacity stroke-opacity stop-opacity stroke-width "
    "stroke-linecap stroke-linejoin stroke-miterlimit stroke-dasharray stroke-dashoffset id version clipPathUnits".split()
)
PAINTED = frozenset({"fill", "stroke", "stop-color", "color", "clip-path"})
MOST_BYTES, MOST_PARTS, DEEPEST = 300_000, 2_000, 24
_DEFINES = re.compile(r"<!(?!--|\[CDATA\[)|<\?xml-stylesheet", re.IGNORECASE)
_VALUE = re.compile(r"[\w\s.,()%+#-]*", re.ASCII)
_PAINT = re.compile(r"none|currentColor|[a-zA-Z]{3,24}|#[0-9a-fA-F]{3,8}|rgba?\([\d\s.,%]+\)|url\(#[\w-]+\)", re.ASCII)
_NAME = re.compile(r"[a-z-]+", re.ASCII)
_NUMBER = re.compile(r"-?\d{0,6}(?:\.\d{1,9})?(?<=\d)", re.ASCII)
_EDGE = re.compile(r"(\d{1,6}(?:\.\d{1,9})?)(?:px|pt|mm|cm|in)?", re.ASCII)


def cleaned(content: bytes) -> bytes:
    """The same drawing with nothing in it but shapes. Raises BadPicture('svg_refused' | 'too_large')."""
    if len(content) > MOST_BYTES:
        raise BadPicture("too_large")
    try:
        root = fromstring(_without_definitions(content))  # noqa: S314 - nothing in it can define or name an entity
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        if isinstance(error, BadPicture):
            raise
        raise BadPicture("svg_refused", type(error).__name__) from None
    if root.tag != f"{SVG}svg" or not _has_size(root):
        raise BadPicture("svg_refused", "not an svg with a size")
    if sum(1 for _ in root.iter()) > MOST_PARTS:
        raise BadPicture("too_large")
    return tostring(_rebuilt(root, 0), encoding="utf-8")


def _has_size(root: Element) -> bool:
    """By its field of view, else by its own edges; one that is no number breaks every page that the drawing stands on."""
    if (view := root.get("viewBox")) is not None:
        numbers = view.replace(",", " ").split()
        return len(numbers) == 4 and all(map(_NUMBER.fullmatch, numbers)) and min(float(one) for one in numbers[2:]) > 0
    edges = [_EDGE.fullmatch(root.get(name, "")) for name in ("width", "height")]
    return all(edge is not None and float(edge[1]) > 0 for edge in edges)


def _without_definitions(content: bytes) -> str:
    """The text, read as UTF-8 whatever it says of itself. What defines anything is refused before a parser sees it."""
    text = content.decode("utf-8-sig")
    if _DEFINES.search(text):
        raise BadPicture("svg_refused", "definitions")
    return text


def _rebuilt(old: Element, depth: int) -> Element:
    if depth > DEEPEST:
        raise BadPicture("svg_refused", "too deep")
    new = Element(str(old.tag), dict(_kept(old)))
    for child in old:
        space, _, name = child.tag.rpartition("}")
        if space + "}" != SVG or name in SILENT:
            continue
        if name not in SHAPES | PAINTS:
            raise BadPicture("svg_refused", name[:20])
        new.append(_rebuilt(child, depth + 1))
    return new


def _kept(old: Element) -> Iterator[tuple[str, str]]:
    for name, value in old.attrib.items():
        if name.lower().startswith("on") or name.endswith("href"):
            raise BadPicture("svg_refused", name[-20:])
        if name == "style":
            yield from (pair for declared in _declared(value) for pair in _one(*declared))
        else:
            yield from _one(name, value)


def _declared(style: str) -> Iterator[tuple[str, str]]:
    """Taken apart at its signs, once: an expression that looks for them takes the square of what somebody sends."""
    for part in filter(None, (one.strip() for one in style.split(";"))):
        name, colon, value = part.partition(":")
        if not colon or not _NAME.fullmatch(name.strip()):
            raise BadPicture("svg_refused", "style")
        yield name.strip(), value.strip()


def _one(name: str, value: str) -> Iterator[tuple[str, str]]:
    if name in PAINTED:
        if not _PAINT.fullmatch(value.strip()):
            raise BadPicture("svg_refused", name)
        yield name, value.strip()
    elif name in PLAIN:
        if not _VALUE.fullmatch(value) or "url" in value.lower():
            raise BadPicture("svg_refused", name)
        yield name, value
    elif "url" in value.lower() or "\\" in value:
        raise BadPicture("svg_refused", name[:20])
