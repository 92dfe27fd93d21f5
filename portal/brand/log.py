"""The brand's log: who did what, when, for which side and on which path. Read by the brand's heads and its auditor.

Reading it is a line of it: once per session and hour.
"""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from clients.audit.models import Entry, RowChange
from clients.audit.queries import unattributed
from clients.evidence.steps import note_log_read
from clients.items.models import Item
from clients.people.access import require
from clients.people.rules import Verb
from portal.brand.log_choice import Choice, choice_of
from portal.brand.log_lines import change_of, lines_of
from portal.brand.long_table import MOST_ROWS
from portal.pages import brand_page, render
from tenants.errors import Missing

A_PAGE = 50
LOOKED_BACK = 20_000
"""Numbers of the log among which the first page looks for changes that no act tells of."""


@brand_page
def log(request: HttpRequest) -> HttpResponse:
    """The timeline of everything, or of one item, person, act, side, path, subject or span of days."""
    return _timeline(request, choice_of(request.GET), "log")


@brand_page
def reads(request: HttpRequest) -> HttpResponse:
    """Who read what, and who took what home."""
    return _timeline(request, choice_of(request.GET, reads=True), "log_reads")


@brand_page
def rows(request: HttpRequest) -> HttpResponse:
    """Changes of rows that no act tells of: nobody's, until somebody explains them."""
    _open(request)
    before = request.GET.get("before", "")
    if before and not (before.isdecimal() and len(before) < 19):
        raise Missing("item")
    found = list((unattributed().filter(seq__lt=int(before)) if before else unattributed())[: A_PAGE + 1])
    older = f"before={found[A_PAGE - 1].seq}" if len(found) > A_PAGE else ""
    shown = [change_of(change) for change in found[:A_PAGE]]
    return render(
        request, "brand/log_rows.html", {"tab": "log_rows", "changes": shown, "older": older, "newest": not before}
    )


def _timeline(request: HttpRequest, choice: Choice, tab: str) -> HttpResponse:
    _open(request)
    found = list(choice.entries()[: A_PAGE + 1])
    shown = found[:A_PAGE]
    context: dict[str, Any] = {
        "tab": tab,
        "lines": lines_of(shown),
        "choice": choice,
        "selects": choice.selects(),
        "query": choice.query(),
        "older": choice.query(before=str(shown[-1].pk)) if len(found) > A_PAGE else "",
        "newest": choice.before is None,
        "parts_of": MOST_ROWS if _is_long(choice, shown) else 0,
        "item": Item.objects.filter(pk=choice.item).values_list("title", flat=True).first() if choice.item else None,
        "unattributed": tab == "log" and not choice.narrows and _some_are_unattributed(),
    }
    return render(request, "brand/log.html", context)


def _is_long(choice: Choice, shown: Sequence[Entry]) -> bool:
    """Whether a table of this choice comes in parts. Asked only where the numbers of the lines leave room for so many."""
    room = bool(shown) and choice.before is None and shown[0].seq > MOST_ROWS
    return room and choice.entries()[MOST_ROWS : MOST_ROWS + 1].exists()


def _some_are_unattributed() -> bool:
    """Whether there is one among the newest."""
    newest = RowChange.objects.order_by("-seq").values_list("seq", flat=True).first()
    return newest is not None and unattributed().filter(seq__gt=newest - LOOKED_BACK).exists()


def _open(request: HttpRequest) -> None:
    require(request.actor, Verb.AUDIT_READ)
    note_log_read(request.actor)
