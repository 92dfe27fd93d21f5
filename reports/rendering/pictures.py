"""Pictures as they are drawn: decoded within bounds, turned upright, made small enough for paper, written anew without
what came along.

Runs in the drawing process, whose memory is bounded; nothing of the bytes that somebody uploaded reaches the page.
"""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from reports.rendering.errors import BadPicture
from reports.rendering.vectors import cleaned

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MOST_BYTES = 25_000_000
MOST_PIXELS = 50_000_000
LONGEST_EDGE = 1_500
"""Pixels: some 200 dots per inch over the width of the text."""
QUALITY = 84


@dataclass(frozen=True, slots=True)
class Ready:
    """A picture to be drawn, with its edges in pixels (0 for drawings without)."""

    content: bytes
    media_type: str
    width: int
    height: int


def ready(content: bytes, *, longest: int = LONGEST_EDGE) -> Ready:
    """A photograph or drawing made anew. Raises BadPicture."""
    if len(content) > MOST_BYTES:
        raise BadPicture("too_large")
    if content.lstrip()[:1] != b"<":
        return _raster(content, longest)
    return Ready(cleaned(content), "image/svg+xml", 0, 0)


def _raster(content: bytes, longest: int) -> Ready:
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS or not opened.width * opened.height:
                raise BadPicture("too_many_pixels", f"{opened.width}x{opened.height}")
            opened.draft("RGB", (longest, longest))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((longest, longest))
            return _written(upright, photograph=opened.format in {"JPEG", "WEBP"})
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
