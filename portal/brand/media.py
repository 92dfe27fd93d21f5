"""The library: the brand's pictures with the words that stand for them, to be used again and described once."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from clients.channels.media import MOST_BYTES
from clients.disclosure.rules import default_class
from clients.items.access import note_media_reads
from clients.items.actions import add_media, describe_media
from clients.items.queries import newest_media
from clients.people.access import require
from clients.people.rules import Verb, may
from portal.brand.disclosure_classes import class_choices, class_typed
from portal.brand.rows import media_url
from portal.pages import back, brand_act, brand_page, render
from portal.times import when
from portal.wording import badge
from portal.wording.disclosures import CLASSES
from tenants.errors import Invalid

A_PAGE = 24
LENGTH_OF_A_NUMBER = 12


@brand_page
def library_page(request: HttpRequest) -> HttpResponse:
    """The newest pictures, a page at a time."""
    require(request.actor, Verb.ITEM_READ)
    found = newest_media(A_PAGE + 1, _before(request), reader=request.actor)
    note_media_reads(request.actor, [medium.classing for medium, _ in found[:A_PAGE]])
    failure = getattr(request, "failure", None)
    context = {
        "pictures": [
            {
                "digest": medium.digest,
                "number": medium.digest[:LENGTH_OF_A_NUMBER],
                "url": media_url(medium.digest),
                "alt": alt,
                "size": f"{medium.width} × {medium.height}",
                "when": when(medium.created_at),
                "badge": badge(CLASSES, medium.classing.info_class),
                "mark": medium.classing.pk,
            }
            for medium, alt in found[:A_PAGE]
        ],
        "older": found[A_PAGE - 1][0].created_at.isoformat() if len(found) > A_PAGE else "",
        "may_edit": may(request.actor.role, Verb.ITEM_EDIT),
        "may_classify": may(request.actor.role, Verb.CLASS_RAISE),
        "classes": class_choices(request.POST.get("class", default_class(request.actor.side))),
        "wrong": (failure and failure.field) or "",
    }
    return render(request, "brand/media.html", context)


@brand_act(again=library_page)
def upload(request: HttpRequest) -> HttpResponse:
    """Add a picture: decoded and written anew, or refused with a sentence that says why."""
    file = request.FILES.get("upload")
    if file is None:
        raise Invalid("table_missing", "media")
    data = file.read(MOST_BYTES + 1)
    typed = request.POST.get("class")
    add_media(
        request.actor,
        data=data,
        declared=file.content_type or "",
        alt=request.POST.get("alt", ""),
        info_class=class_typed(typed) if typed else None,
    )
    messages.success(request, _("The picture is in the library."))
    return back(reverse("library"))


@brand_act(again=library_page)
def describe(request: HttpRequest, digest: str) -> HttpResponse:
    describe_media(request.actor, digest=digest, alt=request.POST.get("alt", ""))
    messages.success(request, _("The description is kept. Items that are written already keep theirs."))
    return back(reverse("library"))


def _before(request: HttpRequest) -> datetime | None:
    try:
        found = parse_datetime(request.GET.get("before", ""))
    except ValueError:
        return None
    return found if found and found.tzinfo else None
