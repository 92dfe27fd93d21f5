"""What comes out of the drawing process, and what happens when it does not."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import pem
from cryptography.hazmat.primitives.asymmetric import rsa
from PIL import Image

from reports.rendering import characters
from reports.rendering import printer as printing
from reports.rendering.blocks import Attachment, Column, Document, Heading, Paragraph, Picture, Pictures, Table
from reports.rendering.caps import MEBIBYTE, Caps
from reports.rendering.errors import Fault, NotDrawn
from reports.rendering.printer import Printer, Progress
from reports.rendering.sealing_keys import LASTS, BadKey, checked_key, made_key
from reports.rendering.signing import sign
from reports.rendering.stamping import Watermark, copy_for
from reports.rendering.verifying import Fault as Changed
from reports.rendering.verifying import verify
from tests.reports.rendering.authorities import given
from tests.reports.rendering.conformance import attachments, faults

Make = Callable[..., Document]
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
ODD = "Ж" * 150 + "שלום مرحبا 😀 漢字" + "W" * 150


def _photograph() -> bytes:
    out = BytesIO()
    Image.radial_gradient("L").save(out, "PNG")
    return out.getvalue()


def test_a_document_becomes_a_file_that_both_standards_take_and_twice_the_same(printer: Printer, make: Make) -> None:
    table = Table("t", ODD, (Column(ODD), Column("n", True)), tuple((ODD, str(at)) for at in range(3)))
    one = make(Heading(ODD), Paragraph(ODD), table, Pictures((Picture(_photograph(), "A ball"),)),
               attachments=(Attachment("a.json", b"{}", "application/json", "Data"),))  # fmt: skip
    steps: list[Progress] = []
    drawn = printer.draw(one, tell=steps.append)
    assert faults(drawn.content) == []
    assert attachments(drawn.content) == {"a.json": b"{}"}
    assert [step.step for step in steps if step.step != "layout"] == ["pictures", "words", "drawing"]
    assert printer.draw(one).digest == drawn.digest
    assert 0 < drawn.peak < 400 * MEBIBYTE


def test_ten_thousand_rows_are_attached(printer: Printer, make: Make) -> None:
    rows = tuple((f"row {at}", str(at)) for at in range(10_000))
    drawn = printer.draw(make(Heading("x"), Table("Rows", "Rows", (Column("a"), Column("b")), rows)))
    assert drawn.pages <= 2
    assert attachments(drawn.content)["rows.csv"].count(b"\r\n") == 10_001


def test_bad_pictures_leave_a_note_and_no_gap(printer: Printer, make: Make) -> None:
    drawn = printer.draw(make(Heading("x"), Pictures((Picture(b"no picture", "A"), Picture(b"<svg/>", "B")))))
    assert faults(drawn.content) == []


@pytest.mark.parametrize(
    ("caps", "fault"),
    [
        (Caps(wall=1, processor=60), {Fault.TIME}),
        (Caps(processor=1), {Fault.TIME}),
        (Caps(memory=40 * MEBIBYTE), {Fault.MEMORY, Fault.DIED, Fault.BROKEN}),
    ],
)
def test_what_wants_too_much_ends_alone_and_the_next_is_drawn(
    printer: Printer, make: Make, caps: Caps, fault: set[Fault]
) -> None:
    rows = tuple((f"row {at}", str(at)) for at in range(299))
    big = make(Heading("x"), *(Table(f"t{at}", "T", (Column("a"), Column("b")), rows) for at in range(20)))
    with pytest.raises(NotDrawn) as caught:
        printer.draw(big, caps=caps)
    assert caught.value.fault in fault
    assert printer.draw(make()).pages == 1


def test_a_drawing_is_cancelled(printer: Printer, make: Make) -> None:
    steps: list[Progress] = []
    with pytest.raises(NotDrawn) as caught:
        printer.draw(make(), tell=steps.append, cancelled=lambda: bool(steps))
    assert caught.value.fault is Fault.CANCELLED


def test_a_process_that_died_is_started_again(make: Make) -> None:
    mine = Printer()
    assert mine.draw(make()).pages == 1
    assert mine._server is not None
    os.kill(mine._server.pid, signal.SIGKILL)
    mine._server.wait()
    assert mine.draw(make()).pages == 1
    mine.close()


def test_two_are_drawn_at_once(printer: Printer, make: Make) -> None:
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(printer.draw(make()).pages)) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert found == [1, 1]


def test_without_pango_or_fonts_there_is_one_clear_error(
    make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library libpango')")
    monkeypatch.setattr(printing, "ROOT", f"{tmp_path}:{printing.ROOT}")
    lacking = Printer()
    with pytest.raises(NotDrawn) as caught:
        lacking.draw(make())
    assert caught.value.fault is Fault.NO_PANGO
    assert "libpango" in caught.value.detail
    lacking.close()
    monkeypatch.setattr(characters, "FOLDER", tmp_path)
    assert len(characters.missing_fonts()) == len(characters.FONTS)


def test_a_full_disk_stops_no_drawing(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: str) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(printing.tempfile, "mkdtemp", full)
    mine = Printer()
    assert mine.draw(make()).pages == 1
    mine.close()


@pytest.fixture(scope="module")
def base() -> bytes:
    from tests.reports.rendering.conftest import document

    mine = Printer()
    try:
        return mine.draw(document()).content
    finally:
        mine.close()


def test_a_copy_names_its_reader_and_keeps_both_standards(base: bytes) -> None:
    anna, ben = (
        copy_for(base, Watermark(f"{who}@a.example", f"Copy for {who}"), seal="Seal") for who in ("anna", "ben")
    )
    assert anna != ben and len(anna) > len(base)
    assert anna == copy_for(base, Watermark("anna@a.example", "Copy for anna"), seal="Seal")
    assert faults(anna) == []


def test_a_seal_holds_until_anything_changes(base: bytes) -> None:
    key, later = made_key("Us", NOW), made_key("Us, later", NOW)
    known = [later.certificate, key.certificate]
    content = sign(copy_for(base, Watermark("a@b.example", "Copy"), seal="Seal"), key, reason="Issued")
    assert faults(content) == []
    verdict = verify(content, known)
    assert verdict.whole and verdict.key == key.name
    assert verify(content, [later.certificate]).fault is Changed.UNKNOWN_KEY
    assert verify(base, known).fault is Changed.NOT_SIGNED
    assert verify(b"<html>", known).fault is Changed.NOT_A_PDF
    assert verify(content + b"\n% more", known).fault is Changed.APPENDED
    gap = content.rindex(b"/Contents <") + 11
    for place in (20, len(content) // 3, *range(gap, gap + 2000, 200), gap + 158, len(content) - 3):
        changed = bytearray(content)
        changed[place] = ord("0") if changed[place] != ord("0") else ord("1")
        assert verify(bytes(changed), known).fault is not None, place


def large_key(*exponents: int) -> bytes:
    """A key of RSA whose primes are two of Mersenne's, PEM."""
    p, q = (2**one - 1 for one in exponents)
    d = pow(65_537, -1, (p - 1) * (q - 1))
    parts = {"modulus": p * q, "public_exponent": 65_537, "private_exponent": d, "prime1": p, "prime2": q}
    rest = {"exponent1": d % (p - 1), "exponent2": d % (q - 1), "coefficient": pow(q, -1, p)}
    return pem.armor("RSA PRIVATE KEY", asn1_keys.RSAPrivateKey({"version": 0, **parts, **rest}).dump())


