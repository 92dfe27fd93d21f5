#!/usr/bin/env python3
"""Check a brand's audit log on your own computer. Needs Python 3.9 or newer, nothing else, and no network.

    python3 verify.py BUNDLE.zip        a bundle, as the ZIP file or unpacked into a folder
    python3 verify.py PROOF.json        the proof of one line, or that one checkpoint continues another

    --policy FILE      the log's key as you were given it at the start; without it the one in the bundle is believed
    --pinned FILE      a checkpoint that you kept: from a mail, a report, a print; may be given several times
    --receipts FILE    receipts that your own programs kept, one a line
    --json             the result for programs

Ends with 0 when everything that was checked holds, 1 when something is wrong, 2 when the file cannot be read.
Positions count from 0. What was not checked is always said. The formats: RFC 9162, RFC 8785, c2sp.org/tlog-checkpoint.
"""

import base64
import hashlib
import hmac
import io
import json
import os
import sys
import time
import unicodedata
import zipfile
import zlib
from bisect import bisect_right
from datetime import datetime, timedelta
from hashlib import sha256

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    Ed25519PublicKey = None

FORMAT, SHOWN = "client-audit-bundle/1", 20
PROMISE = timedelta(seconds=10)  # after which a line that a receipt promises is in the tree
LONGEST_LINE, LONGEST_TEXT, MOST_HINTS = 1 << 20, 1 << 26, 1 << 27  # bytes: small archives unpack to anything


class Wrong(Exception):
    """One check failed. ValueError, on the other hand: not readable as what it should be."""


# --- Signatures: Ed25519 (RFC 8032), in plain Python where the package `cryptography` is not installed ----------------

P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, SQRT = -121665 * pow(121666, P - 2, P) % P, pow(2, (P - 1) // 4, P)


def plus(a, b):
    """The sum of two points of the curve, each as (X, Y, Z, T)."""
    m, n = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = n - m, d - c, d + c, n + m
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, point):
    total = (0, 1, 1, 0)
    while number:
        total = plus(total, point) if number & 1 else total
        point, number = plus(point, point), number >> 1
    return total


def point_of(raw):
    """The point that 32 bytes stand for; None when they stand for none."""
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x * SQRT % P if (x * x - square) % P else x
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed(public, message, signature):
    """Whether `signature` over `message` was made with the private half of `public`."""
    if len(public) != 32 or len(signature) != 64:
        return False
    if Ed25519PublicKey:
        try:
            return Ed25519PublicKey.from_public_bytes(public).verify(signature, message) is None
        except InvalidSignature:
            return False
    key, start, s = point_of(public), point_of(signature[:32]), int.from_bytes(signature[32:], "little")
    if key is None or start is None or s >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    a, b = times(s, BASE), plus(start, times(challenge, key))
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 == (a[1] * b[2] - b[1] * a[2]) % P


# --- The tree (RFC 9162) ----------------------------------------------------------------------------------------------


