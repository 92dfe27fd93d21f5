"""Letters about what a department is asked: when it is asked, before it is due, once that is over, and once it has answered.

What was said, and what is asked, stays in the brand's space: a letter says who asks, until when, and where to read it.
"""

from typing import Any
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from clients.insights.access import asking_to_mail
from clients.insights.models import Asking
from clients.insights.rules import About
from clients.insights.steps import LETTER
from clients.outbox.registry import handles
from portal.links import brand_url
from portal.mail import Delivery, Letter, post
from portal.notices import NotYet
from portal.times import when
from tenants.models import BrandPerson
from tenants.walls.scope import BrandRef, brand_scope


@handles(LETTER)
def mail_asking(brand: BrandRef, payload: dict[str, Any]) -> None:
    """Mail one letter; what was answered, put off or withdrawn by now is not mailed."""
    about = About(payload["about"])
    with brand_scope(brand):
        found = asking_to_mail(UUID(payload["asking"]), about, UUID(payload["person"]))
        if found is None:
            return
        asking, person = found
        with timezone.override(brand.time_zone), translation.override(person.language):
            letter = _letter(brand, asking, about, person)
    if post(letter, person.email, person.language) is Delivery.LATER:
        raise NotYet


def _letter(brand: BrandRef, asking: Asking, about: About, person: BrandPerson) -> Letter:
    owes = person.person_id == asking.to_person
    facts = {"brand": brand.name, "who": asking.by_name, "whom": asking.to_name, "until": when(asking.due_at)}
    subject, said = _owing(about) if owes else _asking(about)
    page = ("insight_asked", asking.pk) if owes else ("insight", asking.insight_id)
    return Letter(
        subject=subject % facts,
        paragraphs=(said % facts,),
        button=_("Read and answer") if owes else _("See the insight"),
        link=brand_url(brand.slug, *page),
        footer=_("You receive this because of a question about what members of %(brand)s said.") % facts,
    )


def _owing(about: About) -> tuple[str, str]:
    """To whom the question was put."""
    if about is About.LATE:
        return (
            _("%(brand)s: your answer is overdue"),
            _("Your answer to %(who)s was due %(until)s. It is still welcome."),
        )
    if about is About.SOON:
        return (
            _("%(brand)s: your answer is due soon"),
            _("%(who)s waits for your answer about what members of %(brand)s said. It is due %(until)s."),
        )
    return (
        _("%(brand)s: %(who)s asks you something"),
        _("%(who)s asks you about something that members of %(brand)s said. Please answer by %(until)s."),
    )


def _asking(about: About) -> tuple[str, str]:
    """To whoever put it."""
    if about is About.LATE:
        return _("%(brand)s: an answer is overdue"), _("%(whom)s has not answered. It was due %(until)s.")
    if about is About.SOON:
        return _("%(brand)s: an answer is due soon"), _("%(whom)s has not answered yet. It is due %(until)s.")
    return _("%(brand)s: an answer has come"), _("%(whom)s has answered what you asked.")
