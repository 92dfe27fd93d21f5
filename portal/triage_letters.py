"""The letter to whom a mention was handed: who asks them, and where to read it. What was said stays here."""

from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from clients.outbox.registry import handles
from clients.triage.access import handing_to_mail
from clients.triage.models import Handing
from clients.triage.steps import LETTER
from portal.links import brand_url
from portal.mail import Delivery, Letter, post
from portal.notices import NotYet
from tenants.walls.scope import BrandRef, brand_scope


@handles(LETTER)
def mail_handing(brand: BrandRef, payload: dict[str, Any]) -> None:
    """Mail one letter; what was undone or closed by now is not mailed."""
    with brand_scope(brand):
        found = handing_to_mail(UUID(payload["handing"]))
        if found is None:
            return
        handing, person = found
        with translation.override(person.language):
            letter = _letter(brand, handing)
    if post(letter, person.email, person.language) is Delivery.LATER:
        raise NotYet


def _letter(brand: BrandRef, handing: Handing) -> Letter:
    facts = {"brand": brand.name, "who": handing.from_name}
    return Letter(
        subject=_("%(brand)s: %(who)s hands you something") % facts,
        paragraphs=(_("%(who)s hands you something that was said about %(brand)s and waits for your word.") % facts,),
        button=_("Read and answer"),
        link=brand_url(brand.slug, "handed", handing.pk),
        footer=_("You receive this because it was handed to you at %(brand)s.") % facts,
    )
