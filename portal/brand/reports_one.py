"""One report: how far it is, what it says, the brand's word on it, its readers, its links, and who saw it when."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.people.access import require
from clients.people.rules import Verb, may
from portal.brand.inbox_one import typed_id
from portal.brand.report_figures import sections_to_open
from portal.brand.reports_blocks import ShownDocument, shown
from portal.brand.reports_people import people_of, people_typed
from portal.brand.reports_rows import span_of, title_of
from portal.handing_out import handed_out, to_keep
from portal.pages import back, brand_act, brand_page, drawn_again, render
from portal.times import when
from portal.typed import number_typed
from portal.wording import badge, error_sentence, word
from portal.wording.reports import PHASES, STATES
from reports.facts.shapes import Facts
from reports.making import actions as making
from reports.making.access import access_edition, access_report, bytes_of_paper, facts_of, reads_sections, steps_open_to
from reports.making.composing import document_of, names_for, picture_of
from reports.making.models import Edition, Report, ReportProgress
from reports.making.queries import annotations_of, promises_of
from reports.making.rules import OPEN, WAITING, NoticeState, Phase, ReportState, Step, share_of
from reports.sharing import actions as sharing
from reports.sharing.queries import readers_of
from reports.sharing.worded import copy_for
from tenants.errors import Conflict, Invalid, Missing
from tenants.walls.scope import brand_scope

MADE, MOST_MADE, MOST_ONCE = "report_links_made", 20, 40
FORMS = {"report_reader": "readers", "report_share": "links", "report_share_end": "links"}
"""Which part of the page each form stands in."""
STEPS = {
    "hold": making.hold_report,
    "resume": making.resume_report,
    "release": sharing.release_report,
    "withdraw": sharing.withdraw_report,
    "cancel": making.cancel_report,
    "retry": making.retry_report,
    "remake": making.remake_report,
}


@brand_page
def report_page(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """The report as this person reads it, and what they may do."""
    actor = request.actor
    report = access_report(actor, report_id)
    closed = not reads_sections(actor, report.kind, report.sections)
    edition = None if closed else access_edition(actor, report)
    facts = _facts(edition)
    document = _document(report, edition, facts)
    context = (
        _head(report)
        | _steps(request, report)
        | {
            "document": document,
            "figures": sections_to_open(report, facts) if facts else [],
            "paper": getattr(edition, "paper", None),
            "edition": edition,
            "closed": closed,
            "left_out": edition.withheld if edition else 0,
            "annotations": _annotations(report, told=document is not None),
            "progress": _progress(report),
            "typed": request.POST,
            "unfolded": _unfolded(request),
        }
    )
    if may(actor.role, Verb.REPORT_RELEASE):
        context |= people_of(request, report)
    return render(request, "brand/report.html", context)


@brand_page
def progress(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """How far it is, for the page that asks again and again; once it is over the page is loaded anew."""
    report = access_report(request.actor, report_id)
    response = render(request, "components/report_progress.html", _head(report) | {"progress": _progress(report)})
    if report.state != ReportState.MAKING:
        response["HX-Refresh"] = "true"
    return response


@brand_act(again=report_page)
def step(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """One press: hold, let go on, release, withdraw, cancel, try again, make anew; with words: propose it, write beside it."""
    typed = request.POST
    if typed.get("step") == Step.ANNOTATE:
        making.annotate_report(request.actor, report_id=report_id, text=typed.get("text", ""))
    elif typed.get("step") == Step.PROPOSE:
        making.propose_report(request.actor, report_id=report_id, note=typed.get("note", ""))
    elif typed.get("step", "") in STEPS:
        STEPS[typed["step"]](request.actor, report_id=report_id)
    else:
        raise Missing("report")
    messages.success(request, _done(request, typed["step"], report_id))
    return _there(report_id)


@brand_act(again=report_page)
def reader(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Somebody more, or one less."""
    typed, actor = request.POST, request.actor
    require(actor, Verb.REPORT_RELEASE)  # before anything is said of who has a place here
    if typed.get("then") == "remove":
        sharing.remove_reader(actor, reader_id=typed_id(typed.get("reader", ""), "reader"))
    else:
        chosen = [typed["person"]] if typed.get("person") else []
        address, delivery = typed.get("address", ""), typed.get("delivery", "link")
        if not chosen and not address.strip():
            raise Invalid("nobody_chosen", "person")
        person = next(iter(people_typed(request.brand, chosen, "person")), None)
        sharing.add_reader(actor, report_id=report_id, person_id=person, address=address, delivery=delivery)
    return _there(report_id, "readers")


