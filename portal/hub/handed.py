"""What is a person's own over all their brands: what was handed to them, what they are offered, asked or are to decide, what they
hold. Each title is asked for inside its brand, in one round trip."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from clients.disclosure.rules import classes_open_to
from clients.people.rules import Verb, may
from portal.brand.inbox_rows import headed
from portal.hub.asking import A_PAGE, PLAIN
from portal.links import brand_url
from portal.times import when
from tenants.pointers import Place, Pointer, handed_work
from tenants.vocabulary import Role
from tenants.walls.scope import BrandRef, ask_each, hub_scope

HOLDERS = [role for role in Role if may(role, Verb.CONVERSATION_HOLD)]
"""Who may accept what is offered to their whole side."""

# The pointer is the leave to read that one thing. What is kept more strictly than shared shows no title here: its reading is
# written down in the brand.
_TITLES = """
    SELECT handing.id, handing.id,
           CASE WHEN mention.info_class = ANY(%s) THEN left(coalesce(nullif(mention.title, ''), mention.text), 300) ELSE '' END,
           handing.from_name, NULL::timestamptz
    FROM triage_handing handing JOIN mentions_mention mention ON mention.id = handing.mention_id
    WHERE handing.id = ANY(%s) AND handing.to_person = %s AND handing.closed_at IS NULL
    UNION ALL
    SELECT offer.id, talk.id,
           CASE WHEN talk.info_class = ANY(%s) THEN coalesce(nullif(talk.title, ''), talk.member_name) ELSE '' END, offer.by_name,
           NULL
    FROM custody_offer offer JOIN custody_conversation talk ON talk.id = offer.conversation_id
    WHERE offer.id = ANY(%s) AND offer.closed_at IS NULL AND (offer.to_person = %s OR offer.to_person IS NULL
        AND offer.to_side = %s AND (talk.info_class = ANY(%s) OR talk.info_class = 'named' AND talk.named ? %s))
    UNION ALL
    SELECT asking.id, asking.id, CASE WHEN insight.info_class = ANY(%s) THEN insight.title ELSE '' END, asking.by_name, NULL
    FROM insights_asking asking JOIN insights_insight insight ON insight.id = asking.insight_id
    WHERE asking.id = ANY(%s) AND asking.to_person = %s AND asking.closed_at IS NULL AND asking.answered_at IS NULL
    UNION ALL
    SELECT appeal.id, cased.id, CASE WHEN cased.info_class = ANY(%s) THEN cased.title ELSE '' END, appeal.by_name, NULL
    FROM moderation_appeal appeal JOIN moderation_case cased ON cased.id = appeal.case_id
    WHERE appeal.id = ANY(%s) AND appeal.to_person = %s AND appeal.state = 'open'
    UNION ALL
    SELECT talk.id, talk.id,
           CASE WHEN talk.info_class = ANY(%s) THEN coalesce(nullif(talk.title, ''), talk.member_name) ELSE '' END, '',
           (SELECT min(clock.due_at) FROM service_clock clock
            WHERE clock.conversation_id = talk.id AND clock.stopped_at IS NULL
                AND (clock.warned_at IS NOT NULL OR clock.told_at IS NOT NULL))
    FROM custody_conversation talk
    WHERE talk.id = ANY(%s) AND talk.holder_person = %s AND talk.state = 'open'
"""
_PAGES = {
    "handed": "handed",
    "offered": "conversation",
    "asked": "insight_asked",
    "appealed": "moderation_case",
    "held": "conversation",
}


@dataclass(frozen=True, slots=True)
class HandedRow:
    """One thing that is this person's to do. `who` asks it of them; nobody does of what they hold already.

    `to_side`: offered to all of their side; whoever accepts first has it, and it is gone for the others.
    `due`: when a clock runs out of which its holder was warned, or ran out; '' without one.
    """

    url: str
    title: str
    brand: str
    brand_id: UUID
    kind: str
    who: str
    at: str
    due: str
    to_side: bool = False


def handed_rows(person_id: UUID, places: list[Place]) -> list[HandedRow]:
    """As `tenants.pointers.handed_work` orders them; only of brands in `places`."""
    here = {place.brand.id: place for place in places}
    pointers = [pointer for pointer in handed_work(person_id, HOLDERS, A_PAGE) if pointer.brand_id in here]
    wanted: dict[UUID, list[UUID]] = {}
    for pointer in pointers:
        wanted.setdefault(pointer.brand_id, []).append(pointer.object_id)
    if not wanted:
        return []
    with hub_scope():
        found = ask_each(
            _TITLES,
            [(here[brand_id].brand, _values(here[brand_id], ids, person_id)) for brand_id, ids in wanted.items()],
        )
    titles = {pk: facts for rows in found for pk, *facts in rows}
    return [_row(here[p.brand_id].brand, p, *titles[p.object_id]) for p in pointers if p.object_id in titles]


def _values(place: Place, ids: list[UUID], person_id: UUID) -> list[Any]:
    """For `_TITLES`, statement by statement. Who may accept what is offered to a whole side is who may read it and may hold."""
    each = [[str(one) for one in PLAIN], ids, person_id]
    readable = sorted(str(one) for one in classes_open_to(place.side, place.role))
    return [*each, *each, str(place.side), readable, str(person_id), *each, *each, *each]


def _row(brand: BrandRef, pointer: Pointer, page_id: UUID, title: str, who: str, due: datetime | None) -> HandedRow:
    url = brand_url(brand.slug, _PAGES[pointer.kind], page_id)
    shown = headed(title, "") if title else _("Something that is kept strictly")
    return HandedRow(
        url, shown, brand.name, brand.id, pointer.kind, who, when(pointer.due_at), when(due), bool(pointer.side)
    )
