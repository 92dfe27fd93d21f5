"""A letter to the brand's owner and managers: a webhook has stopped by itself, and waits for them."""

from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from clients.outbox.registry import handles
from clients.webhooks.models import Subscription
from clients.webhooks.queries import letter_about
from clients.webhooks.steps import LETTER
from portal.links import brand_url
from portal.mail import Delivery, Letter, post
from portal.notices import NotYet
from portal.wording import word
from portal.wording.webhooks import PAUSED
from tenants.walls.scope import BrandRef, brand_scope


@handles(LETTER)
def mail_about_webhook(brand: BrandRef, payload: dict[str, Any]) -> None:
    """What goes on again by now is not mailed."""
    with brand_scope(brand):
        found = letter_about(UUID(payload["subscription"]), UUID(payload["person"]))
    if found is None:
        return
    subscription, person = found
    with translation.override(person.language):
        letter = _letter(brand, subscription)
    if post(letter, person.email, person.language) is Delivery.LATER:
        raise NotYet


def _letter(brand: BrandRef, subscription: Subscription) -> Letter:
    facts = {"brand": brand.name, "name": subscription.name, "host": subscription.host}
    return Letter(
        subject=_("%(brand)s: %(name)s is told of nothing any more") % facts,
        paragraphs=(
            _("%(name)s (%(host)s) was to be told what changes.") % facts,
            word(PAUSED, subscription.paused_why),
            _("Please have a look at it, then let it go on."),
        ),
        button=_("To this webhook"),
        link=brand_url(brand.slug, "webhook", subscription.pk),
        footer=_("You receive this because you answer for the systems that %(brand)s has told of its changes.") % facts,
    )
