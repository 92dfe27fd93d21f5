"""The seal on a finished file: a PAdES signature that certifies it whole, by a key of the installation or of a brand.

A key's name (`sealing_keys.key_name`) is printed in the document before it is signed. Keys are rotated by making another:
whoever verifies is given all certificates that ever signed.
"""

from io import BytesIO

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from reports.rendering.apart import apart
from reports.rendering.sealing_keys import SigningKey, certificate_of
from reports.rendering.stamping import FIELD

DIGEST = "sha256"
BESIDE = 2_500
"""Bytes of a seal beside its certificates and its signature; without them it would be made twice, to be measured."""


def sign(copy: bytes, key: SigningKey, *, reason: str) -> bytes:
    """The copy (of `stamping.copy_for`) with its seal. Nothing may be added to it afterwards."""
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    certificates = [_asn1(one) for one in (key.certificate, *key.chain)]
    for one in certificates[1:]:
        store.register(one)
    private = serialization.load_pem_private_key(key.key, password=None).private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    signer = _Signer(certificates[0], asn1_keys.PrivateKeyInfo.load(private), store)
    seal = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        reason=reason,
    )
    out = BytesIO()
    room = BESIDE + sum(len(one.dump()) for one in certificates) + certificates[0].public_key.byte_size
    writer = IncrementalPdfFileWriter(BytesIO(copy))
    apart(PdfSigner(seal, signer).sign_pdf, writer, existing_fields_only=True, bytes_reserved=2 * room, output=out)
    return out.getvalue()


class _Signer(SimpleSigner):
    """Signs with the smaller of the two numbers that a curve's signature may have."""

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        signature: bytes = super().sign_raw(data, digest_algorithm)
        key = serialization.load_der_private_key(self.signing_key.dump(), password=None)
        return smaller(signature, key) if isinstance(key, ec.EllipticCurvePrivateKey) else signature


def smaller(signature: bytes, key: ec.EllipticCurvePrivateKey | ec.EllipticCurvePublicKey) -> bytes:
    """The one way in which we write a signature of a curve: (r, s) and (r, n - s) both hold, s is at most n / 2."""
    r, s = decode_dss_signature(signature)
    return encode_dss_signature(r, min(s, key.curve.group_order - s))


def _asn1(certificate: bytes) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate_of(certificate).public_bytes(serialization.Encoding.DER))