def test_a_key_that_costs_minutes_to_check_is_refused_before_it_is() -> None:
    """Of 21,000 bits: a minute and a half of one process, and two more for each copy that it signs."""
    certificate = made_key("Us", NOW).certificate
    begun = time.process_time()
    with pytest.raises(BadKey, match="too_weak") as refused:
        checked_key(large_key(9941, 11213), certificate, now=NOW)
    assert refused.value.part == "key"
    assert time.process_time() - begun < 5
    own = given("Us", NOW, key=rsa.generate_private_key(65_537, 4096))
    assert checked_key(own.private(), own.public, now=NOW).key


def _odd_certificates() -> Iterator[bytes]:
    """Of a key of no known kind, on no known curve, in no known version: each once made the page fail."""
    der = pem.unarmor(made_key("Us", NOW).certificate)[2]
    for was, now in (("06072a8648ce3d0201", "06072a8648ce3d0209"), ("2a8648ce3d030107", "2a8648ce3d030177")):
        yield pem.armor("CERTIFICATE", der.replace(bytes.fromhex(was), bytes.fromhex(now)))
    yield pem.armor("CERTIFICATE", der.replace(bytes.fromhex("a003020102"), bytes.fromhex("a003020105")))


def test_keys_are_checked_and_never_shown() -> None:
    key, other = made_key("Us", NOW), made_key("Us", NOW)
    assert checked_key(key.key, key.certificate, now=NOW) == key
    assert key.key.decode() not in repr(key)
    for pair, reason in (
        ((key.key, other.certificate), "not_a_pair"),
        ((b"x", key.certificate), "not_a_key"),
        ((key.key, b"x"), "not_a_certificate"),
    ):
        with pytest.raises(BadKey, match=reason):
            checked_key(*pair, now=NOW)
    for odd in _odd_certificates():
        with pytest.raises(BadKey, match="not_a_certificate"):
            checked_key(key.key, odd, now=NOW)
    for moment in (NOW - timedelta(hours=2), NOW + LASTS):
        with pytest.raises(BadKey, match="not_in_force"):
            checked_key(key.key, key.certificate, now=moment)
