"""What reports there are, how one lives, and when the next is due. Pure.

The life is a table of data; the drawing in docs/report-life.md is generated from it.
"""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from tenants.errors import Invalid


class ReportKind(StrEnum):
    """What a report is for; `reports.kinds` says what stands in it."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    PRESS = "press"
    AUDIT = "audit"
    DOSSIER = "dossier"
    CUSTOM = "custom"


class ReportState(StrEnum):
    """Where a report stands."""

    MAKING = "making"
    DRAFT = "draft"
    PROPOSED = "proposed"  # whoever drafted it puts it before the brand
    ANNOTATED = "annotated"  # the brand has written beside it
    HELD = "held"  # it does not go out by itself
    RELEASED = "released"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Step(StrEnum):
    """What moves a report."""

    FINISH = "finish"
    FAIL = "fail"
    CANCEL = "cancel"
    RETRY = "retry"
    REMAKE = "remake"
    PROPOSE = "propose"
    ANNOTATE = "annotate"
    HOLD = "hold"
    RESUME = "resume"
    RELEASE = "release"
    WITHDRAW = "withdraw"


S, T = ReportState, Step
_BRANDS = {T.ANNOTATE: S.ANNOTATED, T.HOLD: S.HELD, T.RELEASE: S.RELEASED}
_DRAFTERS = {T.REMAKE: S.MAKING, T.CANCEL: S.CANCELLED}
LIFE: dict[ReportState, dict[Step, ReportState]] = {
    S.MAKING: {T.FINISH: S.DRAFT, T.FAIL: S.FAILED, T.CANCEL: S.CANCELLED},
    # The brand need not wait to be asked: what lies there it may hold, write beside or let out, proposed or not.
    S.DRAFT: {T.PROPOSE: S.PROPOSED} | _BRANDS | _DRAFTERS,
    S.PROPOSED: _BRANDS | _DRAFTERS,
    S.ANNOTATED: _BRANDS | _DRAFTERS,
    # No cancel and no making anew: what the brand holds, nobody takes from under its hand.
    S.HELD: {T.ANNOTATE: S.HELD, T.RESUME: S.DRAFT, T.RELEASE: S.RELEASED},
    S.RELEASED: {T.WITHDRAW: S.WITHDRAWN},
    S.WITHDRAWN: {},
    S.FAILED: {T.RETRY: S.MAKING, T.CANCEL: S.CANCELLED},
    S.CANCELLED: {T.RETRY: S.MAKING},
}
READY = frozenset({S.DRAFT, S.PROPOSED, S.ANNOTATED, S.HELD, S.RELEASED, S.WITHDRAWN})
"""States in which there is something to read."""
WAITING = frozenset({S.DRAFT, S.PROPOSED, S.ANNOTATED})
"""States in which the brand's rule may release it."""


def after(state: ReportState, step: Step) -> ReportState | None:
    """The state that follows, or None where the table does not know the step."""
    return LIFE[ReportState(state)].get(step)


class Phase(StrEnum):
    """How far the making is, and how much of a hundred is done when it begins."""

    WAITING = "waiting"
    FACTS = "facts"
    DRAWING = "drawing"
    KEEPING = "keeping"
    DONE = "done"


PROGRESS = {Phase.WAITING: 0, Phase.FACTS: 10, Phase.DRAWING: 40, Phase.KEEPING: 90, Phase.DONE: 100}


class Rhythm(StrEnum):
    """How often a report is made by itself."""

    NEVER = "never"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Delivery(StrEnum):
    """How the PDF goes along with the letter, as the brand chose."""

    LINK = "link"
    ATTACHED = "attached"


LANGUAGES = ("fr", "en")
LAST_WEEKDAY, LAST_DAY, LONGEST_WINDOW = 6, 28, 240
"""Monday is 0; days that every month has; working hours of a window."""
LONGEST_TITLE, LONGEST_WORDS = 120, 1_000


def due_after(now: datetime, rhythm: Rhythm, at: time, weekday: int, day: int, zone: str) -> datetime | None:
    """The next moment on the clocks of `zone`: one weekday (0 is Monday) or one day of each month. None for never.

    A time that a night leaves out is the one after the gap, one that comes twice is the first. Compared in UTC: two moments on
    one zone's wall would be compared by the wall alone, and an hour would be lost or run twice.
    """
    today = now.astimezone(ZoneInfo(zone)).date()
    if rhythm is Rhythm.WEEKLY:
        first = today + timedelta(days=(weekday - today.weekday()) % 7)
        days = (first, first + timedelta(days=7))
    elif rhythm is Rhythm.MONTHLY:
        first = today.replace(day=day)
        days = (first, _next_month(first))
    else:
        return None
    found = (datetime.combine(one, at, ZoneInfo(zone)).astimezone(UTC) for one in days)
    return next(moment for moment in found if moment > now)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=day.day)


def checked_rule(
    kind: str, rhythm: str, weekday: int, day: int, language: str, delivery: str, window: int
) -> tuple[ReportKind, Rhythm, Delivery]:
    """Raises Invalid('unknown_report' | 'unknown_rhythm' | 'unknown_weekday' | 'number_out_of_range' | 'unknown_language' |
    'unknown_delivery', field)."""
    checked_kind(kind, language)
    if rhythm not in set(Rhythm):
        raise Invalid("unknown_rhythm", "rhythm")
    if not 0 <= weekday <= LAST_WEEKDAY:
        raise Invalid("unknown_weekday", "weekday")
    if not 1 <= day <= LAST_DAY:
        raise Invalid("number_out_of_range", "day", most=LAST_DAY)
    if not 0 <= window <= LONGEST_WINDOW:
        raise Invalid("number_out_of_range", "window", most=LONGEST_WINDOW)
    if delivery not in set(Delivery):
        raise Invalid("unknown_delivery", "delivery")
    return ReportKind(kind), Rhythm(rhythm), Delivery(delivery)


def checked_kind(kind: str, language: str) -> ReportKind:
    """Raises Invalid('unknown_report', 'kind'), Invalid('unknown_language', 'language')."""
    if kind not in set(ReportKind):
        raise Invalid("unknown_report", "kind")
    if language not in LANGUAGES:
        raise Invalid("unknown_language", "language")
    return ReportKind(kind)


def checked_sections(chosen: Collection[str], known: Collection[str]) -> list[str]:
    """In the order in which they are shown; [] for all. Raises Invalid('unknown_section', 'sections')."""
    if set(chosen) - set(known):
        raise Invalid("unknown_section", "sections")
    return [one for one in known if one in chosen] if set(chosen) != set(known) else []


def checked_words(words: str, field: str, most: int) -> str:
    """Raises Invalid('too_long' | 'control_characters', field)."""
    found = words.strip()
    if "\0" in found:
        raise Invalid("control_characters", field)
    if len(found) > most:
        raise Invalid("too_long", field, most=most)
    return found
