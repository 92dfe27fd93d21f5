"""What is held on one member: told to them as a file, held back from erasure, erased; and the certificate of an erasure."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from clients.audit.models import Checkpoint
from clients.community.access import access_erasure, access_member
from clients.community.actions import erase_member, hold_member, release_member, tell_member
from clients.community.actions.telling import as_file
from clients.community.queries import preview_of
from clients.community.rules import Basis
from clients.people.access import require
from clients.people.rules import Verb
from portal.brand.erased import steps_of
from portal.handing_out import to_keep
from portal.pages import back, brand_act, brand_page, render
from portal.times import exact, when
from portal.wording import badge, word
from portal.wording.members import BASES, HELD, NAMINGS


@brand_page
def erase_form(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """What an erasure would take, what stays and why, before anybody presses."""
    require(request.actor, Verb.MEMBER_ERASE)
    member = access_member(request.actor, member_id)
    found = preview_of(member)
    context = {
        "member": member,
        "counts": _told_counts(found.counts),
        "total": sum(found.counts.values()),
        "shared": found.shared,
        "public": [(r.item_id, r.title or _("Untitled"), r.channel_name, when(r.sent_at)) for r in found.public[:20]],
        "waiting": found.waiting,
        "bases": [(str(b), word(BASES, b), request.POST.get("basis") == b) for b in Basis],
        "because": request.POST.get("because", ""),
    }
    return render(request, "brand/member_erase.html", context)


@brand_act(again=erase_form)
def erase(request: HttpRequest, member_id: UUID) -> HttpResponse:
    erasure = erase_member(request.actor, member_id=member_id, basis=request.POST.get("basis", ""))
    messages.success(request, _("The erasure has begun. From now on nobody reads this member any more."))
    return back(reverse("erasure", args=[erasure.pk]))


@brand_act(again=erase_form)
def hold(request: HttpRequest, member_id: UUID) -> HttpResponse:
    hold_member(request.actor, member_id=member_id, because=request.POST.get("because", ""))
    messages.success(request, _("Held back: nothing on this member is erased until you say so."))
    return back(reverse("member_erase", args=[member_id]))


@brand_act(again=erase_form)
def release(request: HttpRequest, member_id: UUID) -> HttpResponse:
    release_member(request.actor, member_id=member_id)
    messages.success(request, _("This member may be erased again."))
    return back(reverse("member_erase", args=[member_id]))


@brand_page
def tell_form(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Before the file: what it will hold, in numbers."""
    require(request.actor, Verb.MEMBER_ACCESS)
    member = access_member(request.actor, member_id)
    found = preview_of(member)
    context = {"member": member, "counts": _told_counts(found.counts), "shared": found.shared}
    return render(request, "brand/member_tell.html", context)


@brand_act(again=tell_form)
def tell(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """The file itself, to read or for programs. Taking it is a line in the ledger, written before the first byte."""
    told = tell_member(request.actor, member_id=member_id)
    name = slugify(told["member"]["name"]) or "member"
    if request.POST.get("as") == "json":
        return to_keep(as_file(told), "application/json; charset=utf-8", f"{name}.json")
    page = render(request, "brand/member_told.html", _readable(told))
    return to_keep(page.content, "text/html; charset=utf-8", f"{name}.html")


@brand_page
def certificate(request: HttpRequest, erasure_id: UUID) -> HttpResponse:
    """What was erased, what was searched afterwards, and the newest head of the log to hold it against."""
    erasure = access_erasure(request.actor, erasure_id)
    context = {
        "erasure": erasure,
        "at": exact(erasure.at),
        "basis": word(BASES, erasure.basis),
        "counts": _told_counts(erasure.counts),
        "certified": exact(erasure.finished_at),
        "steps": [] if erasure.finished_at else steps_of(erasure),
        "text": erasure.certificate,
        "head": Checkpoint.objects.order_by("-size").first(),
    }
    return render(request, "brand/erasure.html", context)


@brand_page
def erasure_status(request: HttpRequest, erasure_id: UUID) -> HttpResponse:
    """The part of the page that looks again by itself until there is a certificate; then the whole page does."""
    erasure = access_erasure(request.actor, erasure_id)
    if erasure.finished_at is not None:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "components/erasure_steps.html", {"erasure": erasure, "steps": steps_of(erasure)})


def _told_counts(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """What there is most of, first."""
    return [(word(HELD, kind), n) for kind, n in sorted(counts.items(), key=lambda pair: -pair[1])]


def _readable(told: dict[str, Any]) -> dict[str, Any]:
    found = [
        {"kind": word(HELD, one["kind"]), "id": one["id"], "words": [(k, v) for k, v in one["words"].items() if v]}
        for one in told["found"]
    ]
    return {"told": told, "found": found, "naming": badge(NAMINGS, told["member"]["naming_consent"]).word}
