"""A letter to one reader: whether it still goes, what it may carry, and what became of it. The portal writes and mails it."""

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.autonomy.vocabulary import EntryPoint
from clients.disclosure.rules import InfoClass, Way, may_read
from clients.disclosure.steps import Matter, Recipient, close_links, disclose
from clients.people.access import actor_of
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from reports.making.access import shareable
from reports.making.models import Edition
from reports.making.rules import ReportState
from reports.sharing.models import Reader, Share
from reports.sharing.rules import KIND, USUAL_DAYS, USUAL_VIEWS, Told
from reports.sharing.steps import lend_share
from tenants.errors import Conflict, Missing, Refused
from tenants.models import BrandPerson
from tenants.vocabulary import Role, Side
from tenants.walls.scope import durable

POLICY = "report"
"""By whose leave: that of whoever let the report out, or of the brand's rule."""


@dataclass(frozen=True, slots=True)
class ReadyLetter:
    """To whom, in which language; what may be told of (None: only that it is there); the token of an outsider's link."""

    reader: Reader
    name: str
    address: str
    language: str
    edition: Edition | None
    token: str = ""


def ready_letter(actor: Actor, *, reader_id: UUID) -> ReadyLetter | None:
    """For a worker, before it writes: what the letter may carry, or None when it does not go. Raises Refused('not_allowed').

    An outsider's link is made anew for each try, by the leave of whoever added them; the one before is closed.
    """
    if actor.side is not None:
        raise Refused("not_allowed")
    with durable(actor.brand):
        found = Reader.objects.select_for_update(of=("self",)).select_related("report").filter(pk=reader_id).first()
        if found is None or found.told != Told.QUEUED or found.report.state != ReportState.RELEASED:
            return None
        try:
            ready = _outside(actor, found) if found.address else _inside(found)
        except (Missing, Refused, Conflict):
            ready = None
        if ready is None:
            _note(actor, found, Told.NOT_TOLD)
            return None
        return ready


def note_letter(actor: Actor, *, reader_id: UUID, digest: str = "") -> bool:
    """Asked once more when it is written, and written down as leaving: `digest` is that of the very bytes that go along.

    False where it was withdrawn meanwhile, which takes seconds: then nothing is posted. Raises Refused('not_allowed').
    """
    if actor.side is not None:
        raise Refused("not_allowed")
    with durable(actor.brand):
        found = Reader.objects.select_for_update(of=("self",)).select_related("report").filter(pk=reader_id).first()
        if found is None or found.told != Told.QUEUED or found.report.state != ReportState.RELEASED:
            return False
        to = Recipient.address(found.address) if found.address else Recipient("person", found.person_id)
        what = Matter(KIND, (found.report_id,), InfoClass.SHARED, digest)
        disclose(actor, way=Way.MAIL, to=to, what=what, why="reported", policy_name=POLICY)
        return True


def note_told(actor: Actor, *, reader_id: UUID, told: Told) -> None:
    """What the mail server said of it. Raises Refused('not_allowed')."""
    if actor.side is not None:
        raise Refused("not_allowed")
    with durable(actor.brand):
        reader = Reader.objects.select_for_update(of=("self",)).select_related("report").filter(pk=reader_id).first()
        if reader is not None:
            _note(actor, reader, told)


def _inside(reader: Reader) -> ReadyLetter | None:
    person = BrandPerson.objects.filter(live=True, person_id=reader.person_id).first() if reader.person_id else None
    if person is None or not may(Role(person.role), Verb.REPORT_READ):
        return None
    report, side, role = reader.report, Side(person.side), Role(person.role)
    if not may_read(side, role, person.person_id, report.info_class, report.named):
        return None
    told = report.info_class == InfoClass.SHARED
    edition = shareable(report) if told else None
    return ReadyLetter(reader, person.name, person.email, person.language, edition)


def _outside(actor: Actor, reader: Reader) -> ReadyLetter:
    """Raises Missing('person') and Refused('not_allowed') when whoever added them may share no more."""
    by = actor_of(reader.added_by, actor.brand, EntryPoint.WORKER)
    close_links(actor, [share.link for share in Share.objects.filter(reader=reader).select_related("link")])
    made = lend_share(by, reader.report, recipient=reader.address, days=USUAL_DAYS, views=USUAL_VIEWS, reader=reader)
    language = reader.report.language
    return ReadyLetter(reader, reader.address, reader.address, language, made.share.edition, made.token)


def _note(actor: Actor, reader: Reader, told: Told) -> None:
    reader.told, reader.told_at = told, timezone.now()
    reader.save(update_fields=("told", "told_at"))
    record(actor, "report.told", reader.report, reader=str(reader.pk), told=str(told))
