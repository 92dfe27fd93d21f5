"""Sealing: each line once, in the order of writing, under a head anybody can check; whatever dies, forks or lies meanwhile."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connections

from clients.audit import keys, lines, notes, tree
from clients.audit.actions import erase_private, record, reseal_log_keys, rotate_log_key
from clients.audit.models import Checkpoint, Entry, Leaf, LogKey, Private, RowChange
from clients.audit.sealing import SealFault, seal_batch
from clients.audit.tasks import seal_round
from clients.autonomy.vocabulary import EntryPoint
from clients.items.models import Item
from clients.people.actor import Actor, process_of
from tenants.errors import Conflict, Refused
from tenants.ids import uuid7
from tenants.models import LogHead, Unsealed
from tenants.walls.backend.base import OWNER
from tenants.walls.scope import BrandRef, brand_scope, durable

Brands = tuple[BrandRef, BrandRef]


def house(brand: BrandRef) -> Actor:
    return process_of(brand, EntryPoint.COMMAND, "test")


def write(brand: BrandRef, count: int = 1) -> None:
    """An act with a change of rows, so many times, each in a transaction of its own."""
    for number in range(count):
        with durable(brand):
            Item.objects.create(
                title="x", kind="publish", sensitivity="routine", author_id=uuid7(), author_side="agency"
            )
            record(house(brand), "test.line", None, number=number)


def seal_all() -> int:
    """Until nothing is left."""
    total = 0
    while done := seal_round():
        total += done
    return total


def by_owner(statement: str) -> None:
    with connections[OWNER].cursor() as cursor:
        cursor.execute(statement)


def whole(brand: BrandRef) -> list[bytes]:
    """The exact lines of a brand's log in the order of their leaves, after everything about its tree was checked."""
    with brand_scope(brand):
        found = {e.seq: lines.act_line(e) for e in Entry.objects.all()}
        found |= {r.seq: lines.change_line(r) for r in RowChange.objects.all()}
        leaves = list(Leaf.objects.order_by("idx"))
        assert [leaf.idx for leaf in leaves] == list(range(len(leaves)))
        assert {leaf.seq for leaf in leaves} == set(found), "each line once, and no other"
        trusted = [keys.verifier_key(key) for key in LogKey.objects.all()]
        grown, heads = tree.CompactRange(), {head.size: head for head in Checkpoint.objects.all()}
        for leaf in leaves:
            assert bytes(leaf.hash) == tree.leaf_hash(found[leaf.seq])
            grown.append(bytes(leaf.hash))
            if head := heads.pop(grown.size, None):
                said = notes.verified(head.note, trusted)
                assert (said.size, said.root, bytes(head.root)) == (grown.size, grown.root(), grown.root())
        assert heads == {}
        return [found[leaf.seq] for leaf in leaves]


def test_each_line_once_in_order_under_a_head_that_checks(real_brands: Brands) -> None:
    ours, theirs = real_brands
    write(ours, 3)
    write(theirs)
    assert seal_all() == 6 + 2 + 2 * 2  # and of both: the first key, and the line that tells it
    assert len(whole(ours)) == 8 and len(whole(theirs)) == 4
    write(ours, 2)
    assert seal_all() == 4
    assert len(whole(ours)) == 12
    assert not Unsealed.objects.exists() and seal_round() == 0
    with brand_scope(ours):
        origin = notes.parse_checkpoint(Checkpoint.objects.latest("size").note).origin
    assert origin.endswith(f"/{ours.id}")


def test_small_batches_make_the_same_tree(real_brands: Brands) -> None:
    ours = real_brands[0]
    write(ours, 5)
    seals = 0
    while seal_batch(ours, most=3).lines:
        seals += 1
    assert seals == 4 and len(whole(ours)) == 12


def test_a_line_that_commits_late_is_sealed_late_and_nobody_waits_for_it(real_brands: Brands) -> None:
    """The trap of 'everything above the last number': its number is lower than those already sealed."""
    ours = real_brands[0]
    write(ours)
    seal_all()
    columns = "id, at, side, role, via, verb, subject_kind, facts, request_id, commitment"
    values = "gen_random_uuid(), now(), '', '', 'x', 'late', '', '{}', '', ''"
    with another_session() as late:
        late.execute(f"INSERT INTO {ours.schema_name}.audit_entry ({columns}) VALUES ({values})")
        write(ours, 2)
        assert seal_all() == 4, "nobody waits for the open transaction"
        late.commit()
    assert seal_all() == 1
    assert b'"act":"late"' in whole(ours)[-1]


@contextmanager
def another_session() -> Iterator[psycopg.Connection[Any]]:
    """The owner's, in a transaction that ends when told, or at the end."""
    address = connections.settings[OWNER]
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    with closing(psycopg.connect(**{key: address[name] for key, name in named.items()})) as session:
        yield session


