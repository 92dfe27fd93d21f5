"""The inbox over all of a person's brands: how much is open in each, and the most urgent of all in one list."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from clients.people.rules import Verb
from portal.brand.inbox_rows import headed, heard_of
from portal.brand.rows import sensitivity_word
from portal.hub.asking import BrandTile, Facts, ask, enter_brands, readers_of
from portal.links import brand_url
from portal.pages import hub_page, render
from portal.times import when
from portal.wording import Badge, badge
from portal.wording.triage import MENTION_KINDS
from tenants.pointers import Place

# The brand's own index of what is open, read from its top: no count, however much waits.
_OPEN = """
    SELECT id, title, left(text, 300), kind, sensitivity, priority, found_at, medium, author
    FROM mentions_mention
    WHERE state = 'open' AND copy_of_id IS NULL AND info_class = ANY(%(classes)s)
    ORDER BY priority DESC, found_at DESC, id DESC LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class OpenRow:
    """One open mention of one brand."""

    url: str
    title: str
    brand: str
    brand_id: UUID
    kind: Badge
    sensitivity: str
    by: str
    found: str


@hub_page
def inbox(request: HttpRequest) -> HttpResponse:
    """Counts by brand, then the list."""
    readers = readers_of(request, Verb.MENTION_READ)
    tiles, rows = open_of(readers)
    enter_brands(request, readers, (row.brand_id for row in rows))
    return render(request, "hub/inbox.html", {"tiles": tiles, "rows": rows})


def open_of(readers: list[Place]) -> tuple[list[BrandTile], list[OpenRow]]:
    """How much is open in each brand, none as well; and the most urgent of them all. One round trip."""
    answers = ask(_OPEN, readers)
    return answers.tiles("inbox", empty=True), [_row(place, facts) for place, facts in answers.first(_rank)]


def _rank(facts: Facts) -> tuple[int, datetime, UUID]:
    """As each brand orders its own."""
    pk, _title, _text, _kind, _sensitivity, priority, found_at, *_ = facts
    return priority, found_at, pk


def _row(place: Place, facts: Facts) -> OpenRow:
    pk, title, text, kind, sensitivity, _priority, found_at, medium, author = facts
    return OpenRow(
        url=brand_url(place.brand.slug, "mention", pk),
        title=headed(title, text),
        brand=place.brand.name,
        brand_id=place.brand.id,
        kind=badge(MENTION_KINDS, kind),
        sensitivity=sensitivity_word(sensitivity),
        by=heard_of(author, medium),
        found=when(found_at),
    )
