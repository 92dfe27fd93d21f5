"""The seal of a stranger's file, found and checked by its bytes alone: nothing of the PDF is parsed, so nothing in it can cost.

A table of a million objects or a compressed bomb is only bytes here. What our key signed, it signed from the first byte to
where the seal ends; only such bytes, which are ours, are read as a PDF afterwards (`verifying`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from asn1crypto import cms
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from reports.rendering.sealing_keys import certificate_of

_BEGINS, _SPANS = b"/Contents ", b">\n/ByteRange [0 "
_NUMBERS = re.compile(rb">\n/ByteRange \[0 (\d{1,10}) (\d{1,10}) (\d{1,10})\]")
_HEX = re.compile(rb"<[0-9A-F]*>")
LONGEST, LOOKED_AT = 60_000, 3
"""Hex digits of a seal (its certificates are most of it), and how many of a file are looked at, from its end."""


@dataclass(frozen=True, slots=True)
class FoundSeal:
    """`signer`: the certificate (DER) among the known ones, b'' for a stranger's. `ends`: where what it signed ends, 0 where
    the bytes before are not those that were signed."""

    signer: bytes
    ends: int = 0


def seal_in(content: bytes, known: Mapping[bytes, bytes]) -> FoundSeal | None:
    """The last seal by one of the `known` certificates (DER to PEM), else the last one; None without any. Never raises."""
    found: FoundSeal | None = None
    for begin, end in _places(content):
        raw = seal_bytes(content[begin:end])
        named = [der for der in known if der in raw]
        for signer in named:
            if until := _signed_until(content, begin, end, raw, known[signer]):
                return FoundSeal(signer, until)
        if named:
            return FoundSeal(named[0])
        found = found or FoundSeal(b"")
    return found


def seal_bytes(gap: bytes) -> bytes:
    """What stands between the two stretches, as we write it: `<`, hex digits in capitals, `>`. b'' otherwise."""
    return bytes.fromhex(gap[1:-1].decode("ascii")) if _HEX.fullmatch(gap) and not len(gap) % 2 else b""


def value_length(raw: bytes) -> int:
    """The whole length of the DER value that `raw` begins with."""
    first = raw[1]
    if first < 0x80:
        return 2 + first
    size = first & 0x7F
    return 2 + size + int.from_bytes(raw[2 : 2 + size], "big")


def _places(content: bytes) -> Iterator[tuple[int, int]]:
    """Where seals begin and end, the last first."""
    end = len(content)
    for _ in range(LOOKED_AT):
        end = content.rfind(_SPANS, 0, end)
        if end < 0:
            return
        begin = content.rfind(_BEGINS, max(0, end - LONGEST), end)
        if begin >= 0:
            yield begin + len(_BEGINS), end + 1


def _signed_until(content: bytes, begin: int, end: int, raw: bytes, certificate: bytes) -> int:
    """Where the second stretch ends, if both are what the key signed; 0 otherwise."""
    told = _NUMBERS.match(content, end - 1)
    numbers = [int(one) for one in told.groups()] if told else []
    if numbers[:2] != [begin, end] or end + numbers[2] > len(content):
        return 0
    until = end + numbers[2]
    try:
        digest = _signed_digest(raw[: value_length(raw)], certificate)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, InvalidSignature):
        return 0
    view, hashed = memoryview(content), sha256()
    hashed.update(view[:begin])
    hashed.update(view[end:until])
    return until if hashed.digest() == digest else 0


def _signed_digest(raw: bytes, certificate: bytes) -> bytes:
    """The digest that this certificate's key has signed. Raises InvalidSignature, and whatever odd bytes lead to."""
    signer = cms.ContentInfo.load(raw, strict=True)["content"]["signer_infos"][0]
    key, signature = certificate_of(certificate).public_key(), signer["signature"].native
    said = signer["signed_attrs"].untag().dump()
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, said, ec.ECDSA(SHA256()))
    elif isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, said, padding.PKCS1v15(), SHA256())
    else:
        raise InvalidSignature
    (digest,) = [one["values"][0].native for one in signer["signed_attrs"] if one["type"].native == "message_digest"]
    return bytes(digest)
