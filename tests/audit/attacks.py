"""The attacks on a bundle from the design of the log, each with what the brand holds and whether that can be enough.

Three cannot be found from the bundle alone, by nobody: they are here so that this is said, and seen to be true.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from clients.audit.notes import sign_checkpoint, verifier_key
from clients.audit.tree import CompactRange
from tests.audit.made_log import (
    ENTRIES,
    FOREIGN_KEY,
    KEY,
    LEAVES,
    ORIGIN,
    OTHER_ORIGIN,
    MadeLog,
    edited,
    files_of,
    hashed,
    joined,
    packed,
    signed_again,
)

Files = dict[str, bytes]
REPORT = b"%PDF-1.7 the report as it was issued"
SIZE, ERASED, REPORTED, CUT_BACK = 500, 393, 399, 300
"""The report stands after the place to which the log is cut back; so does the line whose receipt was kept."""
PROMISED = 450
CUT_FILES = ("private/entries.jsonl",)


@dataclass(frozen=True)
class Attack:
    """`held`: what the brand gives the verifier besides the bundle. `found` is None where nothing can show it."""

    name: str
    spoil: Callable[[Files], Files]
    held: tuple[str, ...] = ()
    found: str | None = ""


def honest_log() -> MadeLog:
    special = {
        REPORTED: ("report.issued", {"file": "2026-11.pdf", "sha256": sha256(REPORT).hexdigest()}),
        ERASED + 3: ("log.erased", {"seqs": [[ERASED + 1, ERASED + 1]]}),
    }
    reports = (("2026-11.pdf", REPORT),)
    return MadeLog(SIZE, witnessed=True, erased=frozenset({ERASED}), special=special, reports=reports)


def keep(folder: Path, log: MadeLog) -> dict[str, list[str]]:
    """What a brand may have kept elsewhere, as options of the verifier."""
    kept = {
        "policy": log.policy,
        "older": log.checkpoints[1],
        "newer": log.checkpoints[-1],
        "receipt": log.receipt(PROMISED) + "\n",
    }
    for name, text in kept.items():
        (folder / name).write_text(text, encoding="utf-8")
    options = {"policy": "--policy", "older": "--pinned", "newer": "--pinned", "receipt": "--receipts"}
    return {name: [option, str(folder / name)] for name, option in options.items()}


def changed(lines: list[bytes]) -> list[bytes]:
    return [*lines[:99], lines[99].replace(b'"agency"', b'"brand"'), *lines[100:]]


def dropped(lines: list[bytes]) -> list[bytes]:
    return [*lines[:100], *lines[101:]]


def swapped(lines: list[bytes]) -> list[bytes]:
    return [*lines[:100], lines[101], lines[100], *lines[102:]]


def inserted(lines: list[bytes]) -> list[bytes]:
    return [*lines[:50], lines[49], *lines[50:]]


def shortened(lines: list[bytes]) -> list[bytes]:
    return lines[:-10]


def loosely_spelled(lines: list[bytes]) -> list[bytes]:
    return [*lines[:6], json.dumps(json.loads(lines[6])).encode(), *lines[7:]]


def said_twice(lines: list[bytes]) -> list[bytes]:
    return [*lines[:6], b'{"act":"item.read",' + lines[6][1:], *lines[7:]]


def on(edit: Callable[[list[bytes]], list[bytes]]) -> Callable[[Files], Files]:
    return lambda files: edited(files, edit)


def and_signed(edit: Callable[[list[bytes]], list[bytes]], *, witness: bool = True) -> Callable[[Files], Files]:
    return lambda files: signed_again(edited(files, edit), KEY, witness=witness)


def private(edit: Callable[[list[bytes]], list[bytes]]) -> Callable[[Files], Files]:
    def spoil(files: Files) -> Files:
        return files | {CUT_FILES[0]: joined(edit(files[CUT_FILES[0]].split(b"\n")[:-1]))}

    return spoil


def reports(content: bytes | None, name: str = "2026-11.pdf") -> Callable[[Files], Files]:
    def spoil(files: Files) -> Files:
        manifest = json.loads(files["bundle.json"])
        kept = {one: raw for one, raw in files.items() if one != f"reports/{name}"}
        manifest["files"].pop(f"reports/{name}", None)
        if content is not None:
            kept[f"reports/{name}"] = content
            manifest["files"][f"reports/{name}"] = sha256(content).hexdigest()
        return kept | {"bundle.json": json.dumps(manifest).encode()}

    return spoil


def note(change: Callable[[str], str]) -> Callable[[Files], Files]:
    return lambda files: files | {"log/checkpoint": change(files["log/checkpoint"].decode()).encode()}


def one_bit(text: str) -> str:
    at = text.index("\N{EM DASH} ") + len(ORIGIN) + 20
    return text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]


def smaller(files: Files) -> Files:
    """The size in the checkpoint fits the shortened log, and the log is shortened."""
    files = hashed(edited(files, lambda lines: lines[:-1]))
    return note(lambda text: text.replace(f"\n{SIZE}\n", f"\n{SIZE - 1}\n"))(files)


def of_another_log(files: Files) -> Files:
    tree = CompactRange()
    tree.extend(line.leaf for line in honest_log().lines)
    return files | {"log/checkpoint": sign_checkpoint(OTHER_ORIGIN, tree.size, tree.root(), KEY).encode()}


def without_witness(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if "witness" not in line)


def own_key_and_policy(files: Files) -> Files:
    files = signed_again(edited(files, changed), FOREIGN_KEY)
    return files | {"policy.txt": f"log {verifier_key(ORIGIN, FOREIGN_KEY)}\nquorum none\n".encode()}


def cut_back(files: Files) -> Files:
    """An older state that was truly signed, with everything newer left out."""
    notes = [json.loads(row)["note"] for row in files["log/checkpoints.jsonl"].splitlines()]
    older = [one for one in notes if int(one.split("\n")[1]) <= CUT_BACK]
    files = reports(None)(hashed(edited(files, lambda lines: lines[:CUT_BACK])))
    files = private(lambda rows: [row for row in rows if json.loads(row)["i"] < CUT_BACK])(files)
    kept = joined(json.dumps({"note": one}).encode() for one in older[:-1])
    return files | {"log/checkpoint": older[-1].encode(), "log/checkpoints.jsonl": kept}


NOWHERE = None
ATTACKS = (
    Attack("change a line", on(changed), found="changed at 99"),
    Attack("drop a line", on(dropped), found="missing at 100"),
    Attack("swap two lines", on(swapped), found="swapped at 100"),
    Attack("cut the tail", on(shortened), found="cut at 490"),
    Attack("put a line in between", on(inserted), found="inserted at 50"),
    Attack("loosely spelled line, signed", and_signed(loosely_spelled), found="line at 6"),
    Attack("key given twice, signed", and_signed(said_twice), found="line at 6"),
    Attack("change a private part", private(lambda rows: [rows[0].replace(b"192.0.2", b"198.51"), *rows[1:]]), found="line at 0"),
    Attack("drop a private part", private(lambda rows: [*rows[:5], *rows[6:]]), found="line at 15"),
    Attack("other bytes in a report", reports(REPORT + b" "), found="report at 399"),
    Attack("drop a report", reports(None), found="report at 399"),
    Attack("add a report that was never issued", reports(b"x", "2026-12.pdf"), found="report"),
    Attack("flip a bit of a signature", note(one_bit), found="unsigned at 400"),
    Attack("another size in the checkpoint", smaller, found="unsigned at 400"),
    Attack("the checkpoint of another brand", of_another_log, found="unsigned at 400"),
    Attack("take the witness away", note(without_witness), found="checkpoint"),
    Attack("the operator writes anew and signs, a witness is asked for", and_signed(changed, witness=False), found="checkpoint"),
    Attack("own key and own policy, the brand kept the policy", own_key_and_policy, ("policy",), "unsigned at 0"),
    Attack("own key and own policy, nothing kept", own_key_and_policy, found=NOWHERE),
    Attack("operator and witness agree, nothing kept", and_signed(changed), found=NOWHERE),
    Attack("operator and witness agree, the brand kept an older checkpoint", and_signed(changed), ("older",), "forked at 0"),
    Attack("cut back to an older signed state, nothing kept", cut_back, found=NOWHERE),
    Attack("cut back, the brand kept a newer checkpoint", cut_back, ("newer",), "cut at 300"),
    Attack("cut back, the brand kept a receipt", cut_back, ("receipt",), "receipt"),
)  # fmt: skip


def bundle_of(log: MadeLog, folder: Path) -> Files:
    return files_of(log.pack(folder / "honest.zip"))


def spoilt(attack: Attack, files: Files, folder: Path) -> Path:
    assert ENTRIES in files and LEAVES in files
    return packed(attack.spoil(files), folder / "spoilt.zip")
