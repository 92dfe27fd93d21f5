"""The letter to whom a conversation is offered: who asks them, until when, and where to read it. What was said stays here."""

from typing import Any
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from clients.custody.access import offer_to_mail
from clients.custody.models import Offer
from clients.custody.steps import LETTER
from clients.outbox.registry import handles
from portal.links import brand_url
from portal.mail import Delivery, Letter, post
from portal.notices import NotYet
from portal.times import when
from tenants.walls.scope import BrandRef, brand_scope


@handles(LETTER)
def mail_offer(brand: BrandRef, payload: dict[str, Any]) -> None:
    """Mail one letter; what was answered or withdrawn by now is not mailed."""
    with brand_scope(brand):
        found = offer_to_mail(UUID(payload["offer"]))
        if found is None:
            return
        offer, person = found
        with timezone.override(brand.time_zone), translation.override(person.language):
            letter = _letter(brand, offer)
    if post(letter, person.email, person.language) is Delivery.LATER:
        raise NotYet


def _letter(brand: BrandRef, offer: Offer) -> Letter:
    facts = {"brand": brand.name, "who": offer.by_name, "until": when(offer.accept_by)}
    return Letter(
        subject=_("%(brand)s: %(who)s passes a conversation to you") % facts,
        paragraphs=(
            _("%(who)s passes a conversation with a member of %(brand)s’s community to you.") % facts,
            _("Please accept or decline it by %(until)s. Until then it stays with %(who)s.") % facts,
        ),
        button=_("Read, then accept or decline"),
        link=brand_url(brand.slug, "conversation", offer.conversation_id),
        footer=_("You receive this because it was passed to you at %(brand)s.") % facts,
    )
