"""The archive, one report's editions and file, the rules. Inside the brand's scope."""

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import BooleanField, Case, ExpressionWrapper, F, IntegerField, Q, QuerySet, Subquery, When

from clients.audit.erasing.values import Sought
from clients.disclosure.rules import InfoClass
from clients.people.actor import Actor
from reports.facts.sections import sections_of
from reports.making.models import Annotation, Edition, Paper, Report, ReportNotice, ReportRule
from reports.making.rules import LANGUAGES, OPEN, READY, WAITING, NoticeKind, NoticeState, ReportKind, ReportState

FILTERS = {"kind": ReportKind, "state": ReportState, "language": LANGUAGES}
"""By what the archive is narrowed beside 'year', and the words that are known of each."""


def reports(actor: Actor, filters: dict[str, str] | None = None, before: Report | None = None) -> QuerySet[Report]:
    """What `actor` may know of, the newest period first. `filters` as in `FILTERS` and 'year'; empty ones are none.

    Of a word that is not known there is nothing.
    """
    found: QuerySet[Report] = Report.objects.readable_by(actor).order_by("-ends_on", "-id")
    chosen = {name: value for name, value in (filters or {}).items() if value}
    words = {name: value for name, value in chosen.items() if name in FILTERS}
    if any(value not in set(FILTERS[name]) for name, value in words.items()):
        return found.none()
    found = found.filter(**words)
    if chosen.get("year", "").isdecimal():
        found = found.filter(ends_on__year=max(int(chosen["year"][:4]), 1))
    if before is not None:
        found = found.filter(Q(ends_on__lt=before.ends_on) | Q(ends_on=before.ends_on, pk__lt=before.pk))
    return found


def with_count_told(rows: QuerySet[Report], closed: Collection[str]) -> QuerySet[Report]:
    """Each with `withheld_told`: how many rows its edition for both sides leaves out, and None where one of the sections `closed`
    is in it: whoever may not read what a report tells of is not told how much there is."""
    if not closed:
        return rows.annotate(withheld_told=F("withheld"))
    of_kinds = [str(kind) for kind in ReportKind if set(sections_of(str(kind))) & set(closed)]
    chosen = reduce(or_, (Q(sections__contains=[code]) for code in closed), Q(sections=[]))
    hidden = When(Q(kind__in=of_kinds) & chosen, then=None)
    return rows.annotate(withheld_told=Case(hidden, default=F("withheld"), output_field=IntegerField()))


def reports_waiting(actor: Actor) -> QuerySet[Report]:
    """Those that wait for the brand's word, the next to go out by itself first."""
    found: QuerySet[Report] = Report.objects.readable_by(actor).filter(state__in=WAITING)
    return found.order_by("release_at", "-ends_on", "id")


def reports_at_brand(actor: Actor) -> QuerySet[Report]:
    """Those, and the ones that the brand holds: no other side can go on with them."""
    found: QuerySet[Report] = Report.objects.readable_by(actor).filter(state__in=WAITING | {ReportState.HELD})
    return found.order_by("release_at", "-ends_on", "id")


def editions_for(actor: Actor, report: Report) -> list[Edition]:
    """The newest whole editions that somebody of this side and name reads, with their files, the fullest first."""
    found = list(_newest(report))
    of_brand = [one for one in found if one.ceiling == InfoClass.BRAND and actor.is_brand]
    of_named = [one for one in found if actor.is_agency and str(actor.person_id) in one.readers]
    return [*of_brand, *of_named, *(one for one in found if one.ceiling == InfoClass.SHARED)]


def edition_shared(report: Report) -> Edition | None:
    """The newest whole edition that both sides read, with its file."""
    return _newest(report).filter(ceiling=InfoClass.SHARED).first()


def _newest(report: Report) -> QuerySet[Edition]:
    return Edition.objects.filter(report=report, number=report.number).select_related("paper", "look", "report")


def annotations_of(report: Report) -> QuerySet[Annotation]:
    """What the brand wrote beside the newest whole editions. A word on the figures of an earlier making is not about these."""
    frozen_at = Edition.objects.filter(report=report, number=report.number).order_by("made_at").values("made_at")[:1]
    found: QuerySet[Annotation] = report.annotations.filter(at__gte=Subquery(frozen_at))
    return found


