"""Released reports by mail.

To each reader what it says in short, and the PDF by link or attached, as the brand chose. Of a report that
the brand keeps to itself a letter says only that it is there. Who has no account gets a link that is made for this letter, on the
brand's terms; its token stands in it and nowhere else. Each letter that leaves is one line of the ledger.
"""

from functools import partial
from typing import Any
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.autonomy.vocabulary import EntryPoint
from clients.disclosure.rules import mail_tells_title
from clients.outbox.registry import handles
from clients.people.actor import process_of
from portal.brand.reports_rows import span_of, title_of
from portal.links import brand_url
from portal.mail import Delivery as Posted
from portal.mail import Letter, post
from portal.notices import NotYet
from reports.making.access import bytes_of_paper, facts_of
from reports.making.composing import summary_of
from reports.making.models import Edition
from reports.making.queries import annotations_of
from reports.making.rules import Delivery
from reports.sharing.actions import note_letter, note_told, ready_letter
from reports.sharing.actions.telling import ReadyLetter
from reports.sharing.copies import Copy
from reports.sharing.rules import Told
from reports.sharing.steps import LETTER
from reports.sharing.worded import copy_for
from tenants.walls.scope import BrandRef, brand_scope


@handles(LETTER)
def mail_report(brand: BrandRef, payload: dict[str, Any]) -> None:
    """Mail one report to one reader, if they may still read it, and note what became of it."""
    worker, reader_id = process_of(brand, EntryPoint.WORKER, "reports"), UUID(payload["reader"])
    ready = ready_letter(worker, reader_id=reader_id)
    if ready is None:
        return
    with translation.override(ready.language), timezone.override(brand.time_zone):
        copy = _copy(brand, ready)
        letter = _letter(brand, ready, copy)
    digest = copy.digest if copy else ""
    leaving = partial(note_letter, worker, ready=ready, digest=digest)
    posted = post(letter, ready.address, ready.language, leaving=leaving)
    if posted is Posted.LATER:
        raise NotYet
    if posted is not Posted.STOPPED:
        note_told(worker, reader_id=reader_id, told=Told.TOLD if posted is Posted.DELIVERED else Told.BOUNCED)


def _letter(brand: BrandRef, ready: ReadyLetter, copy: Copy | None) -> Letter:
    report = ready.reader.report
    told = mail_tells_title(report.info_class)
    facts = {"brand": brand.name, "title": title_of(report) if told else _("a report"), "span": span_of(report.period)}
    token = f"{brand_url(brand.slug, 'shared')}#{ready.token}" if ready.token else ""
    return Letter(
        subject=(_("%(brand)s: %(title)s, %(span)s") if told else _("%(brand)s: a report is there")) % facts,
        paragraphs=tuple(_paragraphs(brand, ready, facts)),
        button=_("Read the report"),
        link=token or brand_url(brand.slug, "report", report.pk),
        footer=_("You receive this because the brand has its reports told to you: %(brand)s.") % facts,
        papers=((report.file_name, copy.content),) if copy else (),
    )


def _paragraphs(brand: BrandRef, ready: ReadyLetter, facts: dict[str, str]) -> list[str]:
    edition, report = ready.edition, ready.reader.report
    if edition is None:
        return [_("A report of %(brand)s was released. Sign in to read it.") % facts]
    with brand_scope(brand):
        annotations = [f"{one.author_name}: {one.text}" for one in annotations_of(report)]
        lines = summary_of(facts_of(edition), ready.language)
    found = [_("%(title)s of %(brand)s, %(span)s.") % facts, *annotations, *lines]
    return [*found, *_left_out(ready, edition.withheld), *_on_terms(ready, brand)]


def _left_out(ready: ReadyLetter, withheld: int) -> list[str]:
    """What this letter does not tell, and where its reader finds it."""
    if ready.more:
        return [
            ngettext(
                "Your own copy has %(count)s row more, which is kept too strictly for a letter: sign in to read it.",
                "Your own copy has %(count)s rows more, which are kept too strictly for a letter: sign in to read them.",
                ready.more,
            )
            % {"count": ready.more}
        ]
    return [_("Left out of your copy, because it is kept more strictly: %(count)s rows.") % {"count": withheld}] * bool(
        withheld
    )


def _on_terms(ready: ReadyLetter, brand: BrandRef) -> list[str]:
    """How long the link of somebody outside opens, and what it asks for."""
    if ready.terms is None:
        return []
    facts = {"brand": brand.name, "days": ready.terms.days, "views": ready.terms.views}
    opens = _("The link opens for %(days)s days, %(views)s times at most.") % facts
    asks = _("It asks for a password, which %(brand)s tells you by another way.") % facts
    return [opens, asks] if ready.terms.kept_password else [opens]


def _copy(brand: BrandRef, ready: ReadyLetter) -> Copy | None:
    """Marked for its reader; none by link, and none where the reader learns only that it is there."""
    edition: Edition | None = ready.edition
    if edition is None or ready.reader.delivery != Delivery.ATTACHED:
        return None
    report = ready.reader.report
    with brand_scope(brand):
        content = bytes_of_paper(edition)
    return copy_for(brand, content, ready.name, report.language)
