"""The objections and the limits, each a small function of the question. An objection refuses; a limit lowers the level."""

from collections.abc import Callable

from clients.autonomy.calm import left_to_members
from clients.autonomy.cooling import rule_not_cited
from clients.autonomy.grant import Charter, Grant
from clients.autonomy.levels import APPROVE, CLOSED, IRREVERSIBLE_CEILING, TRUST, Level
from clients.autonomy.question import Question
from clients.autonomy.vocabulary import (
    AGENCY_ROLES_THAT_ACT,
    BRAND_ROLES_THAT_ACT,
    IRREVERSIBLE,
    ROLES_THAT_APPROVE,
    MandateState,
    Reason,
)
from tenants.vocabulary import Side

AGENCY, ACTIVE = Side.AGENCY, MandateState.ACTIVE
GRANT, GRANT_ENDED, NO_GRANT = Reason.GRANT, Reason.GRANT_ENDED, Reason.NO_GRANT
OUTSIDE_HOURS, DAILY_CAP_REACHED = Reason.OUTSIDE_HOURS, Reason.DAILY_CAP_REACHED
APPROVED, APPROVAL_MISSING = Reason.APPROVED, Reason.APPROVAL_MISSING
"""Looked up once: see `levels`."""

MAY_BRING = {
    AGENCY: AGENCY_ROLES_THAT_ACT,
    # An approver may bring an item, but it then needs the yes of another: see `decide`.
    Side.BRAND: BRAND_ROLES_THAT_ACT | ROLES_THAT_APPROVE,
}


def no_side(q: Question) -> bool:
    return q.side is None or q.role is None


def role_may_not_act(q: Question) -> bool:
    return q.side is None or q.role not in MAY_BRING[q.side]


def mandate_not_active(q: Question) -> bool:
    return q.side is AGENCY and q.mandate is not ACTIVE


def channel_not_open(q: Question) -> bool:
    return not q.channel_open


def brand_said_no(q: Question) -> bool:
    return q.digest in q.said_no


def time_window_over(q: Question) -> bool:
    return q.not_after is not None and q.moment > q.not_after


def held_by_other_side(q: Question) -> bool:
    return q.held_by not in {"", q.side}


def barred_for(reason: Reason) -> Callable[[Question], bool]:
    """The brand may speak of what it keeps its agency from; it wrote the bar."""
    return lambda q: reason in q.barred and q.side is AGENCY


OBJECTIONS: tuple[tuple[Reason, Callable[[Question], bool]], ...] = (
    (Reason.NO_SIDE, no_side),
    (Reason.ROLE_MAY_NOT_ACT, role_may_not_act),
    (Reason.MANDATE_NOT_ACTIVE, mandate_not_active),
    (Reason.CHANNEL_NOT_OPEN, channel_not_open),
    (Reason.BRAND_SAID_NO, brand_said_no),
    (Reason.TIME_WINDOW_OVER, time_window_over),
    (Reason.FORBIDDEN_TOPIC, barred_for(Reason.FORBIDDEN_TOPIC)),
    (Reason.EMBARGOED_TOPIC, barred_for(Reason.EMBARGOED_TOPIC)),
    (Reason.RULE_NOT_CITED, rule_not_cited),
    (Reason.HELD_BY_OTHER_SIDE, held_by_other_side),
    (Reason.LET_TALK, left_to_members),
)


def level_granted(q: Question, charter: Charter) -> tuple[Level, str, tuple[Reason, ...]]:
    """The level that the nearest grant gives at this moment, its key, and what lowered it.

    A grant whose last day is past no longer gives anything, but what it withheld stays withheld: the next grant may
    then hold only up to its level. So no way of shortening a grant can ever permit more.
    """
    ceiling = TRUST
    ended: tuple[Reason, ...] = ()
    for tier in charter.tiers(q.channel, q.kind, q.sensitivity):
        live = []
        for grant in tier:
            level, limits = _within_limits(grant, q)
            if not grant.ended(q.moment):
                live.append((level, limits, grant.key))
                continue
            ended = (*ended, GRANT_ENDED)
            ceiling = min(ceiling, level)
        if live:
            level, limits, key = min(live) if len(live) > 1 else live[0]
            return (min(level, ceiling) if ended else level), key, (*ended, GRANT, *limits)
    return CLOSED, "", (*ended, NO_GRANT)


def _within_limits(grant: Grant, q: Question) -> tuple[Level, tuple[Reason, ...]]:
    level = grant.level
    if level <= APPROVE:
        return level, ()
    limits: tuple[Reason, ...] = ()
    if grant.hours is not None and not grant.hours.contain(q.moment):
        limits = (OUTSIDE_HOURS,)
    if grant.daily_cap is not None and _sent(q, grant.key) >= grant.daily_cap:
        limits = (*limits, DAILY_CAP_REACHED)
    return (APPROVE if limits else level), limits


def _sent(q: Question, key: str) -> int:
    for counted, number in q.sent_today:
        if counted == key:
            return number
    return 0


def level_that_holds(q: Question, charter: Charter) -> tuple[Level, str, tuple[Reason, ...]]:
    """The level granted, lowered by what no grant may pass."""
    level, key, reasons = level_granted(q, charter)
    if q.raised:
        reasons = (*map(Reason, q.raised), *reasons)
    if level > IRREVERSIBLE_CEILING and q.kind in IRREVERSIBLE:
        level, reasons = IRREVERSIBLE_CEILING, (*reasons, Reason.IRREVERSIBLE_CEILING)
    if level > APPROVE and not q.briefing_acknowledged:
        level, reasons = APPROVE, (*reasons, Reason.BRIEFING_NOT_ACKNOWLEDGED)
    if q.cautions:
        level, reasons = min(level, APPROVE), (*reasons, *map(Reason, q.cautions))
    return level, key, reasons


def approval(q: Question) -> Reason:
    """APPROVED if the brand's yes to this very content is complete; otherwise what is missing."""
    if not q.yeses:
        return APPROVAL_MISSING
    said = [y for y in q.yeses if y.side is Side.BRAND and y.role in ROLES_THAT_APPROVE]
    others = [y for y in said if y.person not in q.authors]
    exact = {y.person for y in others if y.digest == q.digest}
    if exact and exact.issuperset(q.needs):
        return APPROVED
    if exact or not said:
        return APPROVAL_MISSING
    return Reason.APPROVAL_OF_OTHER_CONTENT if others else Reason.OWN_ITEM