@brand_act(again=report_page)
def share(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """A link. INVARIANT: its token stands in this answer and nowhere else: no redirect, no session, no log carries it.

    Loading the answer anew posts the form again: the session knows which forms have made their link.
    """
    typed = request.POST
    if (once := typed.get("once", "")) in request.session.get(MADE, ()):
        messages.info(request, _("This link was made already: its address was shown once, and is not shown again."))
        return _there(report_id, "links")
    numbers = {name: number_typed(typed.get(name, ""), name) for name in ("days", "views")}
    if None in numbers.values():
        raise Invalid("not_a_number", next(name for name, value in numbers.items() if value is None))
    request.made_share = sharing.share_report(
        request.actor,
        report_id=report_id,
        recipient=typed.get("recipient", ""),
        password=typed.get("password", ""),
        **numbers,  # type: ignore[arg-type]  # None was refused above
    )
    if once:
        request.session[MADE] = [*request.session.get(MADE, ()), once[:MOST_ONCE]][-MOST_MADE:]
    return drawn_again(report_page, request, report_id=report_id)


@brand_act(again=report_page)
def share_end(request: HttpRequest, report_id: UUID, share_id: UUID) -> HttpResponse:
    sharing.end_share(request.actor, share_id=share_id)
    messages.success(request, _("Ended: with the next request it leads nowhere."))
    return _there(report_id, "links")


@brand_page
def picture(request: HttpRequest, report_id: UUID, digest: str) -> HttpResponse:
    """A picture of what this person reads of a report, and of nothing else. Missing('picture')."""
    edition = access_edition(request.actor, access_report(request.actor, report_id))
    if edition is None:
        raise Missing("picture")
    return handed_out(picture_of(facts_of(edition), digest))


@brand_act(again=report_page)
def paper(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """The file, marked for whoever takes it, signed once it is out; it leaves with a line in the ledger. Missing('paper')
    where there is none."""
    with brand_scope(request.brand):
        report = access_report(request.actor, report_id)
        edition = access_edition(request.actor, report)
        if edition is None:
            raise Missing("paper")
        content = bytes_of_paper(edition)
    copy = copy_for(request.brand, content, request.actor.name, report.language, ReportState(report.state))
    facts = {"info_class": edition.info_class, "digest": copy.digest}
    sharing.take_home(request.actor, report_id=report_id, **facts, signed=copy.signed)
    return to_keep(copy.content, "application/pdf", report.file_name)


def _done(request: HttpRequest, taken: str, report_id: UUID) -> str:
    """What a press did; of a release, to whom the report goes."""
    if taken != Step.RELEASE:
        return _("Done.")
    with brand_scope(request.brand):
        count = readers_of(access_report(request.actor, report_id)).count()
    if not count:
        return _("Released. Nobody is its reader yet: whoever reads reports here finds it, and links may be made.")
    words = ngettext("Released. A letter goes to %(n)s reader.", "Released. Letters go to %(n)s readers.", count)
    return words % {"n": count}


def _facts(edition: Edition | None) -> Facts | None:
    """None without an edition, or where an erasure has taken words out of the frozen facts."""
    try:
        return facts_of(edition) if edition else None
    except Conflict:
        return None


def _document(report: Report, edition: Edition | None, facts: Facts | None) -> ShownDocument | None:
    if edition is None or facts is None:
        return None
    return shown(document_of(facts, edition), facts, names_for(facts), partial(_picture_at, report))


def _picture_at(report: Report, digest: str) -> str:
    return reverse("report_picture", args=[report.pk, digest])


def _annotations(report: Report, *, told: bool) -> list[tuple[str, str, str]]:
    """What the brand wrote beside figures that were made anew since; what it wrote on these too, unless the document told it."""
    newest = set(annotations_of(report).values_list("pk", flat=True))
    earlier = _("%(when)s, about an earlier making")
    return [
        (one.text, one.author_name, when(one.at) if one.pk in newest else earlier % {"when": when(one.at)})
        for one in report.annotations.all()
        if not (told and one.pk in newest)
    ]


def _head(report: Report) -> dict[str, Any]:
    return {
        "report": report,
        "title": title_of(report),
        "span": span_of(report.period),
        "state": badge(STATES, report.state),
        "making": report.state == ReportState.MAKING,
        "why": error_sentence(report.error) if report.error else "",
        "proposed": when(report.proposed_at) if report.state in OPEN else "",
        "goes_out": when(report.release_at),
        "untold": _untold(report) if report.state in WAITING and report.release_at is None else "",
        "tried_again": when(report.retry_at) if report.state == ReportState.FAILED else "",
        "released": when(report.released_at),
    }


def _untold(report: Report) -> str:
    """Why what the brand's rule lets out by itself is not dated; '' where silence lets nothing out."""
    states = set(promises_of(report).values_list("state", flat=True))
    if NoticeState.QUEUED in states:
        return _("It goes out by itself once somebody of the brand was told by letter, and has had time to look at it.")
    if states:
        return _("No letter about it reached anybody of the brand: silence does not let it out, it waits for a word.")
    return ""


def _progress(report: Report) -> dict[str, Any]:
    found = ReportProgress.objects.filter(report=report).first() if report.state == ReportState.MAKING else None
    phase = Phase(found.phase) if found else Phase.WAITING
    said, pages = word(PHASES, phase), found.pages if found else 0
    if pages:
        said = _("%(phase)s, page %(page)s is laid out") % {"phase": said, "page": pages}
    return {"share": share_of(phase, pages), "word": said}


def _steps(request: HttpRequest, report: Report) -> dict[str, Any]:
    mine = steps_open_to(request.actor, report)
    if Step.RELEASE in mine:  # whoever lets it out has nobody to propose it to
        mine.discard(Step.PROPOSE)
    return {f"may_{s}": s in mine for s in Step}


def _unfolded(request: HttpRequest) -> str:
    """Which form was sent and refused: it is not folded away from whoever has to mend it."""
    if getattr(request, "failure", None) is None or request.resolver_match is None:
        return ""
    name = str(request.resolver_match.url_name)
    return request.POST.get("step", "") if name == "report_step" else FORMS.get(name, "")


def _there(report_id: UUID, part: str = "") -> HttpResponse:
    return back(reverse("report", args=[report_id]) + (f"#{part}" if part else ""))
