"""How the brand wants to be asked, and what it approves in advance."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils import timezone

from clients.approvals.models import ApprovalPolicy, StandingApproval
from clients.approvals.queries import as_signed, people_who_approve
from clients.approvals.rules import SLOT, Template, template_digest
from clients.approvals.seal import STANDING
from clients.approvals.words import OnLapse, StandingState
from clients.audit.actions import record
from clients.autonomy.vocabulary import IRREVERSIBLE, ActionKind, Sensitivity
from clients.outbox.actions import enqueue
from clients.outbox.brake import press
from clients.people.access import require, require_side, require_step_up
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Invalid, Missing, Refused
from tenants.vocabulary import Side
from tenants.walls.scope import durable

ASK_AGAIN = "gate.ask_again"
"""Kind of the outbox row that has waiting items asked again; its handler is in `clients.gate.tasks`."""

LONGEST_WINDOW = 14 * 24 * 60
MOST_UNDO = 60
MOST_SLOTS = 20
LONGEST_TITLE = 200


def set_policy(
    actor: Actor,
    *,
    needs: list[UUID],
    decide_minutes: int | None,
    on_lapse: str,
    veto_minutes: int,
    undo_seconds: int = 10,
) -> ApprovalPolicy:
    """Set who must say yes, by when, what happens otherwise, and how long a veto window lasts (working minutes)."""
    require_side(actor, Side.BRAND)
    require(actor, Verb.POLICY_SET)
    require_step_up(actor, timezone.now())
    _check_numbers(decide_minutes, veto_minutes, undo_seconds)
    if on_lapse not in set(OnLapse):
        raise Invalid("unknown_lapse", field="on_lapse")
    with durable(actor.brand):
        may_approve = {person.person_id for person in people_who_approve()}
        if not set(needs) <= may_approve:
            raise Invalid("not_an_approver", field="needs")
        values: dict[str, Any] = {
            "needs": [str(person) for person in needs],
            "decide_minutes": decide_minutes,
            "on_lapse": on_lapse,
            "veto_minutes": veto_minutes,
            "undo_seconds": undo_seconds,
        }
        policy, _ = ApprovalPolicy.objects.update_or_create(one=True, defaults=values)
        record(actor, "policy.set", policy, **values)
        enqueue(ASK_AGAIN, {}, key="policy")
        return policy


def _check_numbers(decide_minutes: int | None, veto_minutes: int, undo_seconds: int) -> None:
    if decide_minutes is not None and not 1 <= decide_minutes <= LONGEST_WINDOW:
        raise Invalid("out_of_range", field="decide_minutes", limit=LONGEST_WINDOW, actual=decide_minutes)
    if not 1 <= veto_minutes <= LONGEST_WINDOW:
        raise Invalid("out_of_range", field="veto_minutes", limit=LONGEST_WINDOW, actual=veto_minutes)
    if not 0 <= undo_seconds <= MOST_UNDO:
        raise Invalid("out_of_range", field="undo_seconds", limit=MOST_UNDO, actual=undo_seconds)


def propose_standing(actor: Actor, *, title: str, template: Template) -> StandingApproval:
    """Propose a yes in advance. It counts for nothing until somebody of the brand signs it. `template.id` is ignored."""
    require(actor, Verb.STANDING_PROPOSE)
    template = replace(template, link_hosts=tuple(host.lower() for host in template.link_hosts))
    _check_template(title, template)
    with durable(actor.brand):
        row = StandingApproval.objects.create(
            title=title.strip(),
            kind=template.kind,
            sensitivity=template.sensitivity,
            channels=list(template.channels),
            template=template.text,
            link_hosts=list(template.link_hosts),
            media_allowed=template.media_allowed,
            until=template.until,
            uses=template.uses_left,
            uses_left=template.uses_left,
            subject=template.subject,
            digest=template_digest(template),
            proposed_by=actor.somebody,
            proposed_by_name=actor.name,
        )
        record(actor, "standing.proposed", row, digest=row.digest)
        return row


def sign_standing(actor: Actor, *, standing_id: UUID, seen_digest: str) -> StandingApproval:
    """The brand's signature under a template that was read. Nobody signs their own."""
    require_side(actor, Side.BRAND)
    require(actor, Verb.STANDING_SIGN)
    with durable(actor.brand):
        row = _lock(standing_id)
        if row.state != StandingState.PROPOSED:
            raise Conflict("already_decided", state=row.state)
        if seen_digest != template_digest(as_signed(row)):
            raise Conflict("stale_version", digest=row.digest)
        if row.proposed_by == actor.person_id:
            raise Refused("own_item")
        row.state, row.signed_by, row.signed_by_name = StandingState.SIGNED, actor.person_id, actor.name
        row.signed_at = timezone.now()
        row.seal = STANDING.seal_of(row)
        row.save(update_fields=("state", "signed_by", "signed_by_name", "signed_at", "seal"))
        record(actor, "standing.signed", row, digest=row.digest)
        return row


def end_standing(actor: Actor, *, standing_id: UUID) -> StandingApproval:
    """Take a standing approval back: when this returns nothing leaves by it any more, and what waits is asked without it."""
    require_side(actor, Side.BRAND)
    require(actor, Verb.STANDING_SIGN)
    with durable(actor.brand):
        press(actor.brand)
        row = _lock(standing_id)
        if row.state == StandingState.ENDED:
            raise Conflict("already_decided", state=row.state)
        row.state, row.ended_at = StandingState.ENDED, timezone.now()
        row.save(update_fields=("state", "ended_at"))
        record(actor, "standing.ended", row)
        return row


def _lock(standing_id: UUID) -> StandingApproval:
    row = StandingApproval.objects.select_for_update().filter(pk=standing_id).first()
    if row is None:
        raise Missing("standing")
    return row


def _check_template(title: str, template: Template) -> None:
    if not title.strip():
        raise Invalid("title_missing", field="title")
    if template.kind not in set(ActionKind):
        raise Invalid("unknown_kind", field="kind")
    if ActionKind(template.kind) in IRREVERSIBLE:
        raise Invalid("irreversible_kind", field="kind")
    if template.sensitivity not in set(Sensitivity):
        raise Invalid("unknown_sensitivity", field="sensitivity")
    if not any(part.strip() for part in SLOT.split(template.text)):
        raise Invalid("text_missing", field="template")
    _check_lengths(title, template)
    if template.uses_left is not None and template.uses_left < 1:
        raise Invalid("out_of_range", field="uses_left", limit=1, actual=template.uses_left)


def _check_lengths(title: str, template: Template) -> None:
    for field, text in (("template", template.text), ("subject", template.subject)):
        if len(SLOT.findall(text)) > MOST_SLOTS:
            raise Invalid("too_many_slots", field=field, limit=MOST_SLOTS)
    for field, line in (("title", title.strip()), ("subject", template.subject)):
        if len(line) > LONGEST_TITLE:
            raise Invalid("title_too_long", field=field, limit=LONGEST_TITLE, actual=len(line))
