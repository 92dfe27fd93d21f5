"""The life of a mandate: only the brand offers, activates, suspends, resumes and ends it; the agency may resign."""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone

from clients.audit.actions import record
from clients.autonomy.vocabulary import EntryPoint, MandateState
from clients.mandates.access import access_mandate
from clients.mandates.models import Mandate
from clients.mandates.rules import LIVE, MANDATE_LIFE, MandateStep, dates_fit
from clients.mandates.steps import move_mandate, who
from clients.outbox.actions import enqueue
from clients.outbox.brake import press
from clients.outbox.registry import Later
from clients.people.access import require, require_step_up
from clients.people.actor import Actor, process_of
from clients.people.rules import Verb
from clients.people.steps import end_agency_people
from tenants.errors import Conflict, Invalid, Missing
from tenants.models import Agency
from tenants.walls.scope import BrandRef, durable, hub_scope

OVER = "mandates.over"
"""Kind of the outbox row that ends a mandate after its last day; its handler is in `clients.mandates.tasks`."""

LONGEST_NOTICE = 366
TOLD = {
    MandateStep.ACTIVATE: "mandate.activated",
    MandateStep.SUSPEND: "mandate.suspended",
    MandateStep.RESUME: "mandate.resumed",
    MandateStep.END: "mandate.ended",
    MandateStep.RESIGN: "mandate.resigned",
}
"""How the log tells a step."""


def offer_mandate(
    *, actor: Actor, agency_id: UUID, starts_on: date, ends_on: date | None = None, notice_days: int = 30
) -> Mandate:
    """Offer an agency a mandate. It binds nobody, and permits nothing, before `activate_mandate`.

    Raises Refused('not_allowed'), Invalid('end_before_start'|'notice_out_of_range', field), Missing('agency') and
    Conflict('mandate_live', 'agency') while another with the same agency is live.
    """
    require(actor, Verb.MANDATE_DECIDE)
    if not dates_fit(starts_on, ends_on):
        raise Invalid("end_before_start", "ends_on")
    if not 0 <= notice_days <= LONGEST_NOTICE:
        raise Invalid("notice_out_of_range", "notice_days", most=LONGEST_NOTICE)
    with durable(actor.brand):
        mandate = Mandate(
            agency_id=agency_id,
            agency_name=_name_of(agency_id),
            starts_on=starts_on,
            ends_on=ends_on,
            notice_days=notice_days,
            offered_by=who(actor)[0],
        )
        try:
            with transaction.atomic():
                mandate.save(force_insert=True)
        except IntegrityError:
            raise Conflict("mandate_live", "agency") from None
        if ends_on is not None:
            enqueue(OVER, {"mandate": str(mandate.pk)}, key=str(mandate.pk), due_at=_end_of(ends_on, actor.brand))
        record(actor, "mandate.offered", mandate, agency_id=str(agency_id), starts_on=starts_on.isoformat())
    return mandate


def activate_mandate(*, actor: Actor, mandate_id: UUID) -> Mandate:
    """Let an offered mandate begin. Owner, after a step-up. Raises as `_move` does."""
    return _move(actor, mandate_id, MandateStep.ACTIVATE)


def suspend_mandate(*, actor: Actor, mandate_id: UUID) -> Mandate:
    """Rest the mandate at once: once this has committed, nothing of the agency's leaves. Raises as `_move` does."""
    return _move(actor, mandate_id, MandateStep.SUSPEND)


def resume_mandate(*, actor: Actor, mandate_id: UUID) -> Mandate:
    """Let a suspended mandate go on. Owner, after a step-up. Raises as `_move` does."""
    return _move(actor, mandate_id, MandateStep.RESUME)


def end_mandate(*, actor: Actor, mandate_id: UUID) -> Mandate:
    """End it for good. Owner, after a step-up. Raises as `_move` does."""
    return _move(actor, mandate_id, MandateStep.END)


def resign_mandate(*, actor: Actor, mandate_id: UUID) -> Mandate:
    """The agency's owner gives the mandate back. Raises as `_move` does."""
    return _move(actor, mandate_id, MandateStep.RESIGN)


def end_overdue_mandate(brand: BrandRef, *, mandate_id: UUID) -> None:
    """The last day agreed is past: nothing leaves under the mandate since, and now its people lose their places, too."""
    actor, now = process_of(brand, EntryPoint.WORKER, "worker"), timezone.now()
    with durable(brand):
        press(brand)
        mandate = Mandate.objects.select_for_update().filter(pk=mandate_id, state__in=LIVE).first()
        if mandate is None or mandate.ends_on is None:
            return
        if now < (over := _end_of(mandate.ends_on, brand)):
            raise Later(over)
        before = mandate.state
        move_mandate(mandate, MandateStep.END, now, None)
        record(actor, TOLD[MandateStep.END], mandate, before=before, after=str(mandate.state), because="ends_on")
        end_agency_people(actor, mandate.agency_id)


def _end_of(day: date, brand: BrandRef) -> datetime:
    """The moment at which a day is over at the brand."""
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(brand.time_zone))


def _move(actor: Actor, mandate_id: UUID, step: MandateStep) -> Mandate:
    """Refused('not_allowed'|'step_up_required'), Missing('mandate'), Conflict('not_in_this_state')."""
    rule, now = MANDATE_LIFE[step], timezone.now()
    require(actor, rule.verb)
    if rule.step_up:
        require_step_up(actor, now)
    with durable(actor.brand):
        press(actor.brand)
        mandate = access_mandate(actor, mandate_id, lock=True)
        before = mandate.state
        move_mandate(mandate, step, now, actor.side)
        record(actor, TOLD[step], mandate, before=before, after=str(mandate.state))
        if mandate.state == MandateState.ENDED:
            end_agency_people(actor, mandate.agency_id)
    return mandate


def _name_of(agency_id: UUID) -> str:
    with hub_scope():
        name = Agency.objects.filter(pk=agency_id).values_list("name", flat=True).first()
    if name is None:
        raise Missing("agency")
    return name
