"""The letter that invites somebody: the only place where an invitation's token stands, between its making and the mail."""

from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clients.outbox.registry import handles
from clients.people.steps import INVITATION_MAIL, write_letter
from portal.links import hub_url
from portal.mail import Delivery, Letter, post
from portal.notices import NotYet
from portal.wording import ROLES, word
from tenants.walls.scope import BrandRef, durable


@handles(INVITATION_MAIL)
def mail_invitation(brand: BrandRef, payload: dict[str, Any]) -> None:
    """Write and mail one invitation. A second call writes another token, and the letter before opens nothing any more."""
    with durable(brand):
        found = write_letter(brand, UUID(payload["invitation"]))
    if found is None:
        return
    with translation.override(found.language):
        letter = _letter(found)
    if post(letter, found.email, found.language) is Delivery.LATER:
        raise NotYet


def _letter(found: Any) -> Letter:
    facts = {
        "brand": found.brand_name,
        "who": found.invited_by_name,
        "role": word(ROLES, found.role),
        "agency": found.agency_name,
        "day": date_format(found.expires_at, "j F Y"),
    }
    as_agency = _("%(who)s invites you to work for %(brand)s with %(agency)s. Your role: %(role)s.")
    as_brand = _("%(who)s invites you to %(brand)s. Your role: %(role)s.")
    return Letter(
        subject=_("Your invitation to %(brand)s") % facts,
        paragraphs=(
            (as_agency if found.agency_name else as_brand) % facts,
            _("The link works once, until %(day)s, and only for your address.") % facts,
        ),
        button=_("Accept the invitation"),
        link=hub_url("invitation", found.token),
        footer=_("If you expected no invitation, you need do nothing."),
    )
