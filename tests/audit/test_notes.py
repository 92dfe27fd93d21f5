"""Checkpoints in the public form: what others sign we can read, and a false one is refused."""

import base64
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from clients.audit.notes import (
    NoNote,
    fingerprint,
    parse_checkpoint,
    parse_verifier_key,
    sign_checkpoint,
    verified,
    verifier_key,
)

ORIGIN = "relais.example/0191f3a0-0000-7000-8000-000000000001"
ROOT = sha256(b"root").digest()
KEY, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2))
MINE, THEIRS = verifier_key(ORIGIN, KEY), verifier_key(ORIGIN, OTHER)


def test_a_key_and_a_note_as_the_go_library_writes_them() -> None:
    """The example of golang.org/x/mod/sumdb/note: its key id and its signature are right by our reckoning too."""
    key = parse_verifier_key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    signed = base64.b64decode(
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    )
    assert signed[:4] == key.key_id
    from clients.audit.notes import signed_by

    assert signed_by(key, text, signed[4:])
    assert not signed_by(key, text + "x", signed[4:])


def test_a_checkpoint_comes_back_as_it_was_signed() -> None:
    note = sign_checkpoint(ORIGIN, 12, ROOT, KEY)
    found = verified(note, [MINE])
    assert (found.origin, found.size, found.root, found.note) == (ORIGIN, 12, ROOT, note)
    assert note.startswith(f"{ORIGIN}\n12\n{base64.b64encode(ROOT).decode()}\n\n\N{EM DASH} {ORIGIN} ")


def test_two_keys_sign_while_one_takes_over() -> None:
    note = sign_checkpoint(ORIGIN, 12, ROOT, KEY, OTHER)
    assert verified(note, [MINE]) == verified(note, [THEIRS]) == verified(note, [MINE, THEIRS])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda note: note.replace("\n12\n", "\n13\n"),
        lambda note: note.replace(ORIGIN, ORIGIN[:-1] + "2", 1),
        lambda note: note.replace(base64.b64encode(ROOT).decode(), base64.b64encode(sha256(b"x").digest()).decode()),
        lambda note: note[:-10] + ("A" if note[-10] != "A" else "B") + note[-9:],
        lambda note: note.replace("\n12\n", "\n012\n"),
        lambda note: note.replace("\n\n", "\nan extension\n\n"),
        lambda note: note[:-1],
        lambda note: note.partition("\n\n")[0] + "\n",
        lambda note: "",
    ],
)
def test_anything_else_is_refused(spoil) -> None:
    note = sign_checkpoint(ORIGIN, 12, ROOT, KEY)
    assert verified(note, [MINE])
    with pytest.raises(NoNote):
        verified(spoil(note), [MINE])


def test_another_key_or_another_log_is_refused() -> None:
    with pytest.raises(NoNote, match="key of this log"):
        verified(sign_checkpoint(ORIGIN, 12, ROOT, OTHER), [MINE])
    with pytest.raises(NoNote, match="key of this log"):
        verified(sign_checkpoint("relais.example/another", 12, ROOT, KEY), [MINE])


def test_a_false_signature_beside_a_true_one_is_refused() -> None:
    note = sign_checkpoint(ORIGIN, 12, ROOT, KEY, OTHER)
    spoilt = note[:-10] + ("A" if note[-10] != "A" else "B") + note[-9:]
    assert verified(spoilt, [MINE])
    with pytest.raises(NoNote, match="false"):
        verified(spoilt, [MINE, THEIRS])


def test_a_key_under_a_false_id_is_refused() -> None:
    assert parse_verifier_key(str(MINE)) == MINE
    with pytest.raises(NoNote, match="another key"):
        parse_verifier_key(str(MINE).replace(MINE.key_id.hex(), THEIRS.key_id.hex()))


@pytest.mark.parametrize("origin", ["", "with space", "with+plus", "with\nline"])
def test_an_origin_that_would_break_the_note_is_refused(origin: str) -> None:
    with pytest.raises(ValueError, match="cannot name"):
        sign_checkpoint(origin, 1, ROOT, KEY)


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    for read in (parse_checkpoint, parse_verifier_key):
        try:
            read(text)
        except NoNote:
            continue


def test_a_fingerprint_is_of_the_text_and_not_of_who_signed() -> None:
    assert fingerprint(sign_checkpoint(ORIGIN, 12, ROOT, KEY)) == fingerprint(sign_checkpoint(ORIGIN, 12, ROOT, OTHER))
    assert fingerprint(sign_checkpoint(ORIGIN, 12, ROOT, KEY)) != fingerprint(sign_checkpoint(ORIGIN, 13, ROOT, KEY))
    assert len(fingerprint(sign_checkpoint(ORIGIN, 12, ROOT, KEY)).split()) == 8