def node(left, right):
    return sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree that only grows: the roots of its complete parts, largest first."""

    def __init__(self):
        self.size, self.parts = 0, []

    def append(self, leaf):
        merges = self.size
        while merges & 1:
            leaf, merges = sha256(b"\x01" + self.parts.pop() + leaf).digest(), merges >> 1
        self.parts.append(leaf)
        self.size += 1

    def root(self):
        root = self.parts[-1] if self.parts else sha256(b"").digest()
        for left in reversed(self.parts[:-1]):
            root = node(left, root)
        return root


def climb(at, last, path, old, new):
    """From place `at` of a row to the top along `path` (2.1.3.2, 2.1.4.2): the roots of the old and of the new tree."""
    for sibling in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            old, new = node(sibling, old), node(sibling, new)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            new = node(new, sibling)
        at, last = at >> 1, last >> 1
    return (old, new) if last == 0 else None


def included(leaf, index, size, path, root):
    return 0 <= index < size and (climb(index, size - 1, path, leaf, leaf) or (None, None))[1] == root


def consistent(old, old_root, size, root, path):
    """Whether the tree of `old` lines is the beginning of the tree of `size` lines."""
    if old in (0, size):
        return not path and old_root == (root if old else sha256(b"").digest())
    path = list(path) if old & (old - 1) else [old_root, *path]
    if old > size or not path:
        return False
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    return climb(at, last, path[1:], path[0], path[0]) == (old_root, root)


# --- Lines: one spelling for one value (RFC 8785, whole numbers and ASCII keys only) ----------------------------------


def refuse(number):
    raise ValueError(f"a number with a fraction: {number}")


def only_once(pairs):
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a key given twice")
    return dict(pairs)


one_spelling = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)
read = json.JSONDecoder(parse_float=refuse, parse_constant=refuse).scan_once
read_strictly = json.JSONDecoder(object_pairs_hook=only_once).decode
try:  # made once: making it anew is half of the work of each spelling
    pieces = json.encoder.c_make_encoder(None, None, json.encoder.c_encode_basestring, None, ":", ",", 1, 0, 0)
except (AttributeError, TypeError):
    pieces = None


def spell(value):
    return "".join(pieces(value, 0)) if pieces else one_spelling.encode(value)


def entry_of(line):
    """What a line says. Another spelling of the same, a key given twice, letters composed otherwise: refused."""
    try:
        text = line.decode()
        entry, _ = read(text, 0)  # what stands behind it is in no spelling
        if spell(entry) != text or not (text.isascii() or unicodedata.is_normalized("NFC", text)):
            raise Wrong("is not in the one spelling that the log uses")
        if entry["v"] != 1 or type(entry["seq"]) is not int or type(entry["t"]) is not str:
            raise ValueError("unknown version or form")
        return entry
    except (ValueError, KeyError, TypeError, RecursionError, StopIteration) as error:
        raise Wrong(f"is not a line of a log: {error!r}") from None


# --- Keys and checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-policy) --------------------------


def unbase64(text):
    return base64.b64decode(text, validate=True)


def key_of(text):
    """(name, key id, type, public key) of `name+id+base64`."""
    name, key_id, raw = text.split("+", 2)
    if sha256(name.encode() + b"\n" + unbase64(raw)).hexdigest()[:8] != key_id:
        raise ValueError(f"the key of {name} has another id than it claims")
    return name, bytes.fromhex(key_id), unbase64(raw)[0], unbase64(raw)[1:]


def policy_of(text):
    """Who is believed: keys of the log, keys of witnesses, and how many witnesses must have signed."""
    rows = [line.split() for line in text.splitlines() if line.strip() and line[0] != "#"]
    quorum = [row[1] for row in rows if row[0] == "quorum" and row[1] != "none"]
    if any(row[0] not in ("log", "witness", "quorum") for row in rows):
        raise ValueError("a line of the policy is not understood")
    keys = [[key_of(row[-1]) for row in rows if row[0] == kind] for kind in ("log", "witness")]
    return keys[0], keys[1], int(quorum[0]) if quorum else 0


class Checkpoint:
    """A signed note: of which log, how many lines, which root. `source` says where it was found."""

    def __init__(self, note, source):
        self.source, (text, gap, signatures) = source, note.rpartition("\n\n")
        try:
            self.text, (self.origin, size, root) = (text + "\n").encode(), text.split("\n")[:3]
            self.size, self.root = int(size), unbase64(root)
            self.signatures = [self.signature(*line.split(" ")) for line in signatures.splitlines()]
            if not gap or str(self.size) != size or self.size < 0 or len(self.root) != 32:
                raise ValueError("no size or no root")
        except (ValueError, TypeError) as error:
            raise Wrong(f"{source}: not a checkpoint ({error})") from None
        self.named, self.witnesses = f"the checkpoint of {size} lines ({source})", 0

    @staticmethod
    def signature(dash, name, raw):
        return name, unbase64(raw)[:4], unbase64(raw)[4:]

    def signers(self, logs, witnesses):
        """Which keys of the log signed, by their place in `logs`. A false signature in a believed name is wrong."""
        found, witnessed = [], set()
        for name, key_id, signature in self.signatures:
            for place, key in enumerate(logs + witnesses):
                if key[:2] != (name, key_id):
                    continue
                stamp, message = b"", self.text
                if place >= len(logs):  # a witness signs when it saw the checkpoint, too
                    stamp, signature = signature[:8], signature[8:]
                    message = b"cosignature/v1\ntime %d\n" % int.from_bytes(stamp, "big") + self.text
                if key[2] != (4 if stamp else 1) or not signed(key[3], message, signature):
                    raise Wrong(f"{self.named}: the signature of {name} is false")
                witnessed |= {key[3]} if stamp else set()
                found += [place] if place < len(logs) and name == self.origin else []
        self.witnesses = len(witnessed)  # however often each has signed
        return found


def believed(checkpoints, policy, announced, result):
    """The checkpoints that a key of this log signed, by size; and its keys. A new key counts once its line is sealed."""
    keys, waiting, newest, good = list(policy[0]), list(announced), 0, []
    for checkpoint in sorted(checkpoints, key=lambda one: one.size):
        try:
            signers = checkpoint.signers(keys, policy[1])
            if not signers or max(signers) < newest:
                why = "that was replaced before" if signers else "that is not this log's"
                raise Wrong(f"{checkpoint.named} is signed by a key {why}")
        except Wrong as error:
            result.wrong("checkpoint", str(error))
            continue
        newest = max(signers)
        good.append(checkpoint)
        while waiting and waiting[0][0] < checkpoint.size:
            keys.append(waiting.pop(0)[1])
    return good, keys


# --- The bundle -------------------------------------------------------------------------------------------------------


def text_of(path):
    with open(path, encoding="utf-8") as stream:
        return stream.read()


class Bundle:
    """The files of a bundle, read where they are: nothing is unpacked, and no log is held whole."""

    def __init__(self, path):
        self.path, self.zip = path, None if os.path.isdir(path) else zipfile.ZipFile(path)
        found = [os.path.join(at, name) for at, _, names in os.walk(path) for name in names]
        names = self.zip.namelist() if self.zip else [os.path.relpath(n, path).replace(os.sep, "/") for n in found]
        self.names = set(names)
        if len(names) != len(self.names):
            raise ValueError("a file stands twice in the bundle: programs would not agree which one counts")
        self.manifest = json.loads(self.text("bundle.json"))
        self.files, self.entries = self.manifest["files"], self.manifest["entries"]
        if self.manifest["format"] != FORMAT:
            raise ValueError(f"not a bundle of the form {FORMAT}")

    def open(self, name):
        if name not in self.names:
            raise ValueError(f"{name} is missing")
        return io.BufferedReader(
            self.zip.open(name) if self.zip else open(os.path.join(self.path, name), "rb", 0), 1 << 20
        )

    def text(self, name):
        raw = self.open(name).read(LONGEST_TEXT + 1)
        if len(raw) > LONGEST_TEXT:
            raise ValueError(f"{name} is longer than such a file can be")
        return raw.decode()

    def lines(self, names):
        for name in names:
            if name in self.names or name in self.entries:
                with self.open(name) as stream:
                    while line := stream.readline(LONGEST_LINE):  # what is longer than any line comes in pieces
                        yield line

    def digest(self, name):
        digest = sha256()
        for piece in self.lines([name]):
            digest.update(piece)
        return digest.hexdigest()

    def checkpoints(self, pinned, result):
        """The last one, those between, and those that the reader kept."""
        notes = [("the last", self.text("log/checkpoint"))] + [(f"pinned: {path}", text_of(path)) for path in pinned]
        notes += [("in the bundle", json.loads(row)["note"]) for row in self.lines(["log/checkpoints.jsonl"])]
        for source, note in notes:
            try:
                checkpoint = Checkpoint(note, source)
                if checkpoint.origin != self.manifest["origin"]:
                    raise Wrong(f"{checkpoint.named} is one of another log: {checkpoint.origin}")
                yield checkpoint
            except Wrong as error:
                result.wrong("checkpoint", str(error))


def first_reading(bundle, result):
    """The digest of every file; and what the log says about itself: (erased numbers as ranges, new keys by position)."""
    erased, keys, position = [], [], 0
    for name in bundle.entries + sorted(set(bundle.files) - set(bundle.entries)):
        digest = sha256()
        for line in bundle.lines([name]):
            digest.update(line)
            if name in bundle.entries:
                if line.startswith(b'{"act":"log.'):
                    note_of_itself(line[:-1], position, erased, keys)
                position += 1
        if bundle.files.get(name, "") not in (digest.hexdigest(), None):
            result.wrong("file", f"{name} is not the file that was put into the bundle")
    for name in sorted(bundle.names - set(bundle.files) - {"bundle.json"}):
        result.wrong("file", f"{name} does not belong to the bundle")
    merged = []
    for first, last in sorted(erased):
        if merged and first <= merged[-1][1]:
            first, last = merged[-1][0], max(last, merged.pop()[1])
        merged.append((first, last))
    return merged, keys


def note_of_itself(line, position, erased, keys):
    try:
        entry = entry_of(line)
        if entry["act"] == "log.erased":  # nobody can allow today that what is written tomorrow goes missing
            erased += [(first, min(last, entry["seq"])) for first, last in entry["facts"]["seqs"]]
        elif entry["act"] == "log.key":
            keys.append((position, key_of(entry["facts"]["vkey"])))
    except (Wrong, ValueError, KeyError, TypeError):
        return  # the second reading says what is wrong with the line


# --- The second reading: every line -----------------------------------------------------------------------------------


class Hints:
    """The first eight bytes of each line's hash as sealed. They prove nothing, the tree does: they tell the place."""

    def __init__(self, stream):
        self.stream, self.place, self.rest, self.seen = stream, None, b"", []

    def see(self, position, leaf):
        if self.place is None:
            hint = self.stream.read(8)
            if leaf[:8] == hint:
                return
            self.place, self.rest = position, hint + self.stream.read(MOST_HINTS)
        if len(self.seen) < 3:
            self.seen.append(leaf[:8])

    def what_happened(self):
        """From the first line that does not fit and the two after it."""
        sealed, (found, second, third) = [self.rest[at : at + 8] for at in (0, 8, 16)], [*self.seen, b"", b""][:3]
        at = self.rest.find(found)
        while at > 0 and at % 8:
            at = self.rest.find(found, at + 1)
        if second and second == sealed[0] and not (at == 8 and third == sealed[2]):
            return "inserted", "this line was put in between"
        if at > 0 and second and second in sealed[:2]:
            return "swapped", f"here stands the line of position {self.place + at // 8}"
        if at > 0:
            return "missing", f"{at // 8} of the lines sealed from here on are missing"
        return "changed", "this is not the line that was sealed"


