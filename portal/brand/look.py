"""How the brand's paper looks: its mark and colours, seen before they are kept, as a page's head and as one drawn page."""

import binascii
from base64 import b64decode, b64encode
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.people.access import require
from clients.people.rules import Verb
from portal.brand.look_shown import shown_look
from portal.brand.paper import drawn, language_of_paper
from portal.failures import failure_of
from portal.handing_out import to_keep
from portal.pages import back, brand_act, brand_page, brand_question, render
from portal.wording import error_sentence
from reports.kinds.example import example_head, example_page
from reports.looks.actions import set_look
from reports.looks.fitting import fitting_look
from reports.looks.models import BrandLook
from reports.looks.queries import look_in_force
from reports.looks.rules import LONGEST_ALTERNATIVE, Wanted, checked_colour, checked_mark
from reports.rendering.caps import PREVIEW
from reports.rendering.look import HOUSE, OTHERS, Look
from reports.rendering.pictures import OF_MARK
from reports.rendering.typography import day
from tenants.errors import Invalid, RelaisError

COLOURS = {"colour": HOUSE, "second": OTHERS[0]}
"""The fields, and what the house wears."""


@dataclass(frozen=True, slots=True)
class ShownColour:
    """One field: what is typed; where it does not do, why, and the nearest that would."""

    typed: str
    sentence: str = ""
    nearest: str = ""


@brand_page
def look_page(request: HttpRequest) -> HttpResponse:
    """The form with what is in force, or with what was typed before a refusal."""
    require(request.actor, Verb.LOOK_SET)
    kept = look_in_force()
    wanted = _wanted(request) if request.POST else _of(kept)
    values = {
        "wanted": wanted,
        "removable": bool(kept and kept.logo),
        "removed": wanted.logo == b"",
        "longest": LONGEST_ALTERNATIVE,
        "megabytes": OF_MARK.most_bytes // 1_000_000,
        **_preview(request, wanted, kept),
    }
    return render(request, "brand/look.html", values)


@brand_act(again=look_page)
def look(request: HttpRequest) -> HttpResponse:
    """Keep it: papers that are made from now on wear it."""
    set_look(request.actor, wanted=_wanted(request))
    messages.success(
        request, _("Kept. Reports that are made from now on look like this; those that are there stay as they are.")
    )
    return back(reverse("look"))


@brand_question(again=look_page)
def preview(request: HttpRequest) -> HttpResponse:
    """The head of a report in what is typed so far; nothing is kept. Without a script, the whole page with it."""
    if request.headers.get("HX-Target") != "preview":
        return look_page.in_scope(request)
    require(request.actor, Verb.LOOK_SET)
    wanted = _wanted(request)
    return render(request, "components/look_preview.html", _preview(request, wanted, look_in_force()))


@brand_act(again=look_page)
def example(request: HttpRequest) -> HttpResponse:
    """One drawn page in what is typed, to keep. Raises as `fitting_look`, and Conflict as `drawn`."""
    require(request.actor, Verb.LOOK_SET)
    found, _mark = fitting_look(request.actor, _wanted(request))
    content = drawn(example_page(found, language_of_paper(), timezone.now()), PREVIEW)
    return to_keep(content, "application/pdf", "look.pdf")


def _of(kept: BrandLook | None) -> Wanted:
    return Wanted(kept.colour, kept.second, kept.alternative) if kept else Wanted(COLOURS["colour"], COLOURS["second"])


def _wanted(request: HttpRequest) -> Wanted:
    """What was typed. A colour that was offered and taken stands for the one that was typed."""
    typed = request.POST
    colour, second = (typed.get(f"take_{name}") or typed.get(name, "") for name in COLOURS)
    return Wanted(colour, second, typed.get("alternative", ""), _mark(request))


def _mark(request: HttpRequest) -> bytes | None:
    """The file; else the one that came with an earlier try; b'' where the mark is to go; None where it is to stay."""
    file = request.FILES.get("logo")
    if file is not None:
        file.seek(0)
        return bytes(file.read(OF_MARK.most_bytes + 1))
    if request.POST.get("remove") == "1":
        return b""
    with suppress(binascii.Error, ValueError):
        return b64decode(request.POST.get("pending", ""), validate=True) or None
    return None


def _new_mark(wanted: Wanted) -> tuple[bytes, str]:
    """A new mark as it would be kept: nobody chooses it twice because something else was refused. And why it is not taken."""
    try:
        return checked_mark(wanted.logo or b"").content, ""
    except RelaisError as error:
        return b"", failure_of(error).sentence


def _colour(typed: str, field: str) -> ShownColour:
    try:
        return ShownColour(checked_colour(typed, field))
    except Invalid as error:
        nearest = str(error.facts.get("nearest", ""))
        return ShownColour(typed, error_sentence(error.code, **error.facts), nearest)


def _preview(request: HttpRequest, wanted: Wanted, kept: BrandLook | None) -> dict[str, Any]:
    """The head as it would look, with the nearest colour where one is too weak; what does not do is said beside it."""
    colours = {field: _colour(getattr(wanted, field), field) for field in COLOURS}
    used = [one.nearest or (COLOURS[field] if one.sentence else one.typed) for field, one in colours.items()]
    pending, refusal = _new_mark(wanted)
    mark = pending or (bytes(kept.logo) if kept and wanted.logo is None else b"")
    found = Look(request.brand.name, used[0], used[1], mark or None, wanted.alternative)
    return {
        "colours": colours,
        "look": shown_look(found),
        "head": example_head(day(timezone.localdate(), language_of_paper())),
        "pending": b64encode(pending).decode(),
        "refusal": refusal,
    }
