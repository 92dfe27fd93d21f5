"""What became of a dispatch, written down: receipt, failure, doubt. They need the dispatch's row locked."""

import hashlib
from uuid import UUID

from django.utils import timezone

from clients.approvals.queries import people_who_approve
from clients.approvals.rules import ANSWER
from clients.approvals.steps import use_standing, write_notices
from clients.approvals.words import NoticeKind
from clients.audit.actions import record
from clients.autonomy.levels import Level
from clients.autonomy.vocabulary import Basis
from clients.channels.port import Sent
from clients.gate.actions.looking import watch
from clients.gate.models import DecisionRecord, Dispatch, Receipt
from clients.gate.outbound import channel_of
from clients.gate.rules import event_of_dispatches
from clients.gate.words import DispatchState
from clients.items.life import ItemState, after
from clients.items.models import Item
from clients.items.steps import lock_item, move
from clients.people.actor import Actor
from tenants.models import BrandPerson

_LONGEST = {"remote_id": 500, "url": 1000, "error": 80}


def note_sent(actor: Actor, dispatch: Dispatch, decision: DecisionRecord, sent: Sent) -> Receipt:
    """The act has left: close the dispatch and leave its receipt, in the same transaction."""
    dispatch.remote_id, dispatch.url = _column(sent.remote_id, "remote_id"), _column(sent.url, "url")
    dispatch.remote_state, dispatch.grant = str(sent.state), decision.grant
    close_dispatch(dispatch, DispatchState.SENT)
    item = _follow(dispatch)
    receipt = _receipt(dispatch, item, decision, sent)
    if decision.basis == Basis.STANDING and not decision.question["standing"].startswith(ANSWER):
        use_standing(decision.question["standing"])
    if decision.basis == Basis.LEVEL and decision.level == Level.REPORT:
        write_notices(item.pk, dispatch.version.digest, NoticeKind.REPORT, people_who_approve())
    channel = str(dispatch.channel_id)
    record(actor, "act.sent", item, receipt=str(receipt.id), channel=channel, not_taken=len(sent.refused))
    watch(dispatch, decision.question["kind"])
    return receipt


def note_failure(actor: Actor, dispatch: Dispatch, code: str) -> None:
    """Nothing has left, and trying again would not help: a person decides what next."""
    close_dispatch(dispatch, DispatchState.FAILED, error=code)
    record(actor, "act.failed", _follow(dispatch), code=code, channel=str(dispatch.channel_id))


def note_doubt(actor: Actor, dispatch: Dispatch, code: str) -> None:
    """It may have left and nobody can know from here: never sent again by itself."""
    close_dispatch(dispatch, DispatchState.UNCERTAIN, error=code)
    record(actor, "act.uncertain", _follow(dispatch), code=code, channel=str(dispatch.channel_id))


def note_retry(actor: Actor, dispatch: Dispatch, code: str) -> None:
    """Nothing has left, and another try may help. Its turn is used up.

    INVARIANT: `due_at` stays: a brake that was lifted since then still holds the act. When to try again is the outbox row's.
    """
    dispatch.turn_at = None
    close_dispatch(dispatch, DispatchState.PENDING, error=code)
    record(actor, "act.retry", _follow(dispatch), code=code, channel=str(dispatch.channel_id))


def note_wait(actor: Actor, dispatch: Dispatch, code: str) -> None:
    """It may have left, and what is done next will tell: it stays marked."""
    close_dispatch(dispatch, DispatchState.SENDING, error=code)
    record(actor, "act.retry", dispatch.item, code=code, channel=str(dispatch.channel_id))


def close_dispatch(dispatch: Dispatch, state: DispatchState, *, error: str = "") -> None:
    dispatch.state, dispatch.error = state, _column(error, "error")
    under_way = state in (DispatchState.PENDING, DispatchState.SENDING)
    dispatch.ended_at = None if under_way else timezone.now()
    dispatch.save()


def _follow(dispatch: Dispatch) -> Item:
    """Let the item follow its dispatches. INVARIANT: never raises, or what has left would lose its receipt.

    An item that has gone elsewhere meanwhile (held, edited, refused for another channel) stays there.
    """
    item = lock_item(dispatch.item_id)
    if item.state not in (ItemState.SENDING, ItemState.UNCERTAIN):
        return item
    live = item.dispatches.exclude(state=DispatchState.CANCELLED).values_list("state", flat=True)
    event = event_of_dispatches(set(live))
    if event is not None and after(ItemState(item.state), event) is not None:
        move(item, event)
    return item


def _column(words: str, name: str) -> str:
    """What a network answered, cut to what its column takes: a long address must not cost the act its receipt."""
    return words.replace("\0", "")[: _LONGEST[name]]


def _name_of(person_id: str) -> str:
    return BrandPerson.objects.filter(person_id=person_id).values_list("name", flat=True).first() or ""


def _receipt(dispatch: Dispatch, item: Item, decision: DecisionRecord, sent: Sent) -> Receipt:
    question = decision.question
    return Receipt.objects.create(
        dispatch_id=dispatch.id,
        decision=decision,
        item_id=item.pk,
        title=item.title,
        channel_id=dispatch.channel_id,
        channel_name=channel_of(dispatch).name,
        kind=question["kind"],
        content_digest=dispatch.version.digest,
        person_id=UUID(question["person"]),
        person_name=_name_of(question["person"]) or item.author_name,
        side=question["side"],
        basis=decision.basis,
        level=decision.level,
        grant=decision.grant,
        charter_version=decision.charter_version,
        briefing_version=decision.briefing_version,
        approved_by=sorted({y["person"] for y in question["yeses"] if y["digest"] == question["digest"]}),
        remote_id=dispatch.remote_id,
        url=dispatch.url,
        remote_state=dispatch.remote_state,
        not_taken=[[hashlib.sha256(r.recipient.encode()).hexdigest(), r.status, r.permanent] for r in sent.refused],
    )
