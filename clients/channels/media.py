"""Pictures that are what they say. What comes in is decoded once and written anew; nothing of the file survives.

Writing anew is what makes a picture safe to publish: where it was taken, by whom and with what camera is gone, and so
is anything that was hidden behind its end. Functions on bytes; Pillow, but no Django, no files, no clock.
"""

import re
import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from tenants.errors import Invalid

MOST_BYTES = 20_000_000
MOST_PIXELS = 50_000_000
MOST_FRAMES = 300
MOST_PIXELS_OF_ALL_FRAMES = 300_000_000
MOST_SCANS = 100
"""Passes over all pixels that a JPEG may ask for. What cameras and programs write has twenty at most; one of thirty bytes costs
milliseconds, so that a file of a few megabytes would keep its decoder busy for many minutes."""
_NEXT = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
_SCAN, _END = 0xDA, 0xD9
JPEG_QUALITY = 92

# What Pillow finds -> the mime type. A photo of a modern phone is an 'MPO': a JPEG with a second one behind it.
_MIME = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
_SPELLINGS = {"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "image/x-png": "image/png"}
_READ = ("JPEG", "PNG", "GIF", "WEBP")
_MODES = {"image/jpeg": ("L", "RGB", "CMYK")}


@dataclass(frozen=True, slots=True)
class Picture:
    """A cleaned picture: these bytes are stored, digested, approved and sent."""

    data: bytes
    mime: str
    width: int
    height: int


def has_too_many_scans(data: bytes) -> bool:
    """Whether a JPEG asks for more than `MOST_SCANS`. Of other formats: no. What follows its end is not looked at."""
    at, scans = 2, 0
    while data.startswith(b"\xff\xd8") and (found := _NEXT.search(data, at)) is not None:
        mark, at = data[found.end() - 1], found.end()
        scans += mark == _SCAN
        if mark == _END or scans > MOST_SCANS:
            break
        at += int.from_bytes(data[at : at + 2], "big")
    return scans > MOST_SCANS


def mime_of(data: bytes) -> str:
    """What the bytes are, whatever their name says. Raises Invalid('media_type_unknown'|'media_broken', 'media')."""
    with _reading(data) as image:
        return _MIME[image.format or ""]


def clean_picture(data: bytes, declared: str) -> Picture:
    """The picture in `data`, written anew without metadata; turned upright first, because its turn is metadata.

    Raises Invalid with field 'media': media_empty, media_too_big, media_type_unknown, media_not_what_it_says,
    media_too_many_pixels, media_too_many_frames, media_broken.
    """
    _check_size(data)
    with _reading(data) as image:
        mime = _MIME[image.format or ""]
        said = _SPELLINGS.get(declared.strip().lower(), declared.strip().lower())
        if said != mime:
            raise Invalid("media_not_what_it_says", "media", declared=said[:60], actual=mime)
        _check_pixels(image, mime)
        if has_too_many_scans(data):
            raise Invalid("media_broken", "media")
        return _written_anew(image, mime)


def _check_size(data: bytes) -> None:
    if not data:
        raise Invalid("media_empty", "media")
    if len(data) > MOST_BYTES:
        raise Invalid("media_too_big", "media", limit=MOST_BYTES, actual=len(data))


def _reading(data: bytes) -> Image.Image:
    """The opened picture: only its header has been read. Pillow tries our four formats and no other of its forty."""
    try:
        with warnings.catch_warnings():
            # Pillow's own opinion of too many pixels: we have ours, and it comes right after.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return Image.open(BytesIO(data), formats=_READ)
    except Image.DecompressionBombError:
        raise Invalid("media_too_many_pixels", "media", limit=MOST_PIXELS) from None
    except UnidentifiedImageError:
        raise Invalid("media_type_unknown", "media", choices=sorted(set(_MIME.values()))) from None
    except Exception:  # noqa: BLE001 - a decoder at war with a hostile file raises whatever it likes
        raise Invalid("media_broken", "media") from None


def _check_pixels(image: Image.Image, mime: str) -> None:
    pixels = image.width * image.height
    if pixels > MOST_PIXELS:
        raise Invalid("media_too_many_pixels", "media", limit=MOST_PIXELS, actual=pixels)
    frames = _frames(image, mime)
    if frames > MOST_FRAMES or frames * pixels > MOST_PIXELS_OF_ALL_FRAMES:
        raise Invalid("media_too_many_frames", "media", limit=MOST_FRAMES, actual=frames)


def _frames(image: Image.Image, mime: str) -> int:
    """Counting reads the whole file, so a broken one may show here for the first time."""
    if mime == "image/jpeg":
        return 1
    try:
        return int(getattr(image, "n_frames", 1))
    except Exception:  # noqa: BLE001 - as above
        raise Invalid("media_broken", "media") from None


def _written_anew(image: Image.Image, mime: str) -> Picture:
    out = BytesIO()
    try:
        if _frames(image, mime) > 1:
            image.save(out, format=image.format, save_all=True, **_bare(image), **_quality(mime))
            size = image.size
        else:
            still = _still(image, mime)
            still.save(out, format=mime.removeprefix("image/").upper(), **_bare(image), **_quality(mime))
            size = still.size
    except Exception:  # noqa: BLE001 - as above
        raise Invalid("media_broken", "media") from None
    return Picture(out.getvalue(), mime, *size)


def _still(image: Image.Image, mime: str) -> Image.Image:
    """The pixels alone: upright, in a mode that the format can write, with no memory of what they were read from."""
    upright = ImageOps.exif_transpose(image)
    if mime in _MODES and upright.mode not in _MODES[mime]:
        upright = upright.convert("RGB")
    bare = upright.copy()
    bare.info = {name: value for name, value in upright.info.items() if name == "transparency"}
    return bare


def _bare(image: Image.Image) -> dict[str, Any]:
    """What Pillow would carry over by itself, emptied; only the colour profile stays, without which colours change."""
    return {"exif": b"", "xmp": b"", "comment": b"", "icc_profile": image.info.get("icc_profile")}


def _quality(mime: str) -> dict[str, Any]:
    return {"quality": JPEG_QUALITY} if mime in {"image/jpeg", "image/webp"} else {}
