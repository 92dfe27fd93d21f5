"""What was handed to somebody over all their brands: each title asked for inside its brand, in one round trip."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from clients.disclosure.rules import InfoClass
from portal.brand.inbox_rows import headed
from portal.links import brand_url
from portal.times import when
from tenants.pointers import Place, handed_work
from tenants.walls.scope import BrandRef, ask_each, hub_scope

A_PAGE = 50
PLAIN = [str(InfoClass.PUBLIC), str(InfoClass.SHARED)]

# The handing is the leave to read that one mention. What is kept more strictly than shared shows no title here: its reading is
# written down in the brand.
_TITLES = """
    SELECT handing.id,
           CASE WHEN mention.info_class = ANY(%s) THEN left(coalesce(nullif(mention.title, ''), mention.text), 300) ELSE '' END,
           handing.from_name
    FROM triage_handing handing JOIN mentions_mention mention ON mention.id = handing.mention_id
    WHERE handing.id = ANY(%s) AND handing.to_person = %s AND handing.closed_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class HandedRow:
    """One thing that somebody asks of this person."""

    url: str
    title: str
    brand: str
    brand_id: UUID
    who: str
    at: str


def handed_rows(person_id: UUID, places: list[Place]) -> list[HandedRow]:
    """Oldest first; only of brands in `places`."""
    here = {place.brand.id: place.brand for place in places}
    pointers = [pointer for pointer in handed_work(person_id, A_PAGE) if pointer.brand_id in here]
    wanted: dict[UUID, list[UUID]] = {}
    for pointer in pointers:
        wanted.setdefault(pointer.brand_id, []).append(pointer.object_id)
    if not wanted:
        return []
    with hub_scope():
        found = ask_each(_TITLES, [(here[brand_id], [PLAIN, ids, person_id]) for brand_id, ids in wanted.items()])
    titles = {pk: facts for rows in found for pk, *facts in rows}
    return [
        _row(here[p.brand_id], p.object_id, when(p.due_at), *titles[p.object_id])
        for p in pointers
        if p.object_id in titles
    ]


def _row(brand: BrandRef, handing_id: UUID, at: str, title: str, who: str) -> HandedRow:
    url = brand_url(brand.slug, "handed", handing_id)
    return HandedRow(
        url, headed(title, "") if title else _("Something that is kept strictly"), brand.name, brand.id, who, at
    )
