"""Checkpoints as C2SP has them: a signed note that says how long the log was and which root its tree had. Pure.

    relais.example/0191...          the origin: this log and no other
    1024                            lines in it
    <root of the tree, base64>

    — relais.example/0191... <key id and Ed25519 signature, base64>

Any tool that reads transparency logs can check one (c2sp.org/signed-note, c2sp.org/tlog-checkpoint).
"""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
DASH = "\N{EM DASH} "


class NoNote(ValueError):
    """What should be a checkpoint or a verifier key is none, or nobody trusted signed it."""


@dataclass(frozen=True, slots=True)
class Signature:
    name: str
    key_id: bytes
    signed: bytes


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`text` is what was signed, `note` the whole of it as it is kept and handed out."""

    origin: str
    size: int
    root: bytes
    text: str
    note: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class VerifierKey:
    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_b64(ED25519 + self.public)}"


def verifier_key(name: str, key: Ed25519PrivateKey) -> VerifierKey:
    return VerifierKey(name, key.public_key().public_bytes_raw())


def parse_verifier_key(text: str) -> VerifierKey:
    """From `<name>+<key id, hex>+<base64>`. `NoNote` when the key id is another key's."""
    name, _, rest = text.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    raw = _unb64(encoded)
    if not name or len(raw) != 33 or raw[:1] != ED25519:
        raise NoNote("not the verifier key of an Ed25519 log")
    found = VerifierKey(name, raw[1:])
    if found.key_id.hex() != key_id:
        raise NoNote("the key id belongs to another key")
    return found


def sign_checkpoint(origin: str, size: int, root: bytes, *keys: Ed25519PrivateKey) -> str:
    """The note. Several keys sign while one takes over from another. ValueError for an origin that no note can hold."""
    if not origin or any(one.isspace() or one == "+" for one in origin):
        raise ValueError(f"{origin!r} cannot name a log")
    text = f"{origin}\n{size}\n{_b64(root)}\n"
    lines = [f"{DASH}{origin} {_b64(verifier_key(origin, key).key_id + key.sign(text.encode()))}\n" for key in keys]
    return f"{text}\n{''.join(lines)}"


def parse_checkpoint(note: str) -> Checkpoint:
    """What the note says, with nobody asked yet whether it is true: `verified` does that. `NoNote` when it is none."""
    text, gap, signed = note.rpartition("\n\n")
    if not gap or not signed.endswith("\n"):
        raise NoNote("no signatures")
    origin, size, root, *_ = [*text.split("\n"), "", "", ""]
    if not origin or not _is_size(size) or len(_unb64(root)) != 32:
        raise NoNote("not a checkpoint")
    signatures = tuple(_signature(line) for line in signed[:-1].split("\n"))
    return Checkpoint(origin, int(size), _unb64(root), text + "\n", note, signatures)


def verified(note: str, keys: Iterable[VerifierKey]) -> Checkpoint:
    """The checkpoint, signed by one of `keys` under its own origin. A false signature in a trusted name is refused outright."""
    found = parse_checkpoint(note)
    known = {(key.name, key.key_id): key for key in keys if key.name == found.origin}
    mine = [(known.get((one.name, one.key_id)), one.signed) for one in found.signatures]
    trusted = [(key, signed) for key, signed in mine if key is not None]
    if not trusted:
        raise NoNote("not signed by a key of this log")
    if not all(signed_by(key, found.text, signed) for key, signed in trusted):
        raise NoNote("the signature is false")
    return found


def signed_by(key: VerifierKey, text: str, signed: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signed, text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(note: str) -> str:
    """What two people compare, on paper or over the telephone: 128 bits of the checkpoint's digest, hex in fours."""
    digest = sha256(parse_checkpoint(note).text.encode()).hexdigest()[:32]
    return " ".join(digest[at : at + 4] for at in range(0, 32, 4))


def _signature(line: str) -> Signature:
    name, _, encoded = line.removeprefix(DASH).rpartition(" ")
    raw = _unb64(encoded)
    if not line.startswith(DASH) or not name or len(raw) < 5:
        raise NoNote("a line of the signatures is none")
    return Signature(name, raw[:4], raw[4:])


def _is_size(text: str) -> bool:
    return text.isascii() and text.isdigit() and (text == "0" or text[0] != "0")


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _unb64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoNote("not base64") from None
