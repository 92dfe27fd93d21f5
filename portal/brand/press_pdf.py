"""The press review on paper: what its page shows, as a PDF; it leaves with a line in the ledger."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clients.press.access import access_review
from clients.press.actions import hand_out_review
from clients.press.models import ReviewEntry, WatchNote
from portal.brand.paper import paper
from portal.brand.press import Group, groups_of, notes_of, review, span_of
from portal.handing_out import to_keep
from portal.pages import brand_act
from reports.rendering.blocks import Block, Head, Heading, Linked, Note, Paragraph, Points
from tenants.walls.scope import brand_scope


@brand_act(again=review)
def printed(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """A file for the person who asks. Raises Conflict as `paper` does."""
    with brand_scope(request.brand):
        found = access_review(request.actor, review_id)
        span, blocks = span_of(found), tuple(_blocks(groups_of(found), notes_of(request)))
        name = f"press-{found.until:%Y-%m-%d}.pdf"
    brand = request.brand
    head = Head(_("Press review"), _("Press review"), f"{brand.name}, {span}")
    content = paper(brand, head, f"{brand.name} · {_('Press review')} · {span}", blocks)
    hand_out_review(request.actor, review_id=review_id, digest=sha256(content).hexdigest())
    return to_keep(content, "application/pdf", name)


def _blocks(groups: Sequence[Group], notes: Sequence[WatchNote]) -> Iterator[Block]:
    for group in groups:
        yield Heading(group.topic)
        for entry in group.entries:
            yield from _entry(entry)
    if notes:
        yield Heading(_("What comes up next"))
        yield Points(tuple(_ahead(note) for note in notes))


def _entry(entry: ReviewEntry) -> Iterator[Block]:
    yield Heading(entry.headline, 3)
    published = date_format(entry.published_at, "j F Y") if entry.published_at else ""
    licence = f"{_('Licence:')} {entry.licence}" if entry.licence else ""
    if about := " · ".join(filter(None, (entry.source_name, published, licence))):
        yield Paragraph(about, "small")
    if entry.excerpt:
        yield Paragraph(entry.excerpt)
    if entry.comment:
        yield Note(entry.comment)
    if entry.link:
        yield Points((Linked(entry.link, entry.link),))


def _ahead(note: WatchNote) -> str:
    day = f"{date_format(note.day, 'j F')} · {note.subject}"
    return f"{day}: {note.text}" if note.text else day
