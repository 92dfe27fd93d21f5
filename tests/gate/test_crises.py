"""A crisis and words of before: which count, and what of the brand's own is held when its moment comes."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from clients.crisis.actions import answer_own_acts, declare_crisis, end_crisis
from clients.crisis.queries import Lately
from clients.gate.actions import approve_item
from clients.gate.crises import holds_own, is_in_force, knew
from clients.items.models import Item
from tenants.errors import Refused
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.world import World

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def crisis(over: datetime | None, own: str = "") -> tuple[Lately, ...]:
    return (Lately(uuid4(), NOON, over, own),)


@pytest.mark.parametrize(
    ("over", "said", "planned", "counts"),
    [
        (None, -1, 5, False),  # while it lasts, whenever the act is planned
        (None, 1, 5, True),
        (NOON + 2 * HOUR, -1, 1, False),  # its moment passed meanwhile
        (NOON + 2 * HOUR, 1, 1, True),
        (NOON + 2 * HOUR, -1, 3, True),  # its moment comes after it
        (NOON + 2 * HOUR, -3, -2, True),  # its moment was before it
    ],
)
def test_which_yes_counts(over: datetime | None, said: int, planned: int, counts: bool) -> None:
    assert knew(crisis(over), NOON + said * HOUR, NOON + planned * HOUR) is counts


def test_what_holds_the_brands_own() -> None:
    before, after = NOON - HOUR, NOON + HOUR
    assert holds_own(crisis(None), before) and holds_own(crisis(None, "hold"), before)
    assert not holds_own(crisis(None), after)
    assert not holds_own(crisis(None, "go_on"), before)
    assert not holds_own(crisis(NOON + HOUR), before) and not is_in_force(crisis(NOON + HOUR))


def scheduled(world: World, by: Role) -> Item:
    return world.submitted("Samedi, atelier !", by=world.actor(by), not_before=NOON + HOUR)


def outcome(world: World, item: Item) -> str:
    """What became of it once its moment had come."""
    world.run_outbox()
    with brand_scope(world.brand):
        return str(Item.objects.get(pk=item.pk).state)


@pytest.mark.parametrize(("answer", "state"), [("", "held"), ("hold", "held"), ("go_on", "sent")])
def test_the_brands_own_waits_for_its_word(world: World, answer: str, state: str) -> None:
    with time_machine.travel(NOON - HOUR, tick=True) as clock:
        early = scheduled(world, Role.BRAND_MANAGER)
        clock.move_to(NOON)
        begun = declare_crisis(world.owner, text="Rappel")
        late = scheduled(world, Role.BRAND_MANAGER)
        if answer:
            answer_own_acts(world.owner, crisis_id=begun.pk, answer=answer)
        clock.move_to(NOON + HOUR + timedelta(minutes=1))
        assert (outcome(world, early), outcome(world, late)) == (state, "sent")


def test_a_yes_of_before_does_not_send_what_should_have_left_meanwhile(world: World) -> None:
    with time_machine.travel(NOON - HOUR, tick=True) as clock:
        item = scheduled(world, Role.COMMUNITY_MANAGER)
        assert item.version is not None
        approve_item(world.approver, item_id=item.pk, seen_digest=item.version.digest)
        clock.move_to(NOON)
        begun = declare_crisis(world.owner, text="Rappel")
        clock.move_to(NOON + 2 * HOUR)
        world.charter(level=2)
        assert outcome(world, item) == "waiting"
        end_crisis(world.owner, crisis_id=begun.pk, text="Fini")
        assert outcome(world, item) == "waiting"
        approve_item(world.approver, item_id=item.pk, seen_digest=item.version.digest)
        assert outcome(world, item) == "sent"


def test_only_the_brands_heads_answer(world: World) -> None:
    begun = declare_crisis(world.owner, text="Rappel")
    for role in (Role.AGENCY_OWNER, Role.APPROVER):
        with pytest.raises(Refused, match="not_allowed"):
            answer_own_acts(world.actor(role), crisis_id=begun.pk, answer="hold")
    with pytest.raises(Refused, match="step_up_required"):
        answer_own_acts(world.actor(Role.BRAND_OWNER, stepped_up=False), crisis_id=begun.pk, answer="go_on")
