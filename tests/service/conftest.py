"""A brand at work from Monday to Friday, 9 to 18, in Paris; a conversation begun on a Monday; and a second brand beside it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.briefings.actions import publish_briefing
from clients.briefings.queries import briefing_in_force
from clients.custody.models import Conversation
from clients.custody.rules import Holder, Medium, Step, TurnKind, Voice
from clients.custody.steps import Said, add_turn, move, open_conversation
from clients.outbox.models import OutboxRow
from clients.people.actor import Actor, process_of
from clients.service.models import Clock
from clients.service.steps import LOOK, reckon
from tenants.models import Person
from tenants.vocabulary import Side
from tenants.walls.scope import BrandRef, brand_scope, durable
from tests.world import World, at, make_world

MONDAY = "2027-03-22T09:00+01:00"


def house(world: World) -> Actor:
    return process_of(world.brand, EntryPoint.WORKER, "worker")


def begun(world: World, **facts: Any) -> Conversation:
    """What a member says now, on the wall."""
    values: dict[str, Any] = {"medium": Medium.COMMENT, "channel": world.wall.pk, "handle": "@lea", "language": "fr"}
    holder, said_at = facts.pop("holder", Holder(Side.AGENCY)), facts.pop("said_at", None)
    with durable(world.brand):
        found = open_conversation(house(world), holder=holder, **values | facts)
        add_turn(found, Said(Voice.MEMBER, "Et les horaires ?", at=said_at))
        reckon(found)
    return found


def says(world: World, conversation: Conversation, voice: Voice, kind: TurnKind = TurnKind.MESSAGE, **more: Any) -> Any:
    """One turn now, and the clocks read anew."""
    with durable(world.brand):
        turn = add_turn(conversation, Said(voice, "…", kind=kind, **more))
        reckon(conversation)
    return turn


def steps(world: World, conversation: Conversation, step: Step, **more: Any) -> None:
    with durable(world.brand):
        move(house(world), Conversation.objects.get(pk=conversation.pk), step, **more)
        reckon(Conversation.objects.get(pk=conversation.pk))


def clock(world: World, conversation: Conversation, kind: str, number: int = 1) -> Clock:
    with brand_scope(world.brand):
        return Clock.objects.get(conversation=conversation, kind=kind, round=number)


def next_look(world: World, conversation: Conversation) -> datetime | None:
    with brand_scope(world.brand):
        row = OutboxRow.objects.filter(kind=LOOK, key=str(conversation.pk), done_at=None).first()
    return row.due_at if row else None


def due(world: World) -> list[str]:
    """Kinds of what the outbox has to do now."""
    with brand_scope(world.brand):
        rows = OutboxRow.objects.filter(done_at=None, due_at__lte=timezone.now(), kind__startswith="service.")
        return sorted(rows.values_list("kind", flat=True))


def wishes(world: World, *lines: dict[str, str], **sections: Any) -> None:
    """The brand writes within what time members are to hear from it."""
    with brand_scope(world.brand):
        version = briefing_in_force()
    assert version is not None
    words = version.sections | {"service": list(lines)} | sections
    publish_briefing(actor=world.owner, after=version.number, sections=words, calendar=version.calendar)


def monday(clock_time: str) -> datetime:
    return at(f"2027-03-22T{clock_time}+01:00")


@pytest.fixture
def world(brand_a: BrandRef, person_factory: Callable[..., Person]) -> World:
    return make_world(brand_a, person_factory)


@pytest.fixture
def other(brand_b: BrandRef, person_factory: Callable[..., Person]) -> World:
    return make_world(brand_b, person_factory)
