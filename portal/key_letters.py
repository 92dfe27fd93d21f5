"""Letters about keys: soon over, used from a new network, stopped because nobody answers, ended, or a token used twice."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from clients.keys.models import Key
from clients.keys.queries import keys, told_of_keys
from clients.keys.steps import LETTER
from clients.outbox.registry import handles
from portal.links import brand_url
from portal.mail import Delivery, Letter, post
from portal.notices import NotYet
from portal.times import when
from portal.wording import word
from portal.wording.keys import ENDINGS
from tenants.models import BrandPerson
from tenants.walls.scope import BrandRef, brand_scope

Facts = dict[str, str]
Words = tuple[str, tuple[str, ...]]


@handles(LETTER)
def mail_about_key(brand: BrandRef, payload: dict[str, Any]) -> None:
    """To whoever answers for the key; without them, to the brand's owners. What is no longer so is not written."""
    with brand_scope(brand):
        key = keys().filter(pk=UUID(payload["key"])).first()
        if key is None or (payload["about"] in WHILE_LIVE and key.revoked_at is not None):
            return
        ready = [(person, _letter(brand, key, payload, person)) for person in told_of_keys(key.answered_by)]
    if Delivery.LATER in [post(letter, person.email, person.language) for person, letter in ready]:
        raise NotYet


def _letter(brand: BrandRef, key: Key, payload: dict[str, Any], person: BrandPerson) -> Letter:
    with translation.override(person.language), timezone.override(brand.time_zone):
        facts = {
            "brand": brand.name,
            "name": key.name,
            "until": when(min(key.expires_at, key.policy.until)),
            "network": str(payload.get("network", "")),
            "why": word(ENDINGS, payload.get("why", "")),
            "who": key.answered_name,
        }
        subject, paragraphs = WORDS[payload["about"]](facts)
        return Letter(
            subject=subject,
            paragraphs=paragraphs,
            button=_("To this key"),
            link=brand_url(brand.slug, "key", key.pk),
            footer=_("You receive this because you answer for %(brand)s.") % facts,
        )


def _expiring(facts: Facts) -> Words:
    return _("%(brand)s: the key “%(name)s” is soon over") % facts, (
        _("It opens until %(until)s. After that the other system reads and writes nothing any more.") % facts,
        _("If it is still needed, make another one and put it in its place."),
    )


def _network(facts: Facts) -> Words:
    return _("%(brand)s: the key “%(name)s” is used from a new network") % facts, (
        _("It was used from %(network)s for the first time.") % facts,
        _("If you do not know this network, revoke the key now: it bites on the next request."),
    )


def _reused(facts: Facts) -> Words:
    return _("%(brand)s: something of “%(name)s” was used twice") % facts, (
        _(
            "A code or a token that is good once came a second time: it has been in two hands. We ended all that came of it."
        )
        % facts,
        _("Whoever uses the application has to consent anew. If you cannot explain it, revoke the key."),
    )


def _unanswered(facts: Facts) -> Words:
    return _("%(brand)s: nobody answers for the key “%(name)s”") % facts, (
        _("%(who)s has no place here any more, so it is stopped.") % facts,
        _("Somebody of the brand can take it over, or revoke it."),
    )


def _ended(facts: Facts) -> Words:
    return _("%(brand)s: the key “%(name)s” has ended") % facts, (
        _("It opens nothing any more: %(why)s.") % facts,
        _("If the other system is still needed, make another key."),
    )


WORDS: dict[str, Callable[[Facts], Words]] = {
    "expiring": _expiring,
    "network": _network,
    "reused": _reused,
    "unanswered": _unanswered,
    "ended": _ended,
}
WHILE_LIVE = frozenset({"expiring", "network", "unanswered"})
