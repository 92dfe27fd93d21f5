"""Reports: which there are, where each stands; having one made, and the brand's word on it.

What a made one says is `report_contents`, to whom it goes `report_readers`, by which rule it comes `report_rules`.
"""

from datetime import date
from functools import partial
from uuid import UUID

from api.inputs import Choice, Day, Input, ListOf, Maybe, Moment, Text
from api.resource import ID, Act, Body, Field, Resource, Rows
from api.resources.filtering import NUMBER, WORDS, equal, listed, since, until
from clients.disclosure.rules import InfoClass
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from reports.facts.periods import Period, PeriodKind, period_named
from reports.facts.sections import NEEDS, SECTIONS
from reports.making import actions as making
from reports.making.access import closed_sections
from reports.making.models import Report
from reports.making.queries import with_count_told
from reports.making.rules import LANGUAGES, LONGEST_TITLE, LONGEST_WORDS, ReportKind, ReportState
from reports.sharing import actions as sharing

WRITE = "reports:write"
CODE = 40
CHOSEN = ListOf(Choice(tuple(SECTIONS)), len(SECTIONS))
"""Sections of a report; which of them a kind has, its action says."""


def rows(actor: Actor) -> Rows:
    """Those that the actor may know of."""
    require(actor, Verb.REPORT_READ)
    return with_count_told(Report.objects.readable_by(actor), closed_sections(actor))


def annotated(found: Rows) -> Rows:
    """For whoever is told by itself, of whom no role is known."""
    return with_count_told(found, NEEDS)


def _ask(actor: Actor, of: UUID | None, body: Body) -> Report:
    period = period_named(body.pop("period"), actor.brand.time_zone)
    return making.ask_report(actor, period=period, **body)


def _annotate(actor: Actor, of: UUID | None, body: Body) -> UUID | None:
    making.annotate_report(actor, report_id=of, text=body["text"])  # type: ignore[arg-type]  # a row has an id
    return of


def _propose(actor: Actor, of: UUID | None, body: Body) -> UUID | None:
    making.propose_report(actor, report_id=of, note=body["note"])  # type: ignore[arg-type]  # a row has an id
    return of


def _step(step: object, actor: Actor, of: UUID | None, body: Body) -> None:
    step(actor, report_id=of)  # type: ignore[operator]


def _code(kind: str, starts_on: date, ends_on: date) -> str:
    return Period(PeriodKind(kind), starts_on, ends_on, "UTC").code


def _act(name: str, step: object, about: str) -> Act:
    return Act(name, partial(_step, step), WRITE, about=about)


REPORTS = Resource(
    name="reports",
    kind="reports.report",
    missing="report",
    rows=rows,
    order=("-ends_on", "-id"),
    class_column="info_class",
    annotated=annotated,
    etag=("state", "number", "title", "release_at", "released_at"),
    table=Report,
    fields=(
        ID,
        Field("kind", Choice(ReportKind)),
        Field("title", WORDS),
        Field("language", Choice(LANGUAGES)),
        Field("period", WORDS, ("period_kind", "starts_on", "ends_on"), _code, about="As 2026-W47 or 2026-11."),
        Field(
            "sections", listed(Choice(tuple(SECTIONS))), about="Those that were chosen; none: all that the kind has."
        ),
        Field("starts_on", Day()),
        Field("ends_on", Day()),
        Field("state", Choice(ReportState)),
        Field("state_since", Moment()),
        Field("number", NUMBER, about="How often it was made; 0: not yet."),
        Field(
            "withheld",
            Maybe(NUMBER),
            ("withheld_told",),
            about="Rows that the edition for both sides leaves out; null for whoever may not read all of its sections.",
        ),
        Field("asked_at", Moment()),
        Field("release_at", Maybe(Moment()), about="When it goes out by itself unless it is held."),
        Field("released_at", Maybe(Moment())),
        Field("info_class", Choice(InfoClass)),
    ),
    filters=(
        equal("kind", Choice(ReportKind)),
        equal("state", Choice(ReportState)),
        equal("language", Choice(LANGUAGES)),
        since("asked_at"),
        until("asked_at"),
    ),
    create=Act(
        "create",
        _ask,
        WRITE,
        (
            Input("kind", Choice(ReportKind), required=True),
            Input(
                "period",
                Text(CODE, 1),
                required=True,
                about="As 2026-W47, 2026-11, 2026-Q4 or 2026-11-02..2026-11-10. A weekly report tells of a week, a monthly "
                "one of a month; of a period that still runs it tells what was until it is made.",
            ),
            Input("language", Choice(LANGUAGES), required=True),
            Input(
                "sections",
                CHOSEN,
                default=(),
                about="Only these, in the order of the report; left out, all that the kind has.",
            ),
            Input("title", Text(LONGEST_TITLE), default=""),
            Input("words", Text(LONGEST_WORDS), default="", about="A word to the brand."),
            Input("info_class", Choice((str(InfoClass.SHARED), str(InfoClass.BRAND))), default=str(InfoClass.SHARED)),
        ),
        status=201,
        once=True,
        about="Have one made: a draft, which the brand lets out.",
    ),
    acts=(
        _act("cancel", making.cancel_report, "It is not wanted."),
        _act("retry", making.retry_report, "Once more, after it could not be made or was cancelled."),
        _act("remake", making.remake_report, "With the figures of now."),
        Act(
            "propose",
            _propose,
            WRITE,
            (Input("note", Text(LONGEST_WORDS), default="", about="For the brand alone."),),
            about="Put a draft before the brand: whoever may let it out is told by letter.",
        ),
        _act("hold", making.hold_report, "It does not go out by itself."),
        _act("resume", making.resume_report, "A draft again."),
        Act(
            "annotate",
            _annotate,
            WRITE,
            (Input("text", Text(LONGEST_WORDS, 1), required=True),),
            about="A word of the brand beside it.",
        ),
        _act("release", sharing.release_report, "Out, and to its readers."),
        _act("withdraw", sharing.withdraw_report, "It holds no more: its links are closed."),
    ),
    about="Reports of what was done in the brand's name.",
)
RESOURCES = (REPORTS,)
