"""Letters about an account: somebody signed in from elsewhere; an operator took a second factor away, for the brand's owners.

What people change themselves (password, second factor) they are told of by allauth, in their own language.
"""

from typing import Any
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from clients.audit.models import Entry
from clients.audit.queries import named
from clients.outbox.registry import handles
from clients.people.actions.securing import FACTOR_LETTER
from clients.people.tasks import NEW_PLACE
from portal.links import brand_url, hub_url
from portal.mail import Delivery, Letter, post
from portal.notices import NotYet
from portal.times import exact
from portal.wording import ROLES, word
from tenants.models import BrandPerson, HubEntry, Person
from tenants.walls.scope import BrandRef, brand_scope, hub_scope


@handles(NEW_PLACE)
def mail_new_place(brand: BrandRef, payload: dict[str, Any]) -> None:
    """To the person whose account it is. Nothing of a brand is in it."""
    with hub_scope():
        line = HubEntry.objects.get(pk=UUID(payload["line"]))
        person = Person.objects.filter(pk=line.person_id, is_active=True).first() if line.person_id else None
    if person is None:
        return
    with translation.override(person.language), timezone.override(brand.time_zone):
        letter = _new_place(line)
    _post(letter, person.email, person.language)


@handles(FACTOR_LETTER)
def mail_factor_taken(brand: BrandRef, payload: dict[str, Any]) -> None:
    """To one owner; whoever has no place here any more gets none."""
    with brand_scope(brand):
        owner = BrandPerson.objects.filter(person_id=payload["to"], live=True).first()
        line = named(Entry.objects.filter(pk=UUID(payload["line"]))).get()
        whose = BrandPerson.objects.filter(person_id=line.facts["person"]).order_by("-live").first()
    if owner is None or whose is None:
        return
    with translation.override(owner.language):
        letter = _factor_taken(brand, whose, because=(line.beside or {}).get("because", ""))
    _post(letter, owner.email, owner.language)


def _post(letter: Letter, address: str, language: str) -> None:
    if post(letter, address, language) is Delivery.LATER:
        raise NotYet


def _new_place(line: HubEntry) -> Letter:
    facts = {"ip": line.facts.get("ip", ""), "agent": line.facts.get("agent", ""), "when": exact(line.at)}
    return Letter(
        subject=_("Relais: a sign-in from a place that is new"),
        paragraphs=(
            _("Somebody has signed in to your account from a network that you have not used of late."),
            _("When: %(when)s. Address: %(ip)s. Browser: %(agent)s") % facts,
            _("If it was you, you need do nothing. If it was not, change your password and end that session at once."),
        ),
        button=_("To my sessions"),
        link=hub_url("usersessions_list"),
    )


def _factor_taken(brand: BrandRef, whose: BrandPerson, *, because: str) -> Letter:
    facts = {"brand": brand.name, "who": whose.name, "role": word(ROLES, whose.role), "because": because}
    return Letter(
        subject=_("%(brand)s: the second factor of %(who)s was taken away") % facts,
        paragraphs=(
            _(
                "Whoever runs this installation has removed the second factors of %(who)s (%(role)s) and ended all their "
                "sessions: from now on their password alone opens their account, until they set up a new one."
            )
            % facts,
            *([_("How the operator made sure who asked: %(because)s") % facts] if because else []),
            _("If you know nothing of it, ask them, and end their access meanwhile."),
        ),
        button=_("To the people of %(brand)s") % facts,
        link=brand_url(brand.slug, "people"),
        footer=_("You receive this because you answer for %(brand)s.") % facts,
    )
