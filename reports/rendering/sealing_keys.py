"""The keys that seal: made here or brought by a brand, each known by the first half of its certificate's SHA-256.

Apart from `signing`, which brings a library that takes most of a second to import: whoever keeps keys signs nothing yet.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

LASTS = timedelta(days=3653)
SMALLEST_RSA, LARGEST_RSA = 2048, 4096
"""Bits. INVARIANT: a larger key is refused before it is checked: that takes minutes, and signing one copy two more checks."""
MOST_CERTIFIED = 24_000
"""Bytes of a key's certificate and those above it: a seal with more is longer than `seals` looks for."""
CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)


class BadKey(ValueError):
    """A key or certificate that cannot sign. `part`: 'key', 'certificate' or 'chain'. `reason`: 'not_a_key', 'locked',
    'too_weak', 'not_a_certificate', 'not_a_pair', 'not_in_force', 'not_for_signing', 'not_a_chain', 'too_large'."""

    def __init__(self, reason: str, part: str = "certificate") -> None:
        super().__init__(reason)
        self.reason = reason
        self.part = part


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


def checked_key(key: bytes, certificate: bytes, chain: tuple[bytes, ...] = (), *, now: datetime) -> SigningKey:
    """A key that a brand or an installation brings (RSA from 2048 bits to 4096, or a curve of NIST), written anew. `chain`: the
    certificates above, each of which signed the one before it. Raises BadKey."""
    private = _private(key)
    first = certificate_of(certificate)
    if not _is_pair(first, private):
        raise BadKey("not_a_pair")
    if not first.not_valid_before_utc <= now < first.not_valid_after_utc:
        raise BadKey("not_in_force")
    if not _vouches(first):
        raise BadKey("not_for_signing")
    above = _chained(first, chain)
    written = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem, der = serialization.Encoding.PEM, serialization.Encoding.DER
    if sum(len(one.public_bytes(der)) for one in (first, *above)) > MOST_CERTIFIED:
        raise BadKey("too_large", "chain" if above else "certificate")
    return SigningKey(written, first.public_bytes(pem), tuple(one.public_bytes(pem) for one in above))


def certificates_in(content: bytes) -> tuple[bytes, ...]:
    """The certificates (PEM) that stand in a file one after another. Raises BadKey('not_a_certificate', 'chain')."""
    try:
        found = x509.load_pem_x509_certificates(content)
    except (ValueError, x509.InvalidVersion):
        raise BadKey("not_a_certificate", "chain") from None
    return tuple(one.public_bytes(serialization.Encoding.PEM) for one in found)


def _private(key: bytes) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    """Raises BadKey('not_a_key' | 'locked' | 'too_weak', 'key')."""
    try:
        size = serialization.load_pem_private_key(key, password=None, unsafe_skip_rsa_key_validation=True)
        if isinstance(size, rsa.RSAPrivateKey) and not SMALLEST_RSA <= size.key_size <= LARGEST_RSA:
            raise BadKey("too_weak", "key")
        private = serialization.load_pem_private_key(key, password=None)
    except BadKey:
        raise
    except TypeError:
        raise BadKey("locked", "key") from None
    except (ValueError, UnsupportedAlgorithm):
        raise BadKey("not_a_key", "key") from None
    if isinstance(private, rsa.RSAPrivateKey):
        return private
    if isinstance(private, ec.EllipticCurvePrivateKey) and isinstance(private.curve, CURVES):
        return private
    raise BadKey("too_weak", "key")


def _is_pair(certificate: x509.Certificate, private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bool:
    """Raises BadKey('not_a_certificate') for a key of a kind that nobody knows."""
    public = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    try:
        certified = certificate.public_key().public_bytes(*public)
    except (ValueError, UnsupportedAlgorithm):
        raise BadKey("not_a_certificate") from None
    return certified == private.public_key().public_bytes(*public)


def _vouches(certificate: x509.Certificate) -> bool:
    """Whether whoever checks a signature by it takes it for one: a use that is not named is any use."""
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value.content_commitment
    except x509.ExtensionNotFound:
        return True
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return False


def _chained(first: x509.Certificate, chain: tuple[bytes, ...]) -> list[x509.Certificate]:
    """Raises BadKey('not_a_certificate' | 'not_a_chain', 'chain')."""
    below, found = first, []
    for one in chain:
        above = certificate_of(one, "chain")
        try:
            below.verify_directly_issued_by(above)
        except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
            raise BadKey("not_a_chain", "chain") from None
        found.append(above)
        below = above
    return found


def certificate_of(certificate: bytes, part: str = "certificate") -> x509.Certificate:
    """A certificate (PEM) that was read. Raises BadKey('not_a_certificate', part)."""
    try:
        return x509.load_pem_x509_certificate(certificate)
    except (ValueError, x509.InvalidVersion):
        raise BadKey("not_a_certificate", part) from None
