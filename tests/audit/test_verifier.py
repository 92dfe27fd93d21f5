"""The script that a brand runs: what it finds, what it names, what it says it cannot know, and that it needs nothing of ours."""

import ast
import base64
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.audit import tree
from clients.audit.bundle import HERE
from clients.audit.lines import canonical
from clients.audit.notes import sign_checkpoint, verifier_key
from clients.audit.verifier import verify
from tests.audit.attacks import ATTACKS, SIZE, Attack, bundle_of, honest_log, keep, spoilt
from tests.audit.made_log import (
    ENTRIES,
    FOREIGN_KEY,
    KEY,
    LEAVES,
    NEXT_KEY,
    ORIGIN,
    MadeLog,
    edited,
    files_of,
    hashed,
    packed,
    sealed,
    signed_again,
)

SCRIPT = HERE / "verify.py"
# RFC 8032, section 7.1: (secret key, public key, message, signature).
RFC_8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.fixture(params=["cryptography", "plain Python"])
def either(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways to check a signature."""
    if request.param == "plain Python":
        monkeypatch.setattr(verify, "Ed25519PublicKey", None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bundles")


@pytest.fixture(scope="module")
def honest(folder: Path) -> dict[str, bytes]:
    return bundle_of(honest_log(), folder)


def named(result: dict) -> str:
    """The first thing that is wrong, as the attacks write it."""
    first = result["errors"][0]
    return first["kind"] if first["position"] is None else f"{first['kind']} at {first['position']}"


def kinds(result: dict) -> set[str]:
    return {error["kind"] for error in result["errors"]}


def checked(path: Path, *options: str) -> dict:
    words = [str(path), "--json", *options]
    done = subprocess.run([sys.executable, "-I", str(SCRIPT), *words], capture_output=True, text=True)
    result = json.loads(done.stdout)
    assert done.returncode == (2 if "unreadable" in result else 0 if result["ok"] else 1), done.stderr
    return result


# --- Signatures, tree and spelling agree with the standards and with ours ---------------------------------------------


@pytest.mark.parametrize(("secret", "public", "message", "signature"), RFC_8032)
def test_signatures_of_rfc_8032(either: None, secret: str, public: str, message: str, signature: str) -> None:
    key, text, found = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)).public_key().public_bytes_raw() == key
    assert verify.signed(key, text, found)
    assert not verify.signed(key, text + b"x", found)
    for at in (0, 31, 32, 63):
        assert not verify.signed(key, text, found[:at] + bytes([found[at] ^ 1]) + found[at + 1 :])
    assert not verify.signed(key[:-1] + bytes([key[-1] ^ 1]), text, found)
    assert not verify.signed(key, text, found[:-1]) and not verify.signed(key[:-1], text, found)
    # s + L signs the same by the bare equation; RFC 8032 refuses it, so that a signature has one form.
    malleable = (int.from_bytes(found[32:], "little") + verify.ORDER).to_bytes(32, "little")
    assert not verify.signed(key, text, found[:32] + malleable)


@settings(max_examples=20)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80), st.integers(0, 511))
def test_plain_signatures_say_what_the_library_says(secret: bytes, message: bytes, bit: int) -> None:
    private = Ed25519PrivateKey.from_private_bytes(secret)
    public, signature = private.public_key().public_bytes_raw(), bytearray(private.sign(message))
    library, verify.Ed25519PublicKey = verify.Ed25519PublicKey, None
    try:
        assert verify.signed(public, message, bytes(signature))
        signature[bit // 8] ^= 1 << bit % 8
        assert not verify.signed(public, message, bytes(signature))
    finally:
        verify.Ed25519PublicKey = library


@given(st.integers(1, 90), st.data())
def test_its_tree_is_ours(size: int, data: st.DataObject) -> None:
    leaves = [tree.leaf_hash(b"%d" % number) for number in range(size)]
    ours, its = tree.CompactRange(), verify.Tree()
    for leaf in leaves:
        ours.append(leaf)
        its.append(leaf)
    assert ours.root() == its.root()
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    path = tree.roots_of(tree.inclusion_ranges(index, size), leaves)
    assert verify.included(leaves[index], index, size, path, its.root())
    assert not verify.included(leaves[index], size, size, path, its.root())
    assert size == 1 or not verify.included(leaves[index], (index + 1) % size, size, path, its.root())
    before = tree.CompactRange()
    before.extend(leaves[:old])
    steps = tree.roots_of(tree.consistency_ranges(old, size), leaves)
    assert verify.consistent(old, before.root(), size, its.root(), steps)
    assert not verify.consistent(old, leaves[0] * (old != 1) or its.root()[::-1], size, its.root(), steps)


def test_it_is_one_file_for_any_python_since_3_9() -> None:
    parsed = ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 9))
    asked = {a.name for n in ast.walk(parsed) if isinstance(n, ast.Import) for a in n.names}
    asked |= {n.module or "" for n in ast.walk(parsed) if isinstance(n, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in asked} - {"cryptography"} <= sys.stdlib_module_names
    assert not asked & {"socket", "http", "urllib", "urllib.request", "subprocess", "ctypes"}


# --- What holds ---------------------------------------------------------------------------------------------------------


def test_an_honest_log_holds_and_what_was_not_checked_is_said(either: None, honest: dict, folder: Path) -> None:
    path = packed(honest, folder / "same.zip")
    result = verify.check_bundle(str(path)).as_dict()
    assert result["ok"] and result["lines"] == SIZE and not result["errors"]
    assert (result["erased"], result["private"], result["unattributed"]) == (1, result["acts"] - 1, 0)
    assert [said.partition(":")[0].split()[0] for said in result["not_checked"]] == ["whether"] * 3 + ["people.jsonl"]


def test_what_the_brand_kept_shortens_that_list(honest: dict, folder: Path) -> None:
    kept = keep(folder, honest_log())
    options = [*kept["policy"], *kept["older"], *kept["newer"], *kept["receipt"]]
    result = checked(packed(honest, folder / "same.zip"), *options)
    assert result["ok"] and len(result["not_checked"]) == 1


def test_it_reads_the_folder_as_well_as_the_archive(honest: dict, folder: Path) -> None:
    with zipfile.ZipFile(packed(honest, folder / "same.zip")) as archive:
        archive.extractall(folder / "unpacked")
    assert checked(folder / "unpacked")["ok"]


@pytest.mark.parametrize("size", [1, 2, 3, 99, 100, 101])
def test_logs_of_every_shape_hold(size: int, tmp_path: Path) -> None:
    assert checked(MadeLog(size).pack(tmp_path / "log.zip"))["lines"] == size


def test_it_says_it_in_words(honest: dict, folder: Path) -> None:
    path = packed(edited(honest, lambda lines: lines[:7] + lines[8:]), folder / "words.zip")
    done = subprocess.run([sys.executable, "-I", str(SCRIPT), str(path)], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stdout.startswith("WRONG:") and "missing at position 7: 1 of the lines" in done.stdout
    assert "Not checked:\n  - whether the key is the log's own" in done.stdout


# --- What is found ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_each_attack_is_found_and_named_or_cannot_be_by_anybody(attack: Attack, honest: dict, folder: Path) -> None:
    kept = keep(folder, honest_log())
    options = [word for name in attack.held for word in kept[name]]
    result = checked(spoilt(attack, honest, folder), *options)
    if attack.found is None:
        assert result["ok"], result["errors"]
    else:
        assert not result["ok"] and named(result) == attack.found


def test_there_are_24_and_3_of_them_need_something_that_was_kept() -> None:
    assert (len(ATTACKS), sum(attack.found is None for attack in ATTACKS)) == (24, 3)


def test_when_the_hints_are_made_to_fit_the_stretch_between_two_checkpoints_is_named(
    honest: dict, folder: Path
) -> None:
    files = hashed(edited(honest, lambda lines: [*lines[:252], lines[252].replace(b"agency", b"brand"), *lines[253:]]))
    first = checked(packed(files, folder / "hints.zip"))["first"]
    assert (first["kind"], first["position"], first["until"]) == ("forked", 200, 299)


def test_hints_that_lie_about_a_good_log_are_told_apart_from_a_bad_log(honest: dict, folder: Path) -> None:
    hints = bytearray(honest[LEAVES])
    hints[8 * 123] ^= 1
    result = checked(packed(honest | {LEAVES: bytes(hints)}, folder / "lying.zip"))
    assert named(result) == "file" and "leaves.bin" in result["errors"][0]["what"]


def test_two_histories_of_equal_size_are_told_apart_by_a_checkpoint_that_was_kept(tmp_path: Path) -> None:
    one, other = MadeLog(300), MadeLog(300, seed=5)
    (tmp_path / "kept").write_text(one.checkpoints[-1], encoding="utf-8")
    path = other.pack(tmp_path / "other.zip")
    assert checked(path)["ok"]
    assert named(checked(path, "--pinned", str(tmp_path / "kept"))) == "forked at 200"


def test_unattributed_rows_are_counted(tmp_path: Path) -> None:
    log = MadeLog(90)
    lines = [row for row in log.lines if not (b'"act":"item' in row.line and b'"tx":710,' in row.line)]
    change = {"v": 1, "seq": 900, "tx": 9, "t": "2026-11-21T10:00:00.000000Z", "act": "row.change", "table": "x"}
    log.lines = [*lines, sealed(canonical(change | {"op": "update", "rows": [], "count": 0}))]
    growing = tree.CompactRange()
    growing.extend(line.leaf for line in log.lines)
    log.checkpoints, log.size = [log.note(growing.size, growing.root())], growing.size
    result = checked(log.pack(tmp_path / "log.zip"))
    assert result["ok"] and (result["unattributed"], result["first_unattributed"]) == (2, [30])


# --- Erasure --------------------------------------------------------------------------------------------------------------


def test_a_brand_takes_an_erased_part_out_of_its_old_bundle(honest: dict, folder: Path) -> None:
    """The bundle of before the erasure still has the part; the newer log says that it may go."""
    rows = honest["private/entries.jsonl"].splitlines(keepends=True)
    older = {i: row for row in rows for i in [json.loads(row)["i"]]}
    assert 393 not in older
    assert checked(packed(honest, folder / "same.zip"))["ok"]


def test_an_erased_part_that_is_still_there_is_wrong(tmp_path: Path) -> None:
    log = MadeLog(120, special={117: ("log.erased", {"seqs": [[31, 34]]})})
    assert named(checked(log.pack(tmp_path / "log.zip"))) == "line at 30"


def test_nobody_erases_what_is_yet_to_be_written(tmp_path: Path) -> None:
    log = MadeLog(120, special={30: ("log.erased", {"seqs": [[1, 900]]})}, erased=frozenset(range(120)))
    assert named(checked(log.pack(tmp_path / "log.zip"))) == "line at 33"


def test_private_parts_that_change_places_are_wrong(honest: dict, folder: Path) -> None:
    rows = honest["private/entries.jsonl"].splitlines(keepends=True)
    first, second = (json.loads(row) for row in rows[:2])
    first["i"], second["i"] = second["i"], first["i"]
    changed = [json.dumps(row).encode() + b"\n" for row in (second, first)]
    files = honest | {"private/entries.jsonl": b"".join([*changed, *rows[2:]])}
    assert named(checked(packed(files, folder / "places.zip"))) == "line at 0"


# --- Keys -----------------------------------------------------------------------------------------------------------------


def rotated(size: int = 300, at: int = 150) -> MadeLog:
    special = {at: ("log.key", {"vkey": str(verifier_key(ORIGIN, NEXT_KEY))})}
    return MadeLog(size, special=special, new_key_at=at)


def test_a_key_is_followed_by_the_one_it_sealed(either: None, tmp_path: Path) -> None:
    result = verify.check_bundle(str(rotated().pack(tmp_path / "log.zip"))).as_dict()
    assert result["ok"], result["errors"]


def test_a_key_that_no_sealed_line_names_is_refused(tmp_path: Path) -> None:
    log = rotated()
    result = checked(replace(log, lines=[], checkpoints=[], special={}).pack(tmp_path / "log.zip"))
    assert named(result) == "unsigned at 151" and "checkpoint" in kinds(result)


def test_a_key_is_refused_that_only_its_own_checkpoint_vouches_for(tmp_path: Path) -> None:
    log = rotated()
    log.checkpoints = [note for note in log.checkpoints if int(note.split("\n")[1]) != 151]
    result = checked(log.pack(tmp_path / "log.zip"))
    assert named(result) == "unsigned at 100" and "not this log's" in result["errors"][1]["what"]


def test_a_replaced_key_signs_no_more(tmp_path: Path) -> None:
    log = rotated()
    growing = tree.CompactRange()
    growing.extend(line.leaf for line in log.lines)
    log.checkpoints[-1:] = [log.checkpoints[-1], sign_checkpoint(ORIGIN, 300, growing.root(), KEY)]
    result = checked(log.pack(tmp_path / "log.zip"))
    assert not result["ok"] and "replaced" in result["errors"][0]["what"]


def test_a_foreign_key_named_by_nobody_is_refused(honest: dict, folder: Path) -> None:
    result = checked(packed(signed_again(honest, FOREIGN_KEY), folder / "foreign.zip"))
    assert named(result) == "unsigned at 0" and "checkpoint" in kinds(result)


# --- Proofs -----------------------------------------------------------------------------------------------------------------


def proof_of(log: MadeLog, index: int, size: int) -> dict:
    leaves = [line.leaf for line in log.lines]
    path = tree.roots_of(tree.inclusion_ranges(index, size), leaves)
    note = next(one for one in log.checkpoints if one.split("\n")[1] == str(size))
    line = log.lines[index].line.decode()
    return {"line": line, "index": index, "path": [p.hex() for p in path], "checkpoint": note, "policy": log.policy}


def test_the_proof_of_one_line(tmp_path: Path) -> None:
    log, path = MadeLog(250), tmp_path / "proof.json"
    proof = proof_of(log, 33, 200)
    path.write_text(json.dumps(proof), encoding="utf-8")
    result = checked(path)
    assert result["ok"] and "own" in result["not_checked"][0]
    for spoil in (
        {"line": proof["line"].replace("agency", "brand")},
        {"index": 34},
        {"path": proof["path"][:-1]},
        {"path": [proof["path"][1], proof["path"][0], *proof["path"][2:]]},
        {"checkpoint": log.checkpoints[-1]},
        {"checkpoint": sign_checkpoint(ORIGIN, 200, bytes(32), FOREIGN_KEY)},
    ):
        path.write_text(json.dumps(proof | spoil), encoding="utf-8")
        assert not checked(path)["ok"], spoil


def test_the_proof_that_a_checkpoint_continues_another(tmp_path: Path) -> None:
    log, path = MadeLog(250), tmp_path / "proof.json"
    steps = tree.roots_of(tree.consistency_ranges(100, 250), [line.leaf for line in log.lines])
    proof = {"old": log.checkpoints[0], "checkpoint": log.checkpoints[-1], "path": [step.hex() for step in steps]}
    path.write_text(json.dumps(proof | {"policy": log.policy}), encoding="utf-8")
    assert checked(path)["ok"]
    forked = proof | {"policy": log.policy, "old": MadeLog(100, seed=9).checkpoints[0]}
    path.write_text(json.dumps(forked), encoding="utf-8")
    assert not checked(path)["ok"]


def test_a_false_receipt_is_refused_and_a_young_one_is_said(honest: dict, folder: Path) -> None:
    log, kept = honest_log(), folder / "receipts"
    good = log.receipt(450)
    entry, leaf, rest = good.split(".", 2)
    moment, signature = rest.rsplit(".", 1)
    path = packed(honest, folder / "same.zip")
    kept.write_text(f"{good}\n", encoding="utf-8")
    assert checked(path, "--receipts", str(kept))["ok"]
    kept.write_text(f"{entry}.{leaf}.{moment[:-2]}1Z.{signature}\n", encoding="utf-8")
    assert named(checked(path, "--receipts", str(kept))) == "receipt"
    later = MadeLog(1, seed=77)
    later.lines[0] = sealed(later.lines[0].line.replace(b"2026-11-21", b"2026-11-30"))
    kept.write_text(later.receipt(0) + "\n", encoding="utf-8")
    result = checked(path, "--receipts", str(kept))
    assert result["ok"] and any("younger" in said for said in result["not_checked"])


# --- What cannot be read ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spoil",
    [
        lambda files: {name: raw for name, raw in files.items() if name != "log/checkpoint"},
        lambda files: files | {"bundle.json": b"{}"},
        lambda files: files | {"bundle.json": files["bundle.json"].replace(b"bundle/1", b"bundle/9")},
        lambda files: files | {"policy.txt": b"trust everybody\n"},
        lambda files: files | {"bundle.json": b"\xff"},
    ],
)
def test_what_is_no_bundle_is_said_to_be_none(spoil, honest: dict, folder: Path) -> None:
    assert "unreadable" in checked(packed(spoil(honest), folder / "none.zip", honest_manifest=False))


def test_a_file_that_stands_twice_is_refused(honest: dict, folder: Path) -> None:
    path = packed(honest, folder / "twice.zip")
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr(ENTRIES, honest[ENTRIES])
    assert "twice" in checked(path)["unreadable"]


def test_a_file_beside_the_bundle_is_named(honest: dict, folder: Path) -> None:
    result = checked(packed(honest | {"log/more.jsonl": b"x\n"}, folder / "more.zip"))
    assert named(result) == "file" and "log/more.jsonl" in result["errors"][0]["what"]


@pytest.mark.parametrize(
    "line",
    [
        b'{"v":1,"seq":1.5}',
        b"[]",
        b"null",
        b"",
        b'{"a":' * 5000,
        b"\xff\xfe",
        b'{"act":"x","seq":1,"t":"e\xcc\x81","v":1}',
        b'{"act":"x","seq":1,"t":"","v":2}',
        b'{"act":"x","seq":true,"t":"","v":1}',
        b'{"act":"log.erased","facts":[],"seq":1,"t":"","v":1}',
        b'{"act":"log.key","facts":{"vkey":"x"},"seq":1,"t":"","v":1}',
        b'{"act":"x","seq":-5,"t":"","v":1}',
    ],
)
def test_no_line_breaks_it_not_even_a_signed_one(line: bytes, tmp_path: Path) -> None:
    """Whoever holds the key signs nonsense: the script says so, with the place."""
    files = files_of(MadeLog(20).pack(tmp_path / "log.zip"))
    files = signed_again(edited(files, lambda lines: [*lines[:9], line, *lines[10:]]), KEY)
    assert named(checked(packed(files, tmp_path / "spoilt.zip"))) == "line at 9"


def test_a_witness_counts_once_however_often_it_signs(tmp_path: Path) -> None:
    log, policy = MadeLog(20, witnessed=True), tmp_path / "policy"
    assert checked(log.pack(tmp_path / "one.zip"))["ok"]
    log.checkpoints = [f"{note}{note.splitlines()[-1]}\n" for note in log.checkpoints]
    policy.write_text(log.policy.replace("quorum 1", "quorum 2"), encoding="utf-8")
    found = checked(log.pack(tmp_path / "two.zip"), "--policy", str(policy))
    assert named(found) == "checkpoint" and "as the policy asks" in found["errors"][0]["what"]


@pytest.mark.parametrize("witnessed", [True, False])
def test_a_proof_needs_the_witnesses_that_the_policy_names(witnessed: bool, tmp_path: Path) -> None:
    log, path, policy = MadeLog(20, witnessed=witnessed), tmp_path / "proof.json", tmp_path / "policy"
    policy.write_text(MadeLog(1, witnessed=True).policy, encoding="utf-8")
    path.write_text(json.dumps(proof_of(log, 3, 20)), encoding="utf-8")
    assert checked(path, "--policy", str(policy))["ok"] is witnessed


PRIVATE = "private/entries.jsonl"
PLANTED = {
    "behind the last line": lambda rows: [*rows, b'{"i":900,"salt":"","data":{"name":"planted"}}'],
    "read in two ways": lambda rows: [b'{"data":{"name":"planted"},' + rows[0][1:], *rows[1:]],
    "without a place": lambda rows: [*rows, b'{"i":[],"salt":"","data":{}}'],
    "nested without end": lambda rows: [*rows, b"[" * 100_000],
}


@pytest.mark.parametrize("plant", PLANTED.values(), ids=PLANTED)
def test_no_private_part_stands_there_unproven(plant, honest: dict, folder: Path) -> None:
    rows = honest[PRIVATE].split(b"\n")[:-1]
    spoilt = honest | {PRIVATE: b"".join(row + b"\n" for row in plant(rows))}
    assert "private" in kinds(checked(packed(spoilt, folder / "planted.zip")))


def test_a_bundle_does_not_speak_for_the_script(honest: dict, folder: Path) -> None:
    path = packed(honest | {"\x1b[2J\x1b[HHOLDS: all\n\u202e": b""}, folder / "spoken.zip")
    done = subprocess.run([sys.executable, "-I", str(SCRIPT), str(path)], capture_output=True, text=True)
    assert done.returncode == 1 and not {"\x1b", "\u202e"} & set(done.stdout)
    assert [line for line in done.stdout.splitlines() if line.startswith("HOLDS")] == []


def test_a_small_archive_fills_no_memory(honest: dict, folder: Path) -> None:
    """One line of 120 million bytes is read in pieces; the same as a manifest not at all."""
    limited = "import resource, runpy, sys; sys.argv = sys.argv[1:]; resource.setrlimit(resource.RLIMIT_AS, (150 << 20,) * 2);"
    script = f"{limited} runpy.run_path(sys.argv[0], run_name='__main__')"
    for name, code, found in ((PRIVATE, 1, "WRONG"), ("bundle.json", 2, "UNREADABLE")):
        path = folder / "bomb.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for each, content in (honest | {name: bytes(120_000_000)}).items():
                archive.writestr(each, content)
        done = subprocess.run([sys.executable, "-I", "-c", script, SCRIPT, path], capture_output=True, text=True)
        assert (done.returncode, done.stdout.split(":")[0], done.stderr) == (code, found, "")


def test_a_broken_archive_is_unreadable(honest: dict, folder: Path) -> None:
    path = packed(honest, folder / "broken.zip")
    whole = path.read_bytes()
    encrypted = whole.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bundle.json", honest["bundle.json"])
    squeezed = path.read_bytes()
    at = squeezed.index(b"bundle.json") + len(b"bundle.json")
    for broken in (encrypted, squeezed[:at] + b"\xff" * 20 + squeezed[at + 20 :]):
        path.write_bytes(broken)
        assert broken not in (whole, squeezed) and "unreadable" in checked(path)


def test_base64_is_what_it_seems() -> None:
    with pytest.raises(ValueError):
        verify.unbase64(base64.b64encode(b"x" * 5).decode()[:-1] + "\n")
