"""Whether a file is the one that was issued: every byte of it, under a key that is known, with nothing added.

Stricter than a viewer: a viewer calls a file with an appended revision intact. Here the seal has to cover the file from
its first byte to its last, be written as we write it, and be by a certificate that the caller names. INVARIANT: a file is
read as a PDF only where `seals` has found that one of these keys signed its bytes: a stranger's may cost whatever it likes.
"""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import BytesIO
from typing import Any

from asn1crypto import cms, core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext

from reports.rendering.apart import apart
from reports.rendering.sealing_keys import certificate_of, key_name
from reports.rendering.seals import seal_bytes, seal_in, value_length
from reports.rendering.signing import DIGEST, smaller

MOST_BYTES = 200_000_000
_DIGEST = cms.DigestAlgorithm({"algorithm": DIGEST, "parameters": core.Null()}).dump()
_BY_RSA = cms.SignedDigestAlgorithm({"algorithm": f"{DIGEST}_rsa", "parameters": core.Null()}).dump()
_BY_CURVE = cms.SignedDigestAlgorithm({"algorithm": f"{DIGEST}_ecdsa"}).dump()
"""As `signing` writes them."""


class Fault(StrEnum):
    """What is wrong with a file."""

    NOT_A_PDF = "not_a_pdf"
    NOT_SIGNED = "not_signed"
    CHANGED = "changed"
    APPENDED = "appended"
    UNKNOWN_KEY = "unknown_key"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`fault` is None for a file that is whole and ours. `key`: which signed; `at`: when, by the signer's clock."""

    fault: Fault | None
    key: str = ""
    at: datetime | None = None

    @property
    def whole(self) -> bool:
        return self.fault is None


def verify(
    content: bytes, certificates: Iterable[bytes], above: Mapping[bytes, Sequence[bytes]] | None = None
) -> Verdict:
    """What `content` is, given all certificates (PEM) that ever signed. `above`: by one of them those that stand in its seals
    beside it, and vouch for nothing. Never raises for any bytes."""
    if not content.startswith(b"%PDF-") or len(content) > MOST_BYTES:
        return Verdict(Fault.NOT_A_PDF)
    known = {_der(one): one for one in certificates}
    seal = seal_in(content, known)
    if seal is None:
        return Verdict(Fault.NOT_SIGNED)
    if not seal.signer:
        return Verdict(Fault.UNKNOWN_KEY)
    if not seal.ends:
        return Verdict(Fault.CHANGED, key_name(known[seal.signer]))
    beside = tuple(map(_der, (above or {}).get(known[seal.signer], ())))
    signed = _read(content[: seal.ends], known, beside)
    if signed.whole and seal.ends < len(content):
        return Verdict(Fault.APPENDED, signed.key, signed.at)
    return signed


def _read(content: bytes, known: dict[bytes, bytes], beside: tuple[bytes, ...]) -> Verdict:
    """What these bytes, which a known key has signed, are as a PDF."""
    try:
        return _verdict(content, known, beside)
    except (
        PdfError,
        SigningError,
        SignatureValidationError,
        zlib.error,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        OSError,
    ):
        return Verdict(Fault.CHANGED)
    except (AttributeError, RecursionError, NotImplementedError, AssertionError, ArithmeticError, MemoryError):
        return Verdict(Fault.CHANGED)


def _verdict(content: bytes, known: dict[bytes, bytes], beside: tuple[bytes, ...]) -> Verdict:
    seals = PdfFileReader(BytesIO(content)).embedded_signatures
    if not seals:
        return Verdict(Fault.NOT_SIGNED)
    seal = seals[0]
    signer = seal.signer_cert.dump()
    if signer not in known:
        return Verdict(Fault.UNKNOWN_KEY)
    name, at = key_name(known[signer]), seal.self_reported_timestamp
    if not _covers(content, seal) or len(seals) > 1 or not _as_we_write(content, seal, known, beside):
        return Verdict(Fault.CHANGED, name, at)
    trusted = ValidationContext(
        trust_roots=[asn1_x509.Certificate.load(signer)], allow_fetching=False, moment=at, revocation_mode="soft-fail"
    )
    status = apart(validate_pdf_signature, seal, signer_validation_context=trusted)
    return Verdict(None if status.bottom_line and status.intact and status.valid else Fault.CHANGED, name, at)


def _covers(content: bytes, seal: Any) -> bool:
    """Two stretches: from the first byte, to the last, and between them nothing but the seal."""
    span = [int(one) for one in seal.byte_range]
    return len(span) == 4 and span[0] == 0 and span[2] + span[3] == len(content) and span[1] < span[2]


def _as_we_write(content: bytes, seal: Any, known: dict[bytes, bytes], beside: tuple[bytes, ...]) -> bool:
    """The seal itself is in no stretch: each of its own bytes has to be the one we would write."""
    span = [int(one) for one in seal.byte_range]
    raw = seal_bytes(content[span[1] : span[2]])
    if not raw:
        return False
    length = value_length(raw)
    signer = seal.signer_cert.dump()
    return not any(raw[length:]) and _is_canonical(raw[:length], {signer, *beside}, certificate_of(known[signer]))


def _is_canonical(raw: bytes, certificates: set[bytes], certificate: x509.Certificate) -> bool:
    """What no signature covers has only one way to be: one signer, their certificates and no other, no unsigned words, DER, and
    of the two signatures of a curve the smaller."""
    envelope = cms.ContentInfo.load(raw, strict=True)
    inside = envelope["content"]
    signer, written = inside["signer_infos"][0], [one.chosen.dump() for one in inside["certificates"]]
    key, signature = certificate.public_key(), signer["signature"].native
    by = _BY_CURVE if isinstance(key, ec.EllipticCurvePublicKey) else _BY_RSA
    return bool(
        envelope.dump(force=True) == raw
        and inside["version"].native == "v1"
        and len(inside["signer_infos"]) == 1
        and _named_as_we_name(inside, signer, by)
        and not signer["unsigned_attrs"].native
        and not inside["crls"].native
        and inside["encap_content_info"]["content"].native is None
        and (len(written), set(written)) == (len(certificates), certificates)
        and (not isinstance(key, ec.EllipticCurvePublicKey) or smaller(signature, key) == signature)
    )


def _named_as_we_name(inside: Any, signer: Any, by: bytes) -> bool:
    """The signer, the digest and the way of signing: each has several names under which the same signature holds."""
    return bool(
        signer["version"].native == "v1"
        and signer["sid"].name == "issuer_and_serial_number"
        and [one.dump() for one in inside["digest_algorithms"]] == [_DIGEST]
        and signer["digest_algorithm"].dump() == _DIGEST
        and signer["signature_algorithm"].dump() == by
    )


def _der(certificate: bytes) -> bytes:
    return certificate_of(certificate).public_bytes(serialization.Encoding.DER)
