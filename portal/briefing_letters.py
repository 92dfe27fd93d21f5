"""The letter that reminds somebody of a briefing that they have not read: a number and a link, none of its words."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from clients.briefings.actions import REMINDER
from clients.briefings.queries import briefing_in_force, people_yet_to_read
from clients.outbox.registry import handles
from portal.links import brand_url
from portal.mail import Delivery, Letter, post
from portal.notices import NotYet
from tenants.walls.scope import BrandRef, brand_scope


@dataclass(frozen=True, slots=True)
class Ready:
    """A letter and to whom, taken out of the brand's scope."""

    letter: Letter
    address: str
    language: str


@handles(REMINDER)
def mail_reminder(brand: BrandRef, payload: dict[str, Any]) -> None:
    """Nothing is mailed once the person has read it, has left, or a newer version is in force."""
    ready = _ready(brand, int(payload["version"]), UUID(payload["person"]))
    if ready is not None and post(ready.letter, ready.address, ready.language) is Delivery.LATER:
        raise NotYet


def _ready(brand: BrandRef, number: int, person_id: UUID) -> Ready | None:
    with brand_scope(brand):
        version = briefing_in_force()
        if version is None or version.number != number:
            return None
        person = people_yet_to_read(version).filter(person_id=person_id).first()
        if person is None:
            return None
    with translation.override(person.language):
        return Ready(_letter(brand, number), person.email, person.language)


def _letter(brand: BrandRef, number: int) -> Letter:
    facts = {"brand": brand.name, "number": number}
    return Letter(
        subject=_("%(brand)s: please read the briefing, version %(number)d") % facts,
        paragraphs=(
            _("You have not acknowledged the briefing of %(brand)s, version %(number)d, yet.") % facts,
            _("Until then, whatever you submit needs the brand’s approval."),
        ),
        button=_("Read the briefing"),
        link=brand_url(brand.slug, "briefing"),
        footer=_("You receive this because you have a place in %(brand)s.") % facts,
    )
