"""The path of one outward act: submitted, asked, cleared, asked again, sent, receipted. And every way not to go out."""

import pytest

from clients.autonomy.vocabulary import Basis
from clients.gate.actions import (
    approve_item,
    approve_with_edit,
    ask_change,
    perform_item,
    refuse_item,
    submit_item,
    veto_item,
    withdraw_item,
)
from clients.gate.models import DecisionRecord, Receipt
from clients.gate.replay import replay
from clients.items.actions import edit_item
from clients.items.models import Item
from tenants.errors import Conflict, Invalid, Refused
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.world import World


def digest(item: Item) -> str:
    assert item.version is not None
    return item.version.digest


def test_an_approved_item_goes_out_once_and_leaves_a_receipt_that_replays(world: World) -> None:
    item = world.submitted("Des fraises dès samedi.")
    assert world.state_of(item) == "waiting"
    world.run_outbox()
    assert world.on_the_wall() == []

    approve_item(world.approver, item_id=item.pk, seen_digest=digest(item))
    world.run_outbox()
    world.run_outbox()

    assert world.state_of(item) == "sent"
    assert world.on_the_wall() == ["Des fraises dès samedi."]
    with brand_scope(world.brand):
        receipt = Receipt.objects.select_related("decision").get()
        assert (receipt.basis, receipt.content_digest) == (Basis.APPROVAL, digest(item))
        assert receipt.approved_by == [str(world.people[Role.APPROVER].pk)]
        assert all(replay(kept).same for kept in DecisionRecord.objects.all())


@pytest.mark.parametrize(
    ("level", "state"), [(0, "refused"), (1, "waiting"), (2, "waiting"), (4, "submitted"), (5, "sent"), (6, "sent")]
)
def test_the_level_decides_where_an_item_goes(world: World, level: int, state: str) -> None:
    world.charter(level)
    item = world.submitted()
    world.run_outbox("gate.send")
    assert world.state_of(item) == state
    assert len(world.on_the_wall()) == (1 if state == "sent" else 0)


def test_an_edit_after_approval_voids_it(world: World) -> None:
    item = world.submitted("Avant.", not_before=None)
    approve_item(world.approver, item_id=item.pk, seen_digest=digest(item))
    edit_item(world.cm, item_id=item.pk, seen_digest=digest(item), content=world.content("Après."))
    world.run_outbox()
    assert world.state_of(item) == "draft"
    assert world.on_the_wall() == []


def test_approving_what_has_changed_since_is_a_conflict(world: World) -> None:
    item = world.submitted("Avant.")
    seen = digest(item)
    version = edit_item(world.cm, item_id=item.pk, seen_digest=seen, content=world.content("Après."))
    submit_item(world.cm, item_id=item.pk, seen_digest=version.digest)
    with pytest.raises(Conflict) as stale:
        approve_item(world.approver, item_id=item.pk, seen_digest=seen)
    assert stale.value.code == "stale_version"
    approve_item(world.approver, item_id=item.pk, seen_digest=version.digest)
    world.run_outbox()
    assert world.on_the_wall() == ["Après."]


def test_an_approver_may_approve_another_wording_and_only_that_goes_out(world: World) -> None:
    item = world.submitted("Salut les gens")
    approve_with_edit(
        world.approver, item_id=item.pk, seen_digest=digest(item), content=world.content("Bonjour à toutes et à tous")
    )
    world.run_outbox()
    assert world.on_the_wall() == ["Bonjour à toutes et à tous"]


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.BRAND_OWNER, Role.BRAND_MANAGER, Role.APPROVER)])
def test_only_the_brands_approvers_say_yes(world: World, role: Role) -> None:
    item = world.submitted()
    with pytest.raises(Refused):
        approve_item(world.actor(role), item_id=item.pk, seen_digest=digest(item))
    assert world.state_of(item) == "waiting"
    approve_item(world.approver, item_id=item.pk, seen_digest=digest(item))
    assert world.state_of(item) == "cleared"


def test_nobody_approves_their_own_item(world: World) -> None:
    item = world.draft(by=world.approver)
    submitted = submit_item(world.cm, item_id=item.pk, seen_digest=digest(item))
    with pytest.raises(Refused) as own:
        approve_item(world.approver, item_id=item.pk, seen_digest=digest(submitted))
    assert own.value.code == "own_item"
    approve_item(world.actor(Role.BRAND_MANAGER), item_id=item.pk, seen_digest=digest(submitted))
    assert world.state_of(item) == "cleared"


