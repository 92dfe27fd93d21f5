"""Charters and questions for the tests of the pure parts: small worlds in which everything can happen, and the whole world."""

from datetime import UTC, date, datetime

from hypothesis import strategies as st

from clients.autonomy.grant import ANY, EVERY_DAY, Charter, Grant, Hours
from clients.autonomy.levels import Level
from clients.autonomy.question import Question
from clients.autonomy.vocabulary import ActionKind, EntryPoint, MandateState, Sensitivity
from tenants.vocabulary import Role, Side

CHANNELS = ("c1", "c2")
UNNAMED = "another"
KINDS = (ActionKind.PUBLISH, ActionKind.ANSWER, ActionKind.DELETE)
DAYS = tuple(date(2026, 11, day) for day in range(20, 28))
MINUTES = (0, 540, 720, 1080, 1440)
ROUTINE = Sensitivity.ROUTINE

hours = st.builds(
    lambda start, end, weekdays: Hours(min(start, end), max(start, end), frozenset(weekdays)),
    st.sampled_from(MINUTES),
    st.sampled_from(MINUTES),
    st.sampled_from((EVERY_DAY, frozenset(range(5)), frozenset({5, 6}), frozenset({2}))),
)
grants = st.builds(
    Grant,
    st.sampled_from((ANY, *CHANNELS)),
    st.sampled_from((ANY, *KINDS)),
    st.just(ROUTINE),
    st.sampled_from(Level),
    st.none() | hours,
    st.none() | st.integers(1, 3),
    st.none() | st.sampled_from(DAYS[1:-1]),
)
charters = st.lists(grants, max_size=6, unique_by=lambda g: g.key).map(lambda found: Charter(1, tuple(found)))


def question(
    channel: str = "c1",
    kind: ActionKind = ActionKind.PUBLISH,
    moment: datetime = datetime(2026, 11, 23, 10, tzinfo=UTC),
    sensitivity: Sensitivity = ROUTINE,
    sent_today: tuple[tuple[str, int], ...] = (),
    **facts: object,
) -> Question:
    """An agency's act under an active mandate, with nothing else standing in its way."""
    return Question(
        brand="b", person="p", side=Side.AGENCY, role=Role.COMMUNITY_MANAGER, via=EntryPoint.PAGE,
        kind=kind, channel=channel, sensitivity=sensitivity, digest="d", moment=moment,
        mandate=MandateState.ACTIVE, briefing_acknowledged=True, sent_today=sent_today, **facts,
    )  # fmt: skip


def at(day: date, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=UTC)


keys = tuple(f"{c}|{k}|{ROUTINE}" for c in (ANY, *CHANNELS) for k in (ANY, *KINDS))
questions = st.builds(
    question,
    st.sampled_from((*CHANNELS, UNNAMED)),
    st.sampled_from(KINDS),
    st.builds(at, st.sampled_from(DAYS), st.sampled_from((0, 539, 540, 719, 720, 1079, 1080, 1439))),
    sent_today=st.dictionaries(st.sampled_from(keys), st.integers(0, 3)).map(lambda found: tuple(found.items())),
)