def test_what_a_sealer_did_not_commit_never_was(real_brands: Brands, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = real_brands[0]
    write(ours)
    monkeypatch.setattr("clients.audit.notes.sign_checkpoint", _dies)
    with pytest.raises(KeyboardInterrupt):
        seal_round()
    with brand_scope(ours):
        assert (Leaf.objects.count(), Checkpoint.objects.count(), LogKey.objects.count()) == (0, 0, 0)
    monkeypatch.undo()
    assert seal_all() == 4
    whole(ours)


def _dies(*_: object) -> str:
    raise KeyboardInterrupt


def test_a_second_sealer_finds_the_brand_taken_and_goes_on(real_brands: Brands) -> None:
    ours, theirs = real_brands
    write(ours)
    write(theirs)
    with another_session() as other:
        other.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"seal {ours.id}"])
        assert seal_all() == 4, "the other brand is sealed"
        other.rollback()
    assert seal_all() == 4
    whole(ours), whole(theirs)


def test_a_clock_set_back_changes_no_order(real_brands: Brands, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import timedelta

    from django.utils import timezone

    ours, before = real_brands[0], timezone.now() - timedelta(days=3)
    write(ours)
    seal_all()
    monkeypatch.setattr("clients.audit.actions.timezone.now", lambda: before)
    write(ours)
    assert seal_all() == 2
    assert f'"t":"{lines.moment(before)}"'.encode() in whole(ours)[-1]


# --- Lies: nothing is signed over them, and they are told -----------------------------------------------------------------


def lie(brand: BrandRef, statement: str) -> None:
    """As the owner, with the triggers that guard the log switched off and on again."""
    tables = ("audit_leaf", "audit_checkpoint", "audit_entry", "audit_rowchange")
    for table in tables:
        by_owner(f"ALTER TABLE {brand.schema_name}.{table} DISABLE TRIGGER append_only")
    by_owner(statement.format(brand=brand.schema_name, id=brand.id))
    for table in tables:
        by_owner(f"ALTER TABLE {brand.schema_name}.{table} ENABLE ALWAYS TRIGGER append_only")


LIES = {
    "the last head edited": ("UPDATE {brand}.audit_checkpoint SET root = decode(repeat('00', 32), 'hex')", "cut_back"),
    "its note edited": ("UPDATE {brand}.audit_checkpoint SET note = replace(note, E'\\n4\\n', E'\\n3\\n')", "head_forged"),
    "its frontier edited": ("UPDATE {brand}.audit_checkpoint SET frontier = decode(repeat('00', 32), 'hex')", "head_forged"),
    "heads cut back": ("DELETE FROM {brand}.audit_checkpoint", "cut_back"),
    "the key exchanged": ("UPDATE {brand}.audit_logkey SET public = decode(repeat('00', 32), 'hex')", "head_forged"),
    "a secret of nobody": ("UPDATE {brand}.audit_logkey SET secret = 'x'", "log_key_unreadable"),
    "a leaf ahead": ("INSERT INTO {brand}.audit_leaf VALUES (4, 999999, 'act', '')", "IntegrityError"),
}  # fmt: skip


@pytest.mark.parametrize(("statement", "fault"), LIES.values(), ids=LIES)
def test_nothing_is_signed_over_a_lie_and_the_other_brand_goes_on(
    real_brands: Brands, statement: str, fault: str
) -> None:
    ours, theirs = real_brands
    write(ours)
    assert seal_all() == 4
    lie(ours, statement)
    write(ours)
    write(theirs)
    assert seal_all() == 4, "the other brand's"
    assert LogHead.objects.get(pk=ours.id).fault == f"seal: {fault}"
    assert LogHead.objects.get(pk=theirs.id).fault == ""
    with brand_scope(ours):
        assert Leaf.objects.filter(idx__lt=4).count() == 4 and not Checkpoint.objects.filter(size__gt=4).exists()


FORGED_QUEUE = {
    "a line that is not there": "INSERT INTO tenants_unsealed (brand_id, seq, kind) VALUES ('{id}', 999999, 'act')",
    "a line sealed already": """INSERT INTO tenants_unsealed (brand_id, seq, kind)
        SELECT '{id}', max(seq), 'act' FROM {brand}.audit_leaf""",
    "of another brand": "UPDATE tenants_unsealed SET brand_id = '{id}', seq = seq + 999999",
}


@pytest.mark.parametrize("statement", FORGED_QUEUE.values(), ids=FORGED_QUEUE)
def test_a_forged_queue_row_is_never_sealed_and_stands_out(real_brands: Brands, statement: str) -> None:
    ours = real_brands[0]
    write(ours)
    seal_all()
    write(ours)
    forged = statement.format(brand=ours.schema_name, id=ours.id)
    if "UPDATE" not in statement:
        by_owner(forged)
        assert seal_all() == 2
        whole(ours)
    else:
        write(real_brands[1])
        by_owner(f"{forged} WHERE brand_id = '{real_brands[1].id}'")
        assert seal_all() == 2
    assert Unsealed.objects.filter(brand_id=ours.id).count() == (2 if "UPDATE" in statement else 1)
    assert LogHead.objects.get(pk=ours.id).fault == "seal: line_missing"


def test_a_fault_that_is_mended_is_taken_back(real_brands: Brands) -> None:
    ours = real_brands[0]
    write(ours)
    seal_all()
    by_owner(f"INSERT INTO tenants_unsealed (brand_id, seq, kind) VALUES ('{ours.id}', 999999, 'act')")
    seal_round()
    assert LogHead.objects.get(pk=ours.id).fault
    by_owner("DELETE FROM tenants_unsealed")
    write(ours)
    seal_all()
    assert LogHead.objects.get(pk=ours.id).fault == ""


def test_a_batch_of_another_size_is_refused_by_the_database(real_brands: Brands) -> None:
    ours = real_brands[0]
    write(ours)
    seal_all()
    with pytest.raises(Exception, match="the log has 4 lines, not 3"), connections["default"].cursor() as cursor:
        write(ours)
        seq = Unsealed.objects.order_by("seq").values_list("seq", flat=True)[0]
        cursor.execute(
            "SELECT tenants_seal(%s, %s::bigint[], %s, %s::bytea[], %s, %s, %s, %s)",
            [ours.id, [seq], ["act"], [b"x"], 3, b"x", "x", b""],
        )


# --- Keys ----------------------------------------------------------------------------------------------------------------


def signers(brand: BrandRef) -> list[int]:
    """The number of the key that signed each head, in order."""
    with brand_scope(brand):
        by_id = {keys.verifier_key(key).key_id: key.number for key in LogKey.objects.all()}
        return [
            by_id[notes.parse_checkpoint(head.note).signatures[0].key_id]
            for head in Checkpoint.objects.order_by("size")
        ]


def test_a_new_key_is_announced_under_the_one_before(real_brands: Brands) -> None:
    ours = real_brands[0]
    write(ours)
    seal_all()
    write(ours)
    fresh = rotate_log_key(actor=house(ours))
    write(ours)
    assert seal_all() == 2 + 2 + 2
    announced, *after = [line for line in whole(ours) if b'"act":"log.key"' in line]
    assert after == [] and str(keys.verifier_key(fresh)).encode() in announced
    with brand_scope(ours):
        sizes = list(Checkpoint.objects.order_by("size").values_list("size", flat=True))
        at = Leaf.objects.get(seq=Entry.objects.get(verb="log.key").seq).idx
    last_of_first = max(size for size, number in zip(sizes, signers(ours), strict=True) if number == 1)
    assert last_of_first == at + 1, "the head that holds the announcement, and nothing after it"
    assert signers(ours)[-1] == 2


def test_keys_follow_the_installations_keys_and_open_for_their_brand_alone(real_brands: Brands, settings: Any) -> None:
    ours, theirs = real_brands
    old, new = settings.FIELD_ENCRYPTION_KEYS[0], "3q2-7wR5kZ8hXo1nYpVtLb4sCgUfJd6eQmAiTzNyWx0="
    write(ours)
    seal_all()
    settings.FIELD_ENCRYPTION_KEYS = (new, old)
    assert reseal_log_keys(actor=house(ours)) == (1, [])
    settings.FIELD_ENCRYPTION_KEYS = (new,)
    with brand_scope(ours):
        key = LogKey.objects.get()
        keys.signing_key(key, ours.id)
        with pytest.raises(Conflict, match="log_key_unreadable"):
            keys.signing_key(key, theirs.id)
    assert seal_all() == 2
    settings.FIELD_ENCRYPTION_KEYS = (old,)
    assert reseal_log_keys(actor=house(ours)) == (0, [1])


@pytest.mark.parametrize("action", [rotate_log_key, reseal_log_keys], ids=lambda action: action.__name__)
def test_only_the_installation_touches_keys(world: Any, action: Callable[..., object]) -> None:
    for actor in (world.owner, process_of(world.brand, EntryPoint.WORKER, "x")):
        with pytest.raises(Refused, match="not_allowed"):
            action(actor=actor)


def test_no_new_key_before_there_is_a_first(brand_a: BrandRef) -> None:
    with pytest.raises(Conflict, match="log_not_opened"):
        rotate_log_key(actor=house(brand_a))


# --- Erasure -------------------------------------------------------------------------------------------------------------


def test_an_erasure_leaves_the_log_whole_and_says_what_it_took(real_brands: Brands) -> None:
    ours = real_brands[0]
    write(ours, 4)
    seal_all()
    before = whole(ours)
    with durable(ours):
        chosen = list(Entry.objects.filter(verb="test.line").order_by("seq"))
        said = erase_private(house(ours), [chosen[0].pk, chosen[1].pk, chosen[3].pk], because="request")
        assert not Private.objects.filter(pk=chosen[0].pk).exists() and Private.objects.filter(pk=chosen[2].pk).exists()
    assert said.facts == {"because": "request", "seqs": [[c.seq, c.seq] for c in (chosen[0], chosen[1], chosen[3])]}
    assert seal_all() == 2  # the line, and the rows that went
    assert whole(ours)[: len(before)] == before


def test_nothing_is_erased_twice(brand_a: BrandRef) -> None:
    with brand_scope(brand_a):
        line = record(house(brand_a), "test.line", None)
        erase_private(house(brand_a), [line.pk])
        assert erase_private(house(brand_a), [line.pk]).facts == {"seqs": []}


def test_faults_have_codes() -> None:
    assert str(SealFault("cut_back")) == "cut_back"
