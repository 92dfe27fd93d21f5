"""Writes about verdicts, windows and notices inside a transaction of the gate. They need the item's row locked."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from clients.approvals.models import Batch, Hold, Notice, StandingApproval, Verdict, VetoWindow
from clients.approvals.seal import VERDICTS
from clients.approvals.words import BatchState, HoldScope, NoticeKind, NoticeState, VerdictKind
from clients.autonomy.vocabulary import WindowState
from clients.briefings.calendar import Calendar
from clients.crisis.queries import crisis_declared_since
from clients.outbox.actions import enqueue
from clients.people.actor import Actor
from tenants.errors import Conflict, Missing
from tenants.models import BrandPerson

NOTICE = "approvals.notice"
"""Kind of the outbox row that mails one notice; its handler words the mail and reports back (`clients.gate.actions.notices`)."""


def write_verdict(actor: Actor, item_id: UUID, digest: str, kind: VerdictKind, comment: str = "") -> Verdict:
    """Add one word of the brand. Conflict('already_said') if this person said the same of this content before.

    A yes may be said again once a brake was lifted, or a crisis declared, after it: the gate then asks for one.
    """
    said = Verdict.objects.filter(item_id=item_id, digest=digest, kind=kind, person_id=actor.somebody)
    before = list(said.order_by("at").values_list("at", flat=True))
    overtaken = kind is VerdictKind.YES and before and _was_overtaken(before[-1])
    if before and not overtaken:
        raise Conflict("already_said")
    try:
        with transaction.atomic():
            verdict = Verdict(
                item_id=item_id,
                digest=digest,
                kind=kind,
                person_id=actor.somebody,
                person_name=actor.name,
                side=str(actor.side),
                role=str(actor.role),
                comment=comment,
                again=len(before),
            )
            verdict.seal = VERDICTS.seal_of(verdict)
            verdict.save(force_insert=True)
            return verdict
    except IntegrityError as clash:
        raise Conflict("already_said") from clash


def _was_overtaken(yes_at: datetime) -> bool:
    return Hold.objects.filter(lifted_at__gte=yes_at).exists() or crisis_declared_since(yes_at)


def announce_window(item_id: UUID, digest: str, minutes: int) -> bool:
    """Make the window for a content, closed until a notice is delivered. False if it is already announced or open."""
    window, made = VetoWindow.objects.get_or_create(item_id=item_id, digest=digest, defaults={"minutes": minutes})
    if made:
        return True
    if window.state in (WindowState.UNDELIVERED, WindowState.OPEN):
        return False
    window.state, window.minutes, window.asked_at = WindowState.UNDELIVERED, minutes, timezone.now()
    window.opened_at = window.closes_at = None
    window.save(update_fields=("state", "minutes", "asked_at", "opened_at", "closes_at"))
    return True


def void_window(item_id: UUID, digest: str) -> None:
    """After a brake or a change the silence of before counts no more: the window must be announced again."""
    VetoWindow.objects.filter(item_id=item_id, digest=digest).update(
        state=WindowState.NONE, opened_at=None, closes_at=None
    )


def open_window(window: VetoWindow, calendar: Calendar, delivered_at: datetime) -> datetime:
    """Start the clock of a window, in the brand's working time, at the moment its notice was delivered."""
    window.state, window.opened_at = WindowState.OPEN, delivered_at
    window.closes_at = calendar.after(delivered_at, timedelta(minutes=window.minutes))
    window.save(update_fields=("state", "opened_at", "closes_at"))
    return window.closes_at


def close_window(window: VetoWindow, state: WindowState) -> None:
    window.state = state
    window.save(update_fields=("state",))


def write_notices(item_id: UUID, digest: str, kind: NoticeKind, people: Iterable[BrandPerson]) -> None:
    """One notice a person, mailed after the commit. A notice that exists is mailed again only if it never arrived."""
    for person in people:
        notice, made = Notice.objects.get_or_create(
            item_id=item_id, digest=digest, kind=kind, person_id=person.person_id
        )
        if made or kind is NoticeKind.VETO:
            notice.state, notice.at = NoticeState.QUEUED, timezone.now()
            notice.save(update_fields=("state", "at"))
            enqueue(NOTICE, {"notice": str(notice.id)}, key=str(notice.id))


def use_standing(standing_id: str) -> None:
    StandingApproval.objects.filter(pk=standing_id, uses_left__gt=0).update(uses_left=F("uses_left") - 1)


def place_hold(actor: Actor, scope: HoldScope, value: str, reason: str) -> Hold:
    """Write the brake. Call with the gate's brake pressed."""
    hold, _ = Hold.objects.get_or_create(
        scope=scope,
        value=value,
        lifted_at=None,
        defaults={"reason": reason, "placed_by": actor.somebody, "placed_by_name": actor.name},
    )
    return hold


def lift_hold(actor: Actor, hold_id: UUID) -> Hold:
    """Missing('hold') if there is none, Conflict('already_lifted') if somebody was faster."""
    hold = Hold.objects.select_for_update().filter(pk=hold_id).first()
    if hold is None:
        raise Missing("hold")
    if hold.lifted_at is not None:
        raise Conflict("already_lifted")
    hold.lifted_by, hold.lifted_by_name, hold.lifted_at = actor.person_id, actor.name, timezone.now()
    hold.save(update_fields=("lifted_by", "lifted_by_name", "lifted_at"))
    return hold


def mark_notice(notice_id: UUID, state: NoticeState) -> Notice:
    notice = Notice.objects.select_for_update().get(pk=notice_id)
    notice.state, notice.at = state, timezone.now()
    notice.save(update_fields=("state", "at"))
    return notice


def write_batch(actor: Actor, items: Iterable[tuple[UUID, str]], effective_at: datetime) -> Batch:
    pairs = [[str(item_id), digest] for item_id, digest in items]
    return Batch.objects.create(items=pairs, person_id=actor.somebody, effective_at=effective_at)


def end_batch(batch: Batch, state: BatchState) -> None:
    batch.state = state
    batch.save(update_fields=("state",))
