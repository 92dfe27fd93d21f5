"""Pictures are what they say, and carry nothing but their pixels."""

from contextlib import suppress
from io import BytesIO
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from clients.channels import media
from clients.channels.media import clean_picture, mime_of
from tenants.errors import Invalid

MIME = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
ORIENTATION, GPS, MAKER = 0x0112, 0x8825, 0x010F


def _exif(turned: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = turned, "SpyCam"
    exif.get_ifd(GPS).update({1: "N", 2: (48.0, 51.0, 24.0), 3: "E", 4: (2.0, 21.0, 3.0)})
    return exif


def _image(kind: str = "PNG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **more: object) -> bytes:
    out = BytesIO()
    Image.new(mode, size, "red" if mode in {"RGB", "RGBA"} else 0).save(out, format=kind, **more)
    return out.getvalue()


def _code(data: bytes, declared: str) -> str:
    with pytest.raises(Invalid) as refused:
        clean_picture(data, declared)
    assert refused.value.field == "media"
    return refused.value.code


def many_scans(count: int, edge: int = 4_000) -> bytes:
    """A grey JPEG in so many passes of thirty bytes over all its pixels."""

    def part(mark: int, content: bytes) -> bytes:
        return bytes((0xFF, mark)) + (len(content) + 2).to_bytes(2, "big") + content

    def entropy(bits: str) -> bytes:
        whole = bits + "1" * (-len(bits) % 8)
        return int(whole, 2).to_bytes(len(whole) // 8, "big").replace(b"\xff", b"\xff\x00")

    blocks, lengths = (edge // 8) ** 2, bytes((1, *[0] * 15))
    head = part(0xDB, bytes((0, *[1] * 64)))
    head += part(0xC2, b"\x08" + edge.to_bytes(2, "big") * 2 + bytes((1, 1, 0x11, 0)))
    head += part(0xC4, b"\x00" + lengths + b"\x00") + part(0xC4, b"\x10" + lengths + b"\xe0")
    first = part(0xDA, bytes((1, 1, 0, 0, 0, 0))) + entropy("0" * blocks)
    passes = "".join(f"0{max(min(left, 32_767), 16_384) - 16_384:014b}" for left in range(blocks, 0, -32_767))
    return b"\xff\xd8" + head + first + (part(0xDA, bytes((1, 1, 0, 1, 63, 0))) + entropy(passes)) * count + b"\xff\xd9"


def test_a_picture_in_thousands_of_passes_is_refused_before_it_is_decoded() -> None:
    """Three hundred kilobytes took twenty seconds, and twenty megabytes may be sent."""
    begun = process_time()
    assert _code(many_scans(10_000), "image/jpeg") == "media_broken"
    assert process_time() - begun < 2
    assert clean_picture(many_scans(20, 400), "image/jpeg").width == 400
    taken = Image.effect_noise((400, 300), 90).convert("RGB")
    for more in ({"progressive": True}, {"progressive": True, "exif": _exif()}, {}):
        out = BytesIO()
        taken.save(out, "JPEG", quality=95, **more)
        assert clean_picture(out.getvalue() + b"\xff\xda" * 500, "image/jpeg").width == 400


@pytest.mark.parametrize("kind", MIME)
def test_each_format_stays_what_it_is(kind: str) -> None:
    picture = clean_picture(_image(kind), MIME[kind])
    assert (picture.mime, picture.width, picture.height) == (MIME[kind], 40, 20)
    assert mime_of(picture.data) == MIME[kind]


@pytest.mark.parametrize("kind", MIME)
def test_another_format_than_the_declared_one_is_refused(kind: str) -> None:
    other = "image/png" if kind != "PNG" else "image/jpeg"
    assert _code(_image(kind), other) == "media_not_what_it_says"


def test_other_spellings_of_a_type_are_understood() -> None:
    assert clean_picture(_image("JPEG"), " image/JPG ").mime == "image/jpeg"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_where_and_with_what_it_was_taken_is_gone(kind: str) -> None:
    taken = _image(kind, exif=_exif())
    assert Image.open(BytesIO(taken)).getexif().get_ifd(GPS), "the test needs a picture that tells"
    clean = clean_picture(taken, MIME[kind]).data
    assert not dict(Image.open(BytesIO(clean)).getexif())
    assert b"SpyCam" not in clean and b"Exif" not in clean


def test_text_chunks_and_comments_are_gone() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "Somebody Somewhere")
    notes.add_itxt("XML:com.adobe.xmp", "<x>Somebody</x>")
    assert b"Somebody" not in clean_picture(_image(pnginfo=notes), "image/png").data
    assert b"Somebody" not in clean_picture(_image("JPEG", comment=b"Somebody"), "image/jpeg").data
    assert b"Somebody" not in clean_picture(_image("GIF", comment=b"Somebody"), "image/gif").data


def test_what_hides_behind_the_end_is_gone() -> None:
    for kind, mime in MIME.items():
        assert b"<script>" not in clean_picture(_image(kind) + b"<script>alert(1)</script>", mime).data


@pytest.mark.parametrize("turned", [6, 8])
def test_a_turned_photo_is_made_upright(turned: int) -> None:
    picture = clean_picture(_image("JPEG", exif=_exif(turned)), "image/jpeg")
    assert (picture.width, picture.height) == (20, 40)


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "1"), ("PNG", "I;16"), ("JPEG", "CMYK")]
)
def test_uncommon_colours(kind: str, mode: str) -> None:
    assert clean_picture(_image(kind, mode=mode), MIME[kind]).width == 40


