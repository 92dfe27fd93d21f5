"""What stands on paper before anything is drawn: typography, colours, characters, charts, tables, drawings, HTML."""

import time
from contextlib import suppress
from datetime import UTC, date, datetime
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from reports.rendering import typography as typo
from reports.rendering.blocks import Chart, Column, Linked, Note, Paragraph, Picture, Pictures, Strand, Table
from reports.rendering.characters import REPLACED, missing_fonts, printable
from reports.rendering.charts import drawn
from reports.rendering.errors import BadColour, BadPicture
from reports.rendering.look import HOUSE, OF_TEXT, OTHERS, Look, contrast, readable, too_weak
from reports.rendering.markup import markup_of
from reports.rendering.pictures import OF_MARK, ready
from reports.rendering.tables import LAID_OUT, SHOWN, csv_of
from reports.rendering.vectors import cleaned
from tests.reports.rendering.conftest import document

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'


@pytest.mark.parametrize(
    ("text", "french", "english"),
    [
        ("Vraiment ?", "Vraiment\u202f?", "Vraiment ?"),
        ("Oui!", "Oui\u202f!", "Oui!"),
        ('Il dit "oui".', "Il dit «\u00a0oui\u00a0».", "Il dit \u201coui\u201d."),
        ("Note: l'ete", "Note\u00a0: l\u2019ete", "Note: l\u2019ete"),
        ("https://a.example/b?c=1", "https://a.example/b?c=1", "https://a.example/b?c=1"),
        ("à 10:30", "à 10:30", "à 10:30"),
        ("50 %", "50\u202f%", "50 %"),
    ],
)
def test_texts_are_set_as_their_language_wants(text: str, french: str, english: str) -> None:
    assert (typo.set_text(text, "fr"), typo.set_text(text, "en")) == (french, english)
    assert typo.set_text(french, "fr") == french


def test_numbers_and_dates() -> None:
    assert (typo.number(12345.6, "fr", 1), typo.number(12345.6, "en", 1)) == ("12\u202f345,6", "12,345.6")
    assert (typo.signed(-3, "fr"), typo.signed(0, "en"), typo.signed(4, "en")) == ("\u22123", "±0", "+4")
    assert (typo.percent(0.455, "fr", 1), typo.percent(0.455, "en", 1)) == ("45,5\u202f%", "45.5%")
    assert (typo.minutes(45, "fr"), typo.minutes(185, "en"), typo.minutes(3120, "fr")) == (
        "45\u00a0min",
        "3\u00a0h\u00a005",
        "2\u00a0j 4\u00a0h",
    )
    assert typo.money(-123450, "fr") == "\u22121\u202f234,50\u00a0€"
    assert typo.span(date(2026, 11, 1), date(2026, 11, 8), "fr") == "du 1er au 8\u00a0novembre 2026"
    assert typo.span(date(2026, 12, 28), date(2027, 1, 3), "en") == "28\u00a0December 2026 \u2013 3\u00a0January 2027"
    assert (
        typo.moment(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "en", "Europe/Paris")
        == "25\u00a0Oct\u00a02026,\u00a002:30"
    )


@pytest.mark.parametrize("colour", ["#ffe066", "#7fd4a0", "#ffffff", "#ff0000", "#777777", "#00ffff"])
def test_a_colour_that_cannot_be_read_is_named_with_the_nearest_that_can(colour: str) -> None:
    weak = too_weak(colour)
    assert weak is not None
    assert weak.has == contrast(colour) < OF_TEXT <= contrast(weak.nearest)
    assert too_weak(weak.nearest) is None
    assert contrast(weak.nearest) < OF_TEXT + 0.15  # nothing much lighter of its tone would do


def test_a_colour_that_can_be_read_is_left_as_it_is_and_paper_is_drawn_in_such_alone() -> None:
    for colour in (HOUSE, OTHERS[0], "#0b3d2e", "#767676", "#000000"):
        assert too_weak(colour) is None
        assert readable(colour, OF_TEXT) == colour
    assert all(contrast(one) >= 3 for one in Look("Brand", "#ffe066", "#7fd4a0").palette)
    assert "#ffe066" not in markup_of(document(look=Look("Brand", "#ffe066"))).html


@pytest.mark.parametrize("colour", ["red", "#12", "#1234567", "url(x)", "#12345g", "#123456;}", ""])
def test_what_is_no_colour_is_refused(colour: str) -> None:
    with pytest.raises(BadColour, match="not_a_colour"):
        too_weak(colour)


