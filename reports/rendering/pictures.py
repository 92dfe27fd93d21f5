"""Pictures as they are drawn: decoded within bounds, turned upright, made small enough for paper, written anew without
what came along.

Runs in the drawing process, whose memory is bounded; nothing of the bytes that somebody uploaded reaches the page. A
brand's mark is made ready once more where it is taken: within bounds that a process of pages can bear (`OF_MARK`).
"""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from clients.channels.media import has_too_many_scans
from reports.rendering.errors import BadPicture
from reports.rendering.vectors import cleaned

QUALITY = 84


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is taken, and how large it stays. `exact`: written without loss, so that it can be made ready again and again."""

    formats: tuple[str, ...]
    most_bytes: int
    most_pixels: int
    longest: int
    exact: bool = False


USUAL = Bounds(("PNG", "JPEG", "WEBP", "GIF"), 25_000_000, 50_000_000, 1_500)
"""Some 200 dots per inch over the width of the text."""
OF_MARK = Bounds(("PNG", "JPEG"), 2_000_000, 16_000_000, 700, exact=True)
"""A brand's mark: 60 mm wide at most, some 300 dots per inch."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A picture to be drawn, with its edges in pixels (0 for drawings without)."""

    content: bytes
    media_type: str
    width: int
    height: int


def ready(content: bytes, bounds: Bounds = USUAL) -> Ready:
    """A photograph or drawing made anew. Raises BadPicture."""
    if len(content) > bounds.most_bytes:
        raise BadPicture("too_large")
    if content.lstrip()[:1] != b"<":
        return _raster(content, bounds)
    return Ready(cleaned(content), "image/svg+xml", 0, 0)


def _raster(content: bytes, bounds: Bounds) -> Ready:
    edge = bounds.longest
    if has_too_many_scans(content):
        raise BadPicture("too_many_pixels", "scans")
    try:
        with Image.open(BytesIO(content), formats=bounds.formats) as opened:
            if opened.width * opened.height > bounds.most_pixels or not opened.width * opened.height:
                raise BadPicture("too_many_pixels", f"{opened.width}x{opened.height}")
            opened.draft("RGB", (edge, edge))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((edge, edge))
            return _written(upright, photograph=opened.format in {"JPEG", "WEBP"} and not bounds.exact)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        if isinstance(error, BadPicture):
            raise
        raise BadPicture("not_a_picture", type(error).__name__) from None


def _written(picture: Image.Image, *, photograph: bool) -> Ready:
    """On paper white: PDF/A takes transparency, but a mark that is read should not depend on it."""
    flat = Image.new("RGB", picture.size, "white")
    shown = picture.convert("RGBA")
    flat.paste(shown, mask=shown.getchannel("A"))
    out = BytesIO()
    if photograph:
        flat.save(out, "JPEG", quality=QUALITY, optimize=True)
    else:
        flat.save(out, "PNG", optimize=False)
    return Ready(out.getvalue(), "image/jpeg" if photograph else "image/png", flat.width, flat.height)
