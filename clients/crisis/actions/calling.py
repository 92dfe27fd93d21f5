"""Calling one after the other until somebody takes it. Each step is a row of the outbox, so a restart loses nobody."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.autonomy.vocabulary import EntryPoint
from clients.crisis.access import access_call, access_crisis
from clients.crisis.contacts import address_in
from clients.crisis.models import Crisis, CrisisCall
from clients.crisis.queries import terms_in_force
from clients.crisis.rules import MOST_ROUNDS, CallState
from clients.crisis.steps.moving import CALL
from clients.disclosure.rules import Way
from clients.disclosure.steps import Matter, Recipient, disclose
from clients.disclosure.tokens import new_token, token_digest
from clients.outbox.actions import cancel, enqueue
from clients.people.access import require, require_process
from clients.people.actor import Actor, process_of
from clients.people.rules import Verb
from tenants.errors import Conflict
from tenants.walls.scope import BrandRef, durable

LETTER = "crisis.letter"
"""Kind of the outbox row that writes to one contact; payload {"call": "<id>"}."""


def call_next(actor: Actor, *, crisis_id: UUID) -> CrisisCall | None:
    """For a worker: whose time is over is passed, the next one is called. None when nobody needs to be called."""
    require_process(actor)
    with durable(actor.brand):
        crisis = Crisis.objects.select_for_update().filter(pk=crisis_id, is_open=True, taken_at=None).first()
        if crisis is None:
            return None
        current = crisis.calls.filter(state=CallState.CALLED).first()
        if current and current.until and timezone.now() < current.until:
            enqueue(CALL, {"crisis": str(crisis.pk)}, key=str(crisis.pk), due_at=current.until)
            return None
        if current:
            _pass(actor, crisis, current)
        return _call(actor, crisis)


def pass_call(actor: Actor, *, call_id: UUID) -> CrisisCall:
    """Say that this contact was not reached by telephone: the next one is called at once.

    Raises Refused('not_allowed'), Missing('crisis'), Conflict('crisis_moved_on').
    """
    require(actor, Verb.CRISIS_PROPOSE)
    with durable(actor.brand):
        crisis = access_crisis(actor, access_call(actor, call_id).crisis_id, lock=True)
        call = access_call(actor, call_id)
        if call.state != CallState.CALLED or crisis.taken_at is not None or not crisis.is_open:
            raise Conflict("crisis_moved_on", state=str(crisis.state))
        _pass(actor, crisis, call)
        _call(actor, crisis)
    return call


def take_crisis(actor: Actor, *, crisis_id: UUID) -> Crisis:
    """'I take it': nobody else is called. Raises Refused('not_allowed'), Missing('crisis'), Conflict as `_take` does."""
    require(actor, Verb.CRISIS_PROPOSE)
    with durable(actor.brand):
        crisis = access_crisis(actor, crisis_id, lock=True)
        return _take(actor, crisis, None)


def take_by_link(brand: BrandRef, *, token: str) -> Crisis | None:
    """The same by the link of a letter, for a contact without an account. None for a link that opens nothing.

    It ends the calling and moves nothing else: no right is given to whoever holds the letter.
    """
    with durable(brand):
        found = CrisisCall.objects.filter(token_digest=token_digest(token)).first()
        if found is None:
            return None
        crisis = Crisis.objects.select_for_update().get(pk=found.crisis_id)
        call = CrisisCall.objects.get(pk=found.pk)
        return _take(process_of(brand, EntryPoint.MAIL_LINK, "contact"), crisis, call)


def letter_of(brand: BrandRef, *, call_id: UUID) -> tuple[CrisisCall, str] | None:
    """For the writer of the letter: the call and a fresh token, which is the only one that opens. None when it is late.

    Also None for whom no letter reaches. What leaves with it, the brand's name and that there may be a crisis, is on record.
    """
    with durable(brand):
        call: CrisisCall | None = CrisisCall.objects.select_related("crisis").filter(pk=call_id).first()
        address = address_in(call.contact) if call else ""
        if call is None or not address or call.state != CallState.CALLED or not call.crisis.is_open:
            return None
        token, worker = new_token(), process_of(brand, EntryPoint.WORKER, "crisis")
        call.token_digest, call.lettered_at = token_digest(token), timezone.now()
        call.save(update_fields=("token_digest", "lettered_at"))
        what = Matter(Crisis._meta.label_lower, (call.crisis_id,))
        disclose(worker, way=Way.MAIL, to=Recipient.address(address), what=what, why="told", policy_name="asking")
        record(worker, "crisis.lettered", call.crisis, call=str(call.pk))
    return call, token


def _pass(actor: Actor, crisis: Crisis, call: CrisisCall) -> None:
    call.state, call.until = CallState.PASSED, timezone.now()
    call.save(update_fields=("state", "until"))
    record(actor, "crisis.call_passed", crisis, call=str(call.pk), place=call.place, round=call.round)


def _call(actor: Actor, crisis: Crisis) -> CrisisCall | None:
    """The next who waits; when all were called, the whole line once more, a few times."""
    call = crisis.calls.filter(state=CallState.WAITING).first() or _again(crisis)
    if call is None:
        return None
    now = timezone.now()
    call.state, call.called_at = CallState.CALLED, now
    call.until = now + timedelta(minutes=terms_in_force().call_minutes)
    call.save(update_fields=("state", "called_at", "until"))
    record(actor, "crisis.called", crisis, call=str(call.pk), place=call.place, round=call.round)
    enqueue(LETTER, {"call": str(call.pk)}, key=f"{call.pk}.{call.round}")
    enqueue(CALL, {"crisis": str(crisis.pk)}, key=str(crisis.pk), due_at=call.until)
    return call


def _again(crisis: Crisis) -> CrisisCall | None:
    last = crisis.calls.order_by("-round").first()
    if last is None or last.round + 1 >= MOST_ROUNDS:
        return None
    crisis.calls.update(state=CallState.WAITING, round=last.round + 1)
    return crisis.calls.order_by("place").first()


def _take(actor: Actor, crisis: Crisis, call: CrisisCall | None) -> Crisis:
    """Raises Conflict('crisis_moved_on' | 'already_taken')."""
    if not crisis.is_open:
        raise Conflict("crisis_moved_on", state=str(crisis.state))
    if crisis.taken_at is not None:
        raise Conflict("already_taken", name=crisis.taken_by_name)
    crisis.taken_at, crisis.taken_by = timezone.now(), actor.person_id
    crisis.taken_by_name = (call.name if call else actor.name)[:200]
    crisis.save(update_fields=("taken_at", "taken_by", "taken_by_name"))
    crisis.calls.filter(state__in=(CallState.WAITING, CallState.CALLED)).update(state=CallState.SPARED)
    if call:
        crisis.calls.filter(pk=call.pk).update(state=CallState.TAKEN)
    cancel(CALL, key=str(crisis.pk))
    record(actor, "crisis.taken", crisis, call=str(call.pk) if call else "")
    return crisis
