"""A yes in advance: proposed by anybody who works, signed by another of the brand, ended at once, used up when it says so."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from clients.approvals.actions import end_standing, propose_standing, sign_standing
from clients.approvals.models import StandingApproval
from clients.approvals.rules import Template
from clients.approvals.steps import use_standing
from tenants.errors import Conflict, Invalid, Missing, Refused
from tenants.ids import uuid7
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.world import World

TEMPLATE = Template("", "publish", "routine", (), "Ouvert {jour} !")


def proposed(world: World, role: Role = Role.COMMUNITY_MANAGER, **changes: Any) -> StandingApproval:
    return propose_standing(world.actor(role), title="Horaires", template=replace(TEMPLATE, **changes))


def signed(world: World, **changes: Any) -> StandingApproval:
    row = proposed(world, **changes)
    return sign_standing(world.approver, standing_id=row.pk, seen_digest=row.digest)


def test_only_a_signed_one_lets_a_matching_item_out(world: World) -> None:
    world.charter(3)
    row = proposed(world)
    assert world.state_of(world.submitted("Ouvert lundi !")) == "waiting"
    sign_standing(world.approver, standing_id=row.pk, seen_digest=row.digest)
    assert world.state_of(world.submitted("Ouvert mardi !")) == "cleared"
    assert world.state_of(world.submitted("Fermé mardi !")) == "waiting"
    assert world.state_of(world.submitted("Ouvert mal.example !")) == "waiting"
    world.charter(2)
    assert world.state_of(world.submitted("Ouvert jeudi !")) == "waiting"
    world.charter(3)
    end_standing(world.approver, standing_id=row.pk)
    assert world.state_of(world.submitted("Ouvert vendredi !")) == "waiting"


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.BRAND_OWNER, Role.BRAND_MANAGER, Role.APPROVER)])
def test_only_the_brands_approvers_sign_and_end(world: World, role: Role) -> None:
    row = proposed(world)
    with pytest.raises(Refused):
        sign_standing(world.actor(role), standing_id=row.pk, seen_digest=row.digest)
    with pytest.raises(Refused):
        end_standing(world.actor(role), standing_id=row.pk)
    sign_standing(world.approver, standing_id=row.pk, seen_digest=row.digest)


def test_nobody_signs_their_own_and_nobody_signs_twice_or_unseen(world: World) -> None:
    row = proposed(world, Role.APPROVER)
    for actor, seen, code in (
        (world.approver, row.digest, "own_item"),
        (world.owner, "another", "stale_version"),
    ):
        with pytest.raises((Refused, Conflict), match=code):
            sign_standing(actor, standing_id=row.pk, seen_digest=seen)
    sign_standing(world.owner, standing_id=row.pk, seen_digest=row.digest)
    with pytest.raises(Conflict, match="already_decided"):
        sign_standing(world.actor(Role.BRAND_MANAGER), standing_id=row.pk, seen_digest=row.digest)
    end_standing(world.approver, standing_id=row.pk)
    for act in (
        lambda: end_standing(world.owner, standing_id=row.pk),
        lambda: end_standing(world.owner, standing_id=uuid7()),
    ):
        with pytest.raises((Conflict, Missing)):
            act()


def test_it_ends_with_its_last_day_and_its_last_use(world: World) -> None:
    world.charter(3)
    today = timezone.localdate()
    over = signed(world, text="Un {x}", until=today - timedelta(days=2))
    last = signed(world, text="Deux {x}", until=today + timedelta(days=2), uses_left=2)
    assert world.state_of(world.submitted("Un a")) == "waiting"
    assert world.state_of(world.submitted("Deux a")) == "cleared"
    with brand_scope(world.brand):
        for _ in range(3):
            use_standing(str(last.pk))
        use_standing(str(over.pk))
        assert StandingApproval.objects.get(pk=last.pk).uses_left == 0
        assert StandingApproval.objects.get(pk=over.pk).uses_left is None
    assert world.state_of(world.submitted("Deux b")) == "waiting"


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"kind": "shout"}, "unknown_kind", "kind"),
        ({"kind": "delete"}, "irreversible_kind", "kind"),
        ({"kind": "newsletter"}, "irreversible_kind", "kind"),
        ({"sensitivity": "secret"}, "unknown_sensitivity", "sensitivity"),
        ({"text": " "}, "text_missing", "template"),
        ({"text": "{a}"}, "text_missing", "template"),
        ({"text": "{a} {b}\n{c}"}, "text_missing", "template"),
        ({"text": "x" + "{a}" * 21}, "too_many_slots", "template"),
        ({"uses_left": 0}, "out_of_range", "uses_left"),
    ],
)
def test_a_bad_template_names_its_field(world: World, change: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(Invalid) as told:
        proposed(world, **change)
    assert (told.value.code, told.value.field) == (code, field)
    with pytest.raises(Invalid):
        propose_standing(world.cm, title=" ", template=TEMPLATE)
    with pytest.raises(Invalid):
        propose_standing(world.cm, title="t" * 201, template=TEMPLATE)
    with brand_scope(world.brand):
        assert not StandingApproval.objects.exists()
