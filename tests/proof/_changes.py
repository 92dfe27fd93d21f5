"""What the brand may do between the gate's first answer and its last, and how the question then reads; for `gate-oracle`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from clients.autonomy.vocabulary import MandateState
from clients.briefings.actions import acknowledge_briefing, publish_briefing
from clients.briefings.queries import number_in_force
from clients.gate.actions import resume, stop
from clients.mandates.actions import resume_mandate, suspend_mandate
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.world import SECTIONS, World

READERS = (Role.COMMUNITY_MANAGER, Role.AGENCY_MANAGER, Role.AGENCY_OWNER)


@dataclass(slots=True)
class Change:
    """Something the brand does between the first answer and the last; `facts` says how a question then reads."""

    name: str
    facts: dict[str, Any]
    make: Callable[[World], object] = lambda world: None
    unmake: Callable[[World], object] = lambda world: None


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


def _read(world: World) -> None:
    with brand_scope(world.brand):
        number = number_in_force()
    for role in READERS:
        acknowledge_briefing(actor=world.actor(role), number=number)


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
)
