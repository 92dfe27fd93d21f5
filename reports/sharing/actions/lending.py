"""Links to a released report for somebody without an account, and their end."""

from uuid import UUID

from clients.audit.actions import record
from clients.disclosure.steps import close_links
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from reports.making.access import access_report
from reports.making.actions.ruling import kept_password
from reports.making.rules import ReportState, checked_words
from reports.making.terms import USUAL_DAYS, USUAL_VIEWS
from reports.sharing.access import access_share
from reports.sharing.rules import LONGEST_RECIPIENT
from reports.sharing.steps import MadeShare, Terms, lend_share
from tenants.errors import Conflict
from tenants.walls.scope import durable


def share_report(
    actor: Actor,
    *,
    report_id: UUID,
    recipient: str,
    days: int = USUAL_DAYS,
    views: int = USUAL_VIEWS,
    password: str = "",
) -> MadeShare:
    """A link for one recipient, whose name is on each page of their copy.

    Raises Refused('not_allowed'), Missing('report'), Conflict('report_not_in_this_state' | 'nothing_to_share'),
    Invalid('name_empty' | 'control_characters' | 'number_out_of_range' | 'password_short' | 'too_long', field).
    """
    require(actor, Verb.LINK_SHARE)
    name = checked_words(recipient, "recipient", LONGEST_RECIPIENT)
    kept = kept_password(password)  # outside of the transaction: the hash is slow
    with durable(actor.brand):
        report = access_report(actor, report_id, lock=True)
        if report.state != ReportState.RELEASED:
            raise Conflict("report_not_in_this_state", state=str(report.state))
        made = lend_share(actor, report, recipient=name, terms=Terms(days, views, kept))
        record(
            actor, "report.shared", report, share=str(made.share.pk), password=bool(password), days=days, views=views
        )
        return made


def end_share(actor: Actor, *, share_id: UUID) -> None:
    """From the next request on it leads nowhere. Raises Refused('not_allowed'), Missing('link'), Conflict('already_ended')."""
    require(actor, Verb.LINK_SHARE)
    with durable(actor.brand):
        share = access_share(actor, share_id)
        if not close_links(actor, [share.link]):
            raise Conflict("already_ended")
        record(actor, "report.share_ended", share.report, share=str(share.pk))
