"""The other side's word on a proposal: yes, no with a reason; and the proposer taking it back."""

from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.briefings.access import access_proposal
from clients.briefings.models import BriefingProposal, BriefingVersion
from clients.briefings.office import DEFAULT, clean_office
from clients.briefings.queries import briefing_in_force, classes_of, has_agency
from clients.briefings.rules import Section
from clients.briefings.sides import Said, needed
from clients.briefings.steps import agreed_by, put_in_force, require_fresh, say, sections_after, write_alone
from clients.people.access import require, require_step_up
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from tenants.errors import Conflict, Invalid, Refused
from tenants.vocabulary import Side
from tenants.walls.scope import durable


def agree_briefing(*, actor: Actor, proposal_id: UUID, seen_digest: str) -> BriefingVersion | None:
    """Say yes for one's side to exactly what was read. The version, once every side that is needed has agreed.

    Raises Missing('proposal'), Refused('not_allowed' | 'step_up_required'), Conflict('stale_version') when it is not what was
    read or its sections were changed since, Conflict('already_said' | 'already_decided').
    """
    require(actor, Verb.BRIEFING_AGREE)
    require_step_up(actor, timezone.now())
    with durable(actor.brand):
        proposal = _open(actor, proposal_id)
        if proposal.digest != seen_digest:
            raise Conflict("stale_version", field="digest")
        former = briefing_in_force()
        sections = [Section(name) for name in proposal.changes]
        require_fresh(proposal.base, former, sections)
        say(actor, proposal, Said.AGREE)
        record(actor, "briefing_agreed", proposal, digest=proposal.digest)
        wanted = needed(sections, classes_of(former), Side(proposal.side), has_agency=has_agency())
        if not wanted <= agreed_by(proposal):
            return None
        hours = clean_office(former.calendar if former else DEFAULT)
        whole = sections_after(former, proposal.changes)
        return put_in_force(actor, former, whole, hours, note=proposal.note, proposal=proposal)


def refuse_briefing(*, actor: Actor, proposal_id: UUID, reason: str) -> BriefingProposal:
    """Say no for one's side, with a reason: the proposal is over.

    Raises Missing('proposal'), Refused('not_allowed' | 'wrong_side'), Invalid('refusal_reason_missing'),
    Conflict('already_decided').
    """
    require(actor, Verb.BRIEFING_AGREE)
    if not reason.strip():
        raise Invalid("refusal_reason_missing", field="reason")
    with durable(actor.brand):
        proposal = _open(actor, proposal_id)
        if proposal.side == actor.side:
            raise Refused("wrong_side")
        say(actor, proposal, Said.REFUSE, reason)
        record(actor, "briefing_refused", proposal, digest=proposal.digest, private={"reason": reason.strip()})
    return proposal


def withdraw_briefing(*, actor: Actor, proposal_id: UUID) -> BriefingProposal:
    """Take a proposal of one's own side back: its writer, or whoever agrees for that side.

    Raises Missing('proposal'), Refused('not_allowed' | 'wrong_side'), Conflict('already_decided').
    """
    require(actor, Verb.BRIEFING_PROPOSE)
    with durable(actor.brand):
        proposal = _open(actor, proposal_id)
        if proposal.side != actor.side:
            raise Refused("wrong_side")
        if proposal.proposed_by != actor.person_id and not may(actor.role, Verb.BRIEFING_AGREE):
            raise Refused("not_allowed")
        say(actor, proposal, Said.WITHDRAW)
        record(actor, "briefing_withdrawn", proposal, digest=proposal.digest)
    return proposal


def _open(actor: Actor, proposal_id: UUID) -> BriefingProposal:
    """The proposal, which nobody else decides meanwhile. Conflict('already_decided') once it is in force or over."""
    write_alone(actor.brand)
    proposal = access_proposal(actor, proposal_id)
    if proposal.is_over:
        raise Conflict("already_decided")
    return proposal
