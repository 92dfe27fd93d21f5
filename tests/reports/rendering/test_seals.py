"""Seals of strangers' files: found by bytes, so that nothing hostile is ever read as a PDF; and each with one way to be."""

import asyncio
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from asn1crypto import cms, core, pem
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from reports.rendering import verifying
from reports.rendering.printer import Printer
from reports.rendering.sealing_keys import MOST_CERTIFIED, BadKey, SigningKey, checked_key, made_key
from reports.rendering.signing import sign
from reports.rendering.stamping import Watermark, copy_for
from reports.rendering.verifying import Fault, verify
from tests.reports.rendering.authorities import family, given
from tests.reports.rendering.conftest import document

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
KEY, OTHER = made_key("Us", NOW), made_key("Another", NOW)
KNOWN = [OTHER.certificate, KEY.certificate]


@pytest.fixture(scope="module")
def base() -> Iterator[bytes]:
    mine = Printer()
    yield mine.draw(document()).content
    mine.close()


@pytest.fixture(scope="module")
def sealed(base: bytes) -> bytes:
    return sealed_by(KEY, base)


def sealed_by(key: SigningKey, base: bytes) -> bytes:
    return sign(copy_for(base, Watermark("a@b.example", "Copy"), seal="Seal"), key, reason="Issued")


def bomb(objects: int) -> bytes:
    """A table of so many objects that needs no byte for any of them."""
    head = b"%PDF-1.7\n"
    table = b"1 0 obj\n<</Type/XRef/W[0 0 0]/Index[0 %d]/Size %d/Root 2 0 R/Length 0>>\nstream\n\nendstream\nendobj\n"
    return head + table % (objects, objects) + b"startxref\n%d\n%%%%EOF\n" % len(head)


