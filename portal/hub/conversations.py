"""Conversations over all of a person's brands: how many are in a box in each, and the most urgent of all in one list.

Only the chosen box says how many there are.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.conversations.rules import DUE_SOON, Box
from clients.people.rules import Verb
from portal.brand.inbox_rows import headed
from portal.brand.rows import sensitivity_word
from portal.hub.asking import Answers, Facts, ask, enter_brands, readers_of
from portal.links import brand_url
from portal.pages import hub_page, render
from portal.times import when
from portal.wording import SIDES, Badge, badge, word
from portal.wording.conversations import BOXES, DUE, MEDIUMS, STATES
from tenants.pointers import Place

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
    ORDER BY talk.priority DESC, talk.last_said_at DESC, talk.id DESC LIMIT %(most)s
"""  # noqa: S608  from the table above alone
    for box, condition in _BOXES.items()
}


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
    readers = readers_of(request, Verb.CONVERSATION_READ)
    answers = ask(_LISTED[box], readers, person=request.user.pk, soon=timezone.now() + DUE_SOON)
    rows = [_row(place, request.user.pk, facts) for place, facts in answers.first(_rank)]
    enter_brands(request, readers, (row.brand_id for row in rows))
    context = {"boxes": _tabs(answers, box), "tiles": answers.tiles("conversations", f"?box={box}"), "rows": rows}
    return render(request, "hub/conversations.html", context)


def _tabs(answers: Answers, here: Box) -> list[dict[str, Any]]:
    """How many there are is said of the box one looks into."""
    return [
        {
            "url": f"{reverse('hub_conversations')}?box={box}",
            "word": word(BOXES, box),
            "count": answers.total if box is here else None,
            "current": box is here,
        }
        for box in OVER_ALL
    ]


def _rank(facts: Facts) -> tuple[int, datetime, UUID]:
    """As each brand orders its own."""
    pk, _title, _state, _sensitivity, priority, said, *_ = facts
    return priority, said, pk


def _row(place: Place, person: UUID, facts: Facts) -> HubRow:
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
