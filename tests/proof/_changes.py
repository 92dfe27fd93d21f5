"""What the brand may do between the gate's first answer and its last, and how the question then reads; for `gate-oracle`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from clients.autonomy.vocabulary import MandateState, Sensitivity
from clients.briefings.actions import acknowledge_briefing, publish_briefing
from clients.briefings.queries import number_in_force
from clients.crisis.actions import declare_crisis, end_crisis
from clients.gate.actions import resume, stop
from clients.mandates.actions import resume_mandate, suspend_mandate
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.world import SECTIONS as OF_THE_WORLD
from tests.world import World

SECTIONS = OF_THE_WORLD | {
    "house_rules": [
        {"number": "1", "rule": "Stay kind."},
        {"number": "2", "rule": "No threats.", "urgent": "danger"},
    ]
}
"""Two house rules besides, one of them urgent, for what takes something away."""

READERS = (Role.COMMUNITY_MANAGER, Role.AGENCY_MANAGER, Role.AGENCY_OWNER)


@dataclass(slots=True)
class Change:
    """Something the brand does between the first answer and the last; `facts` says how a question then reads."""

    name: str
    facts: dict[str, Any]
    make: Callable[[World], object] = lambda world: None
    unmake: Callable[[World], object] = lambda world: None
    raises: Sensitivity | None = None


def _stop(world: World) -> None:
    world.extra["hold"] = stop(world.approver).pk


def _resume(world: World) -> None:
    hold: UUID = world.extra.pop("hold")
    resume(world.owner, hold_id=hold)


def _rewrite(world: World) -> None:
    with brand_scope(world.brand):
        number = number_in_force()
    publish_briefing(
        actor=world.owner, after=number, sections=SECTIONS | {"tone": f"Version {number + 1}."}, calendar={}
    )


def publish_rules(world: World) -> None:
    """The briefing in force has the house rules, and everybody has read it."""
    _topics()(world)


def _topics(**sections: Any) -> Callable[[World], None]:
    """A version in which every text of the comparison ('Cell 7', 'Standing 8') touches a topic; and everybody has read it."""

    def publish(world: World) -> None:
        with brand_scope(world.brand):
            number = number_in_force()
        publish_briefing(actor=world.owner, after=number, sections=SECTIONS | sections, calendar={})
        _read(world)

    return publish


def _read(world: World) -> None:
    with brand_scope(world.brand):
        number = number_in_force()
    for role in READERS:
        acknowledge_briefing(actor=world.actor(role), number=number)


def _alarm(world: World) -> None:
    world.extra["crisis"] = declare_crisis(world.owner, text="A fire in the shop.").pk


def _all_clear(world: World) -> None:
    end_crisis(world.owner, crisis_id=world.extra.pop("crisis"), text="It is out.")


CHANGES = (
    Change("nothing", {}),
    Change("nothing", {}),
    Change("a stop", {"holds": ("h",)}, _stop, _resume),
    Change("a new briefing", {"briefing_acknowledged": False}, _rewrite, _read),
    Change(
        "a suspended mandate",
        {"mandate": MandateState.SUSPENDED},
        lambda world: suspend_mandate(actor=world.owner, mandate_id=world.mandate.pk),
        lambda world: resume_mandate(actor=world.owner, mandate_id=world.mandate.pk),
    ),
    Change(
        "a forbidden topic",
        {"barred": ("forbidden_topic",)},
        make=_topics(forbidden_topics=[{"words": "cells; STANDINGS", "then": "refuse"}]),
        unmake=_topics(),
    ),
    Change(
        "an embargo",
        {"cautions": ("embargoed_topic",)},
        make=_topics(embargoes=[{"words": "cell; standing", "until": "2999-12-31"}]),
        unmake=_topics(),
    ),
    Change(
        "a sensitive topic",
        {"raised": ("sensitive_topic",)},
        _topics(sensitive_topics=["cell", "standing"]),
        _topics(),
        Sensitivity.SENSITIVE,
    ),
    Change(
        "nothing after an embargo", {}, make=_topics(embargoes=[{"words": "cell; standing", "until": "2020-01-01"}])
    ),
)
