"""Letters about clocks: to whom holds a conversation before one runs out, and to a contact of the briefing once it has.

What was said stays here. A contact without an account learns that somebody waits, and whom to wake.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from clients.crisis.contacts import address_in
from clients.outbox.registry import handles
from clients.service.access import warning_to_mail
from clients.service.actions import letter_of
from clients.service.models import Clock, ServiceCall
from clients.service.steps import CALL_LETTER, WARNING
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


@handles(WARNING)
def mail_warning(brand: BrandRef, payload: dict[str, Any]) -> None:
    """Mail one warning; of a clock that has stopped meanwhile nobody is warned."""
    with brand_scope(brand):
        found = warning_to_mail(UUID(payload["clock"]), UUID(payload["person"]))
        if found is None:
            return
        clock, person = found
        with translation.override(person.language):
            letter = _warning(brand, clock)
    if post(letter, person.email, person.language) is Delivery.LATER:
        raise NotYet


@handles(CALL_LETTER)
def mail_call(brand: BrandRef, payload: dict[str, Any]) -> None:
    """Mail one contact. Who has a telephone only is called by people: the page tells them."""
    ready = _ready(brand, UUID(payload["call"]))
    if ready is not None and post(ready.letter, ready.address, ready.language) is Delivery.LATER:
        raise NotYet


def _ready(brand: BrandRef, call_id: UUID) -> Ready | None:
    call = letter_of(brand, call_id=call_id)
    if call is None:
        return None
    address = address_in(call.contact)
    with brand_scope(brand):
        person = BrandPerson.objects.filter(live=True, email__iexact=address).first()
    language = person.language if person else brand.language
    with translation.override(language):
        return Ready(_call(brand, call, has_account=person is not None), address, language)


def _warning(brand: BrandRef, clock: Clock) -> Letter:
    facts = {"brand": brand.name, "until": when(clock.due_at), "since": when(clock.started_at)}
    answer = clock.kind == "answer"
    subject = _("%(brand)s: an answer is due %(until)s") if answer else _("%(brand)s: a sign of life is due %(until)s")
    first = (
        _("Somebody has been waiting since %(since)s for an answer of %(brand)s. It is due %(until)s.")
        if answer
        else _(
            "Somebody wrote to %(brand)s %(since)s and does not know yet that they were seen. That is due %(until)s."
        )
    )
    return Letter(
        subject=subject % facts,
        paragraphs=(first % facts,),
        button=_("See who waits"),
        link=brand_url(brand.slug, "service"),
        footer=_("You receive this because the conversation is in your hands at %(brand)s.") % facts,
    )


def _call(brand: BrandRef, call: ServiceCall, *, has_account: bool) -> Letter:
    clock = call.clock
    facts = {"brand": brand.name, "name": call.name, "since": when(clock.started_at), "until": when(clock.due_at)}
    why = (
        _("%(name)s, somebody has been waiting since %(since)s for a word of %(brand)s. It was due %(until)s.") % facts
    )
    then = _("Please see to it that they are answered. If nothing happens, the next contact of the briefing is told.")
    return Letter(
        subject=_("%(brand)s: somebody has waited too long") % facts,
        paragraphs=(why, then),
        button=_("See who waits") if has_account else "",
        link=brand_url(brand.slug, "service") if has_account else "",
        footer=_("You receive this because the briefing of %(brand)s names you as a contact for such moments.") % facts,
    )
