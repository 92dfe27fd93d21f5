"""Tickets and leads: opened from a conversation, answered by the system, withdrawn; and the timeline of both sides."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.crm.actions import bring_timeline, note_talks, open_ticket, tell_ticket, withdraw_ticket
from clients.crm.actions.timeline import SaidEntry
from clients.crm.models import Contact, Ticket, TimelineEntry
from clients.crm.queries import tickets_of, timeline_of
from clients.disclosure.rules import InfoClass
from clients.people.actor import process_of
from tenants.errors import Conflict, Invalid, Missing, Refused
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.crm.conftest import bring, connected, member, said
from tests.custody.conftest import begin
from tests.world import World


def opened(world: World, **facts: object) -> Ticket:
    talk = begin(world, info_class=InfoClass.SHARED, **facts)
    system = connected(world)
    return open_ticket(
        world.cm, conversation_id=talk.pk, system_id=system.pk, kind="lead", title="Wants a quote", text="For 40 cakes"
    )


def test_a_lead_offers_whom_the_conversation_is_with_and_the_system_takes_them_in(world: World) -> None:
    lea = member(world)
    ticket = opened(world, member=lea.pk)
    with brand_scope(world.brand):
        contact = Contact.objects.get()
        assert (contact.external_id, contact.member_id, ticket.contact_id) == ("", lea.pk, contact.pk)
        system = ticket.system
    (row,) = bring(world, system, said(system, "crm-1", claims=str(contact.pk), name="Léa Martin"))
    assert (str(row.outcome), row.contact) == ("linked", contact)
    (twice,) = bring(world, system, said(system, "crm-2", claims=str(contact.pk), name="Léa Martin"))
    assert [p.code for p in twice.said.problems] == ["contact_missing"] or str(twice.outcome) == "invalid"
    with brand_scope(world.brand):
        assert Contact.objects.get().external_id == "crm-1"


def test_what_the_system_says_stands_on_the_conversation(world: World) -> None:
    ticket = opened(world)
    with pytest.raises(Refused):
        tell_ticket(world.cm, ticket_id=ticket.pk, state="accepted")
    told = tell_ticket(world.approver, ticket_id=ticket.pk, state="accepted", external_id="T-9", version=1)
    assert (told.state, told.external_id, told.version) == ("accepted", "T-9", 2)
    again = tell_ticket(world.owner, ticket_id=ticket.pk, state="accepted")
    assert again.version == 2, "the same again changes nothing"
    with pytest.raises(Conflict, match="ticket_changed"):
        tell_ticket(world.owner, ticket_id=ticket.pk, state="closed", version=1)
    tell_ticket(world.owner, ticket_id=ticket.pk, state="closed", said="Quote sent")
    with brand_scope(world.brand):
        (shown,) = tickets_of(world.cm, ticket.conversation_id)
        assert (shown.state, shown.said, shown.external_id) == ("closed", "Quote sent", "T-9")
    with pytest.raises(Conflict):
        withdraw_ticket(world.cm, ticket_id=ticket.pk)
    with pytest.raises(Invalid, match="unknown_state"):
        tell_ticket(world.owner, ticket_id=ticket.pk, state="withdrawn")


def test_withdrawn_it_is_over(world: World) -> None:
    ticket = opened(world)
    with pytest.raises(Refused):
        withdraw_ticket(world.actor(Role.AUDITOR), ticket_id=ticket.pk)
    withdraw_ticket(world.cm, ticket_id=ticket.pk)
    with pytest.raises(Conflict, match="ticket_over"):
        tell_ticket(world.owner, ticket_id=ticket.pk, state="accepted")


def test_it_has_the_class_of_its_conversation(world: World) -> None:
    talk = begin(world, info_class=InfoClass.BRAND)
    system = connected(world)
    asked = {"conversation_id": talk.pk, "system_id": system.pk, "kind": "ticket", "title": "A complaint"}
    with pytest.raises(Missing):
        open_ticket(world.cm, **asked)
    ticket = open_ticket(world.owner, **asked)
    with brand_scope(world.brand):
        assert list(tickets_of(world.cm, talk.pk)) == []
        assert list(tickets_of(world.owner, talk.pk)) == [ticket]


def test_the_other_brands_system_is_none(world: World, other: World) -> None:
    talk, theirs = begin(world, info_class=InfoClass.SHARED), connected(other)
    with pytest.raises(Missing, match="system"):
        open_ticket(world.cm, conversation_id=talk.pk, system_id=theirs.pk, kind="lead", title="x")


def test_what_happened_there_is_told_once_and_what_happened_here_is_written_down(world: World) -> None:
    lea, system = member(world), connected(world, by_email="link")
    talk = begin(world, member=lea.pk, info_class=InfoClass.SHARED)
    open_ticket(world.cm, conversation_id=talk.pk, system_id=system.pk, kind="lead", title="x")
    with brand_scope(world.brand):
        contact = Contact.objects.get()
    bring(world, system, said(system, "7", claims=str(contact.pk), name="Léa Martin"))
    at = timezone.now() - timedelta(days=1)
    rows = [
        SaidEntry("7", "visit-1", "visit", "Came to the shop", at),
        SaidEntry("8", "visit-2", "visit", "Somebody unknown", at),
        SaidEntry("7", "visit-1", "visit", "Twice", at),
    ]
    told = bring_timeline(world.owner, system_id=system.pk, rows=rows)
    assert [one.code for one in told] == ["", "contact_missing", "twice_here"]
    bring_timeline(world.owner, system_id=system.pk, rows=[SaidEntry("7", "visit-1", "visit", "Came again", at)])
    house = process_of(world.brand, EntryPoint.WORKER, "test")
    assert (note_talks(house), note_talks(house)) == (1, 0)
    with brand_scope(world.brand):
        assert [one.title for one in timeline_of(world.owner, lea.pk)] == ["Came again"]
        assert set(TimelineEntry.objects.filter(here=True).values_list("kind", flat=True)) == {
            "ticket", "conversation_opened",
        }  # fmt: skip
