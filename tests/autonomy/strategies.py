"""Questions and charters for Hypothesis: few names, so that they meet often."""

from datetime import date, datetime, timedelta, timezone

from hypothesis import strategies as st

from clients.autonomy.grant import ANY, Charter, Grant, Hours
from clients.autonomy.levels import Level
from clients.autonomy.question import Question, Window, Yes
from clients.autonomy.vocabulary import ActionKind, EntryPoint, MandateState, Sensitivity, WindowState
from tenants.vocabulary import ROLES_OF, Role, Side

CHANNELS = ("wall", "mail")
KINDS = (ActionKind.PUBLISH, ActionKind.ANSWER, ActionKind.DELETE)
DIGESTS = ("d1", "d2")
PEOPLE = ("ann", "bob", "eve")
PARIS = timezone(timedelta(hours=1))
FIRST = datetime(2026, 11, 16, tzinfo=PARIS)

moments = st.integers(0, 14 * 24 * 4).map(lambda quarter: FIRST + timedelta(minutes=15 * quarter))
hours = st.builds(
    lambda start, length, days: Hours(start, min(start + length, 24 * 60), frozenset(days)),
    st.sampled_from((0, 480, 600)),
    st.sampled_from((60, 600, 1440)),
    st.sampled_from(((0, 1, 2, 3, 4), (5, 6), (0, 1, 2, 3, 4, 5, 6))),
)
grants = st.builds(
    Grant,
    channel=st.sampled_from((ANY, *CHANNELS)),
    kind=st.sampled_from((ANY, *KINDS)),
    sensitivity=st.sampled_from(Sensitivity),
    level=st.sampled_from(Level),
    hours=st.none() | hours,
    daily_cap=st.none() | st.integers(1, 3),
    until=st.none() | st.integers(0, 14).map(lambda n: date(2026, 11, 16) + timedelta(days=n)),
)
charters = st.lists(grants, max_size=10, unique_by=lambda g: g.key).map(lambda gs: Charter(1, tuple(gs)))
sided_roles = st.sampled_from([(side, role) for side in Side for role in sorted(ROLES_OF[side])])
yeses = st.builds(
    lambda person, who, digest: Yes(person, who[0], who[1], digest),
    st.sampled_from(PEOPLE),
    sided_roles,
    st.sampled_from(DIGESTS),
)
windows = st.builds(
    Window, state=st.sampled_from(WindowState), digest=st.sampled_from(DIGESTS), closes_at=st.none() | moments
)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    side, role = draw(sided_roles | st.just((None, None)))
    channel, kind, sensitivity = (
        draw(st.sampled_from(CHANNELS)),
        draw(st.sampled_from(KINDS)),
        draw(st.sampled_from(Sensitivity)),
    )
    keys = [f"{c}|{k}|{sensitivity}" for c in (channel, ANY) for k in (kind, ANY)]
    return Question(
        brand="b",
        person=draw(st.sampled_from(PEOPLE)),
        side=side,
        role=role,
        via=draw(st.sampled_from(EntryPoint)),
        kind=kind,
        channel=channel,
        sensitivity=sensitivity,
        digest=draw(st.sampled_from(DIGESTS)),
        moment=draw(moments),
        mandate=draw(st.sampled_from(MandateState)),
        channel_open=draw(st.sampled_from((True, True, True, False))),
        briefing_version=1,
        briefing_acknowledged=draw(st.booleans()),
        not_after=draw(st.none() | st.none() | moments),
        authors=tuple(draw(st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True))),
        needs=tuple(draw(st.just([]) | st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True))),
        yeses=tuple(draw(st.lists(yeses, max_size=3))),
        said_no=tuple(draw(st.just([]) | st.lists(st.sampled_from(DIGESTS), max_size=1))),
        standing=draw(st.sampled_from(("", "", "t1"))),
        window=draw(windows),
        holds=tuple(draw(st.just([]) | st.just([]) | st.just(["h1"]))),
        sent_today=tuple((key, draw(st.integers(0, 3))) for key in keys),
        raised=draw(st.sampled_from(((), (), ("sensitive_topic",), ("sensitive_topic", "crisis_in_force")))),
        barred=draw(st.sampled_from(((), (), (), ("forbidden_topic",), ("embargoed_topic",)))),
        cautions=draw(st.sampled_from(((), (), (), ("forbidden_topic",), ("embargoed_topic", "briefing_altered")))),
        moderates=draw(st.booleans()),
        rule=draw(st.sampled_from(("1", "1", ""))),
        urgent=draw(st.sampled_from((False, False, True))),
        cools_until=draw(st.none() | moments | moments),
        held_by=draw(st.sampled_from(("", "", "", "brand", "agency"))),
    )


ROLE_PAIRS: list[tuple[Side | None, Role | None]] = [
    (None, None),
    *((side, role) for side in Side for role in sorted(ROLES_OF[side])),
]