def test_a_mark_is_said_in_its_own_words() -> None:
    mark = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>'
    assert 'alt="A leaf"' in markup_of(document(look=Look("Brand", logo=mark, alternative="A leaf"))).html
    assert 'alt="Brand"' in markup_of(document(look=Look("Brand", logo=mark))).html
    assert "<img" not in markup_of(document(look=Look("Brand"))).html


def test_characters_that_no_font_has_are_replaced_and_steering_marks_go() -> None:
    assert missing_fonts() == []
    assert printable("a\u202eb\u2066c\ufeff\x00d") == "abcd"
    assert printable("漢") == REPLACED
    assert printable("ﬁn 😀 שלום مرحبا Ελλάδα Україна") == "ﬁn 😀 שלום مرحبا Ελλάδα Україна" or "fin" in printable("ﬁn")
    assert printable("x" * 30_000)[-1] in "x…"
    assert len(printable("é" * 30_000)) == 20_000


def _chart(form: str, **changed: object) -> Chart:
    values: dict[str, object] = {
        "form": form, "title": "<Title>", "summary": "Sum & more", "labels": ("a", "b"), "first": "Day",
        "strands": (Strand("One", (1, 2), ("1", "2")), Strand("Two", (3, None), ("3", "–"))),
    }  # fmt: skip
    return Chart(**{**values, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize("form", ["bars", "lines", "shares"])
def test_a_chart_is_well_formed_and_says_what_it_shows(form: str) -> None:
    root = ET.fromstring(drawn(_chart(form), Look(), "en"))
    space = "{http://www.w3.org/2000/svg}"
    assert root.find(f"{space}title").text == "<Title>. Sum & more"  # type: ignore[union-attr]
    assert root.find(f"{space}desc").text == "One, a: 1; One, b: 2; Two, a: 3; Two, b: –"  # type: ignore[union-attr]
    assert not [one for one in root.iter() if one.tag.endswith("script") or any("href" in name for name in one.attrib)]


@pytest.mark.parametrize("values", [(None, None), (0, 0), (1e9, 2e9), (0.2, 0.1)])
def test_a_chart_of_odd_numbers_is_drawn(values: tuple[float | None, ...]) -> None:
    strand = Strand("One", values, ("x", "y"))
    for form in ("bars", "lines", "shares"):
        ET.fromstring(drawn(_chart(form, strands=(strand,)), Look(), "fr"))


def test_long_tables_are_attached_and_the_page_says_so() -> None:
    rows = tuple((f"row {at}", str(at)) for at in range(LAID_OUT + 1))
    table = Table("Öd täble", "All rows", (Column("A"), Column("B", True)), rows)
    markup = markup_of(document(table, table))
    assert [one.name for one in markup.attachments] == ["d-t-ble.csv", "d-t-ble-2.csv"]
    assert markup.attachments[0].content.count(b"\r\n") == LAID_OUT + 2
    assert markup.html.count("<td") == 2 * SHOWN * 2
    assert f"The first {SHOWN} of {LAID_OUT + 1} rows. All are in the attached file d-t-ble.csv." in markup.html
    short = markup_of(document(Table("t", "c", (Column("A"), Column("B")), rows[:LAID_OUT])))
    assert short.attachments == () and short.html.count("<td") == 2 * LAID_OUT


def test_a_spreadsheet_runs_nothing() -> None:
    table = csv_of(["=A"], [["=1+1"], ["+3"], ["-2.5"], ["@x"], ["-x"], ["plain"]]).decode("utf-8-sig")
    assert table.split("\r\n")[:-1] == ["'=A", "'=1+1", "+3", "-2.5", "'@x", "'-x", "plain"]


def test_every_word_is_escaped_and_only_web_and_mail_addresses_lead_anywhere() -> None:
    bad = '<img src=x onerror=1>"&</style>'
    page = markup_of(
        document(
            Paragraph(bad), Note(bad, bad, by=bad), Table(bad, bad, (Column(bad),), ((Linked("js", "javascript:alert(1)"),), (Linked("ok", "https://a.example"),))),  # noqa: E501
            footer=bad, author=bad,
        )
    ).html  # fmt: skip
    assert "<img" not in page and page.count("</style>") == 1
    assert page.count("<a href=") == 1 and '<a href="https://a.example">ok</a>' in page


def test_pictures_without_words_are_not_shown() -> None:
    markup = markup_of(document(Pictures((Picture(b"x", " "), Picture(b"y", "A stand")))))
    assert [one.content for one in markup.pictures] == [b"y"]
    assert 'alt="A stand"' in markup.html


def _png(size: tuple[int, int], mode: str = "RGB", form: str = "PNG") -> bytes:
    out = BytesIO()
    Image.new(mode, size).save(out, form)
    return out.getvalue()


def test_pictures_are_made_anew_and_bounded() -> None:
    found = ready(_png((3000, 1000), "RGBA"))
    assert (found.width, found.height, found.media_type) == (1500, 500, "image/png")
    assert ready(_png((10, 10), form="JPEG")).media_type == "image/jpeg"
    assert ready(_png((40, 40))).content == ready(_png((40, 40))).content


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not_a_picture"),
        (b"\x89PNG\r\n\x1a\n0000", "not_a_picture"),
        (_png((8000, 7000), "1"), "too_many_pixels"),
        (b"x" * 25_000_001, "too_large"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not_a_picture"),
        (SVG.format("<script>1</script>").encode(), "svg_refused"),
    ],
)
def test_pictures_that_are_none_or_bombs_are_refused(content: bytes, reason: str) -> None:
    with pytest.raises(BadPicture) as caught:
        ready(content)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "inside",
    [
        "<script/>", "<image href='http://a'/>", "<use href='#a'/>", "<style>*{}</style>", "<text>a</text>", "<foreignObject/>",
        "<rect fill='url(http://a)'/>", "<rect style='fill:url(//a)'/>", "<rect onload='x'/>", "<a href='x'/>", "<rect filter='url(#a)'/>",  # noqa: E501
        "<rect style='fill:red}@import'/>", "<rect d='expression(url)'/>",
    ],
)  # fmt: skip
def test_drawings_that_could_do_anything_are_refused(inside: str) -> None:
    with pytest.raises(BadPicture, match="svg_refused"):
        cleaned(SVG.format(inside).encode())


