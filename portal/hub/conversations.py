"""Conversations over all of a person's brands: how many are in a box in each, and the most urgent of all in one list.

Nothing is counted beyond a first few: a brand says '20+', and only the chosen box says how many there are.
Each brand is asked the same small question inside its own walls, in one round trip, and only brands are asked where the person
has a place. What is kept for named people or the brand alone is in the brand's own inbox, where its reading is written down.
"""

from dataclasses import dataclass
from heapq import nlargest
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.conversations.rules import DUE_SOON, Box
from clients.disclosure.rules import InfoClass, classes_open_to
from clients.people.rules import Verb, may
from portal.brand.conversations import counted
from portal.brand.inbox_rows import headed
from portal.brand.rows import sensitivity_word
from portal.links import brand_url
from portal.pages import enter, hub_page, render
from portal.second_factor import closed_to
from portal.times import when
from portal.wording import SIDES, Badge, badge, word
from portal.wording.conversations import BOXES, DUE, MEDIUMS, STATES
from tenants.pointers import Place, places_of
from tenants.walls.scope import ask_each, hub_scope

A_PAGE, OF_ONE = 50, 20
_PRIORITY, _SAID = 4, 5
"""Where a row of `_LISTED` says how urgent it is, and when something was said last."""
OVER_ALL = (Box.ALL, Box.MINE, Box.SIDE, Box.OFFERED, Box.DUE, Box.WAITING)

_BOXES = {
    Box.ALL: "talk.state = 'open'",
    Box.MINE: "talk.state = 'open' AND talk.holder_person = %(person)s",
    Box.SIDE: "talk.state = 'open' AND talk.holder_side = %(side)s",
    Box.OFFERED: """EXISTS (SELECT FROM custody_offer offered
        WHERE offered.conversation_id = talk.id AND offered.closed_at IS NULL AND offered.to_side = %(side)s
        AND (offered.to_person IS NULL OR offered.to_person = %(person)s))""",
    Box.DUE: """talk.state IN ('open', 'waiting', 'snoozed') AND EXISTS (SELECT FROM service_clock clock
        WHERE clock.conversation_id = talk.id AND clock.stopped_at IS NULL AND clock.due_at < %(soon)s)""",
    Box.WAITING: "talk.state = 'waiting'",
}
_READABLE = "talk.merged_into_id IS NULL AND talk.info_class = ANY(%(classes)s)"
# The brand's own index of what is open, read from its top, however much waits.
_LISTED = {
    box: f"""
    SELECT talk.id, talk.title, talk.state, talk.sensitivity, talk.priority, talk.last_said_at, talk.medium, talk.member_name,
        talk.holder_side, talk.holder_person,
        (SELECT min(clock.due_at) FROM service_clock clock WHERE clock.conversation_id = talk.id AND clock.stopped_at IS NULL)
    FROM custody_conversation talk WHERE {_READABLE} AND {condition}
    ORDER BY talk.priority DESC, talk.last_said_at DESC, talk.id DESC LIMIT {OF_ONE + 1}
"""  # noqa: S608  from the table above alone
    for box, condition in _BOXES.items()
}


@dataclass(frozen=True, slots=True)
class BrandTile:
    """One brand and how many there are of the chosen box, '20+' for more."""

    id: UUID
    name: str
    url: str
    count: str


@dataclass(frozen=True, slots=True)
class HubRow:
    """One conversation of one brand."""

    url: str
    title: str
    brand: str
    brand_id: UUID
    state: Badge
    due: Badge | None
    sensitivity: str
    by: str
    where: str
    said: str
    holder: str
    mine: bool
    my_side: bool


@hub_page
def conversations(request: HttpRequest) -> HttpResponse:
    """Counts by box and by brand, then the list of one box."""
    assert request.user.pk is not None  # `hub_page` sent everybody else to sign in
    asked = request.GET.get("box", "")
    box = Box(asked) if asked in set(OVER_ALL) else Box.ALL
    places = places_of(request.user.pk)
    closed = closed_to(request.user, [(place.brand, place.role) for place in places])
    readers = [place for place in places if place.brand.id not in closed and may(place.role, Verb.CONVERSATION_READ)]
    counts, rows = waiting_of(request.user.pk, readers, box)
    shown = {row.brand_id for row in rows}
    for place in readers:
        if place.brand.id in shown:
            enter(request, place.brand)
    context = {"boxes": _tabs(counts, box), "tiles": _tiles(readers, counts, box), "rows": rows}
    return render(request, "hub/conversations.html", context)


def waiting_of(person: UUID, readers: list[Place], box: Box) -> tuple[list[int], list[HubRow]]:
    """By brand how many are in the box, `OF_ONE` + 1 for more; and the most urgent of them all. One round trip."""
    with hub_scope():
        listed = ask_each(_LISTED[box], [(place.brand, _values(place, person)) for place in readers])
    found = [
        (facts[_PRIORITY], facts[_SAID], facts[0], place, facts)
        for place, some in zip(readers, listed, strict=True)
        for facts in some[:OF_ONE]
    ]
    first = nlargest(A_PAGE, found, key=lambda one: one[:3])
    return [len(some) for some in listed], [_row(place, person, facts) for *_, place, facts in first]


def _values(place: Place, person: UUID) -> dict[str, Any]:
    plain = {InfoClass.PUBLIC, InfoClass.SHARED}
    classes = sorted(str(one) for one in classes_open_to(place.side, place.role) if one in plain)
    return {"classes": classes, "person": person, "side": str(place.side), "soon": timezone.now() + DUE_SOON}


def _tabs(counts: list[int], here: Box) -> list[dict[str, Any]]:
    """How many there are is said of the box one looks into."""
    more = any(one > OF_ONE for one in counts)
    many = f"{sum(min(one, OF_ONE) for one in counts)}{'+' if more else ''}"
    return [
        {
            "url": f"{reverse('hub_conversations')}?box={box}",
            "word": word(BOXES, box),
            "count": many if box is here else None,
            "current": box is here,
        }
        for box in OVER_ALL
    ]


def _tiles(readers: list[Place], counts: list[int], box: Box) -> list[BrandTile]:
    return [
        BrandTile(
            p.brand.id,
            p.brand.name,
            f"{brand_url(p.brand.slug, 'conversations')}?box={box}",
            counted(one, OF_ONE),
        )
        for p, one in zip(readers, counts, strict=True)
        if one
    ]


def _row(place: Place, person: UUID, facts: list[Any]) -> HubRow:
    pk, title, state, sensitivity, _priority, said, medium, name, side, holder, due = facts
    late = due is not None and due < timezone.now()
    soon = due is not None and not late and due < timezone.now() + DUE_SOON
    return HubRow(
        url=brand_url(place.brand.slug, "conversation", pk),
        title=headed(title, ""),
        brand=place.brand.name,
        brand_id=place.brand.id,
        state=badge(STATES, state),
        due=badge(DUE, "late" if late else "warned") if late or soon else None,
        sensitivity=sensitivity_word(sensitivity),
        by=f"\u2068{name}\u2069" if name else _("somebody"),
        where=word(MEDIUMS, medium),
        said=when(said),
        holder=word(SIDES, side),
        mine=holder == person,
        my_side=side == place.side,
    )
