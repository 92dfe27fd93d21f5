"""Packing a log: what is in the archive, that it is what was sealed, and that its size does not become ours."""

import json
import tracemalloc
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile

import pytest

from clients.audit import bundle
from clients.audit.bundle import ERASABLE, FORMAT, HERE, Log, SealedLine, write_bundle
from clients.audit.lines import canonical
from clients.audit.verifier.verify import check_bundle
from tests.audit.made_log import MADE, ORIGIN, MadeLog, files_of, sealed


def test_what_is_in_it_and_that_each_file_is_named_with_its_digest(tmp_path: Path) -> None:
    log = MadeLog(250)
    files = files_of(log.pack(tmp_path / "log.zip"))
    manifest = json.loads(files.pop("bundle.json"))
    assert (manifest["format"], manifest["origin"], manifest["made"]) == (FORMAT, ORIGIN, "2026-11-23T08:00:00.000000Z")
    assert set(manifest["files"]) == set(files)
    for name, digest in manifest["files"].items():
        assert digest == (None if name in ERASABLE else sha256(files[name]).hexdigest()), name
    assert files["log/entries-000.jsonl"].splitlines() == [line.line for line in log.lines]
    assert files["log/leaves.bin"] == b"".join(line.leaf[:8] for line in log.lines)
    assert files["log/checkpoint"].decode() == log.checkpoints[-1]
    assert [json.loads(row)["note"] for row in files["log/checkpoints.jsonl"].splitlines()] == log.checkpoints[:-1]
    assert files["verify.py"] == (HERE / "verify.py").read_bytes()
    assert "ORDINATEUR" in files["VERIFY.txt"].decode()


def test_the_private_parts_stand_by_their_positions_and_only_where_they_are(tmp_path: Path) -> None:
    log = MadeLog(30, erased=frozenset({6}))
    rows = [json.loads(row) for row in files_of(log.pack(tmp_path / "x.zip"))["private/entries.jsonl"].splitlines()]
    assert [row["i"] for row in rows] == [i for i in range(30) if i % 3 == 0 and i != 6]
    assert rows[0]["data"]["name"] in {"Inès", "Sophie"}


def test_the_same_log_gives_the_same_bytes(tmp_path: Path) -> None:
    one, other = (MadeLog(40).pack(tmp_path / f"{n}.zip") for n in "ab")
    assert one.read_bytes() == other.read_bytes()


def test_lines_over_several_files_are_one_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "LINES_A_FILE", 40)
    path = MadeLog(120).pack(tmp_path / "log.zip")
    assert [name for name in files_of(path) if "entries-" in name] == [f"log/entries-00{n}.jsonl" for n in range(3)]
    result = check_bundle(str(path)).as_dict()
    assert result["ok"] and result["lines"] == 120


def test_memory_does_not_grow_with_the_log() -> None:
    peaks = [_peak(size) for size in (10_000, 40_000)]
    assert peaks[1] < peaks[0] + 200_000


def _peak(size: int) -> int:
    def lines() -> Iterator[SealedLine]:
        for number in range(size):
            yield sealed(canonical({"act": "row.change", "n": number}), (b"s" * 32, {"name": "x" * 100}))

    with TemporaryFile() as out:
        tracemalloc.start()
        write_bundle(out, Log(ORIGIN, "", lines(), ["a note"]), made=MADE)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak
