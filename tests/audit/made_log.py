"""A log made without a database: lines of acts and of rows, private parts, checkpoints, witnesses; packed as a brand gets it."""

import base64
import io
import json
import random
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from clients.audit.bundle import Log, SealedLine, write_bundle
from clients.audit.lines import canonical, commitment, moment, receipt_text
from clients.audit.notes import sign_checkpoint, verifier_key
from clients.audit.tree import CompactRange, leaf_hash

ORIGIN = "relais.example/0191f3a0-0000-7000-8000-00000000000a"
OTHER_ORIGIN = "relais.example/0191f3a0-0000-7000-8000-00000000000b"
START = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
MADE = START + timedelta(days=2)


def key(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(sha256(name.encode()).digest())


KEY, NEXT_KEY, FOREIGN_KEY, WITNESS = (key(name) for name in ("log", "next", "foreign", "witness"))


@dataclass
class MadeLog:
    """`special`: lines that are not of the ordinary kind, by position: (verb, facts)."""

    size: int
    every: int = 100
    origin: str = ORIGIN
    witnessed: bool = False
    erased: frozenset[int] = frozenset()
    special: dict[int, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    reports: tuple[tuple[str, bytes], ...] = ()
    new_key_at: int | None = None
    seed: int = 4
    lines: list[SealedLine] = field(default_factory=list)
    checkpoints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random, tree = random.Random(self.seed), CompactRange()
        for position in range(self.size):
            self.lines.append(self._line(position))
            tree.append(self.lines[-1].leaf)
            if tree.size % self.every == 0 or tree.size == self.size or position == self.new_key_at:
                self.checkpoints.append(self.note(tree.size, tree.root()))

    @property
    def policy(self) -> str:
        witness = f"witness w0 {witness_key()}\nquorum 1\n" if self.witnessed else "quorum none\n"
        return f"log {verifier_key(self.origin, KEY)}\n{witness}"

    def note(self, size: int, root: bytes) -> str:
        later = self.new_key_at is not None and size > self.new_key_at + 1
        note = sign_checkpoint(self.origin, size, root, NEXT_KEY if later else KEY)
        return cosigned(note) if self.witnessed else note

    def pack(self, path: Path) -> Path:
        with path.open("wb") as out:
            log = Log(
                self.origin, self.policy, self.lines, self.checkpoints, [{"id": "p", "name": "Inès"}], self.reports
            )
            assert write_bundle(out, log, made=MADE) == self.size
        return path

    def receipt(self, position: int) -> str:
        entry, leaf = json.loads(self.lines[position].line), self.lines[position].leaf
        signed = KEY.sign(receipt_text(self.origin, entry["id"], leaf, entry["t"]))
        return f"{entry['id']}.{leaf.hex()}.{entry['t']}.{base64.urlsafe_b64encode(signed).decode().rstrip('=')}"

    def _line(self, position: int) -> SealedLine:
        r, transaction = self._random, 700 + position // 3
        common = {"v": 1, "seq": position + 1, "tx": transaction, "t": moment(START + timedelta(seconds=position))}
        if position % 3 and position not in self.special:
            rows = [uuid_of(r) for _ in range(r.randint(1, 3))]
            change = {"act": "row.change", "table": "items_item", "op": "update", "rows": rows, "count": len(rows)}
            return sealed(canonical(common | change))
        private, salt = {"name": r.choice(("Inès", "Sophie")), "ip": f"192.0.2.{r.randrange(255)}"}, r.randbytes(32)
        verb, facts = self.special.get(position, ("item.submitted", {"digest": f"{r.getrandbits(256):064x}"}))
        act = {
            "id": uuid_of(r), "act": verb, "facts": facts, "req": f"{r.getrandbits(64):x}",
            "actor": {"id": uuid_of(r), "side": "agency", "role": "community_manager", "via": "page"},
            "obj": {"type": "items.item", "id": uuid_of(r)}, "priv": commitment(salt, private).hex(),
        }  # fmt: skip
        return sealed(canonical(common | act), None if position in self.erased else (salt, private))


def sealed(line: bytes, private: tuple[bytes, dict[str, Any]] | None = None) -> SealedLine:
    return SealedLine(line, leaf_hash(line), private)


def uuid_of(r: random.Random) -> str:
    digits = f"{r.getrandbits(128):032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def witness_key() -> str:
    raw = b"\x04" + WITNESS.public_key().public_bytes_raw()
    key_id = sha256(b"witness.example\n" + raw).digest()[:4]
    return f"witness.example+{key_id.hex()}+{base64.b64encode(raw).decode()}"


def cosigned(note: str, seen: int = 1_800_000_000) -> str:
    text = note.rpartition("\n\n")[0] + "\n"
    signed = WITNESS.sign(b"cosignature/v1\ntime %d\n" % seen + text.encode())
    raw = bytes.fromhex(witness_key().split("+")[1]) + seen.to_bytes(8, "big") + signed
    return f"{note}\N{EM DASH} witness.example {base64.b64encode(raw).decode()}\n"


def files_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: dict[str, bytes], path: Path, *, honest_manifest: bool = True) -> Path:
    """The files as a bundle again. An attacker who knows the form puts the digests right, too."""
    if honest_manifest:
        manifest = json.loads(files["bundle.json"])
        for name in manifest["files"]:
            if name in files and manifest["files"][name] is not None:
                manifest["files"][name] = sha256(files[name]).hexdigest()
        files = files | {"bundle.json": canonical(manifest)}
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    path.write_bytes(held.getvalue())
    return path


ENTRIES, LEAVES = "log/entries-000.jsonl", "log/leaves.bin"
Edit = Callable[[list[bytes]], list[bytes]]


def edited(files: dict[str, bytes], edit: Edit) -> dict[str, bytes]:
    """The files with the lines as `edit` leaves them, and nothing else changed."""
    return files | {ENTRIES: joined(edit(files[ENTRIES].split(b"\n")[:-1]))}


def joined(lines: Iterable[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


def hashed(files: dict[str, bytes]) -> dict[str, bytes]:
    """What the attacker does next: the hints fit the lines again."""
    lines = files[ENTRIES].split(b"\n")[:-1]
    return files | {LEAVES: b"".join(leaf_hash(line)[:8] for line in lines)}


def signed_again(files: dict[str, bytes], by: Ed25519PrivateKey, *, witness: bool = False) -> dict[str, bytes]:
    """Whoever holds the key signs the new history, and throws the older checkpoints away."""
    files, tree = hashed(files), CompactRange()
    for line in files[ENTRIES].split(b"\n")[:-1]:
        tree.append(leaf_hash(line))
    note = sign_checkpoint(ORIGIN, tree.size, tree.root(), by)
    note = cosigned(note) if witness else note
    return files | {"log/checkpoint": note.encode(), "log/checkpoints.jsonl": b""}