class Reading:
    """One pass over all lines: the root at each size that a checkpoint names, and whatever a single line shows."""

    def __init__(self, bundle, sizes, erased, receipts, result):
        self.bundle, self.sizes, self.erased, self.receipts, self.result = bundle, sizes, erased, receipts, result
        self.tree, self.roots, self.hints = Tree(), {0: Tree().root()}, Hints(bundle.open("log/leaves.bin"))
        self.private = self.private_parts()
        self.next_private = next(self.private, None)
        self.numbers, self.acted, self.orphans, self.reports = {}, {}, {}, {}
        self.acts = self.present = self.gone = 0

    def run(self):
        for raw in self.bundle.lines(self.bundle.entries):
            position, line = self.tree.size, raw[:-1] if raw[-1:] == b"\n" else raw
            leaf = sha256(b"\x00" + line).digest()
            self.tree.append(leaf)
            self.hints.see(position, leaf)
            self.receipts.pop(leaf.hex(), None)
            try:
                self.look_at(position, entry_of(line))
            except Wrong as error:
                self.result.wrong("line", str(error), position)
            except (LookupError, TypeError, ValueError) as error:
                self.result.wrong("line", f"is not a line of a log: {error!r}", position)
            if position + 1 in self.sizes:
                self.roots[position + 1] = self.tree.root()
        if self.hints.place is None and self.next_private is not None:
            self.result.wrong("private", "a private part belongs to no line that is given")

    def private_parts(self):
        """With their places. A key that is given twice is refused: every reader of such a part could see another in it."""
        for raw in self.bundle.lines(["private/entries.jsonl"]):
            try:
                row = read_strictly(raw.decode())
                if type(row["i"]) is not int:
                    raise ValueError("no place")
            except (ValueError, KeyError, TypeError, RecursionError):
                self.result.wrong("private", "a private part cannot be read, or could be read in two ways")
                continue
            yield row

    def look_at(self, position, entry):
        if not once(self.numbers, entry["seq"]):
            raise Wrong(f"repeats the number {entry['seq']} of a line before")
        if entry["act"] == "row.change":
            if not self.acted.get(entry["tx"] >> 10, 0) >> (entry["tx"] & 1023) & 1:
                self.orphans.setdefault(entry["tx"], position)
            return
        once(self.acted, entry["tx"])
        self.orphans.pop(entry["tx"], None)
        self.acts += 1
        if entry["act"] == "report.issued":
            self.reports[entry["facts"]["file"]] = position, entry["facts"]["sha256"]
        if self.hints.place is None:  # after the first line that does not fit, private parts have lost their places
            self.look_at_private(position, entry, entry["priv"])

    def look_at_private(self, position, entry, sealed):
        row, at = self.next_private, bisect_right(self.erased, (entry["seq"], float("inf"))) - 1
        given = row is not None and row["i"] <= position
        erased = at >= 0 and self.erased[at][1] >= entry["seq"]
        if given:
            self.next_private, self.present = next(self.private, None), self.present + 1
            found = hmac.digest(unbase64(row["salt"]), spell(row["data"]).encode(), "sha256").hex()
            if row["i"] != position or found != sealed:
                raise Wrong("has a private part that is not the one it was sealed with")
        if sealed and given == erased:
            raise Wrong("has lost its private part, and the log does not say that it was erased" if not erased else
                        "still has its private part, although the log says that it was erased")  # fmt: skip
        self.gone += bool(sealed and erased)


