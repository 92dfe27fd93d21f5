"""What reports there are, how one lives, and when the next is due. Pure.

The life is a table of data; the drawing in docs/report-life.md is generated from it.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from clients.disclosure.rules import InfoClass, Way
from clients.people.rules import Verb
from reports.facts.periods import Period, PeriodKind
from reports.making.terms import USUAL_DAYS, USUAL_VIEWS, check_terms, checked_password
from tenants.errors import Invalid, Refused


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
OPEN = WAITING | {S.HELD}
"""States in which the brand may write beside it."""
DECISIONS = frozenset({T.ANNOTATE, T.HOLD, T.RESUME, T.RELEASE, T.WITHDRAW})
"""What only those say who let reports out."""
OURS = frozenset({T.FINISH, T.FAIL})
"""What no person does, but the worker that makes it."""


def leave_for(step: Step, state: ReportState, *, worded: bool, by_rule: bool) -> Verb:
    """By which leave a person takes a step. `worded`: the brand has written on its figures; `by_rule`: the brand's rule made it.

    INVARIANT: whoever drafts takes neither the brand's word nor what the brand ordered away from it, and does not bring back
    what the brand has cancelled.
    """
    drops = step is Step.CANCEL or (step is Step.RETRY and state is ReportState.CANCELLED)
    kept = worded if step is Step.REMAKE else drops and (worded or by_rule)
    return Verb.REPORT_RELEASE if kept or step in DECISIONS else Verb.REPORT_DRAFT


def after(state: ReportState, step: Step) -> ReportState | None:
    """The state that follows, or None where the table does not know the step."""
    return LIFE[ReportState(state)].get(step)


class NoticeKind(StrEnum):
    """Why those who may release a report are written to."""

    PROPOSED = "proposed"  # whoever drafted it asks for their word
    READY = "ready"  # the brand's rule has made it
    FAILED = "failed"  # the brand's rule wanted it, and it could not be made


class NoticeState(StrEnum):
    """What became of such a letter."""

    QUEUED = "queued"
    DELIVERED = "delivered"
    BOUNCED = "bounced"


NOTICED_IN = {NoticeKind.PROPOSED: {S.PROPOSED}, NoticeKind.READY: WAITING, NoticeKind.FAILED: {S.FAILED}}
"""While a report stands there, somebody has to be told; afterwards the letter is not written any more."""

PASSING = frozenset({"pdf_died", "pdf_time", "pdf_disk", "disk_full", "making_failed"})
"""Causes of a failure that may be gone a little later."""
PAUSES = (timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=4))
"""Before the second try by itself, the third and so on."""


def next_try(now: datetime, code: str, tries: int) -> datetime | None:
    """When a report that has failed so often, this time because of `code`, is tried again by itself; None for never."""
    return now + PAUSES[tries - 1] if code in PASSING and tries <= len(PAUSES) else None


class Phase(StrEnum):
    """How far the making is, and how much of a hundred is done when it begins."""

    WAITING = "waiting"
    FACTS = "facts"
    DRAWING = "drawing"
    KEEPING = "keeping"
    DONE = "done"


PROGRESS = {Phase.WAITING: 0, Phase.FACTS: 10, Phase.DRAWING: 40, Phase.KEEPING: 90, Phase.DONE: 100}
HALF_DRAWN = 20
"""Pages after which half of the drawing is taken to be done: how many there will be nobody knows before the last."""


def share_of(phase: Phase, pages: int) -> int:
    """How much of a hundred is done, with so many pages laid out. More pages never show less."""
    more = PROGRESS[Phase.KEEPING] - PROGRESS[Phase.DRAWING] if phase is Phase.DRAWING else 0
    return PROGRESS[phase] + more * pages // (pages + HALF_DRAWN)


class Rhythm(StrEnum):
    """How often a report is made by itself."""

    NEVER = "never"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Delivery(StrEnum):
    """How the PDF goes along with the letter, as the brand chose."""

    LINK = "link"
    ATTACHED = "attached"


OF_ONE_KIND = {ReportKind.WEEKLY: PeriodKind.WEEK, ReportKind.MONTHLY: PeriodKind.MONTH}
"""Reports that tell of one sort of period alone; the others tell of any."""
SPANS = {Rhythm.WEEKLY: PeriodKind.WEEK, Rhythm.MONTHLY: PeriodKind.MONTH}
"""Of what period a run tells: the last whole one."""


def rhythms_of(kind: str) -> list[Rhythm]:
    """How often a report may come by itself: what tells of months does not come for a week."""
    only = OF_ONE_KIND.get(ReportKind(kind))
    return [one for one in Rhythm if only is None or SPANS.get(one, only) is only]


LANGUAGES = ("fr", "en")
CLASSES = (InfoClass.SHARED, InfoClass.BRAND)
"""Who may know of a report: both sides, or the brand alone."""
LAST_WEEKDAY, LAST_DAY, LONGEST_WINDOW = 6, 28, 240
"""Monday is 0; days that every month has; working hours of a window."""
LONGEST_TITLE, LONGEST_WORDS = 120, 1_000
EARLIEST = 2000
"""The first year of which a report tells."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What a brand rules for one kind of report, as it was given; `check_ruling` says whether it can be.

    `language`: '' for the brand's own. `sections`: codes, none for all. `window`: hours in which the brand is at work.
    `readers`: ids of people with a place here; `addresses`: outside. `info_class`: who may know of what it makes. `link_…`: on
    what terms the links open that letters to addresses outside bring; of the password None leaves what was ruled, '' is none.
    """

    kind: str
    rhythm: str
    at: time
    weekday: int = 0
    day: int = 1
    language: str = ""
    sections: Collection[str] = ()
    releases_itself: bool = False
    window: int = 8
    delivery: str = Delivery.LINK
    readers: Collection[UUID] = ()
    outside_allowed: bool = False
    addresses: Collection[str] = ()
    info_class: InfoClass = InfoClass.SHARED
    link_days: int = USUAL_DAYS
    link_views: int = USUAL_VIEWS
    link_password: str | None = field(default=None, repr=False)


def check_ruling(ruling: Ruling) -> None:
    """Raises Invalid('unknown_report' | 'unknown_rhythm' | 'period_does_not_fit' | 'unknown_weekday' | 'number_out_of_range' |
    'unknown_language' | 'unknown_delivery' | 'unknown_class' | 'password_short' | 'too_long', field), Refused('class_forbids').
    """
    checked_kind(ruling.kind, ruling.language)
    if ruling.rhythm not in set(Rhythm):
        raise Invalid("unknown_rhythm", "rhythm")
    if ruling.rhythm not in rhythms_of(ruling.kind):
        raise Invalid("period_does_not_fit", "rhythm")
    if not 0 <= ruling.weekday <= LAST_WEEKDAY:
        raise Invalid("unknown_weekday", "weekday")
    if not 1 <= ruling.day <= LAST_DAY:
        raise Invalid("number_out_of_range", "day", most=LAST_DAY)
    if not 0 <= ruling.window <= LONGEST_WINDOW:
        raise Invalid("number_out_of_range", "window", most=LONGEST_WINDOW)
    if ruling.delivery not in set(Delivery):
        raise Invalid("unknown_delivery", "delivery")
    if ruling.info_class not in CLASSES:
        raise Invalid("unknown_class", "class")
    if ruling.info_class == InfoClass.BRAND and (ruling.outside_allowed or ruling.addresses):
        raise Refused("class_forbids", info_class=str(ruling.info_class), way=str(Way.LINK))
    check_terms(ruling.link_days, ruling.link_views)
    checked_password(ruling.link_password or "")


def checked_kind(kind: str, language: str) -> ReportKind:
    """Raises Invalid('unknown_report', 'kind'), Invalid('unknown_language', 'language')."""
    if kind not in set(ReportKind):
        raise Invalid("unknown_report", "kind")
    if language not in LANGUAGES:
        raise Invalid("unknown_language", "language")
    return ReportKind(kind)


def fitting(kind: str, period: Period) -> Period:
    """A period of the sort that the report tells of. Raises Invalid('period_does_not_fit', 'period')."""
    if OF_ONE_KIND.get(ReportKind(kind), period.kind) is not period.kind:
        raise Invalid("period_does_not_fit", "period")
    return period


def checked_sections(chosen: Collection[str], known: Collection[str]) -> list[str]:
    """In the order in which they are shown; [] for all. Raises Invalid('unknown_section', 'sections')."""
    if set(chosen) - set(known):
        raise Invalid("unknown_section", "sections")
    return [one for one in known if one in chosen] if set(chosen) != set(known) else []


def checked_period(period: Period, now: datetime) -> Period:
    """Raises Invalid('period_not_begun' | 'period_too_early', 'period'): a year of two digits is a slip of the hand."""
    if period.since > now:
        raise Invalid("period_not_begun", "period")
    if period.start.year < EARLIEST:
        raise Invalid("period_too_early", "period", year=EARLIEST)
    return period


def checked_words(words: str, field: str, most: int) -> str:
    """Raises Invalid('too_long' | 'control_characters', field)."""
    found = words.strip()
    if "\0" in found:
        raise Invalid("control_characters", field)
    if len(found) > most:
        raise Invalid("too_long", field, most=most)
    return found