def test_drawings_of_shapes_are_kept_without_what_editors_leave() -> None:
    kept = cleaned(
        b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:i="http://x" viewBox="0 0 9 9" i:tool="1"><metadata>m</metadata><i:thing/>'  # noqa: E501
        b'<defs><linearGradient id="g"><stop offset="0" stop-color="#fff"/></linearGradient></defs><path d="M0 0h9" style="fill:url(#g)"/></svg>'  # noqa: E501
    )
    assert b"metadata" not in kept and b"thing" not in kept
    assert b'fill="url(#g)"' in kept


def test_a_gradient_does_not_repeat() -> None:
    """A thousand millionths of a stretch over a field of nine took six seconds and 1.6 GB to draw."""
    gradient = '<linearGradient id="g" spreadMethod="repeat" x2="0.00000001"><stop offset="0"/></linearGradient>'
    assert b"spreadMethod" not in cleaned(SVG.format(gradient).encode())


def test_a_mark_is_bounded_more_tightly_and_made_anew_without_loss() -> None:
    first = ready(_png((2400, 600), form="JPEG"), OF_MARK)
    assert (first.media_type, first.width, first.height) == ("image/png", 700, 175)
    assert ready(first.content, OF_MARK) == first
    refused = {
        "too_many_pixels": _png((4100, 4000), "1"),
        "too_large": b"x" * 2_000_001,
        "not_a_picture": _png((9, 9), form="GIF"),
    }
    for reason, content in refused.items():
        with pytest.raises(BadPicture, match=reason):
            ready(content, OF_MARK)
    assert ready(_png((4100, 4000), "1")).width == 1500


def test_a_long_style_is_taken_apart_once() -> None:
    shape = '<path style="{}" d="M0 0h9"/>'
    kept = cleaned(SVG.format(shape.format(" fill : red ; stroke:#fff; ")).encode())
    assert b'fill="red"' in kept and b'stroke="#fff"' in kept
    begun = time.process_time()
    for style in ("a" * 8_000 + " " * 8_000, "a:" * 100_000, ";" * 200_000 + "x", " " * 8_000 + "x"):
        with suppress(BadPicture):
            cleaned(SVG.format(shape.format(style)).encode())
    assert time.process_time() - begun < 1
    with pytest.raises(BadPicture, match="svg_refused"):
        cleaned(SVG.format(shape.format("fill:red; x")).encode())


@pytest.mark.parametrize(
    "content",
    [
        b"<svg/>", b"<html/>", b"not xml", b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">&a;</svg>',  # noqa: E501
        SVG.format("<g>" * 40 + "</g>" * 40).encode(),
        *(SVG.replace("0 0 9 9", view).encode() for view in ("a b c d", "0 0 0 9", "0 0 -9 9", "0 0 9", "0 0 1e9 9", "")),
        *(
            SVG.replace('viewBox="0 0 9 9"', edges).encode()
            for edges in ("", 'width="9"', 'width="9" height="0"', 'width="x" height="9"')
        ),
    ],
)  # fmt: skip
def test_what_is_no_small_drawing_is_refused(content: bytes) -> None:
    with pytest.raises(BadPicture):
        cleaned(content)