def once(pages, number):
    """Put a number into a set that is kept as bits. False when it was there."""
    page, bit = pages.get(number >> 10, 0), 1 << (number & 1023)
    pages[number >> 10] = page | bit
    return not page & bit


def judge(reading, checkpoints, result):
    """The history against the checkpoints: the first position where it is not the one that was signed."""
    size, hints, good = reading.tree.size, reading.hints, 0
    bad = [one for one in checkpoints if reading.roots.get(one.size) != one.root][:1]
    good = max((one.size for one in checkpoints if not bad or one.size < bad[0].size), default=0)
    place = hints.place if hints.place is not None and hints.place >= good else None
    left = hints.place is None and hints.stream.read(1)
    if not bad and good < size:
        result.wrong("unsigned", "no good checkpoint covers the lines from here on", good)
    elif not bad:
        if left or hints.place is not None:
            result.wrong("file", "log/leaves.bin does not fit the lines, which the checkpoints prove")
        return
    elif place is not None:
        kind, what = hints.what_happened()
        result.wrong(kind, f"{what}; {bad[0].named} shows it", place)
    elif size < bad[0].size:
        result.wrong("cut", f"{bad[0].size - size} lines are missing; {bad[0].named} shows it",
                     size if left else good, None if left else size)  # fmt: skip
    else:
        result.wrong(
            "forked", f"another history somewhere from here on; {bad[0].named} shows it", good, bad[0].size - 1
        )