def has_word(report: Report) -> bool:
    """Whether the brand has written on the figures that are read now."""
    return annotations_of(report).exists()


def ceiling_of(actor: Actor) -> InfoClass:
    """Up to which class somebody reads reports here; of what is named they read what names them."""
    return InfoClass.BRAND if actor.is_brand else InfoClass.NAMED


def frozen(report: Report) -> list[Edition]:
    """The editions that are being made, in order."""
    return list(Edition.objects.filter(report=report, number=report.making).order_by("ceiling", "digest"))


def undrawn(report: Report) -> list[Edition]:
    return [edition for edition in frozen(report) if not Paper.objects.filter(edition=edition).exists()]


def unprinted(report: Report) -> list[Edition]:
    """The newest editions whose file has fewer words of the brand than it has said of them.

    Counted, not told by the clock: a word may be committed after a drawing has begun that is dated later than the word.
    """
    said = annotations_of(report).count()
    return list(_newest(report).filter(paper__words__lt=said)) if said else []


def annotated() -> QuerySet[Report]:
    """Those beside which the brand has written, and may still write."""
    found: QuerySet[Report] = Report.objects.filter(state__in=OPEN, annotations__isnull=False)
    return found.distinct()


def edition_with_code(code: str) -> Edition | None:
    """The edition in which this code is printed, if anybody outside may hear of it: it is what was released once, and none
    that was made before."""
    out = Edition.objects.filter(report__state__in=(ReportState.RELEASED, ReportState.WITHDRAWN))
    return out.select_related("report").filter(code=code, number=F("report__number")).first()


def comparable(actor: Actor, report: Report) -> QuerySet[Report]:
    """Others of its kind that may be laid beside it, newest first."""
    found: QuerySet[Report] = reports(actor, {"kind": report.kind}).filter(state__in=READY, number__gt=0)
    return found.exclude(pk=report.pk)


def rules() -> QuerySet[ReportRule]:
    return ReportRule.objects.order_by("kind")


def rules_told() -> QuerySet[ReportRule]:
    """The same with `has_password`, in place of what is kept of it."""
    kept = ExpressionWrapper(~Q(link_password=""), output_field=BooleanField())
    return rules().annotate(has_password=kept)


def rule_of(kind: str) -> ReportRule | None:
    return ReportRule.objects.filter(kind=kind).first()


def rules_without_work(ids: Iterable[UUID]) -> QuerySet[ReportRule]:
    return ReportRule.objects.exclude(pk__in=list(ids))


def release_due(report: Report, now: datetime) -> bool:
    """Whether the brand's window is over, nobody has held it, and the rule still lets silence release.

    INVARIANT: silence counts only once somebody of the brand was told that it would.
    """
    lets = report.rule is not None and report.rule.silence_releases and report.state in WAITING
    over = report.release_at is not None and report.release_at <= now
    return lets and over and promises_of(report).filter(state=NoticeState.DELIVERED).exists()


def promises_of(report: Report) -> QuerySet[ReportNotice]:
    """The letters that say that silence lets its newest editions out, whatever became of them."""
    ready = ReportNotice.objects.filter(report=report, number=report.number, kind=NoticeKind.READY)
    return ready.filter(window__isnull=False)


def notices_queued() -> QuerySet[ReportNotice]:
    return ReportNotice.objects.filter(state=NoticeState.QUEUED).select_related("report")


def papers_of_nothing() -> QuerySet[Paper]:
    """Files whose facts are kept no longer."""
    return Paper.objects.filter(edition__facts={})


def papers_naming(sought: Sought) -> list[UUID]:
    """Files whose facts say one of the values: they go whole, since nothing can be taken out of a PDF."""
    editions = Edition.objects.filter(paper__isnull=False).values_list("paper__pk", "facts")
    return [pk for pk, facts in editions.iterator(chunk_size=100) if sought.found_in(str(facts))]


def files_of(papers: list[UUID]) -> list[str]:
    return list(Paper.objects.filter(pk__in=papers).values_list("file", flat=True))
