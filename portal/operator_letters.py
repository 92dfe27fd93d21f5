"""Letters to the brand's owners: an operator is about to look into the brand, and what they had read when it ended."""

from typing import Any
from uuid import UUID

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.breakglass.models import Opening
from clients.breakglass.queries import openings, read_under
from clients.breakglass.steps import LETTER
from clients.outbox.registry import handles
from portal.links import brand_url
from portal.mail import Delivery, Letter, post
from portal.notices import NotYet
from portal.wording import word
from portal.wording.openings import ENDINGS, PARTS, part_of
from tenants.models import BrandPerson
from tenants.walls.scope import BrandRef, brand_scope

Words = tuple[str, tuple[str, ...]]


@handles(LETTER)
def mail_about_opening(brand: BrandRef, payload: dict[str, Any]) -> None:
    """Mail one letter to one owner; whoever has no place here any more gets none."""
    with brand_scope(brand):
        person = BrandPerson.objects.filter(person_id=payload["person"], live=True).first()
        opening = openings().filter(pk=UUID(payload["opening"])).first()
        if person is None or opening is None:
            return
        with translation.override(person.language), timezone.override(brand.time_zone):
            words = _opened(brand, opening) if payload["about"] == "opened" else _ended(brand, opening)
            letter = _letter(brand, words)
    if post(letter, person.email, person.language) is Delivery.LATER:
        raise NotYet


def _letter(brand: BrandRef, words: Words) -> Letter:
    subject, paragraphs = words
    return Letter(
        subject=subject,
        paragraphs=paragraphs,
        button=_("To the accesses of the operator"),
        link=brand_url(brand.slug, "operators"),
        footer=_("You receive this because you answer for %(brand)s.") % {"brand": brand.name},
    )


def _opened(brand: BrandRef, opening: Opening) -> Words:
    facts = {"brand": brand.name, "who": opening.who, "until": date_format(timezone.localtime(opening.until), "H:i")}
    return _("%(brand)s: the operator is looking into your space") % facts, (
        _("%(who)s, who runs this installation, may read a part of %(brand)s until %(until)s, and change nothing.")
        % facts,
        _("Reason: %(reason)s") % {"reason": opening.reason},
        *([_("File: %(ticket)s") % {"ticket": opening.ticket}] if opening.ticket else []),
        _("What may be read: %(parts)s") % {"parts": ", ".join(word(PARTS, part) for part in opening.parts)},
        _("Each page that is read is a line of your log. You can end it at any moment."),
    )


def _ended(brand: BrandRef, opening: Opening) -> Words:
    read = read_under([opening.pk])[opening.pk]
    facts = {"brand": brand.name, "who": opening.who, "how": word(ENDINGS, opening.end.how)}
    return _("%(brand)s: the operator’s access has ended") % facts, (
        _("The access of %(who)s has ended: %(how)s.") % facts,
        _("What was read:") if read else _("Nothing was read."),
        *(_read(*each) for each in read),
    )


def _read(table: str, pages: int, rows: int) -> str:
    told = ngettext("%(table)s: %(rows)s row", "%(table)s: %(rows)s rows", rows) % {
        "table": f"{part_of(table)} ({table})",
        "rows": rows,
    }
    return told + " " + ngettext("on %(pages)s page", "on %(pages)s pages", pages) % {"pages": pages}
