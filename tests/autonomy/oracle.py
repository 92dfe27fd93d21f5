"""The answer, worked out a second time from the brand's point of view, in a style of its own.

It shares no code with `clients.autonomy` but the data classes: grants are ranked by brute force over the whole charter, and what
may happen at a level is a table. Where the two differ, one of them is wrong.
"""

from clients.autonomy.grant import Charter, Grant
from clients.autonomy.question import Question

ACT_FOR_AGENCY = {"agency_owner", "agency_manager", "community_manager"}
ACT_FOR_BRAND = {"brand_owner", "brand_manager"}
SAY_YES = {"brand_owner", "brand_manager", "approver"}
NEVER_ALONE = {"delete", "ban", "newsletter", "disclose"}

# level -> what happens when (approved, matches a standing approval, silence has spoken); first fit from the left
AT_LEVEL = {
    0: (("always", "refuse"),),
    1: (("always", "wait_brand"),),
    2: (("approved", "send"), ("always", "wait_approval")),
    3: (("standing", "send"), ("approved", "send"), ("always", "wait_approval")),
    4: (
        ("standing", "send"),
        ("approved", "send"),
        ("bounced", "wait_approval"),
        ("silent", "send"),
        ("always", "wait_veto"),
    ),
    5: (("always", "send"),),
    6: (("always", "send"),),
}


def answer(q: Question, charter: Charter) -> str:
    """The outcome by name: what would go out is slept on, where it takes away something of somebody else's for good."""
    awake = _awake(q, charter)
    if awake != "send" or not q.moderates or q.kind not in {"delete", "ban"} or q.urgent:
        return awake
    asked = set(q.authors)
    others = {y.person for y in q.yeses if y.side == "brand" and y.role in SAY_YES and y.digest == q.digest} - asked
    if not others and q.person in asked:
        return "wait_approval"
    return "send" if q.cools_until is not None and q.cools_until <= q.moment else "hold"


def _awake(q: Question, charter: Charter) -> str:
    if not _may_come_at_all(q):
        return "refuse"
    if q.holds:
        return "hold"
    signs = _signs(q)
    if q.side == "brand":
        return "send" if q.role in ACT_FOR_BRAND or "approved" in signs else "wait_approval"
    level = effective_level(q, charter)
    return next(outcome for sign, outcome in AT_LEVEL[level] if sign in signs)


def _may_come_at_all(q: Question) -> bool:
    known = (q.side == "agency" and q.role in ACT_FOR_AGENCY and q.mandate == "active") or (
        q.side == "brand" and q.role in SAY_YES
    )
    in_time = q.not_after is None or q.moment <= q.not_after
    told_not_to = q.side == "agency" and bool(set(q.barred) & {"forbidden_topic", "embargoed_topic"})
    by_no_rule = q.moderates and q.rule == ""
    in_other_hands = (q.held_by, q.side) in {("brand", "agency"), ("agency", "brand")}
    kept_in = told_not_to or by_no_rule or in_other_hands
    return known and q.channel_open and q.digest not in q.said_no and in_time and not kept_in


def _signs(q: Question) -> set[str]:
    signs = {"always"}
    said = {
        y.person
        for y in q.yeses
        if y.side == "brand" and y.role in SAY_YES and y.digest == q.digest and y.person not in q.authors
    }
    if said and not set(q.needs) - said:
        signs.add("approved")
    if q.standing:
        signs.add("standing")
    if q.window.digest == q.digest:
        if q.window.state == "bounced":
            signs.add("bounced")
        if q.window.state == "lapsed" and q.window.closes_at is not None and q.window.closes_at <= q.moment:
            signs.add("silent")
    return signs


def effective_level(q: Question, charter: Charter) -> int:
    """Every grant that could be meant, ranked by how much it names; the first rank with a grant still running decides."""
    fitting = [g for g in charter.grants if _fits(g, q)]
    roof = 6
    level = 0
    for named in (2, 1, 0):
        rank = [g for g in fitting if bool(g.channel) + bool(g.kind) == named]
        over = [g for g in rank if g.until is not None and g.until < q.moment.date()]
        running = [g for g in rank if g not in over]
        roof = min([roof, *(_now(g, q) for g in over)])
        if running:
            level = min(roof, *(_now(g, q) for g in running)) if running else 0
            break
    if level > 2 and (q.kind in NEVER_ALONE or not q.briefing_acknowledged or len(q.cautions) > 0):
        level = 2
    return level


def _fits(g: Grant, q: Question) -> bool:
    return g.channel in ("", q.channel) and g.kind in ("", q.kind) and g.sensitivity == q.sensitivity


def _now(g: Grant, q: Question) -> int:
    level = int(g.level)
    if level <= 2:
        return level
    if g.hours is not None:
        minute = q.moment.hour * 60 + q.moment.minute
        if q.moment.weekday() not in g.hours.weekdays or minute < g.hours.start or minute >= g.hours.end:
            return 2
    used = dict(q.sent_today).get(f"{g.channel}|{g.kind}|{g.sensitivity}", 0)
    if g.daily_cap is not None and used >= g.daily_cap:
        return 2
    return level
