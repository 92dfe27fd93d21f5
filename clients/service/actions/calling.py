"""Calling the contacts of the briefing, one after the other, while a clock that ran out still runs."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from clients.audit.actions import record
from clients.autonomy.vocabulary import EntryPoint
from clients.briefings.models import BriefingSection
from clients.briefings.queries import contacts_in_force
from clients.crisis.contacts import Reachable, address_in
from clients.crisis.queries import people_to_call
from clients.custody.clocks import ClockState
from clients.custody.models import Conversation
from clients.disclosure.rules import InfoClass, Way
from clients.disclosure.steps import Matter, Recipient, disclose
from clients.outbox.actions import enqueue
from clients.people.access import require_process
from clients.people.actor import Actor, process_of
from clients.service.models import Clock, ServiceCall
from clients.service.queries import briefing_now, calendar_for
from clients.service.rules import CALL_EVERY, MOST_CALLS
from clients.service.steps import CALL, CALL_LETTER, reckon
from tenants.vocabulary import Side
from tenants.walls.scope import BrandRef, durable


def call_contact(actor: Actor, *, clock_id: UUID) -> ServiceCall | None:
    """For a worker: the next contact of the topic who was not called yet. None when nobody is, or needs to be.

    While the member is asked something nobody is called; the turn of the next one comes later. Raises Refused('not_allowed').
    """
    require_process(actor)
    with durable(actor.brand):
        conversation = Conversation.objects.select_for_update(no_key=True).filter(clocks=clock_id).first()
        if conversation is None:
            return None
        reckon(conversation)
        clock = Clock.objects.get(pk=clock_id)
        if clock.state == ClockState.STOPPED:
            return None
        called = None if clock.state == ClockState.PAUSED else _call(actor, conversation, clock)
        if called is not None or clock.state == ClockState.PAUSED:
            now = timezone.now()
            due = calendar_for(briefing_now(), now, now).after(now, CALL_EVERY)
            enqueue(CALL, {"clock": str(clock.pk)}, key=str(clock.pk), due_at=due)
    return called


def letter_of(brand: BrandRef, *, call_id: UUID) -> ServiceCall | None:
    """For the writer of the letter: the call, while the member still waits; that it leaves is on record. None when it is late."""
    with durable(brand):
        call = ServiceCall.objects.select_related("clock__conversation").filter(pk=call_id, lettered_at=None).first()
        address = address_in(call.contact) if call else ""
        if call is None or not address or call.clock.state == ClockState.STOPPED:
            return None
        worker = process_of(brand, EntryPoint.WORKER, "worker")
        call.lettered_at = timezone.now()
        call.save(update_fields=("lettered_at",))
        what = Matter(Conversation._meta.label_lower, (call.clock.conversation_id,))
        disclose(worker, way=Way.MAIL, to=Recipient.address(address), what=what, why="told", policy_name="asking")
        record(worker, "service.lettered", call.clock.conversation, call=str(call.pk))
    return call


def _call(actor: Actor, conversation: Conversation, clock: Clock) -> ServiceCall | None:
    (named, mark), now = contacts_in_force(), timezone.now()
    known = {_key(call.name, call.contact) for call in clock.calls.all()}
    line = people_to_call(conversation.topic, now, named, ZoneInfo(actor.brand.time_zone))
    one = next((one for one in line if _key(one.name, one.contact) not in known), None)
    if one is None or len(known) >= MOST_CALLS:
        return None
    call: ServiceCall = ServiceCall.objects.create(
        clock=clock, place=len(known) + 1, name=one.name, contact=one.contact, **_class_of(one, mark)
    )
    record(actor, "service.called", conversation, clock=str(clock.pk), call=str(call.pk), place=call.place)
    if one.address:
        enqueue(CALL_LETTER, {"call": str(call.pk)}, key=str(call.pk))
    return call


def _key(name: str, contact: str) -> str:
    return (address_in(contact) or f"{name} {contact}").casefold()


def _class_of(one: Reachable, mark: BriefingSection | None) -> dict[str, Any]:
    """That of the briefing's section for whom it names; the brand's own for anybody else."""
    if mark is None or not one.of_briefing:
        return {"owner_side": str(Side.BRAND), "info_class": InfoClass.BRAND}
    return {"owner_side": mark.owner_side, "info_class": mark.info_class, "named": mark.named}
