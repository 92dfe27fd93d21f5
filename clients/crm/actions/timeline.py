"""What happened with a contact: there, as the system tells it; and here, written down for the system to read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.community.models import Member
from clients.crm.access import be_alone, system_to_bring
from clients.crm.models import Contact, System, TimelineEntry
from clients.crm.rules import LONGEST, MOST_AT_ONCE, checked_words
from clients.crm.steps.copies import raise_copies
from clients.custody.models import Conversation
from clients.insights.models import Insight, InsightSource
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Invalid, Refused
from tenants.walls.scope import durable


@dataclass(frozen=True, slots=True)
class SaidEntry:
    """One thing that a system tells: `contact` is its own id of whom it was with, `ref` its own id of the thing."""

    contact: str
    ref: str
    kind: str
    title: str
    happened_at: datetime
    text: str = ""


@dataclass(slots=True)
class ToldEntry:
    """What became of one: its row, or what was wrong."""

    ref: str
    entry: TimelineEntry | None = None
    code: str = ""
    field: str = ""


def bring_timeline(actor: Actor, *, system_id: UUID, rows: Sequence[SaidEntry]) -> list[ToldEntry]:
    """Each is written or wrong by itself; what was told before is told anew. It has the class of what the system brings.

    Raises Refused('not_allowed'), Missing('system'), Invalid('nothing_brought' | 'too_many_rows', 'rows').
    """
    require(actor, Verb.CRM_WRITE)
    if not rows:
        raise Invalid("nothing_brought", "rows")
    if len(rows) > MOST_AT_ONCE:
        raise Invalid("too_many_rows", "rows", most=MOST_AT_ONCE)
    with durable(actor.brand):
        system = system_to_bring(actor, system_id)
        ids = {row.contact for row in rows}
        known = {one.external_id: one for one in Contact.objects.filter(system=system, external_id__in=ids)}
        seen: set[tuple[str, str]] = set()
        told = [_read(system, row, known, seen) for row in rows]
        fresh = [one.entry for one in told if one.entry]
        before = _told_before(fresh)
        TimelineEntry.objects.bulk_create(
            fresh,
            update_conflicts=True,
            unique_fields=("contact", "here", "ref"),
            update_fields=("kind", "title", "text", "happened_at", "at"),
        )
        for entry in fresh:
            entry.pk, entry.info_class = before.get((entry.contact_id, entry.ref), (entry.pk, entry.info_class))
        raise_copies(actor, fresh, system.brings)
        record(actor, "crm.timeline", system, rows=len(rows), written=sum(one.entry is not None for one in told))
    return told


def note_talks(actor: Actor) -> int:
    """For a worker: conversations with contacts that began or ended, and what came of what they taught. Raises Refused.

    Two runs come one after the other, so each entry is written and counted once. INVARIANT: an entry has the class of what it
    tells of as that is under its lock. Whatever somebody is changing at this moment is noted the next time: nobody is waited for.
    """
    if actor.side is not None:
        raise Refused("not_allowed")
    with durable(actor.brand):
        be_alone()
        entries = list(_here())
        if entries:
            TimelineEntry.objects.bulk_create(entries, batch_size=500)
            record(actor, "crm.talks_noted", None, entries=len(entries))
    return len(entries)


def _here() -> Iterator[TimelineEntry]:
    contacts: dict[UUID, list[Contact]] = {}
    for contact in Contact.objects.filter(system__ended_at=None):
        contacts.setdefault(contact.member_id, []).append(contact)
    known = set(TimelineEntry.objects.filter(here=True).values_list("contact_id", "ref"))
    fresh = [(one, moment) for one, moment in _moments(contacts) if (one.pk, moment.ref) not in known]
    held = {
        pk: row
        for model, ids in (
            (Member, {contact.member_id for contact, _ in fresh}),
            (Conversation, {moment.of.pk for _, moment in fresh if isinstance(moment.of, Conversation)}),
            (Insight, {moment.of.pk for _, moment in fresh if isinstance(moment.of, Insight)}),
        )
        for pk, row in _held(model, ids).items()
    }
    for contact, moment in fresh:
        if contact.member_id in held and (of := held.get(moment.of.pk)) is not None:
            yield TimelineEntry(
                system_id=contact.system_id, contact=contact, here=True, ref=moment.ref, kind=moment.kind,
                title=of.title[: LONGEST["title"]], text=moment.text, happened_at=moment.at,
                info_class=of.info_class, named=of.named, owner_side=of.owner_side,
            )  # fmt: skip


def _held(model: type[Any], ids: set[UUID]) -> dict[UUID, Any]:
    """Of these rows those that nobody else is changing, as they are now; held until the transaction ends."""
    rows = model.objects.select_for_update(skip_locked=True, no_key=True, of=("self",)).filter(pk__in=ids)
    return {row.pk: row for row in rows.order_by("pk")} if ids else {}


@dataclass(frozen=True, slots=True)
class _Moment:
    """One thing that happened here; `of` is the conversation or the insight whose class it has."""

    ref: str
    kind: str
    at: datetime
    of: Conversation | Insight
    text: str = ""


def _moments(contacts: dict[UUID, list[Contact]]) -> Iterator[tuple[Contact, _Moment]]:
    for talk in Conversation.objects.filter(member__in=list(contacts), merged_into=None):
        moments = {"opened": talk.opened_at} | ({"closed": talk.closed_at} if talk.closed_at else {})
        for kind, at in moments.items():
            moment = _Moment(f"{talk.pk}:{kind}:{at:%Y%m%dT%H%M%S}", f"conversation_{kind}", at, talk)
            yield from ((contact, moment) for contact in _of(contacts, talk))
    taught = InsightSource.objects.filter(conversation__member__in=list(contacts)).select_related(
        "insight", "conversation"
    )
    for source in taught.exclude(insight__decided_at=None):
        told = source.insight
        decided = cast("datetime", told.decided_at)
        moment = _Moment(f"insight:{told.pk}:{told.decision}", "insight_decided", decided, told, str(told.decision))
        yield from ((contact, moment) for contact in _of(contacts, source.conversation))


def _told_before(entries: Sequence[TimelineEntry]) -> dict[tuple[UUID, str], tuple[UUID, str]]:
    """The rows of what was told before, and how strictly each is kept."""
    known = TimelineEntry.objects.filter(here=False, contact__in={one.contact_id for one in entries})
    rows = known.filter(ref__in=[one.ref for one in entries]).values_list("contact_id", "ref", "pk", "info_class")
    return {(contact, ref): (pk, info_class) for contact, ref, pk, info_class in rows}


def _of(contacts: dict[UUID, list[Contact]], talk: Conversation | None) -> list[Contact]:
    return contacts[talk.member] if talk is not None and talk.member is not None else []


def _read(system: System, row: SaidEntry, known: dict[str, Contact], seen: set[tuple[str, str]]) -> ToldEntry:
    told = ToldEntry(row.ref[:120])
    try:
        contact = known.get(row.contact)
        if contact is None:
            raise Invalid("contact_missing", "contact")
        ref = checked_words(row.ref, "ref", LONGEST["external"])
        if (row.contact, ref) in seen:
            raise Invalid("twice_here", "ref")
        told.entry = TimelineEntry(
            system=system,
            contact=contact,
            ref=ref,
            kind=checked_words(row.kind, "kind", LONGEST["kind"]),
            title=checked_words(row.title, "title", LONGEST["title"]),
            text=checked_words(row.text, "text", LONGEST["text"], needed=False),
            happened_at=row.happened_at,
            at=timezone.now(),
            info_class=system.brings,
            owner_side="brand",
        )
        seen.add((row.contact, ref))
    except Invalid as wrong:
        told.code, told.field = wrong.code, wrong.field or ""
    return told