def test_transparency_stays() -> None:
    see_through = BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(see_through, format="PNG")
    clean = clean_picture(see_through.getvalue(), "image/png").data
    assert Image.open(BytesIO(clean)).convert("RGBA").getpixel((0, 0)) == (0, 0, 0, 0)


def _film(frames: int, kind: str = "GIF", size: tuple[int, int] = (8, 8)) -> bytes:
    shots = [Image.new("RGB", size, (shot * 50 % 256, 255 - shot * 50 % 256, 100)) for shot in range(frames)]
    out = BytesIO()
    shots[0].save(out, format=kind, save_all=True, append_images=shots[1:], duration=40, loop=0, comment=b"Somebody")
    return out.getvalue()


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_a_moving_picture_keeps_moving(kind: str) -> None:
    clean = clean_picture(_film(5, kind), MIME[kind]).data
    assert Image.open(BytesIO(clean)).n_frames == 5  # type: ignore[attr-defined]
    assert b"Somebody" not in clean


def test_too_many_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "MOST_FRAMES", 4)
    assert _code(_film(5), "image/gif") == "media_too_many_frames"
    assert clean_picture(_film(4), "image/gif").mime == "image/gif"


def test_too_many_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "MOST_PIXELS", 40 * 20 - 1)
    assert _code(_image(), "image/png") == "media_too_many_pixels"
    monkeypatch.setattr(media, "MOST_PIXELS", 40 * 20)
    assert clean_picture(_image(), "image/png").width == 40


def test_a_bomb_is_refused_by_its_header_alone() -> None:
    header = bytearray(_image(mode="1", size=(64, 64)))
    header[16:24] = (60_000).to_bytes(4, "big") * 2  # a small file that says it is 3.6 billion pixels
    assert _code(bytes(header), "image/png") in {"media_too_many_pixels", "media_broken", "media_type_unknown"}


def test_too_many_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    data = _image()
    monkeypatch.setattr(media, "MOST_BYTES", len(data) - 1)
    assert _code(data, "image/png") == "media_too_big"
    monkeypatch.setattr(media, "MOST_BYTES", len(data))
    assert clean_picture(data, "image/png").width == 40


@pytest.mark.parametrize(
    "data",
    [b"%PDF-1.7", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html>", b"MZ\x90", b"GIF89a", b"\x89PNG\r\n\x1a\n"],
)
def test_what_is_no_picture(data: bytes) -> None:
    assert _code(data, "image/png") in {"media_type_unknown", "media_broken"}


def test_formats_that_nobody_asked_for_are_not_even_opened() -> None:
    for kind in ("BMP", "TIFF", "PPM", "ICO"):
        assert _code(_image(kind), f"image/{kind.lower()}") == "media_type_unknown"


def test_nothing_at_all() -> None:
    assert _code(b"", "image/png") == "media_empty"


@pytest.mark.parametrize("kind", MIME)
def test_a_file_cut_short_is_refused_or_whole(kind: str) -> None:
    data = _image(kind, size=(200, 200))
    for part in range(1, 10):
        _picture_or_invalid(data[: len(data) * part // 10], MIME[kind])


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damage_never_ends_in_anything_but_a_picture_or_invalid(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(MIME)))
    bytes_ = bytearray(_image(kind, exif=_exif()) if kind != "GIF" else _image(kind))
    for _ in range(data.draw(st.integers(1, 8))):
        bytes_[data.draw(st.integers(0, len(bytes_) - 1))] = data.draw(st.integers(0, 255))
    _picture_or_invalid(bytes(bytes_), MIME[kind])


def _picture_or_invalid(data: bytes, mime: str) -> None:
    with suppress(Invalid):
        assert mime_of(clean_picture(data, mime).data) == mime