def test_a_refused_content_stays_refused_however_it_comes_back(world: World) -> None:
    item = world.submitted("Non.")
    refuse_item(world.approver, item_id=item.pk, seen_digest=digest(item), comment="Pas nous.")
    assert world.state_of(item) == "refused"
    world.charter(6)
    version = edit_item(world.cm, item_id=item.pk, seen_digest=digest(item), content=world.content("Non."))
    submit_item(world.cm, item_id=item.pk, seen_digest=version.digest)
    world.run_outbox()
    assert world.state_of(item) == "refused"
    assert world.on_the_wall() == []


def test_asking_for_a_change_needs_a_comment_and_gives_the_item_back(world: World) -> None:
    item = world.submitted()
    with pytest.raises(Invalid):
        ask_change(world.approver, item_id=item.pk, seen_digest=digest(item), comment=" ")
    ask_change(world.approver, item_id=item.pk, seen_digest=digest(item), comment="Plus court.")
    assert world.state_of(item) == "draft"


def test_at_level_one_the_brand_performs(world: World) -> None:
    world.charter(1)
    item = world.submitted("À vous.")
    with pytest.raises(Refused):
        perform_item(world.actor(Role.AGENCY_MANAGER), item_id=item.pk, seen_digest=digest(item))
    approve_item(world.approver, item_id=item.pk, seen_digest=digest(item))
    world.run_outbox()
    assert world.on_the_wall() == []
    perform_item(world.actor(Role.BRAND_MANAGER), item_id=item.pk, seen_digest=digest(item))
    world.run_outbox()
    assert world.on_the_wall() == ["À vous."]


def test_the_brand_takes_back_what_is_cleared_for_later(world: World) -> None:
    from datetime import timedelta

    from django.utils import timezone

    later = timezone.now() + timedelta(hours=2)
    item = world.submitted(not_before=later)
    approve_item(world.approver, item_id=item.pk, seen_digest=digest(item))
    world.run_outbox()
    assert world.state_of(item) == "cleared"
    veto_item(world.approver, item_id=item.pk)
    assert world.state_of(item) == "vetoed"
    other = world.submitted("Autre.", not_before=later)
    withdraw_item(world.cm, item_id=other.pk)
    assert world.state_of(other) == "withdrawn"


def test_who_has_left_the_brand_sends_nothing_any_more(world: World) -> None:
    from django.utils import timezone

    from tenants.models import Membership

    item = world.submitted()
    approve_item(world.approver, item_id=item.pk, seen_digest=digest(item))
    Membership.objects.filter(person=world.people[Role.COMMUNITY_MANAGER]).update(ended_at=timezone.now())
    world.run_outbox()
    assert world.state_of(item) == "refused"
    assert world.on_the_wall() == []


def test_who_changed_sides_meanwhile_does_not_carry_the_item_over(world: World) -> None:
    from django.utils import timezone

    from tenants.models import Membership
    from tests.conftest import make_member

    item = world.submitted()
    approve_item(world.approver, item_id=item.pk, seen_digest=digest(item))
    person = world.people[Role.COMMUNITY_MANAGER]
    Membership.objects.filter(person=person).update(ended_at=timezone.now())
    make_member(world.brand, Role.BRAND_MANAGER, person)
    world.run_outbox()
    assert world.state_of(item) == "refused"
    assert world.on_the_wall() == []


def test_the_agency_does_not_touch_what_the_brand_brought_itself(world: World) -> None:
    from datetime import timedelta

    from django.utils import timezone

    manager = world.actor(Role.BRAND_MANAGER)
    item = world.submitted("De nous.", by=manager, not_before=timezone.now() + timedelta(hours=1))
    for attempt in (
        lambda: withdraw_item(world.cm, item_id=item.pk),
        lambda: edit_item(world.cm, item_id=item.pk, seen_digest=digest(item), content=world.content("D'eux.")),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == "other_sides_item"
    assert world.state_of(item) == "cleared"
    withdraw_item(manager, item_id=item.pk)
    assert world.state_of(item) == "withdrawn"
