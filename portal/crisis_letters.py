"""The letter that calls a contact: that there may be a crisis, and one button. What it is about is not in it.

A member is led to the page, where they can decide; a contact without an account to a page with one button, 'I take it'.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from clients.crisis.actions import letter_of
from clients.crisis.actions.calling import LETTER
from clients.crisis.contacts import address_in
from clients.crisis.models import CrisisCall
from clients.crisis.rules import CrisisState
from clients.outbox.registry import handles
from portal.links import brand_url
from portal.mail import Delivery, Letter, post
from portal.notices import NotYet
from portal.times import when
from tenants.models import BrandPerson
from tenants.walls.scope import BrandRef, brand_scope


@dataclass(frozen=True, slots=True)
class Ready:
    """A letter and to whom: no transaction is open while a mail server thinks."""

    letter: Letter
    address: str
    language: str


@handles(LETTER)
def call_by_letter(brand: BrandRef, payload: dict[str, Any]) -> None:
    """Who has a telephone only is called by people: the page tells them. Who is late is not written to."""
    ready = _ready(brand, UUID(payload["call"]))
    if ready is not None and post(ready.letter, ready.address, ready.language) is Delivery.LATER:
        raise NotYet


def _ready(brand: BrandRef, call_id: UUID) -> Ready | None:
    found = letter_of(brand, call_id=call_id)
    if found is None:
        return None
    call, token = found
    address = address_in(call.contact)
    with brand_scope(brand):
        person = BrandPerson.objects.filter(live=True, email__iexact=address).first()
    language = person.language if person else brand.language
    link = brand_url(brand.slug, "crisis") if person else f"{brand_url(brand.slug, 'crisis_link')}#{token}"
    with translation.override(language):
        return Ready(_letter(brand, call, link), address, language)


def _letter(brand: BrandRef, call: CrisisCall, link: str) -> Letter:
    facts = {"brand": brand.name, "name": call.name, "until": when(call.until)}
    in_force = call.crisis.state == CrisisState.IN_FORCE
    subject = _("%(brand)s: a crisis is in force") if in_force else _("%(brand)s: is this a crisis?")
    return Letter(
        subject=subject % facts,
        paragraphs=(
            (
                _("%(name)s, a crisis of %(brand)s is in force and nobody has taken it yet.")
                if in_force
                else _("%(name)s, something at %(brand)s may be a crisis and nobody has taken it yet.")
            )
            % facts,
            _("If you take it, nobody else is called. Otherwise the next contact is called %(until)s.") % facts,
        ),
        button=_("I take it"),
        link=link,
        footer=_("You receive this because the briefing of %(brand)s names you as a contact for such moments.") % facts,
    )
