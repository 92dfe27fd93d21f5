"""What people bring: a table, looked at before anything is kept; and what they heard or read, written down."""

from datetime import datetime
from secrets import token_hex
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.items.tables import MOST_BYTES, decoded
from clients.people.access import require
from clients.people.rules import Verb
from clients.sources.access import access_source
from clients.sources.actions import bring_by_hand, bring_table
from clients.sources.handing import Taken
from clients.sources.kinds.table import COLUMNS, MOST_ROWS
from clients.sources.tables import read_rows
from portal.brand.sources_adding import entry_of
from portal.pages import back, brand_act, brand_page, drawn_again, render
from portal.wording import error_sentence
from tenants.errors import Invalid

SHOWN = 60
MOST_TYPED = 900_000
"""Bytes of a table that comes back with the form: what a press may send is bounded."""


@brand_page
def table_form(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """Choose a table; then see what would be kept of it. Between the two nothing is stored: the form carries the table."""
    require(request.actor, Verb.SOURCE_BRING)
    source = access_source(request.actor, source_id)
    text = getattr(request, "table", "")
    context = {"source": source, "columns": COLUMNS, "most": MOST_ROWS, "table": text}
    if text:
        read = read_rows(text.encode(), timezone.now())
        context |= {
            "good": [entry_of(raw) for raw in read.raws[:SHOWN]],
            "good_count": len(read.raws),
            "shown": SHOWN,
            "bad": [(number, error_sentence(code)) for number, code in read.left_out[:SHOWN]],
            "bad_count": len(read.left_out),
        }
    return render(request, "brand/source_table.html", context)


@brand_act(again=table_form)
def table(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """With a file: show it. With the table that was shown: keep it."""
    if request.POST.get("table"):
        taken = bring_table(actor=request.actor, source_id=source_id, data=request.POST["table"].encode())
        messages.success(request, _told(taken))
        return back(reverse("source", args=[source_id]))
    file = request.FILES.get("file")
    if file is None:
        raise Invalid("table_missing", "file")
    data = file.read(min(MOST_BYTES, MOST_TYPED) + 1)
    if len(data) > MOST_TYPED:
        raise Invalid("table_too_big", "file", limit="0.9")
    text = decoded(data)
    read_rows(text.encode(), timezone.now())
    request.table = text
    return drawn_again(table_form, request, source_id=source_id)


@brand_page
def write_form(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """What was heard or read."""
    require(request.actor, Verb.SOURCE_BRING)
    source = access_source(request.actor, source_id)
    typed = request.POST if request.method == "POST" else {}
    names = ("title", "text", "author", "author_handle", "url", "said_at")
    form = {name: typed.get(name, "") for name in names} | {"token": typed.get("token") or token_hex(12)}
    return render(request, "brand/source_write.html", {"source": source, "form": form})


@brand_act(again=write_form)
def write(request: HttpRequest, source_id: UUID) -> HttpResponse:
    typed = request.POST
    taken = bring_by_hand(
        actor=request.actor,
        source_id=source_id,
        token=typed.get("token", ""),
        said_at=_moment(typed.get("said_at", ""), request.brand.time_zone),
        **{name: typed.get(name, "") for name in ("title", "text", "author", "author_handle", "url")},
    )
    messages.success(request, _told(taken))
    return back(reverse("source", args=[source_id]))


def _moment(typed: str, zone: str) -> datetime | None:
    """On the brand's clocks. Raises Invalid('not_a_moment', 'said_at')."""
    if not typed.strip():
        return None
    try:
        found = parse_datetime(typed.strip())
    except ValueError:
        found = None
    if found is None:
        raise Invalid("not_a_moment", "said_at")
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))


def _told(taken: Taken) -> str:
    said = [ngettext("%(n)s mention is new.", "%(n)s mentions are new.", taken.new) % {"n": taken.new}]
    if taken.known:
        said.append(ngettext("%(n)s was known.", "%(n)s were known.", taken.known) % {"n": taken.known})
    if taken.unmatched:
        told = ngettext("%(n)s is not about what you watch.", "%(n)s are not about what you watch.", taken.unmatched)
        said.append(told % {"n": taken.unmatched})
    return " ".join(said) or _("Nothing new.")
