"""Verify now: what holds; what is wrong first after each thing the owner of the tables can do; going on after a stop."""

import pytest

from clients.audit import recomputing, stored
from clients.audit.models import Entry, Leaf
from clients.audit.tree import leaf_hash
from clients.evidence.actions import begin_check, go_on_checking
from clients.evidence.models import Check
from clients.evidence.queries import last_check, seal_state, sealed_checkpoint
from clients.outbox.models import OutboxRow
from tenants.errors import Conflict, Refused
from tenants.vocabulary import Role
from tenants.walls.scope import BrandRef, brand_scope
from tests.evidence.conftest import seal_all
from tests.evidence.tampering import tamper
from tests.world import World


def checked(world: World) -> Check:
    check = begin_check(world.actor(Role.AUDITOR))
    while go_on_checking(world.brand, check_id=check.pk):
        pass
    with brand_scope(world.brand):
        found = last_check()
    assert found is not None and found.ended_at is not None
    return found


def seq_at(world: World, position: int) -> int:
    with brand_scope(world.brand):
        return Leaf.objects.get(idx=position).seq


def an_act(world: World, after: int = 0) -> int:
    """The position of some act's line."""
    with brand_scope(world.brand):
        found = Leaf.objects.filter(idx__gte=after, seq__in=Entry.objects.values("seq")).order_by("idx").first()
    assert found is not None
    return found.idx


def test_a_log_that_nobody_touched_holds(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recomputing, "A_STRETCH", 10)
    found = checked(world)
    assert found.size > 40 and (found.fault, found.done, found.good) == ("", found.size, found.size)
    with brand_scope(world.brand):
        begun, ended = Entry.objects.filter(verb__in=("log.check_begun", "log.checked")).order_by("seq")
        assert (begun.facts["size"], ended.facts) == (found.size, {"size": found.size})


FACTS = "UPDATE audit_entry SET facts = '{\"number\": 9}' WHERE seq = %s"


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        (FACTS, "changed"),
        ("UPDATE audit_entry SET verb = 'item.read' WHERE seq = %s", "changed"),
        ("UPDATE audit_entry SET at = at + interval '1 microsecond' WHERE seq = %s", "changed"),
        ("DELETE FROM audit_entry WHERE seq = %s", "missing"),
        ("DELETE FROM audit_leaf WHERE seq = %s", "cut"),
        ("UPDATE audit_leaf SET hash = sha256('x') WHERE seq = %s", "changed"),
        ("DELETE FROM audit_private WHERE id = (SELECT id FROM audit_entry WHERE seq = %s)", "private"),
        (
            """UPDATE audit_private SET data = '{"name": "X"}' WHERE id = (SELECT id FROM audit_entry WHERE seq = %s)""",
            "private",
        ),
    ],
)
def test_what_is_done_to_one_line_is_named_with_its_place(world: World, statement: str, kind: str) -> None:
    position = an_act(world, after=11)
    tamper(world.brand, (statement, [seq_at(world, position)]))
    found = checked(world)
    assert (found.fault, found.position) == (kind, position)


def test_a_line_and_its_leaf_changed_together_lie_between_two_checkpoints(world: World) -> None:
    position = an_act(world, after=16)
    seq = seq_at(world, position)
    tamper(world.brand, (FACTS, [seq]))
    with brand_scope(world.brand):
        leaf = leaf_hash(stored.stretch(position, position + 1)[0].line)
    tamper(world.brand, ("UPDATE audit_leaf SET hash = %s WHERE seq = %s", [leaf, seq]))
    found = checked(world)
    assert (found.fault, found.position, found.until) == ("forked", position // 7 * 7, position // 7 * 7 + 6)


def test_a_line_put_in_past_the_triggers_is_named_by_its_place(world: World) -> None:
    position = an_act(world, after=11)
    copy = """INSERT INTO audit_entry (id, seq, tx, at, person_id, side, role, via, verb, subject_kind, subject_id, facts,
        request_id, commitment) SELECT gen_random_uuid(), nextval('audit_seq'), tx, at, person_id, side, role, via, verb,
        subject_kind, subject_id, facts, request_id, '' FROM audit_entry WHERE seq = %s"""
    tamper(world.brand, (copy, [seq_at(world, position)]))
    found = checked(world)
    assert (found.fault, found.position) == ("unsealed", found.size)


def test_the_tail_cut_with_its_leaves_is_found(world: World) -> None:
    with brand_scope(world.brand):
        size = sealed_checkpoint().size
    seq = seq_at(world, size - 3)
    cut = [f"DELETE FROM {table} WHERE seq >= %s" for table in ("audit_entry", "audit_rowchange", "audit_leaf")]
    tamper(world.brand, *((statement, [seq]) for statement in cut))
    found = checked(world)
    assert (found.fault, found.position) == ("cut", size - 3)


def test_a_log_set_back_with_all_its_checkpoints_is_shorter_than_the_hub_remembers(world: World) -> None:
    seq = seq_at(world, 14)
    cut = [f"DELETE FROM {table} WHERE seq >= %s" for table in ("audit_entry", "audit_rowchange", "audit_leaf")]
    tamper(world.brand, *((one, [seq]) for one in cut), ("DELETE FROM audit_checkpoint WHERE size > %s", [14]))
    found = checked(world)
    assert (found.fault, found.position) == ("cut", 14)


def test_a_checkpoint_with_another_root_or_a_false_signature_is_found(world: World) -> None:
    tamper(world.brand, ("UPDATE audit_checkpoint SET root = sha256('x') WHERE size = %s", [14]))
    found = checked(world)
    assert (found.fault, found.position, found.until) == ("checkpoint", 7, 13)


def test_it_goes_on_where_it_stopped(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recomputing, "A_STRETCH", 10)
    check = begin_check(world.owner)
    assert go_on_checking(world.brand, check_id=check.pk) and go_on_checking(world.brand, check_id=check.pk)
    with brand_scope(world.brand):
        half = last_check()
    assert half is not None and (half.done, half.good, half.ended_at) == (20, 14, None)
    while go_on_checking(world.brand, check_id=check.pk):
        pass
    with brand_scope(world.brand):
        whole = last_check()
    assert whole is not None and (whole.fault, whole.done) == ("", whole.size)
    assert not go_on_checking(world.brand, check_id=check.pk)


def test_one_at_a_time_and_only_for_who_reads_the_log(world: World, real_brands: tuple[BrandRef, BrandRef]) -> None:
    for role in set(Role) - {Role.BRAND_OWNER, Role.BRAND_MANAGER, Role.AUDITOR}:
        with pytest.raises(Refused):
            begin_check(world.actor(role))
    check = begin_check(world.owner)
    with pytest.raises(Conflict, match="check_running"):
        begin_check(world.actor(Role.AUDITOR))
    with brand_scope(world.brand):
        assert OutboxRow.objects.filter(kind="evidence.check", payload={"check": str(check.pk)}).count() == 1
    with brand_scope(real_brands[1]):
        assert not Check.objects.exists()


def test_the_state_of_the_seal(world: World, real_brands: tuple[BrandRef, BrandRef]) -> None:
    with brand_scope(world.brand):
        state = seal_state()
        assert state.newest is not None and state.waiting == 0
    world.draft()
    with brand_scope(world.brand):
        state = seal_state()
        assert state.waiting >= 2
    with brand_scope(real_brands[1]):
        other = seal_state()
        assert (other.newest, other.waiting) == (None, 0)
    seal_all(world.brand)
