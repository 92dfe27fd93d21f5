"""Letters to those of the brand who may release a report: it was proposed, its rule has made it, or could not.

A letter about what the rule has made says whether silence lets it out. Whether it arrived is told: silence counts from there.
"""

from typing import Any
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.autonomy.vocabulary import EntryPoint
from clients.disclosure.rules import mail_tells_title
from clients.outbox.registry import handles
from clients.people.actor import process_of
from portal.brand.reports_rows import span_of, title_of
from portal.links import brand_url
from portal.mail import Delivery, Letter, post
from portal.notices import NotYet
from portal.wording import error_sentence
from reports.making.models import Report, ReportNotice
from reports.making.rules import NoticeKind
from reports.making.steps import NOTICE
from reports.sharing.actions import note_notice, ready_notice, settle_notice
from tenants.walls.scope import BrandRef


@handles(NOTICE)
def mail_notice(brand: BrandRef, payload: dict[str, Any]) -> None:
    """Tell one of them; what was decided by now is not mailed."""
    worker = process_of(brand, EntryPoint.WORKER, "reports")
    ready = ready_notice(worker, notice_id=UUID(payload["notice"]))
    if ready is None:
        return
    with translation.override(ready.person.language), timezone.override(brand.time_zone):
        letter = _letter(brand, ready.report, ready.notice)
    person = ready.person
    posted = post(letter, person.email, person.language, leaving=lambda: note_notice(worker, ready=ready))
    if posted is Delivery.LATER:
        raise NotYet
    if posted is not Delivery.STOPPED:
        settle_notice(worker, ready=ready, delivered=posted is Delivery.DELIVERED)


def _letter(brand: BrandRef, report: Report, notice: ReportNotice) -> Letter:
    told = mail_tells_title(report.info_class)
    facts = {
        "brand": brand.name,
        "who": report.proposed_name,
        "title": title_of(report) if told else _("a report"),
        "span": span_of(report.period),
    }
    words = {NoticeKind.PROPOSED: _proposed, NoticeKind.READY: _made, NoticeKind.FAILED: _failed}
    subject, sentences = words[NoticeKind(notice.kind)](report, notice)
    note = (f"{report.proposed_name}: {report.note}",) if _tells_note(report, notice, told=told) else ()
    return Letter(
        subject=subject % facts,
        paragraphs=(*(one % facts for one in sentences), *note),
        button=_("See what is the matter") if notice.kind == NoticeKind.FAILED else _("Read and decide"),
        link=brand_url(brand.slug, "report", report.pk),
        footer=_("You receive this because you let out the reports of %(brand)s.") % facts,
    )


def _tells_note(report: Report, notice: ReportNotice, *, told: bool) -> bool:
    return told and notice.kind == NoticeKind.PROPOSED and bool(report.note)


def _proposed(report: Report, notice: ReportNotice) -> tuple[str, list[str]]:
    return _("%(brand)s: a report waits for your word – %(title)s"), [
        _("%(who)s proposes %(title)s (%(span)s). Nobody outside gets it before you let it out.")
    ]


def _made(report: Report, notice: ReportNotice) -> tuple[str, list[str]]:
    made = _("%(title)s (%(span)s) was made by the brand’s rule.")
    if notice.window is None:
        waits = _("It waits for a word of the brand: without one it stays where it is.")
        return _("%(brand)s: a report waits for your word – %(title)s"), [made, waits]
    goes = ngettext(
        "It goes out by itself once %(hours)s working hour of the brand is over, unless somebody of the brand holds it.",
        "It goes out by itself once %(hours)s working hours of the brand are over, unless somebody of the brand holds it.",
        notice.window,
    )
    hours = {"hours": notice.window}
    return _("%(brand)s: goes out unless you hold it – %(title)s"), [made, goes % hours]


def _failed(report: Report, notice: ReportNotice) -> tuple[str, list[str]]:
    return _("%(brand)s: a report could not be made – %(title)s"), [
        _("%(title)s (%(span)s) is due by the brand’s rule, and could not be made."),
        error_sentence(report.error).replace("%", "%%"),
    ]