def check_reports(bundle, issued, result):
    given = {name[8:] for name in bundle.names if name.startswith("reports/")}
    for name, (position, digest) in sorted(issued.items()):
        if name not in given or bundle.digest("reports/" + name) != digest:
            what = "is not the one that was issued here" if name in given else "that was issued here is missing"
            result.wrong("report", f"the report {name} {what}", position)
    for name in sorted(given - set(issued)):
        result.wrong("report", f"the report {name} was never issued")


def age(moment):
    return datetime.fromisoformat(moment[:19])


def parts_of(receipt):
    """<entry id>.<leaf hash>.<moment>.<signature>: the moment has a dot of its own."""
    entry, leaf, rest = receipt.split(".", 2)
    return (entry, leaf, *rest.rsplit(".", 1))


def check_receipts(given, left, manifest, keys, result):
    """Each is signed by a key of the log, and the line it promised is there, unless it is younger than the bundle."""
    for entry, leaf, moment, signature in given.values():
        message = f"audit-receipt/1\n{manifest['origin']}\n{entry}\n{leaf}\n{moment}\n".encode()
        if not any(signed(key[3], message, base64.urlsafe_b64decode(signature + "==")) for key in keys):
            result.wrong("receipt", f"the receipt for {entry} is not signed by a key of this log")
        elif leaf in left and age(manifest["made"]) - age(moment) > PROMISE:
            result.wrong("receipt", f"the line {entry}, promised on {moment}, is not in the log")
        elif leaf in left:
            result.not_checked.append(
                f"the receipt for {entry}: it is younger than {manifest['made']}, when this bundle says it was made"
            )


