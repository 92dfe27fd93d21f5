"""The file of a kept brand: named parts in frames, sealed as they are written, and a last frame without which it is not whole.

Each frame is encrypted and authenticated by itself (AES-256-GCM, numbered, the first line bound to each), so a file of any size
is written and read in constant memory, and a frame that is changed, left out, moved or taken from another file opens nothing.
The key comes from a passphrase (scrypt) or from a key of the installation (HKDF), with a salt of the file's own.
"""

import hashlib
import json
import secrets
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from tenants.errors import Invalid

FORMAT = "relais-brand/1"
A_FRAME = 256 * 1024
_LONGEST_FRAME = 16 * 1024 * 1024
_LENGTH = struct.Struct(">I")
_PART, _DATA, _LAST = b"P", b"D", b"M"
PLAIN, INSTALLATION, PASSPHRASE = "plain", "installation", "passphrase"


@dataclass(frozen=True)
class Lock:
    """What a file is sealed with: a passphrase, the keys of the installation (the first seals, each may open), or nothing."""

    kind: str
    secrets: Sequence[bytes] = ()

    @classmethod
    def of_passphrase(cls, passphrase: str) -> "Lock":
        return cls(PASSPHRASE, (passphrase.encode(),))

    @classmethod
    def of_installation(cls, keys: Iterable[str]) -> "Lock":
        return cls(INSTALLATION, tuple(key.encode() for key in keys))


OPEN = Lock(PLAIN)


def _key(secret: bytes, kind: str, salt: bytes) -> bytes:
    if kind == PASSPHRASE:
        return Scrypt(salt=salt, length=32, n=2**16, r=8, p=1).derive(secret)
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=FORMAT.encode()).derive(secret)


class Writer:
    """`part` begins one, `data` adds to it, `finish` ends the file; without it the file opens nothing."""

    def __init__(self, target: BinaryIO, lock: Lock) -> None:
        salt = secrets.token_bytes(16)
        self._first = json.dumps({"format": FORMAT, "sealed": lock.kind, "salt": salt.hex()}).encode() + b"\n"
        self._box = None if lock.kind == PLAIN else AESGCM(_key(lock.secrets[0], lock.kind, salt))
        self._target, self._number, self._waiting = target, 0, bytearray()
        target.write(self._first)

    def part(self, name: str) -> None:
        self._flush()
        self._frame(_PART + name.encode())

    def data(self, block: bytes | memoryview) -> None:
        self._waiting += block
        if len(self._waiting) >= A_FRAME:
            self._flush()

    def finish(self, manifest: dict[str, Any]) -> None:
        self._flush()
        self._frame(_LAST + json.dumps(manifest, sort_keys=True).encode())

    def _flush(self) -> None:
        for start in range(0, len(self._waiting), A_FRAME):
            self._frame(_DATA + self._waiting[start : start + A_FRAME])
        self._waiting.clear()

    def _frame(self, content: bytes) -> None:
        if self._box:
            content = self._box.encrypt(self._number.to_bytes(12, "big"), bytes(content), self._first)
        self._target.write(_LENGTH.pack(len(content)) + content)
        self._number += 1


class Reader:
    """Goes through a file once. After the last part `manifest` is there; a file that ends before it raises.

    Raises Invalid: 'backup_unreadable' (no such file of ours, changed or cut off), 'backup_key' (no key given opens it).
    """

    def __init__(self, source: BinaryIO, lock: Lock) -> None:
        self.manifest: dict[str, Any] = {}
        self._source, self._number = source, 0
        self._first = source.readline(1000)
        try:
            said = json.loads(self._first)
            self._kind, salt, known = said["sealed"], bytes.fromhex(said["salt"]), said["format"] == FORMAT
        except (ValueError, KeyError, TypeError):
            raise Invalid("backup_unreadable", "file") from None
        if not known:
            raise Invalid("backup_unreadable", "file")
        self._boxes: list[AESGCM] = []
        if self._kind != PLAIN:
            fitting = lock.secrets if lock.kind == self._kind else ()
            self._boxes = [AESGCM(_key(secret, self._kind, salt)) for secret in fitting]
            if not self._boxes:
                raise Invalid("backup_key", "file", sealed=self._kind)
        self._next = self._frame()

    def parts(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """(name, blocks) in the order they were written; what a caller leaves unread of one is passed over."""
        while self._next[:1] == _PART:
            name = self._next[1:].decode()
            blocks = self._blocks()
            yield name, blocks
            for _ in blocks:
                pass
        if self._next[:1] != _LAST or self._source.read(1):
            raise Invalid("backup_unreadable", "file")
        self.manifest = json.loads(self._next[1:])

    def _blocks(self) -> Iterator[bytes]:
        self._next = self._frame()
        while self._next[:1] == _DATA:
            yield self._next[1:]
            self._next = self._frame()

    def _frame(self) -> bytes:
        head = self._source.read(_LENGTH.size)
        length = _LENGTH.unpack(head)[0] if len(head) == _LENGTH.size else 0
        content = self._source.read(length) if 0 < length <= _LONGEST_FRAME else b""
        if not content or len(content) != length:
            raise Invalid("backup_unreadable", "file")
        self._number += 1
        return self._opened(content) if self._kind != PLAIN else content

    def _opened(self, content: bytes) -> bytes:
        """The first frame says which of several keys it is."""
        for box in self._boxes:
            try:
                found = box.decrypt((self._number - 1).to_bytes(12, "big"), content, self._first)
            except InvalidTag:
                continue
            self._boxes = [box]
            return found
        raise Invalid("backup_key" if self._number == 1 else "backup_unreadable", "file", sealed=self._kind)


class Digest:
    """SHA-256, bytes and lines of what passes by. A row of COPY is one line, whatever it holds."""

    def __init__(self) -> None:
        self.sha256, self.bytes, self.rows = hashlib.sha256(), 0, 0

    def add(self, block: bytes | memoryview) -> None:
        whole = bytes(block)
        self.sha256.update(whole)
        self.bytes += len(whole)
        self.rows += whole.count(b"\n")

    def told(self) -> dict[str, Any]:
        return {"rows": self.rows, "bytes": self.bytes, "sha256": self.sha256.hexdigest()}
