"""The keys that seal: made here or brought by a brand, each known by the first half of its certificate's SHA-256.

Apart from `signing`, which brings a library that takes most of a second to import: whoever keeps keys signs nothing yet.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

LASTS = timedelta(days=3653)
SMALLEST_RSA = 2048


class BadKey(ValueError):
    """A key or certificate that cannot sign. `reason`: 'not_a_key', 'not_a_certificate', 'not_a_pair', 'too_weak'."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key and its certificate, both PEM, and the certificates above it if there are any."""

    key: bytes
    certificate: bytes
    chain: tuple[bytes, ...] = ()

    @property
    def name(self) -> str:
        """What stands in the document: 32 hex digits in groups of four are too long to print, sixteen suffice."""
        return key_name(self.certificate)

    def __repr__(self) -> str:
        return f"SigningKey({self.name})"


def key_name(certificate: bytes) -> str:
    """The name of a certificate (PEM): sixteen hex digits of its SHA-256. Raises BadKey('not_a_certificate')."""
    return sha256(certificate_of(certificate).public_bytes(serialization.Encoding.DER)).hexdigest()[:16]


def made_key(owner: str, now: datetime) -> SigningKey:
    """A new key (P-256) with a certificate that vouches for itself, for ten years."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, owner[:64])])
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + LASTS)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return SigningKey(private, certificate.public_bytes(serialization.Encoding.PEM))


def checked_key(key: bytes, certificate: bytes, chain: tuple[bytes, ...] = ()) -> SigningKey:
    """A key that a brand or an installation brings (RSA from 2048 bits, or a curve of NIST). Raises BadKey."""
    try:
        private = serialization.load_pem_private_key(key, password=None)
    except (ValueError, TypeError):
        raise BadKey("not_a_key") from None
    if not isinstance(private, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise BadKey("too_weak")
    if private.key_size < (SMALLEST_RSA if isinstance(private, rsa.RSAPrivateKey) else 256):
        raise BadKey("too_weak")
    public = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    if certificate_of(certificate).public_key().public_bytes(*public) != private.public_key().public_bytes(*public):
        raise BadKey("not_a_pair")
    for one in chain:
        certificate_of(one)
    return SigningKey(key, certificate, chain)


def certificate_of(certificate: bytes) -> x509.Certificate:
    """A certificate (PEM) that was read. Raises BadKey('not_a_certificate')."""
    try:
        return x509.load_pem_x509_certificate(certificate)
    except ValueError:
        raise BadKey("not_a_certificate") from None