def with_seal_of(sealed: bytes, content: bytes) -> bytes:
    """Other bytes with the seal of a real copy before their end, and numbers that fit."""
    begin = sealed.rindex(b"/Contents <") + 10
    end = sealed.index(b">", begin) + 1
    at = len(content) + 10
    span = b"\n/ByteRange [0 %d %d %d]" % (at, at + end - begin, 40)
    return content + b"/Contents " + sealed[begin:end] + (span + b" " * 40)[:40]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How long the files were that were read as PDFs."""
    found: list[int] = []
    real = verifying.PdfFileReader

    def reader(source: Any) -> Any:
        found.append(len(source.getvalue()))
        return real(source)

    monkeypatch.setattr(verifying, "PdfFileReader", reader)
    return found


def test_only_what_our_key_signed_is_read_as_a_pdf(sealed: bytes, base: bytes, read: list[int]) -> None:
    strangers = {
        bomb(1_000): Fault.NOT_SIGNED,
        base: Fault.NOT_SIGNED,
        sealed_by(made_key("A stranger", NOW), base): Fault.UNKNOWN_KEY,
        with_seal_of(sealed, bomb(1_000)): Fault.CHANGED,
        sealed[:-1]: Fault.CHANGED,
        sealed[:20] + b" " + sealed[20:]: Fault.CHANGED,
    }
    for content, fault in strangers.items():
        assert verify(content, KNOWN).fault is fault
    assert read == []
    assert verify(sealed, KNOWN).whole
    assert verify(sealed + bomb(1_000), KNOWN).fault is Fault.APPENDED
    assert read == [len(sealed)] * 2


def test_a_changed_file_is_told_with_its_key(sealed: bytes) -> None:
    changed = bytearray(sealed)
    changed[len(changed) // 3] ^= 1
    assert verify(bytes(changed), KNOWN).key == KEY.name == verify(sealed, KNOWN).key


@pytest.mark.parametrize("size", [0, 20_000_000])
def test_a_hundred_million_objects_cost_nothing(sealed: bytes, size: int) -> None:
    content = with_seal_of(sealed, bomb(100_000_000) + b"/Contents " * (size // 10))
    begun = time.process_time()
    for hostile in (bomb(100_000_000), content, content + b">\n/ByteRange [0 " * (size // 20)):
        assert not verify(hostile, KNOWN).whole
    assert time.process_time() - begun < 1


def other_signature(sealed: bytes) -> bytes:
    """The same file with the other signature that its curve takes, (r, n - s) for (r, s)."""
    begin = sealed.rindex(b"/Contents <") + 11
    end = sealed.index(b">", begin)
    envelope = cms.ContentInfo.load(bytes.fromhex(sealed[begin:end].decode()))
    signer = envelope["content"]["signer_infos"][0]
    r, s = decode_dss_signature(signer["signature"].native)
    signer["signature"] = encode_dss_signature(r, SECP256R1.group_order - s)
    raw = envelope.dump(force=True).hex().upper().encode()
    return sealed[:begin] + raw.ljust(end - begin, b"0") + sealed[end:]


def test_a_signature_has_one_way_to_be(base: bytes) -> None:
    for _ in range(4):
        content = sealed_by(KEY, base)
        assert verify(content, KNOWN).whole
        assert verify(other_signature(content), KNOWN).fault is Fault.CHANGED


def with_envelope(sealed: bytes, change: Callable[[Any], None]) -> bytes:
    """The same file with what no signature covers written otherwise."""
    begin = sealed.rindex(b"/Contents <") + 11
    end = sealed.index(b">", begin)
    envelope = cms.ContentInfo.load(bytes.fromhex(sealed[begin:end].decode()))
    change(envelope["content"])
    raw = envelope.dump(force=True).hex().upper().encode()
    return sealed[:begin] + raw.ljust(end - begin, b"0") + sealed[end:]


def _without_root(inside: Any) -> None:
    kept = [one for one in inside["certificates"] if one.chosen.subject.native["common_name"] != "Root"]
    assert len(kept) == len(inside["certificates"]) - 1
    inside["certificates"] = cms.CertificateSet(kept)


def _with_another(inside: Any) -> None:
    known = asn1_x509.Certificate.load(pem.unarmor(OTHER.certificate)[2])
    more = cms.CertificateChoices("certificate", known)
    inside["certificates"] = cms.CertificateSet([*inside["certificates"], more])


def _named_otherwise(inside: Any) -> None:
    plain = {"algorithm": "rsassa_pkcs1v15", "parameters": core.Null()}
    inside["signer_infos"][0]["signature_algorithm"] = cms.SignedDigestAlgorithm(plain)


def test_a_seal_with_certificates_above_has_one_way_to_be(base: bytes) -> None:
    """Nothing of them is covered by the signature: one taken out, another known one put in, another name of the algorithm."""
    root, middle, own = family(NOW)
    key = checked_key(own.private(), own.public, (middle.public, root.public), now=NOW)
    known, above = [*KNOWN, key.certificate], {key.certificate: key.chain}
    content = sealed_by(key, base)
    assert verify(content, known, above).whole
    assert with_envelope(content, lambda _inside: None) == content
    for change in (_without_root, _with_another, _named_otherwise):
        assert verify(with_envelope(content, change), known, above).fault is Fault.CHANGED, change


def test_what_a_brand_brings_is_found_in_its_seals_and_more_is_refused(base: bytes) -> None:
    for room, taken in ((MOST_CERTIFIED - 1_500, True), (MOST_CERTIFIED, False)):
        own = ec.generate_private_key(SECP256R1())
        large = given("Large", NOW, key=own, more=bytes(room))
        if not taken:
            with pytest.raises(BadKey, match="too_large"):
                checked_key(large.private(), large.public, now=NOW)
            continue
        key = checked_key(large.private(), large.public, now=NOW)
        assert verify(sealed_by(key, base), [key.certificate]).whole


def test_where_a_loop_runs_already_it_is_sealed_and_checked(base: bytes) -> None:
    async def within() -> Fault | None:
        return verify(sealed_by(KEY, base), KNOWN).fault

    assert asyncio.run(within()) is None
