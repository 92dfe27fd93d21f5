"""Certificates as authorities give them: a key of RSA or a curve, below an intermediate one, below a root."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

PEM = serialization.Encoding.PEM
USES = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign",
        "crl_sign", "encipher_only", "decipher_only")  # fmt: skip


@dataclass(frozen=True)
class Given:
    """A key and its certificate, and their PEM."""

    key: Any
    certificate: x509.Certificate

    def private(self, passphrase: bytes = b"") -> bytes:
        locked = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
        return bytes(self.key.private_bytes(PEM, serialization.PrivateFormat.TraditionalOpenSSL, locked))

    @property
    def public(self) -> bytes:
        return self.certificate.public_bytes(PEM)


def given(
    name: str,
    now: datetime,
    by: Given | None = None,
    *,
    key: Any = None,
    uses: tuple[str, ...] = USES[:2],
    days: int = 900,
    more: bytes = b"",
) -> Given:
    """`by`: who signs it; nobody for a root. Without `uses` the certificate names none. `more`: what else it carries."""
    own = key or rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1000))
        .not_valid_after(now + timedelta(days=days))
    )
    if uses:
        built = built.add_extension(x509.KeyUsage(**{use: use in uses for use in USES}), critical=True)
    if more:
        built = built.add_extension(
            x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.1"), more), critical=False
        )
    return Given(own, built.sign(by.key if by else own, hashes.SHA256()))


def family(now: datetime, key: Any = None, **more: Any) -> tuple[Given, Given, Given]:
    """A root, one below it, and a brand's own below that."""
    root = given("Root", now, key=ec.generate_private_key(ec.SECP384R1()), uses=("key_cert_sign", "crl_sign"))
    middle = given("Middle", now, root, uses=("key_cert_sign", "crl_sign"))
    return root, middle, given("Brand", now, middle, key=key, **more)
