"""Letters to the brand's owner and managers about a channel: it broke, its credential ends soon, it waits for their yes."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clients.channels.models import Channel
from clients.channels.queries import letter_about
from clients.channels.rules import ChannelState
from clients.channels.steps import LETTER
from clients.outbox.registry import handles
from portal.links import brand_url
from portal.mail import Delivery, Letter, post
from portal.notices import NotYet
from portal.wording import error_sentence
from tenants.walls.scope import BrandRef, brand_scope

Words = tuple[str, tuple[str, ...]]


@handles(LETTER)
def mail_about_channel(brand: BrandRef, payload: dict[str, Any]) -> None:
    """Mail one letter to one person; what is over by now is not mailed."""
    with brand_scope(brand):
        found = letter_about(UUID(payload["channel"]), UUID(payload["person"]))
        if found is None:
            return
        channel, person = found
        with translation.override(person.language):
            words = _WORDS[payload["about"]](brand, channel)
            letter = words and _letter(brand, words)
    if letter and post(letter, person.email, person.language) is Delivery.LATER:
        raise NotYet


def _letter(brand: BrandRef, words: Words) -> Letter:
    subject, paragraphs = words
    return Letter(
        subject=subject,
        paragraphs=paragraphs,
        button=_("To the channels"),
        link=brand_url(brand.slug, "channels"),
        footer=_("You receive this because you answer for the channels of %(brand)s.") % {"brand": brand.name},
    )


def _broken(brand: BrandRef, channel: Channel) -> Words | None:
    if not channel.health:
        return None
    facts = {"brand": brand.name, "channel": channel.name}
    return _("%(brand)s: the channel %(channel)s needs you") % facts, (
        _("Nothing can leave over %(channel)s at the moment.") % facts,
        error_sentence(channel.health),
        _("What was to go out waits, and nothing is lost. Please give the channel a new credential."),
    )


def _ending(brand: BrandRef, channel: Channel) -> Words | None:
    if channel.expires_at is None:
        return None
    facts = {"brand": brand.name, "channel": channel.name, "day": date_format(channel.expires_at, "j F Y")}
    return _("%(brand)s: the credential of %(channel)s ends on %(day)s") % facts, (
        _("From %(day)s on nothing can leave over %(channel)s.") % facts,
        _("Please give the channel a new credential before that day."),
    )


def _waiting(brand: BrandRef, channel: Channel) -> Words | None:
    if channel.state != ChannelState.UNCONFIRMED or channel.is_invitation:
        return None
    facts = {"brand": brand.name, "channel": channel.name, "handle": channel.handle}
    return _("%(brand)s: the channel %(channel)s waits for your yes") % facts, (
        _("The agency has connected %(channel)s, as you asked. Account: %(handle)s.") % facts,
        _("Nothing leaves over it before you have confirmed that it is the right one."),
    )


_WORDS: dict[str, Callable[[BrandRef, Channel], Words | None]] = {
    "broken": _broken,
    "ending": _ending,
    "waiting": _waiting,
}