# --- The result -------------------------------------------------------------------------------------------------------


class Result:
    def __init__(self):
        self.count, self.errors, self.not_checked, self.figures = 0, [], [], {}

    def wrong(self, kind, what, position=None, until=None):
        self.count += 1
        if kind != "line" or len(self.errors) < 1000:  # single lines come in their order
            self.errors.append({"kind": kind, "what": what, "position": position, "until": until})

    def as_dict(self):
        """`first` is the first wrong position: the history before single lines, what has no position last."""
        errors = sorted(
            self.errors, key=lambda e: (e["position"] is None, e["position"] or 0, e["kind"] in ("line", "report"))
        )
        first = errors[0] if errors and errors[0]["position"] is not None else None
        found = {"ok": not self.count, "first": first, "count": self.count, "errors": errors[:SHOWN]}
        return {**found, "not_checked": self.not_checked, **self.figures}


NO_POLICY = "whether the key is the log's own: it came with the file. Compare it with the one you were given (--policy)"
NO_PIN = "whether the log was cut back or written anew as a whole: give a checkpoint that you kept (--pinned)"
NO_WITNESS = "whether others are shown the same log: the policy names no witness"
NO_RECEIPTS = "whether every line that was promised is there: no receipts were given (--receipts)"
NAMES = "people.jsonl: names as of the day of the bundle, given along and not sealed"


