"""Standing in: what comes to somebody who is away, and what they hold, is their deputy's until they are back."""

from contextlib import AbstractContextManager
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from clients.audit.actions import record
from clients.custody.access import access_stand_in
from clients.custody.models import Offer, StandIn
from clients.custody.queries import held_by, may_receive, person_here, still_with_deputy
from clients.custody.rules import AWAY_AT_MOST, Holder, Step, checked_moment
from clients.custody.steps import AWAY, BACK, move_all
from clients.outbox.actions import cancel, enqueue
from clients.outbox.brake import count_alone
from clients.outbox.registry import Later
from clients.people.access import require, require_process
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from tenants.errors import Conflict, Invalid, Missing, Refused
from tenants.models import BrandPerson
from tenants.vocabulary import Role, Side
from tenants.walls.scope import BrandRef, durable


def stand_in(actor: Actor, *, deputy: UUID, since: datetime, until: datetime, person: UUID | None = None) -> StandIn:
    """`deputy` stands in for `person` (oneself, where none is named) between two moments. Both are of the actor's side.

    Raises Refused('not_allowed' | 'may_not_receive'), Missing('person'), Conflict('already_away' | 'deputy_away' | 'is_deputy' |
    'stand_in_for_oneself'), Invalid('time_past' | 'too_far' | 'ends_before_it_begins', 'until').
    """
    away = person or actor.somebody
    require(actor, Verb.CONVERSATION_HOLD if away == actor.person_id else Verb.STAND_IN_SET)
    assert actor.side is not None
    checked_moment(until, timezone.now(), AWAY_AT_MOST, "until")
    if until <= since:
        raise Invalid("ends_before_it_begins", "until")
    with durable(actor.brand):
        count_alone(actor.brand, "stand_in")
        names = {one: _holds(one, actor.side).name for one in (away, deputy)}
        _require_free(away, deputy, since, until)
        made = StandIn.objects.create(
            person=away,
            person_name=names[away],
            deputy=deputy,
            deputy_name=names[deputy],
            side=actor.side,
            since=since,
            until=until,
            by_person=actor.somebody,
            by_name=actor.name,
        )
        record(actor, "stand_in.set", made, person=str(away), deputy=str(deputy))
        for kind, due in ((AWAY, since), (BACK, until)):
            enqueue(kind, {"stand_in": str(made.pk)}, key=str(made.pk), due_at=due)
        return made


def end_stand_in(actor: Actor, *, stand_in_id: UUID) -> StandIn:
    """They are back sooner, or do not go. Raises Refused('not_allowed'), Missing('stand_in')."""
    require(actor, Verb.CONVERSATION_HOLD)
    with durable(actor.brand):
        found = access_stand_in(actor, stand_in_id)
        if found.person != actor.person_id:
            require(actor, Verb.STAND_IN_SET)
        cancel(AWAY, key=str(found.pk))
        enqueue(BACK, {"stand_in": str(found.pk)}, key=str(found.pk))
        _end(actor, found)
        return found


def begin_absence(actor: Actor, *, stand_in_id: UUID) -> None:
    """For a worker: what they hold, and what waits for them, is their deputy's now. Raises Refused('not_allowed'), `Later`."""
    with _house(actor):
        found = StandIn.objects.select_for_update().filter(pk=stand_in_id, ended_at=None).first()
        deputy = person_here(found.deputy, found.side) if found else None
        if found is None or deputy is None:
            return
        if found.since > timezone.now():
            raise Later(found.since)
        side = Side(found.side)
        held = [one for one in held_by(found.person, side).select_for_update(no_key=True) if may_receive(deputy, one)]
        move_all(actor, held, Step.STAND_IN, to=Holder(side, found.deputy), reason=str(found.pk))
        waiting = Offer.objects.filter(to_person=found.person, to_side=side, closed_at=None).select_related(
            "conversation"
        )
        theirs = [
            offer.pk for offer in waiting.select_for_update(of=("self",)) if may_receive(deputy, offer.conversation)
        ]
        Offer.objects.filter(pk__in=theirs).update(to_person=found.deputy)
        record(actor, "stand_in.begun", found, held=len(held), offered=len(theirs))


def end_absence(actor: Actor, *, stand_in_id: UUID) -> None:
    """For a worker: what is still in the deputy's hands because of this goes back. Raises Refused('not_allowed'), `Later`."""
    with _house(actor):
        found = StandIn.objects.select_for_update().filter(pk=stand_in_id).first()
        if found is None:
            return
        if found.ended_at is None and found.until > timezone.now():
            raise Later(found.until)
        if found.ended_at is None:
            _end(actor, found)
        person = person_here(found.person, found.side)
        back = still_with_deputy(found) if person else []
        rows = [one for one in back if person is not None and may_receive(person, one)]
        move_all(actor, rows, Step.STAND_IN, to=Holder(Side(found.side), found.person), reason="back")


def _end(actor: Actor, found: StandIn) -> None:
    found.ended_at = timezone.now()
    found.save(update_fields=("ended_at",))
    record(actor, "stand_in.ended", found, person=str(found.person), deputy=str(found.deputy))


def _house(actor: Actor) -> AbstractContextManager[BrandRef]:
    require_process(actor)
    return durable(actor.brand)


def _holds(person: UUID, side: Side) -> BrandPerson:
    """Somebody of this side who may hold conversations. Raises Missing('person'), Refused('may_not_receive')."""
    found = person_here(person, side)
    if found is None:
        raise Missing("person")
    if not may(Role(found.role), Verb.CONVERSATION_HOLD):
        raise Refused("may_not_receive")
    return found


def _require_free(person: UUID, deputy: UUID, since: datetime, until: datetime) -> None:
    """INVARIANT: whoever stands in is there themselves, so one step leads from who is away to who is there."""
    if person == deputy:
        raise Conflict("stand_in_for_oneself")
    both = StandIn.objects.filter(ended_at=None, since__lt=until, until__gt=since)
    for code, meant in (
        ("already_away", Q(person=person)),
        ("deputy_away", Q(person=deputy)),
        ("is_deputy", Q(deputy=person)),
    ):
        if both.filter(meant).exists():
            raise Conflict(code)
