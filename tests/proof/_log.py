"""A log to tamper with: written and sealed as the application does, unpacked as a brand does, and spoilt in both places."""

import json
import random
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from clients.audit.actions import record
from clients.audit.lines import canonical
from clients.audit.models import Leaf
from clients.audit.recomputing import Fault, Progress, end, go_on
from clients.audit.sealing import seal_batch
from clients.audit.stored import stretch
from clients.audit.tree import leaf_hash
from clients.autonomy.vocabulary import EntryPoint
from clients.evidence.actions import write_log_bundle
from clients.evidence.models import CheckpointAddress
from clients.evidence.queries import sealed_size
from clients.people.actor import Actor
from tenants.vocabulary import Role, Side
from tenants.walls.scope import BrandRef, brand_scope, durable
from tests.evidence.tampering import as_owner

KINDS = ("change", "drop", "insert", "swap", "truncate", "fork")
BATCH, TOGETHER = 500, 250
FILE, HINTS = "log/entries-{:03d}.jsonl", "log/leaves.bin"


def written_and_sealed(brand: BrandRef, size: int) -> int:
    """Acts with personal parts and, after every third, a statement that the database notes. Returns how many lines are sealed."""
    auditor, sealed, number = auditor_of(brand), 0, 0
    while sealed < size:
        with durable(brand):
            for _ in range(TOGETHER):
                number += 1
                record(auditor, "item.submitted", None, private={"ip": f"192.0.2.{number % 250}"}, number=number)
                if number % 3 == 0:
                    email = f"{number}@brand.example"
                    CheckpointAddress.objects.create(email=email, language="fr", added_by=auditor.somebody)
        while (batch := seal_batch(brand, BATCH)).lines:
            sealed += batch.lines
    return sealed


def auditor_of(brand: BrandRef) -> Actor:
    return Actor(brand, uuid4(), "Auditrice", Side.BRAND, Role.AUDITOR, EntryPoint.PAGE)


def unpacked_bundle(brand: BrandRef, folder: Path) -> Path:
    with (folder / "bundle.zip").open("wb") as out:
        write_log_bundle(auditor_of(brand), out)
    with zipfile.ZipFile(folder / "bundle.zip") as archive:
        archive.extractall(folder / "bundle")
    return folder / "bundle"


def recompute_tables(brand: BrandRef) -> Fault | None:
    """What 'verify now' does, without its lines in the log."""
    with brand_scope(brand):
        size, progress = sealed_size(), Progress()
        while progress.fault is None and progress.done < size:
            progress = go_on(progress, size)
        return progress.fault or end(progress, size).fault


# --- The bundle ---------------------------------------------------------------------------------------------------------


def lines_in(folder: Path) -> list[bytes]:
    manifest = json.loads((folder / "bundle.json").read_bytes())
    return [line for name in manifest["entries"] for line in (folder / name).read_bytes().split(b"\n")[:-1]]


def put_lines(folder: Path, lines: list[bytes], *, fit_hints: bool) -> None:
    """The lines as they shall stand, all in the first file, and a manifest with the digests that fit them."""
    manifest = json.loads((folder / "bundle.json").read_bytes())
    (folder / manifest["entries"][0]).write_bytes(b"".join(line + b"\n" for line in lines))
    for name in manifest["entries"][1:]:
        (folder / name).write_bytes(b"")
    if fit_hints:
        (folder / HINTS).write_bytes(b"".join(leaf_hash(line)[:8] for line in lines))
    for name in (*manifest["entries"], HINTS):
        manifest["files"][name] = sha256((folder / name).read_bytes()).hexdigest()
    (folder / "bundle.json").write_bytes(canonical(manifest))


def spoil_lines(r: random.Random, lines: list[bytes], kind: str) -> tuple[int, list[bytes]]:
    """(the first wrong position, the lines afterwards)."""
    at = r.randrange(len(lines) - 1)
    if kind == "change":
        return at, [*lines[:at], other_line(r, lines[at]), *lines[at + 1 :]]
    if kind == "drop":
        return at, [*lines[:at], *lines[at + 1 :]]
    if kind == "insert":
        return at, [*lines[:at], other_line(r, r.choice(lines)), *lines[at:]]
    if kind == "truncate":
        return at, lines[:at]
    other = r.randrange(at + 1, len(lines))
    swapped = list(lines)
    swapped[at], swapped[other] = swapped[other], swapped[at]
    return at, swapped


