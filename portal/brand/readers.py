"""Who has seen one thing that has a class of its own: on a page, through a link to what holds it, or taken home.

The log knows; here it is asked about one thing. What is public or shared leaves no line when somebody here reads it on a page:
everybody here may.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from clients.audit.queries import named
from clients.disclosure.queries import by_facts, readings_of
from clients.disclosure.rules import InfoClass, is_logged, strictness
from clients.items.models import ItemVersion
from clients.people.access import require
from clients.people.rules import Verb
from portal.brand.disclosure_classes import kind_known
from portal.brand.log_choice import older_than, uuid_typed
from portal.brand.log_lines import lines_of
from portal.pages import brand_page, render
from portal.wording import badge
from portal.wording.disclosures import CLASSES

A_PAGE = 50
Seen = tuple[UUID, *tuple[Q, ...]]
"""The thing that the log names, and which other lines tell of it."""


@brand_page
def readers(request: HttpRequest, kind: str, object_id: UUID) -> HttpResponse:
    """For whoever reads the log and may read the thing itself."""
    require(request.actor, Verb.AUDIT_READ)
    known = kind_known(kind)
    row = known.access(request.actor, object_id)
    which, *through = SEEN.get(kind, _alone)(row)
    before = uuid_typed(request.GET.get("before", ""))
    entries = readings_of(which, *through)
    found = list(named(entries.filter(older_than(before)) if before else entries)[: A_PAGE + 1])
    context = {
        "title": known.title(row),
        "there": known.there(row),
        "badge": badge(CLASSES, row.info_class),
        "logged": is_logged(row.info_class),
        "lines": lines_of(found[:A_PAGE]),
        "older": f"before={found[A_PAGE - 1].pk}" if len(found) > A_PAGE else "",
        "newest": before is None,
    }
    return render(request, "brand/readers.html", context)


def _alone(row: Any) -> Seen:
    return (row.pk,)


def _section(row: Any) -> Seen:
    """A link shows the sections of its version up to its own class."""
    classes = [str(one) for one in InfoClass if strictness(one) >= strictness(row.info_class)]
    return row.pk, by_facts("link.opened", object=str(row.version_id)) & Q(facts__info_class__in=classes)


def _picture(row: Any) -> Seen:
    """A link to an item shows the pictures of its content; a network fetches a picture at the address that was lent."""
    digest = row.media.digest
    contents = ItemVersion.objects.filter(content__media__contains=[{"digest": digest}]).values_list(
        "digest", flat=True
    )
    opened = (by_facts("link.opened", digest=content) for content in dict.fromkeys(contents))
    return row.media_id, by_facts("media.fetched", "media.fetched_again", digest=digest), *opened


SEEN: dict[str, Callable[[Any], Seen]] = {"section": _section, "picture": _picture}
