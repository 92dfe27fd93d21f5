"""A letter to one reader: whether it still goes, what it may carry, and what became of it. The portal writes and mails it.

What a letter carries is theirs to read and may leave by mail: somebody whose own copy is kept more strictly than that is told of
what both sides share, how much more their own copy has, and reads it behind the sign-in.
"""

from dataclasses import dataclass, field
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.autonomy.vocabulary import EntryPoint
from clients.disclosure.rules import InfoClass, Way, may_leave, strictest
from clients.disclosure.steps import Matter, Recipient, close_links, disclose
from clients.disclosure.tokens import new_token
from clients.people.access import actor_of, require, require_process
from clients.people.actor import Actor
from clients.people.queries import person_here
from clients.people.rules import Verb
from reports.making.access import access_report, editions_open_to, shareable
from reports.making.models import Edition, Report, ReportRule
from reports.making.queries import rule_of
from reports.making.rules import ReportState
from reports.making.terms import USUAL_DAYS, USUAL_VIEWS
from reports.sharing.models import Reader, Share
from reports.sharing.rules import KIND, Told
from reports.sharing.steps import Terms, lend_share
from tenants.errors import Conflict, Missing, Refused
from tenants.walls.scope import durable

POLICY = "report"
"""By whose leave: that of whoever let the report out, or of the brand's rule."""
NOT_THEIRS = (Missing, Refused, Conflict)


@dataclass(frozen=True, slots=True)
class ReadyLetter:
    """To whom, in which language, and what may be told of (None: only that it is there).

    `more`: rows that their own copy has beyond it. Of somebody outside: `token` of the link that is made when the letter leaves,
    and its `terms`.
    """

    reader: Reader
    name: str
    address: str
    language: str
    edition: Edition | None
    more: int = 0
    token: str = field(default="", repr=False)
    terms: Terms | None = None


def ready_letter(actor: Actor, *, reader_id: UUID) -> ReadyLetter | None:
    """For a worker, before it writes: what the letter may carry, or None when it does not go. Raises Refused('not_allowed')."""
    require_process(actor)
    with durable(actor.brand):
        found = _queued(reader_id)
        if found is None:
            return None
        try:
            return _outside(actor, found) if found.address else _inside(actor, found)
        except NOT_THEIRS:
            _note(actor, found, Told.NOT_TOLD)
            return None


def note_letter(actor: Actor, *, ready: ReadyLetter, digest: str = "") -> bool:
    """Asked once more when a mail server takes it, and written down as leaving: `digest` is that of the very bytes that go along.

    INVARIANT: one line for each letter that leaves, and one link: a try that no server took has neither. False where it was
    withdrawn meanwhile, or its reader may not read it any more: then nothing is posted. Raises Refused('not_allowed').
    """
    require_process(actor)
    with durable(actor.brand):
        found = _queued(ready.reader.pk)
        if found is None:
            return False
        try:
            if found.address:
                _link(actor, found, ready)
            else:
                _inside(actor, found)
        except NOT_THEIRS:
            _note(actor, found, Told.NOT_TOLD)
            return False
        to = Recipient.address(found.address) if found.address else Recipient("person", found.person_id)
        what = Matter(KIND, (found.report_id,), InfoClass.SHARED, digest)
        disclose(actor, way=Way.MAIL, to=to, what=what, why="reported", policy_name=POLICY)
        return True


def note_told(actor: Actor, *, reader_id: UUID, told: Told) -> None:
    """What the mail server said of it. Raises Refused('not_allowed')."""
    require_process(actor)
    with durable(actor.brand):
        reader = Reader.objects.select_for_update(of=("self",)).select_related("report").filter(pk=reader_id).first()
        if reader is not None:
            _note(actor, reader, told)


def _queued(reader_id: UUID) -> Reader | None:
    """Whom a letter waits for, locked, while the report is out."""
    found = Reader.objects.select_for_update(of=("self",)).select_related("report")
    return found.filter(pk=reader_id, told=Told.QUEUED, report__state=ReportState.RELEASED).first()


def _inside(actor: Actor, reader: Reader) -> ReadyLetter:
    """Raises Missing and Refused where its page is not open to them."""
    person = person_here(reader.person_id)
    who = actor_of(person.person_id, actor.brand, EntryPoint.WORKER)
    report = access_report(who, reader.report_id)
    open_to = editions_open_to(who, report)
    told = _mailed(report, open_to)
    more = told.withheld - open_to[0].withheld if told else 0
    return ReadyLetter(reader, person.name, person.email, person.language, told, more)


def _mailed(report: Report, open_to: list[Edition]) -> Edition | None:
    """The fullest of these that may leave by mail; None for a report of which a letter tells nothing."""
    for edition in open_to:
        if getattr(edition, "paper", None) is None:
            continue
        if may_leave(Way.MAIL, strictest((report.info_class, edition.info_class)), None, InfoClass.SHARED):
            return edition
    return None


def _outside(actor: Actor, reader: Reader) -> ReadyLetter:
    """Raises as `_leave_of_link`."""
    _leave_of_link(actor, reader)
    language = reader.report.language
    edition, terms = shareable(reader.report), _terms(rule_of(reader.report.kind))
    return ReadyLetter(reader, reader.address, reader.address, language, edition, token=new_token(), terms=terms)


def _link(actor: Actor, reader: Reader, ready: ReadyLetter) -> None:
    """The link of an earlier letter, which was taken by the server and refused after all, leads nowhere from now on."""
    by = _leave_of_link(actor, reader)
    close_links(actor, [share.link for share in Share.objects.filter(reader=reader).select_related("link")])
    terms = ready.terms or _terms(None)
    lend_share(by, reader.report, recipient=reader.address, terms=terms, reader=reader, token=ready.token)


def _leave_of_link(actor: Actor, reader: Reader) -> Actor:
    """Whoever added them. Raises Missing('person') and Refused('not_allowed') when these may share no more."""
    by = actor_of(reader.added_by, actor.brand, EntryPoint.WORKER)
    require(by, Verb.LINK_SHARE)
    return by


def _terms(rule: ReportRule | None) -> Terms:
    """As the brand rules for this kind of report."""
    return Terms(rule.link_days, rule.link_views, rule.link_password) if rule else Terms(USUAL_DAYS, USUAL_VIEWS)


def _note(actor: Actor, reader: Reader, told: Told) -> None:
    reader.told, reader.told_at = told, timezone.now()
    reader.save(update_fields=("told", "told_at"))
    record(actor, "report.told", reader.report, reader=str(reader.pk), told=str(told))
