"""The doors to a share, to a reader, and to what an open link shows."""

from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from clients.disclosure.models import readable_by
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from reports.making.models import Report
from reports.making.rules import ReportState
from reports.sharing.models import Reader, Share
from reports.sharing.queries import share_of_link
from reports.sharing.rules import is_signed
from tenants.errors import Conflict, Missing


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


def readable_readers(actor: Actor) -> QuerySet[Reader]:
    """Readers of the reports that `actor` may know of, for whoever lets reports out. Raises Refused('not_allowed')."""
    require(actor, Verb.REPORT_RELEASE)
    found: QuerySet[Reader] = Reader.objects.filter(readable_by(actor, "report__"))
    return found


def readable_shares(actor: Actor) -> QuerySet[Share]:
    """Their links, each with `has_password`, in place of what is kept of it. Raises Refused('not_allowed')."""
    require(actor, Verb.REPORT_RELEASE)
    kept = ExpressionWrapper(~Q(password=""), output_field=BooleanField())
    return Share.objects.filter(readable_by(actor, "report__")).annotate(has_password=kept)


def require_out(report: Report) -> None:
    """Raises Conflict('report_not_in_this_state') unless the brand has let it out, and has not taken it back."""
    if not is_signed(ReportState(report.state)):
        raise Conflict("report_not_in_this_state", state=str(report.state))


def shown_by_link(link_id: UUID) -> Share | None:
    """The share of a link whose report is out; None for a report that was withdrawn, and for a link of another kind."""
    share = share_of_link(link_id)
    return share if share is not None and share.report.state == ReportState.RELEASED else None
