"""One line of the log changed, dropped, put in, swapped, cut off or forked, anywhere: found each time, at the right position.

A log is written through `record` and the database's own triggers, and sealed by the sealer. Then somebody who can do anything
changes one thing at a random place: in the bundle (with every digest in it put right), and in the tables (as their owner, all
triggers off). After each the script that brands run, or the recomputation of 'verify now', must name what happened and the first
position. A fork, where line and leaf are changed so that they fit each other, must be named as the stretch between two
checkpoints. Last, the 24 attacks of the design are tried: 21 are found, and for 3 no bundle can suffice without something that
the brand kept elsewhere (its policy, a newer checkpoint, a receipt).

Seen to fall short when: the verifier compared roots only (no exact place); the hints were not checked against the tree; a swap
was told as two changes; the tables were compared with their leaves but not with the checkpoints; a log set back with all its
checkpoints was taken at its word.
"""

import random
import tempfile
import time
from collections import Counter
from pathlib import Path

from clients.audit.verifier import verify
from tenants.walls.scope import BrandRef
from tests.audit.attacks import ATTACKS, bundle_of, honest_log, keep, spoilt
from tests.database import brand_with
from tests.proof._log import (
    KINDS,
    forked_lines,
    lines_in,
    put_lines,
    recompute_tables,
    spoil_lines,
    tampered_tables,
    unpacked_bundle,
    written_and_sealed,
)

LONG = True
SIZES = {"small": (2_000, 40, 15), "full": (100_000, 25, 10)}
"""Lines, attacks of each kind on the bundle, and on the tables."""
NAMED = {
    "change": {"changed"},
    "drop": {"missing", "cut"},
    "insert": {"inserted", "unsigned"},
    "swap": {"swapped"},
    "truncate": {"cut"},
    "fork": {"forked"},
}


def run(scale: str) -> tuple[str, bool]:
    """Everything, and the figures in one line."""
    size, in_bundle, in_tables = SIZES[scale]
    brand, r = brand_with("maison-a"), random.Random(9)
    lines = written_and_sealed(brand, size)
    with tempfile.TemporaryDirectory() as held:
        folder = unpacked_bundle(brand, Path(held))
        honest = verify.check_bundle(str(folder))
        began = time.perf_counter()
        tables = recompute_tables(brand)
        rate = lines / (time.perf_counter() - began)
        bundle_found = Counter(kind for kind in KINDS for _ in range(in_bundle) if _found_in_bundle(r, folder, kind))
    table_found = Counter(kind for kind in KINDS for _ in range(in_tables) if _found_in_tables(r, brand, lines, kind))
    found, unfindable = _design()
    whole = not honest.count and tables is None and honest.figures["lines"] == lines
    holds = whole and sum(bundle_found.values()) == in_bundle * len(KINDS) and (found, unfindable) == (21, 3)
    holds = holds and sum(table_found.values()) == in_tables * len(KINDS)
    figures = (
        f"{lines} lines; bundle: {_told(bundle_found, in_bundle)}; tables: {_told(table_found, in_tables)}; "
        f"design: {found} of 24 found, {unfindable} only with what the brand kept; "
        f"verified {honest.figures['lines_per_second']} lines/s by the script, {rate:.0f} lines/s from the tables"
    )
    return figures, holds


def _told(found: Counter[str], tried: int) -> str:
    return ", ".join(f"{kind} {found[kind]}/{tried}" for kind in KINDS)


def _found_in_bundle(r: random.Random, folder: Path, kind: str) -> bool:
    """One attack on the files; then they are put back."""
    before = lines_in(folder)
    at, spoilt_lines = forked_lines(r, before) if kind == "fork" else spoil_lines(r, before, kind)
    put_lines(folder, spoilt_lines, fit_hints=kind == "fork")
    try:
        first = verify.check_bundle(str(folder)).as_dict()["first"]
    finally:
        put_lines(folder, before, fit_hints=True)
    return _is_named(first, kind, at)


def _is_named(first: dict | None, kind: str, at: int) -> bool:
    """What the brand reads: the kind, and the position, or for a fork the stretch between two checkpoints that holds it."""
    if first is None or first["kind"] not in NAMED[kind]:
        print(f"not named: {kind} at {at}: {first}")
        return False
    right = first["position"] <= at <= first["until"] if kind == "fork" else first["position"] == at
    if not right:
        print(f"wrong place: {kind} at {at}: {first}")
    return right


def _found_in_tables(r: random.Random, brand: BrandRef, size: int, kind: str) -> bool:
    with tampered_tables(r, brand, size, kind) as (at, expected):
        fault = recompute_tables(brand)
    if fault is None or fault.kind not in expected:
        print(f"not named in the tables: {kind} at {at}: {fault}")
        return False
    right = fault.position <= at <= fault.until if fault.until is not None else fault.position == at
    if not right:
        print(f"wrong place in the tables: {kind} at {at}: {fault}")
    return right


def _design() -> tuple[int, int]:
    """The 24: how many are found, and how many nobody could find from what is there."""
    found = unfindable = 0
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        honest, kept = bundle_of(honest_log(), folder), keep(folder, honest_log())
        for attack in ATTACKS:
            options = [kept[name] for name in attack.held]
            pinned = [path for option, path in options if option == "--pinned"]
            others = {option.strip("-"): path for option, path in options if option != "--pinned"}
            result = verify.check_bundle(str(spoilt(attack, honest, folder)), pinned=pinned, **others)
            found += bool(result.count) and attack.found is not None
            unfindable += not result.count and attack.found is None
    return found, unfindable