def check_bundle(path, policy=None, pinned=(), receipts=None):
    began, result, bundle = time.perf_counter(), Result(), Bundle(path)
    trusted = policy_of(text_of(policy) if policy else bundle.text("policy.txt"))
    given = {row.split(".")[1]: parts_of(row) for row in (text_of(receipts) if receipts else "").split()}
    notes = list(bundle.checkpoints(pinned, result))
    erased, announced = first_reading(bundle, result)
    good, keys = believed(notes, trusted, announced, result)
    reading = Reading(bundle, {one.size for one in good}, erased, dict(given), result)
    reading.run()
    judge(reading, good, result)
    if max((one.witnesses for one in good if one.source == "the last"), default=-1) < trusted[2]:
        result.wrong("checkpoint", "the last checkpoint is not signed as the policy asks")
    check_reports(bundle, reading.reports, result)
    check_receipts(given, reading.receipts, bundle.manifest, keys, result)
    open_ends = ((policy, NO_POLICY), (pinned, NO_PIN), (trusted[1], NO_WITNESS), (receipts, NO_RECEIPTS), (0, NAMES))
    result.not_checked += [what for known, what in open_ends if not known]
    seconds, size, orphans = time.perf_counter() - began, reading.tree.size, sorted(reading.orphans.values())
    result.figures = {"lines": size, "acts": reading.acts, "checkpoints": len(good), "private": reading.present,
                      "erased": reading.gone, "unattributed": len(orphans), "first_unattributed": orphans[:1],
                      "seconds": round(seconds, 2), "lines_per_second": round(size / seconds)}  # fmt: skip
    return result


def check_proof(path, policy=None):
    """One line, or one older checkpoint, against a checkpoint."""
    result, proof = Result(), json.loads(text_of(path))
    new = Checkpoint(proof["checkpoint"], "in the proof")
    old = [Checkpoint(proof["old"], "the older")] if "old" in proof else []
    trusted = policy_of(text_of(policy) if policy else proof["policy"])
    good, _ = believed([*old, new], trusted, [], result)
    if new.witnesses < trusted[2]:
        result.wrong("checkpoint", "the checkpoint is not signed as the policy asks")
    steps = [bytes.fromhex(step) for step in proof["path"]]
    if old:
        held = old[0].origin == new.origin and consistent(old[0].size, old[0].root, new.size, new.root, steps)
    else:
        leaf = sha256(b"\x00" + proof["line"].encode()).digest()
        held = included(leaf, proof["index"], new.size, steps, new.root)
    if not held:
        result.wrong("proof", "the steps do not lead to the root of the checkpoint", proof.get("index"))
    result.not_checked += [what for known, what in ((policy, NO_POLICY), (trusted[1], NO_WITNESS)) if not known]
    result.figures = {"lines": new.size, "checkpoints": len(good)}
    return result


def printable(text):
    """What stands in a bundle must not speak for this script: no line of its own, no sequence that a terminal obeys."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)


def show(result):
    found = result.as_dict()
    print("HOLDS:" if found["ok"] else "WRONG:", ", ".join(f"{name} {value}" for name, value in result.figures.items()))
    for error in found["errors"]:
        place = "" if error["position"] is None else f" at position {error['position']}"
        place += "" if error["until"] is None else f" to {error['until']}"
        print(f"  {error['kind']}{place}: {printable(error['what'])}")
    print("Not checked:", *map(printable, found["not_checked"]), sep="\n  - ")


UNREADABLE = (Wrong, ArithmeticError, AttributeError, EOFError, LookupError, MemoryError, OSError, RuntimeError, TypeError,
              ValueError, zipfile.BadZipFile, zlib.error)  # fmt: skip


def main(words):
    options, paths, as_json = {"--policy": None, "--receipts": None, "--pinned": []}, [], False
    words = list(words)
    while words:
        word = words.pop(0)
        if word == "--pinned" and words:
            options[word].append(words.pop(0))
        elif word in options and words:
            options[word] = words.pop(0)
        else:
            as_json, paths = as_json or word == "--json", paths + [word] * (word != "--json")
    if len(paths) != 1 or paths[0].startswith("-"):
        print(__doc__)
        return 2
    try:
        if paths[0].endswith(".json"):
            result = check_proof(paths[0], options["--policy"])
        else:
            result = check_bundle(paths[0], options["--policy"], options["--pinned"], options["--receipts"])
    except UNREADABLE as error:
        why = str(error) or type(error).__name__
        print(json.dumps({"ok": False, "unreadable": why}) if as_json else f"UNREADABLE: {printable(why)}")
        return 2
    print(json.dumps(result.as_dict())) if as_json else show(result)
    return 1 if result.count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
