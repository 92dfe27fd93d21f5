"""Telling the brand what waits for it, what is about to go out, and what went out: one letter a person and content.

The letter tells the title and leads to the page: a mailbox is no place of the brand's, so the content stays here. Each letter is
a line in the ledger of what left. Nothing can be approved from the letter itself: whoever reads a mailbox is not yet the
person it belongs to.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from clients.approvals.access import notice_to_mail
from clients.approvals.models import Notice
from clients.approvals.steps import NOTICE
from clients.approvals.words import NoticeKind
from clients.autonomy.vocabulary import EntryPoint
from clients.disclosure.rules import Way, mail_tells_title
from clients.disclosure.steps import Matter, Recipient, disclose
from clients.gate.actions import notice_bounced, notice_delivered
from clients.items.models import Item
from clients.items.rules import ITEM_CLASS
from clients.outbox.registry import handles
from clients.people.actor import process_of
from portal.links import brand_url
from portal.mail import Delivery, Letter, post
from portal.wording import word
from portal.wording.acts import KINDS
from tenants.walls.scope import BrandRef, brand_scope


class NotYet(Exception):
    """The mail server said neither yes nor no: the outbox comes back later."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A letter and to whom, taken out of the brand's scope: no transaction is open while a mail server thinks."""

    letter: Letter
    address: str
    language: str


@handles(NOTICE)
def mail_notice(brand: BrandRef, payload: dict[str, Any]) -> None:
    """Mail one notice and tell the gate what became of it; what needs no notice any more is not mailed."""
    notice_id = UUID(payload["notice"])
    ready = _ready(brand, notice_id)
    if ready is None:
        return
    delivery = post(ready.letter, ready.address, ready.language)
    if delivery is Delivery.LATER:
        raise NotYet
    settle = notice_delivered if delivery is Delivery.DELIVERED else notice_bounced
    settle(brand, notice_id=notice_id)


def _ready(brand: BrandRef, notice_id: UUID) -> Ready | None:
    with brand_scope(brand):
        found = notice_to_mail(notice_id)
        if found is None:
            return None
        notice, item, person = found
        _write_down(brand, item, person.person_id)
        with translation.override(person.language):
            return Ready(_letter(brand, notice, item), person.email, person.language)


def _write_down(brand: BrandRef, item: Item, person_id: UUID) -> None:
    """Before the letter: who is told of what. Committed before a mail server sees it."""
    assert item.version is not None
    what = Matter(item._meta.label_lower, (item.pk,), ITEM_CLASS, digest=item.version.digest)
    worker = process_of(brand, EntryPoint.WORKER, "worker")
    disclose(worker, way=Way.MAIL, to=Recipient.member(person_id), what=what, why="told", policy_name="asking")


def _letter(brand: BrandRef, notice: Notice, item: Item) -> Letter:
    title = item.title if mail_tells_title(ITEM_CLASS) else str(item.pk)[-12:]
    facts = {"brand": brand.name, "author": item.author_name, "kind": word(KINDS, item.kind), "title": title}
    subject, sentence, button = _WORDS[NoticeKind(notice.kind)]()
    return Letter(
        subject=subject % facts,
        paragraphs=(sentence % facts,),
        button=button,
        link=brand_url(brand.slug, "item", item.pk),
        footer=_("You receive this because you approve for %(brand)s.") % facts,
    )


def _approval() -> tuple[str, str, str]:
    return (
        _("%(brand)s: to approve – %(title)s"),
        _(
            "%(author)s has prepared something (%(kind)s) for %(brand)s. It waits for your yes and goes out only with it."
        ),
        _("Read and decide"),
    )


def _veto() -> tuple[str, str, str]:
    return (
        _("%(brand)s: goes out unless you object – %(title)s"),
        _(
            "%(author)s has prepared something (%(kind)s) for %(brand)s. It goes out when the window closes, unless you say no."
        ),
        _("Read or object"),
    )


def _report() -> tuple[str, str, str]:
    return (
        _("%(brand)s: just went out – %(title)s"),
        _("%(author)s has just sent this (%(kind)s) in the name of %(brand)s, as your charter allows."),
        _("See it"),
    )


_WORDS = {NoticeKind.APPROVAL: _approval, NoticeKind.VETO: _veto, NoticeKind.REPORT: _report}