def forked_lines(r: random.Random, lines: list[bytes]) -> tuple[int, list[bytes]]:
    """A line that says something else in good form, and private parts that still fit."""
    at = r.randrange(len(lines))
    return at, [*lines[:at], other_line(r, lines[at]), *lines[at + 1 :]]


def other_line(r: random.Random, line: bytes) -> bytes:
    """The same act by somebody else, at another moment or of another thing: a good line, but not this one."""
    entry: dict[str, Any] = json.loads(line)
    if r.random() < 0.5:
        entry["t"] = entry["t"][:-4] + f"{(int(entry['t'][-4:-1]) + r.randrange(1, 999)) % 1000:03d}Z"
    elif entry["act"] == "row.change":
        entry["count"] += r.randrange(1, 9)
    else:
        entry["facts"] = {"number": r.randrange(10**9, 10**10)}
    return canonical(entry)


# --- The tables ---------------------------------------------------------------------------------------------------------

LINES = ("audit_entry", "audit_rowchange")
CHANGES = {
    "audit_entry": (
        "UPDATE audit_entry SET facts = '{{\"number\": {n}}}' WHERE seq = %s",
        "UPDATE audit_entry SET at = at - interval '{n} microseconds' WHERE seq = %s",
        "UPDATE audit_entry SET person_id = gen_random_uuid() WHERE seq = %s",
        "UPDATE audit_entry SET verb = 'item.x{n}' WHERE seq = %s",
    ),
    "audit_rowchange": (
        "UPDATE audit_rowchange SET count = count + {n} WHERE seq = %s",
        "UPDATE audit_rowchange SET table_name = 'x{n}' WHERE seq = %s",
        "UPDATE audit_rowchange SET rows = '{{}}' WHERE seq = %s",
    ),
}
PUT_IN = """
    INSERT INTO audit_entry (id, seq, tx, at, person_id, side, role, via, verb, subject_kind, subject_id, facts,
        request_id, commitment)
    SELECT gen_random_uuid(), {free}, tx, at, person_id, side, role, via, verb, subject_kind, subject_id, facts, request_id, ''
    FROM audit_entry ORDER BY seq LIMIT 1"""


@contextmanager
def tampered_tables(r: random.Random, brand: BrandRef, size: int, kind: str) -> Iterator[tuple[int, set[str]]]:
    """(position, what it may be called); at the end everything stands as before."""
    at = r.randrange(1, size - 1)
    seqs = _seqs(brand, at, r.randrange(at + 1, size))
    first = seqs[0]
    with as_owner(brand) as cursor:
        _keep(cursor, first if kind == "truncate" else None, seqs, at)
    if kind == "fork":
        _spoil(r, brand, first, "change")
        with brand_scope(brand):
            line = stretch(at, at + 1)[0].line
        assert line is not None
        with as_owner(brand) as cursor:
            cursor.execute("UPDATE audit_leaf SET hash = %s WHERE seq = %s", [leaf_hash(line), first])
    else:
        at = _spoil(r, brand, first, kind, seqs[1], at)
    try:
        yield at, EXPECTED[kind]
    finally:
        with as_owner(brand) as cursor:
            _put_back(cursor)


EXPECTED = {
    "change": {"changed"}, "drop": {"missing", "cut"}, "insert": {"unsealed"}, "swap": {"changed", "forked"},
    "truncate": {"cut"}, "fork": {"forked"},
}  # fmt: skip


