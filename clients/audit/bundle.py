"""A brand's whole log as one ZIP that it takes home and checks by itself: `client-audit-bundle/1`. Pure: no database here.

    bundle.json               which log, when, the files of lines in order, the SHA-256 of every file (null: checked row by row)
    policy.txt                the key of the log (c2sp.org/tlog-policy)
    log/entries-NNN.jsonl     the lines: the exact bytes that were sealed, one a line, in the order of the tree
    log/leaves.bin            the first eight bytes of each line's hash: they prove nothing, and tell the place of a wrong line
    log/checkpoint            the newest; log/checkpoints.jsonl: some before it
    private/entries.jsonl     what is personal of a line, with the salt of its commitment: may be thrown away after an erasure
    people.jsonl              names by id, as of the day of the bundle
    verify.py, VERIFY.txt     the check, and how to run it

Lines come and go one by one; what must stand in files of its own meanwhile waits on disk. Memory stays flat.
"""

import base64
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from clients.audit.lines import canonical, moment

FORMAT = "client-audit-bundle/1"
LINES_A_FILE = 100_000
HINT = 8
COMPRESSION = 3
"""Levels above it take twice the time for a tenth of the size."""
ERASABLE = ("private/entries.jsonl", "people.jsonl")
"""Whoever holds a bundle must be able to take rows out of these when somebody's data is to go."""
HERE = Path(__file__).parent / "verifier"


@dataclass(frozen=True, slots=True)
class SealedLine:
    """One line as it was sealed: its bytes, its hash in the tree, and (salt, data) where its private part is still there."""

    line: bytes
    leaf: bytes
    private: tuple[bytes, dict[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class Log:
    """What is packed. `lines` as many as the last of `checkpoints` says; `policy` is the text of the policy file."""

    origin: str
    policy: str
    lines: Iterable[SealedLine]
    checkpoints: Sequence[str]
    people: Iterable[dict[str, Any]] = ()
    reports: Iterable[tuple[str, bytes]] = ()


@dataclass(slots=True)
class _Packing:
    """The archive while it grows. `files`: the digest of each file that is in."""

    archive: ZipFile
    made: datetime
    files: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        digest = sha256()
        about = ZipInfo(name, self.made.timetuple()[:6])
        about.compress_type, about.external_attr = ZIP_DEFLATED, 0o644 << 16
        # Python 3.11 knows the level of one file by no public name yet.
        about._compresslevel = COMPRESSION  # type: ignore[attr-defined]
        with self.archive.open(about, "w", force_zip64=True) as out:
            for piece in pieces:
                digest.update(piece)
                out.write(piece)
        self.files[name] = digest.hexdigest()


def write_bundle(target: IO[bytes], log: Log, *, made: datetime) -> int:
    """Pack the log into `target` (a file open for writing). Returns how many lines."""
    with ZipFile(target, "w", ZIP_DEFLATED) as archive, ExitStack() as waiting:
        packing = _Packing(archive, made)
        hints, private = (waiting.enter_context(TemporaryFile()) for _ in range(2))
        size, entries = _add_lines(packing, log.lines, hints, private)
        packing.add("log/leaves.bin", _from_the_start(hints))
        packing.add("private/entries.jsonl", _from_the_start(private))
        packing.add("log/checkpoint", [log.checkpoints[-1].encode()])
        packing.add("log/checkpoints.jsonl", (_row({"note": note}) for note in log.checkpoints[:-1]))
        packing.add("policy.txt", [log.policy.encode()])
        packing.add("people.jsonl", map(_row, log.people))
        for name in ("verify.py", "VERIFY.txt"):
            packing.add(name, [(HERE / name).read_bytes()])
        for name, content in log.reports:
            packing.add(f"reports/{name}", [content])
        files = packing.files | dict.fromkeys(ERASABLE)
        manifest = {"format": FORMAT, "origin": log.origin, "made": moment(made), "entries": entries, "files": files}
        packing.add("bundle.json", [canonical(manifest)])
    return size


def _add_lines(
    packing: _Packing, lines: Iterable[SealedLine], hints: IO[bytes], private: IO[bytes]
) -> tuple[int, list[str]]:
    """The files of lines, one after another; hints and private parts are put by meanwhile."""
    counted = _Counted(lines, hints, private)
    names: list[str] = []
    while counted.more() or not names:
        names.append(f"log/entries-{len(names):03d}.jsonl")
        packing.add(names[-1], counted.next_file())
    return counted.position, names


class _Counted:
    """The lines with their positions, cut into files."""

    def __init__(self, lines: Iterable[SealedLine], hints: IO[bytes], private: IO[bytes]) -> None:
        self._lines, self._hints, self._private = iter(lines), hints, private
        self._next = next(self._lines, None)
        self.position = 0

    def more(self) -> bool:
        return self._next is not None

    def next_file(self) -> Iterator[bytes]:
        until = self.position + LINES_A_FILE
        while self._next is not None and self.position < until:
            one = self._next
            self._hints.write(one.leaf[:HINT])
            if one.private is not None:
                salt, data = one.private
                self._private.write(_row({"i": self.position, "salt": base64.b64encode(salt).decode(), "data": data}))
            yield one.line + b"\n"
            self._next = next(self._lines, None)
            self.position += 1


def _row(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _from_the_start(stream: IO[bytes]) -> Iterator[bytes]:
    stream.seek(0)
    while block := stream.read(1 << 20):
        yield block
