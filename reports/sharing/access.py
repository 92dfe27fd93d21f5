"""The doors to a share, to a reader, and to what an open link shows."""

from uuid import UUID

from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from reports.making.rules import ReportState
from reports.sharing.models import Reader, Share
from reports.sharing.queries import share_of_link
from tenants.errors import Missing


def access_share(actor: Actor, share_id: UUID) -> Share:
    """One share, locked. Missing('link') otherwise."""
    require(actor, Verb.LINK_SHARE)
    found = Share.objects.select_for_update().select_related("link", "report").filter(pk=share_id).first()
    if found is None:
        raise Missing("link")
    return found


def access_reader(actor: Actor, reader_id: UUID) -> Reader:
    """One reader, locked. Missing('reader') otherwise."""
    require(actor, Verb.REPORT_RELEASE)
    found = Reader.objects.select_for_update(of=("self",)).select_related("report").filter(pk=reader_id).first()
    if found is None:
        raise Missing("reader")
    return found


def shown_by_link(link_id: UUID) -> Share | None:
    """The share of a link whose report is out; None for a report that was withdrawn, and for a link of another kind."""
    share = share_of_link(link_id)
    return share if share is not None and share.report.state == ReportState.RELEASED else None
