"""The objections and the limits, each a small function of the question. An objection refuses or holds; a limit lowers the level."""

from collections.abc import Callable

from clients.autonomy.grant import Charter, Grant
from clients.autonomy.levels import IRREVERSIBLE_CEILING, Level
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

MAY_BRING = {
    Side.AGENCY: AGENCY_ROLES_THAT_ACT,
    # An approver may bring an item, but it then needs the yes of another: see `decide`.
    Side.BRAND: BRAND_ROLES_THAT_ACT | ROLES_THAT_APPROVE,
}


def no_side(q: Question) -> bool:
    return q.side is None or q.role is None


def role_may_not_act(q: Question) -> bool:
    return q.side is None or q.role not in MAY_BRING[q.side]


def mandate_not_active(q: Question) -> bool:
    return q.side is Side.AGENCY and q.mandate is not MandateState.ACTIVE


def channel_not_open(q: Question) -> bool:
    return not q.channel_open


def brand_said_no(q: Question) -> bool:
    return q.digest in q.said_no


def time_window_over(q: Question) -> bool:
    return q.not_after is not None and q.moment > q.not_after


OBJECTIONS: tuple[tuple[Reason, Callable[[Question], bool]], ...] = (
    (Reason.NO_SIDE, no_side),
    (Reason.ROLE_MAY_NOT_ACT, role_may_not_act),
    (Reason.MANDATE_NOT_ACTIVE, mandate_not_active),
    (Reason.CHANNEL_NOT_OPEN, channel_not_open),
    (Reason.BRAND_SAID_NO, brand_said_no),
    (Reason.TIME_WINDOW_OVER, time_window_over),
)


def level_granted(q: Question, charter: Charter) -> tuple[Level, str, tuple[Reason, ...]]:
    """The level that the nearest grant gives at this moment, its key, and what lowered it.

    A grant whose last day is past no longer gives anything, but what it withheld stays withheld: the next grant may
    then hold only up to its level. So no way of shortening a grant can ever permit more.
    """
    ceiling, reasons = Level.TRUST, []
    for tier in charter.tiers(q.channel, q.kind, q.sensitivity):
        for grant in tier:
            if grant.ended(q.moment):
                ceiling = min(ceiling, _within_limits(grant, q)[0])
                reasons.append(Reason.GRANT_ENDED)
        live = [(*_within_limits(grant, q), grant.key) for grant in tier if not grant.ended(q.moment)]
        if live:
            level, limits, key = min(live)
            return min(level, ceiling), key, (*reasons, Reason.GRANT, *limits)
    return Level.CLOSED, "", (*reasons, Reason.NO_GRANT)


def _within_limits(grant: Grant, q: Question) -> tuple[Level, tuple[Reason, ...]]:
    if grant.level <= Level.APPROVE:
        return grant.level, ()
    limits = []
    if grant.hours is not None and not grant.hours.contain(q.moment):
        limits.append(Reason.OUTSIDE_HOURS)
    if grant.daily_cap is not None and dict(q.sent_today).get(grant.key, 0) >= grant.daily_cap:
        limits.append(Reason.DAILY_CAP_REACHED)
    return (Level.APPROVE if limits else grant.level), tuple(limits)


def level_that_holds(q: Question, charter: Charter) -> tuple[Level, str, tuple[Reason, ...]]:
    """The level granted, lowered by what no grant may pass."""
    level, key, reasons = level_granted(q, charter)
    if level > IRREVERSIBLE_CEILING and q.kind in IRREVERSIBLE:
        level, reasons = IRREVERSIBLE_CEILING, (*reasons, Reason.IRREVERSIBLE_CEILING)
    if level > Level.APPROVE and not q.briefing_acknowledged:
        level, reasons = Level.APPROVE, (*reasons, Reason.BRIEFING_NOT_ACKNOWLEDGED)
    return level, key, reasons


def approval(q: Question) -> Reason:
    """APPROVED if the brand's yes to this very content is complete; otherwise what is missing."""
    said = [y for y in q.yeses if y.side is Side.BRAND and y.role in ROLES_THAT_APPROVE]
    others = [y for y in said if y.person not in q.authors]
    exact = {y.person for y in others if y.digest == q.digest}
    if exact and exact.issuperset(q.needs):
        return Reason.APPROVED
    if exact or not said:
        return Reason.APPROVAL_MISSING
    return Reason.APPROVAL_OF_OTHER_CONTENT if others else Reason.OWN_ITEM
