"""A press review by mail: headlines, excerpts and links for one reader. Each letter is a line in the ledger of what left."""

from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from clients.autonomy.vocabulary import EntryPoint
from clients.disclosure.rules import InfoClass, Way
from clients.disclosure.steps import Matter, Recipient, disclose
from clients.outbox.registry import handles
from clients.people.actor import process_of
from clients.press.models import Review, ReviewEntry
from clients.press.steps import LETTER, may_receive
from portal.brand.press import groups_of, span_of
from portal.links import brand_url
from portal.mail import Delivery, Letter, post
from portal.notices import NotYet
from tenants.models import BrandPerson
from tenants.walls.scope import BrandRef, brand_scope

PRESS = "press"
"""By whose leave: that of the person, or of the brand's rhythm, who let the review out."""


@handles(LETTER)
def mail_review(brand: BrandRef, payload: dict[str, Any]) -> None:
    """Mail one review to one reader, if they may still read it."""
    with brand_scope(brand):
        review = Review.objects.filter(pk=UUID(payload["review"])).first()
        person = BrandPerson.objects.filter(live=True, person_id=UUID(payload["person"])).first()
        if review is None or person is None or not may_receive(person, review):
            return
        what = Matter(Review._meta.label_lower, (review.pk,), InfoClass(review.info_class))
        worker, to = process_of(brand, EntryPoint.WORKER, "press"), Recipient.member(person.person_id)
        disclose(worker, way=Way.MAIL, to=to, what=what, why="told", policy_name=PRESS)
        with translation.override(person.language):
            letter = _letter(brand, review)
    if post(letter, person.email, person.language) is Delivery.LATER:
        raise NotYet


def _letter(brand: BrandRef, review: Review) -> Letter:
    facts = {"brand": brand.name, "span": span_of(review)}
    paragraphs = [_("The press on %(brand)s, %(span)s.") % facts]
    for group in groups_of(review):
        paragraphs += [group.topic.upper(), *(_piece(entry) for entry in group.entries)]
    return Letter(
        subject=_("%(brand)s: press review") % facts,
        paragraphs=tuple(paragraphs),
        button=_("Read it here"),
        link=brand_url(brand.slug, "review", review.pk),
        footer=_("You receive this because you are a reader of the press review of %(brand)s.") % facts,
    )


def _piece(entry: ReviewEntry) -> str:
    parts = (f"{entry.headline} ({entry.source_name})" if entry.source_name else entry.headline, entry.excerpt)
    return " – ".join(part for part in (*parts, entry.comment, entry.link) if part)
