"""A press that wrote lines answers with a promise for each: signed by the log's key, kept once the line is sealed."""

import base64

import pytest
from django.test import Client

from clients.audit import keys, lines, notes, receipts
from clients.audit.actions import record
from clients.audit.models import Entry, Leaf, LogKey
from clients.audit.receipts import listening, receipts_of
from tenants.walls.scope import BrandRef, brand_scope, durable
from tests.audit.test_sealing import Brands, house, seal_all, write


@pytest.fixture(autouse=True)
def _no_signer_lingers() -> None:
    receipts.forget()


def promised(brand: BrandRef, receipt: str) -> bytes:
    """The leaf that a receipt promises, after its signature was checked."""
    entry, leaf, rest = receipt.split(".", 2)
    at, signature = rest.rsplit(".", 1)
    with brand_scope(brand):
        trusted = [keys.verifier_key(key) for key in LogKey.objects.all()]
    text = lines.receipt_text(trusted[0].name, entry, bytes.fromhex(leaf), at).decode()
    signed = base64.urlsafe_b64decode(signature + "==")
    assert any(notes.signed_by(key, text, signed) for key in trusted)
    return bytes.fromhex(leaf)


def test_a_promise_is_kept(real_brands: Brands) -> None:
    ours = real_brands[0]
    write(ours)
    seal_all()
    with listening() as committed:
        write(ours, 2)
    given = receipts_of(ours, committed)
    assert len(given) == 2
    leaves = [promised(ours, receipt) for receipt in given]
    seal_all()
    with brand_scope(ours):
        assert {bytes(leaf) for leaf in Leaf.objects.values_list("hash", flat=True)} >= set(leaves)


def test_what_was_rolled_back_is_not_promised(real_brands: Brands) -> None:
    ours = real_brands[0]
    with listening() as committed:
        with pytest.raises(RuntimeError), durable(ours):
            record(house(ours), "test.undone", None)
            raise RuntimeError
        write(ours)
    assert [line.verb for line in committed] == ["test.line"]


def test_no_promise_without_a_key_and_none_of_another_brands(real_brands: Brands) -> None:
    ours, theirs = real_brands
    write(theirs)
    seal_all()
    with listening() as committed:
        write(ours)
    assert receipts_of(ours, committed) == []


def test_what_cannot_be_promised_is_done_all_the_same(real_brands: Brands, settings: object) -> None:
    ours = real_brands[0]
    write(ours)
    seal_all()
    settings.FIELD_ENCRYPTION_KEYS = ("3q2-7wR5kZ8hXo1nYpVtLb4sCgUfJd6eQmAiTzNyWx0=",)  # type: ignore[attr-defined]
    with listening() as committed:
        write(ours)
    assert len(committed) == 1 and receipts_of(ours, committed) == []


def test_the_answer_to_a_press_carries_it(real_brands: Brands) -> None:
    from django.conf import settings

    from tenants.vocabulary import Role
    from tests.conftest import make_person
    from tests.world import make_world

    ours = real_brands[0]
    world = make_world(ours, make_person)
    seal_all()
    client = Client(headers={"host": f"{ours.slug}.{settings.HUB_HOST}", "accept-language": "en"})
    client.force_login(world.people[Role.BRAND_OWNER], backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "Audit-Receipt" not in client.get("/stops/")
    answer = client.post("/stops/stop", {"scope": "all"})
    assert answer.status_code == 303
    leaves = [promised(ours, receipt) for receipt in answer["Audit-Receipt"].split(", ")]
    seal_all()
    with brand_scope(ours):
        sealed = {bytes(leaf.hash): leaf.seq for leaf in Leaf.objects.filter(kind="act")}
        verbs = list(Entry.objects.filter(seq__in=[sealed[leaf] for leaf in leaves]).values_list("verb", flat=True))
    assert verbs == ["brake.stopped"]
