"""Who is told of one report: people of either side, and addresses outside where the brand's rule lets them."""

from uuid import UUID

from clients.audit.actions import record
from clients.disclosure.steps import people_named
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from reports.making.access import access_report
from reports.making.actions.ruling import checked_addresses
from reports.making.models import Report
from reports.making.queries import rule_of
from reports.making.rules import Delivery, ReportState
from reports.sharing.access import access_reader
from reports.sharing.models import Reader
from reports.sharing.queries import readers_of
from reports.sharing.rules import MOST_READERS, Told
from reports.sharing.steps import add_readers, write_letters
from tenants.errors import Conflict, Invalid, Refused
from tenants.walls.scope import durable


def add_reader(
    actor: Actor, *, report_id: UUID, person_id: UUID | None = None, address: str = "", delivery: str = "link"
) -> Reader:
    """Somebody more; of a report that is out already they are told at once. One of `person_id` and `address`.

    Whoever is a reader already stays the one they are.

    An address outside is for whoever may share by a link, and where the brand's rule for this kind allows any.
    Raises Refused('not_allowed' | 'outside_not_allowed'), Missing('report' | 'person'), Conflict('report_not_in_this_state' |
    'too_many_readers'), Invalid('bad_email', 'address'), Invalid('unknown_delivery', 'delivery').
    """
    require(actor, Verb.REPORT_RELEASE)
    if delivery not in set(Delivery):
        raise Invalid("unknown_delivery", "delivery")
    outside = checked_addresses([address], "address") if person_id is None else []
    if person_id is None:
        require(actor, Verb.LINK_SHARE)
        if not outside:
            raise Invalid("bad_email", "address")
    with durable(actor.brand):
        report = access_report(actor, report_id, lock=True)
        if report.state in {ReportState.WITHDRAWN, ReportState.CANCELLED}:
            raise Conflict("report_not_in_this_state", state=str(report.state))
        _require_room(report, outside=bool(outside))
        people = people_named([person_id]) if person_id else []
        (reader,) = add_readers(report, people, outside, way=Delivery(delivery), by=actor.somebody)
        record(actor, "report.reader_added", report, person=str(person_id or ""), outside=bool(outside))
        if report.state == ReportState.RELEASED:
            write_letters(report)
        return reader


def remove_reader(actor: Actor, *, reader_id: UUID) -> None:
    """Not told any more; whoever was told keeps what they have. Raises Missing('reader'), Conflict('already_told')."""
    require(actor, Verb.REPORT_RELEASE)
    with durable(actor.brand):
        reader = access_reader(actor, reader_id)
        if reader.told != Told.WAITING:
            raise Conflict("already_told")
        record(actor, "report.reader_removed", reader.report, person=str(reader.person_id or ""))
        Reader.objects.filter(pk=reader.pk).delete()


def _require_room(report: Report, *, outside: bool) -> None:
    rule = rule_of(report.kind)
    if outside and (rule is None or not rule.outside_allowed):
        raise Refused("outside_not_allowed", "address")
    if readers_of(report).count() >= MOST_READERS:
        raise Conflict("too_many_readers", most=MOST_READERS)
