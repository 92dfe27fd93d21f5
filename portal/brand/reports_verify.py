"""For anybody who holds a report: is it from here, who signed it and when, is it unchanged. What stands in it is never told.

By the code that is printed in it, which says which report that is but can be copied, or by the file itself, which is read and
kept nowhere. A code that leads nowhere and a file
that is not ours get the same answer; who tries many waits.
"""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.csrf import csrf_exempt

from clients.disclosure.rules import MOST_MISSES
from portal.brand.disclosure_shared import closed_to_caches, count_miss, from_here, misses
from portal.brand.reports_rows import span_of
from portal.failures import error_page, failure_of
from portal.times import when
from portal.wording import word
from portal.wording.reports import KINDS
from reports.making.queries import edition_with_code
from reports.making.rules import ReportState
from reports.sharing.copies import checked_file
from tenants.errors import Invalid
from tenants.walls.scope import brand_scope

LARGEST = 25 * 1024 * 1024
LONGEST_CODE = 40


@dataclass(frozen=True, slots=True)
class Told:
    """What the page says: of a code which report it belongs to, of a file who signed and whether it is unchanged."""

    tone: str
    icon: str
    sentence: str
    facts: list[tuple[str, str]]


# The page is the same for everybody and changes nothing.
@csrf_exempt
@closed_to_caches
def verify(request: HttpRequest) -> HttpResponse:
    """The form, and what became of a code or a file."""
    if request.method not in {"GET", "POST"}:
        return HttpResponseNotAllowed(["GET", "POST"])
    code = request.GET.get("code", "") if request.method != "POST" else request.POST.get("code", "")
    file = request.FILES.get("file") if request.method == "POST" else None
    code = _plain(code)
    if not code and file is None:
        return _refused(request, "nothing_to_check", "code") if request.method == "POST" else _form(request)
    if not from_here(request) and request.method == "POST":
        return _form(request)
    if misses(request) >= MOST_MISSES:
        return error_page(request, 429, _("Too many attempts. Please try again in a minute."))
    if file is not None and (file.size or 0) > LARGEST:
        return _refused(request, "file_too_large", "file")
    told = _of_file(request, file.read()) if file is not None else _of_code(request, code)
    if told is None:
        count_miss(request)
        told = Told(
            "no", "alert", _("This is not known here: it is not one of our reports, or it was never released."), []
        )
    return _form(request, told=told)


def _form(request: HttpRequest, *, status: int = 200, **told: object) -> HttpResponse:
    code = (request.POST or request.GET).get("code", "")[:LONGEST_CODE]
    return render(request, "brand/report_verify.html", {"code": code, **told}, status=status)


def _refused(request: HttpRequest, code: str, field: str) -> HttpResponse:
    failure = failure_of(Invalid(code, field))
    return _form(request, status=failure.status, failure=failure)


def _plain(typed: str) -> str:
    """A code as it is kept: without the spaces and dashes that it is printed with."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())[:LONGEST_CODE]


def _of_code(request: HttpRequest, code: str) -> Told | None:
    with brand_scope(request.brand), timezone.override(request.brand.time_zone):
        edition = edition_with_code(code)
        if edition is None:
            return None
        report = edition.report
        facts = [
            (_("What it is"), word(KINDS, report.kind)),
            (_("Period"), span_of(report.period)),
            (_("Issued by"), request.brand.name),
            (_("Released"), when(report.released_at)),
            (_("Digest of its figures (SHA-256)"), edition.digest),
        ]
        if report.state == ReportState.WITHDRAWN:
            return Told("wait", "x", _("This report is from here, and was withdrawn since."), facts)
        sentence = _(
            "A report with this code was issued here. A code can be copied: only checking the file shows that it is yours."
        )
        return Told("wait", "info", sentence, facts)


def _of_file(request: HttpRequest, content: bytes) -> Told | None:
    found = checked_file(request.brand, content)
    if found is None:
        return None
    with timezone.override(request.brand.time_zone):
        facts = [
            (_("Signed by"), request.brand.name),
            (_("Key"), found.key),
            (pgettext("one report", "Signed"), when(found.signed_at)),
        ]
    facts = [(label, value) for label, value in facts if value]
    if not found.unchanged:
        return Told("no", "alert", _("This file was changed after it was signed. Do not rely on it."), facts)
    if found.standing is None:
        sentence = _(
            "This file was signed here, but it is not among the reports that were released. Do not rely on it."
        )
        return Told("no", "alert", sentence, facts)
    if found.standing == ReportState.WITHDRAWN:
        return Told("wait", "x", _("This report is from here, and was withdrawn since."), facts)
    return Told("go", "check-circle", _("This file is unchanged since it was signed here."), facts)
