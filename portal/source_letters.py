"""Letters about a source: it went silent, changed or does not answer; and once, that it is well again."""

from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from clients.outbox.registry import handles
from clients.sources.models import Source
from clients.sources.queries import letter_about
from clients.sources.steps import LETTER
from portal.brand.sources import message_of
from portal.links import brand_url
from portal.mail import Delivery, Letter, post
from portal.notices import NotYet
from tenants.walls.scope import BrandRef, brand_scope


@handles(LETTER)
def mail_about_source(brand: BrandRef, payload: dict[str, Any]) -> None:
    """Mail one letter to one person; what is over, or has changed, by now is not mailed."""
    with brand_scope(brand):
        found = letter_about(UUID(payload["source"]), UUID(payload["person"]))
        if found is None:
            return
        source, person = found
        if (source.health.trouble or "recovered") != payload["about"]:
            return
        with translation.override(person.language):
            letter = _letter(brand, source)
    if post(letter, person.email, person.language) is Delivery.LATER:
        raise NotYet


def _letter(brand: BrandRef, source: Source) -> Letter:
    facts = {"brand": brand.name, "source": source.name}
    if source.health.trouble:
        subject = _("%(brand)s: the source %(source)s needs you") % facts
        paragraphs: tuple[str, ...] = (
            message_of(source),
            _("What came from it so far is kept. You hear of it again when it is well."),
        )
    else:
        subject = _("%(brand)s: the source %(source)s is well again") % facts
        paragraphs = (_("It brings mentions as it used to. Nothing is to be done."),)
    return Letter(
        subject=subject,
        paragraphs=paragraphs,
        button=_("To the source"),
        link=brand_url(brand.slug, "source", source.pk),
        footer=_("You receive this because you look after the sources of %(brand)s.") % {"brand": brand.name},
    )
