"""The letter to whom an appeal waits for: who asks them, and where to answer it. What the member said stays here."""

from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from clients.moderation.access import appeal_to_mail
from clients.moderation.models import Appeal
from clients.moderation.steps import LETTER
from clients.outbox.registry import handles
from portal.links import brand_url
from portal.mail import Delivery, Letter, post
from portal.notices import NotYet
from tenants.walls.scope import BrandRef, brand_scope


@handles(LETTER)
def mail_appeal(brand: BrandRef, payload: dict[str, Any]) -> None:
    """Mail one letter; what was answered by now is not mailed."""
    with brand_scope(brand):
        found = appeal_to_mail(UUID(payload["appeal"]))
        if found is None:
            return
        appeal, person = found
        with translation.override(person.language):
            letter = _letter(brand, appeal)
    if post(letter, person.email, person.language) is Delivery.LATER:
        raise NotYet


def _letter(brand: BrandRef, appeal: Appeal) -> Letter:
    facts = {"brand": brand.name, "who": appeal.by_name}
    return Letter(
        subject=_("%(brand)s: an appeal waits for you") % facts,
        paragraphs=(
            _("A member says that an act of moderation at %(brand)s was wrong. %(who)s wrote it down.") % facts,
            _("It is yours to decide, because you had no part in that act: it stands, or it is undone.") % facts,
        ),
        button=_("Read and decide"),
        link=brand_url(brand.slug, "moderation_case", appeal.case_id),
        footer=_("You receive this because it was put before you at %(brand)s.") % facts,
    )