def _spoil(r: random.Random, brand: BrandRef, seq: int, kind: str, other: int = 0, at: int = 0) -> int:
    """One thing done to the tables. Returns the first wrong position."""
    with as_owner(brand) as cursor:
        cursor.execute("SELECT count(*) FROM audit_entry WHERE seq = %s", [seq])
        table = LINES[0] if cursor.fetchone()[0] else LINES[1]
        if kind == "change":
            cursor.execute(r.choice(CHANGES[table]).format(n=r.randrange(1, 999)), [seq])
        elif kind == "drop":
            cursor.execute(f"DELETE FROM {table} WHERE seq = %s", [seq])
            if r.random() < 0.5:
                cursor.execute("DELETE FROM audit_leaf WHERE seq = %s", [seq])
        elif kind == "insert":
            return _put_in(cursor)
        elif kind == "swap":
            _swap(r, cursor, seq, other)
        elif kind == "truncate":
            for name in (*LINES, "audit_leaf"):
                cursor.execute(f"DELETE FROM {name} WHERE seq >= %s", [seq])
            cursor.execute("DELETE FROM audit_checkpoint WHERE size > %s", [at])
    return at


def _put_in(cursor: Any) -> int:
    """A line under a number of its own, which the sequence gives: beyond every sealed one."""
    cursor.execute(PUT_IN.format(free="nextval('audit_seq')"))
    cursor.execute("SELECT count(*) FROM audit_leaf")
    return int(cursor.fetchone()[0])


def _swap(r: random.Random, cursor: Any, seq: int, other: int) -> None:
    """Two places of the tree change, or the two lines change their numbers."""
    if r.random() < 0.5:
        for name in LINES:
            cursor.execute(f"UPDATE {name} SET seq = -seq WHERE seq IN (%s, %s)", [seq, other])
            cursor.execute(
                f"UPDATE {name} SET seq = CASE seq WHEN %s THEN %s ELSE %s END WHERE seq < 0", [-seq, other, seq]
            )
    else:
        cursor.execute("SELECT idx FROM audit_leaf WHERE seq IN (%s, %s) ORDER BY seq = %s DESC", [seq, other, seq])
        one, two = (row[0] for row in cursor.fetchall())
        cursor.execute("UPDATE audit_leaf SET idx = -idx - 1 WHERE seq IN (%s, %s)", [seq, other])
        cursor.execute(
            "UPDATE audit_leaf SET idx = CASE seq WHEN %s THEN %s ELSE %s END WHERE idx < 0", [seq, two, one]
        )


def _seqs(brand: BrandRef, *positions: int) -> list[int]:
    with brand_scope(brand):
        found = dict(Leaf.objects.filter(idx__in=positions).values_list("idx", "seq"))
    return [found[position] for position in positions]


def _keep(cursor: Any, tail: int | None, seqs: list[int], at: int) -> None:
    """What the attack may touch, aside."""
    touched = ("seq >= %s", [tail]) if tail is not None else ("seq = ANY(%s)", [seqs])
    for name in (*LINES, "audit_leaf"):
        cursor.execute(f"CREATE TEMP TABLE kept_{name} AS SELECT * FROM {name} WHERE {touched[0]}", touched[1])
    cursor.execute("CREATE TEMP TABLE kept_audit_checkpoint AS SELECT * FROM audit_checkpoint WHERE size > %s", [at])
    cursor.execute("CREATE TEMP TABLE most AS SELECT max(seq) AS seq FROM audit_leaf")


def _put_back(cursor: Any) -> None:
    for name in (*LINES, "audit_leaf"):
        key = "id" if name == "audit_entry" else "idx" if name == "audit_leaf" else "seq"
        if name == "audit_rowchange":
            cursor.execute("DELETE FROM audit_rowchange WHERE seq < 0 OR seq IN (SELECT seq FROM kept_audit_rowchange)")
            cursor.execute("DELETE FROM audit_rowchange WHERE seq IN (SELECT seq FROM kept_audit_entry)")
        cursor.execute(f"DELETE FROM {name} WHERE {key} IN (SELECT {key} FROM kept_{name})")
        cursor.execute(f"DELETE FROM {name} WHERE seq IN (SELECT seq FROM kept_{name})")
    cursor.execute("DELETE FROM audit_entry WHERE commitment = '' AND seq > (SELECT seq FROM most)")
    for name in (*LINES, "audit_leaf"):
        cursor.execute(f"INSERT INTO {name} SELECT * FROM kept_{name}")
        cursor.execute(f"DROP TABLE kept_{name}")
    cursor.execute("INSERT INTO audit_checkpoint SELECT * FROM kept_audit_checkpoint ON CONFLICT DO NOTHING")
    cursor.execute("DROP TABLE kept_audit_checkpoint, most")
