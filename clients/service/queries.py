"""What happened in a conversation, as its clocks read it; what is due, promised and owed; within what time."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from clients.briefings.calendar import Calendar
from clients.briefings.models import BriefingVersion
from clients.briefings.office import DEFAULT, calendar_of
from clients.briefings.queries import briefing_in_force, service_targets
from clients.channels.models import Channel
from clients.custody.clocks import ClockKind, Event, Kind, Targets, along_with
from clients.custody.models import Conversation, Holding, Turn
from clients.custody.queries import readable_conversations
from clients.custody.rules import Step, TurnKind, Voice
from clients.people.actor import Actor
from clients.service.models import Clock, Promise, ServiceCall
from clients.service.rules import A_YEAR, About, Band, band_of, targets_for
from tenants.vocabulary import Side

SAID = {
    TurnKind.MESSAGE: Kind.ANSWERED,  # what we said without the house knowing why: the member has heard from us
    TurnKind.ANSWER: Kind.ANSWERED,
    TurnKind.ACKNOWLEDGEMENT: Kind.ACKNOWLEDGED,
    TurnKind.QUESTION: Kind.ASKED,
}
MARKS = {Step.CLOSE: Kind.CLOSED, Step.REOPEN: Kind.REOPENED, Step.SPLIT: Kind.SPLIT}
DEEPEST = 10
"""Conversations merged into merged ones: further than that nobody has gone."""
_Known = dict[tuple[UUID, int], list[Event]]


def events_of(conversation: Conversation) -> list[Event]:
    """Everything that happened in it, and for it in those into which it was merged. Two queries; two more for each of these
    at each depth, however often they went in and out of each other.
    """
    return _events(conversation.pk, DEEPEST, {})


def first_holder(conversation: Conversation, events: Iterable[Event]) -> Side:
    """Who held it in the beginning."""
    return next(
        (event.side for event in events if event.kind is Kind.PASSED and event.side), Side(conversation.holder_side)
    )


def calendar_for(version: BriefingVersion | None, since: datetime, until: datetime) -> Calendar:
    """The brand's working time, with the holidays around both moments."""
    office = version.calendar if version else DEFAULT
    calendar = calendar_of(office, until.year)
    return replace(calendar, holidays=calendar.holidays | calendar_of(office, since.year).holidays)


def targets_of(conversation: Conversation, version: BriefingVersion | None) -> Targets:
    """What the briefing wants of this conversation. One query."""
    channel = Channel.objects.filter(pk=conversation.channel).first() if conversation.channel else None
    names = {conversation.medium, *((channel.name, channel.kind) if channel else ())}
    about = About(frozenset(name.casefold() for name in names), conversation.topic, conversation.sensitivity)
    return targets_for(service_targets(version), about)


def briefing_now() -> BriefingVersion | None:
    return briefing_in_force()


def clocks_of(conversation: Conversation) -> list[Clock]:
    """All of them, oldest round first."""
    return list(Clock.objects.filter(conversation=conversation).order_by("started_at", "kind"))


def promises_of(conversation: Conversation) -> list[Promise]:
    """What the member was promised and has not got."""
    return list(Promise.objects.filter(conversation=conversation, answered_at=None).order_by("until", "id"))


def band_at(conversation: Conversation, moment: datetime) -> Band:
    """How active the member was when a round began. One query, none for somebody unknown."""
    if conversation.member:
        same = Q(conversation__member=conversation.member)
    elif conversation.handle:
        same = Q(conversation__channel=conversation.channel, conversation__handle=conversation.handle)
    else:
        return Band.UNKNOWN
    before = Clock.objects.filter(same, kind=ClockKind.ANSWER, started_at__lt=moment, started_at__gte=moment - A_YEAR)
    return band_of(before.count())


def due_clocks(actor: Actor, *, limit: int) -> QuerySet[Clock]:
    """What runs and is due, or past it, of the conversations that `actor` may read: the soonest first."""
    readable = readable_conversations(actor).values("pk")
    running = Clock.objects.filter(stopped_at=None, due_at__isnull=False, conversation__in=readable)
    return running.select_related("conversation").order_by("due_at", "id")[:limit]


def has_run_out(conversation: Conversation, *, since: datetime, now: datetime) -> bool:
    """Whether a clock that still runs there was due after `since` and is over its time by now."""
    running = Clock.objects.filter(conversation=conversation, stopped_at=None)
    return running.filter(due_at__gt=since, due_at__lte=now).exists()


def owed_promises(actor: Actor, *, limit: int) -> QuerySet[Promise]:
    """What members were promised and have not got, of the conversations that `actor` may read: the soonest first."""
    readable = readable_conversations(actor).values("pk")
    owed = Promise.objects.filter(answered_at=None, conversation__in=readable)
    return owed.select_related("conversation").order_by("until", "id")[:limit]


def calls_of(actor: Actor, clocks: Iterable[Clock]) -> dict[UUID, ServiceCall]:
    """Of each clock who was called last, where `actor` may read whom the briefing names."""
    rows = ServiceCall.objects.readable_by(actor).filter(clock__in=list(clocks)).order_by("place")
    return {call.clock_id: call for call in rows}


def channel_names() -> dict[UUID, str]:
    return dict(Channel.objects.values_list("pk", "name"))


def _events(conversation: UUID, depth: int, known: _Known) -> list[Event]:
    """`known`: what this reading has read. INVARIANT: nothing is read twice, or k merges each way cost k to the depth."""
    if (conversation, depth) not in known:
        known[conversation, depth] = _read(conversation, depth, known)
    return known[conversation, depth]


def _read(conversation: UUID, depth: int, known: _Known) -> list[Event]:
    own = [*_said_in(conversation)]
    merges: list[tuple[Event, str, Event | None]] = []
    holder = ""
    steps = Holding.objects.filter(conversation=conversation).order_by("number")
    for step, side, reason, at in steps.values_list("step", "now_side", "reason", "at"):
        inside = bool(merges) and merges[-1][2] is None
        if step == Step.MERGE and reason and depth:
            merges.append((Event(Kind.MERGED, at), reason, None))
        elif step == Step.SPLIT and inside:
            merges[-1] = (*merges[-1][:2], Event(Kind.SPLIT, at, Side(side)))
        elif step in MARKS and step != Step.SPLIT:
            own.append(Event(MARKS[Step(step)], at, Side(side)))
        elif side != holder:
            own.append(Event(Kind.PASSED, at, Side(side)))
        holder = side
    for merged, host, split in merges:
        own += _inside(merged, split, _events(UUID(host), depth - 1, known))
    return sorted(own, key=lambda event: event.at)


def _inside(merged: Event, split: Event | None, there: list[Event]) -> list[Event]:
    """What a merge brings: who held the other one then, what was done in there, and the way out again."""
    held = [e.side for e in there if e.side and e.kind is Kind.PASSED and e.at <= merged.at]
    stay = [replace(merged, side=held[-1] if held else None), *([split] if split else [])]
    return along_with(stay, there)


def _said_in(conversation: UUID) -> Iterable[Event]:
    """Turns as events. What was repeated elsewhere when a conversation was split is waited for there."""
    elsewhere = Turn.objects.filter(of__conversation=conversation).values("of")
    turns = (
        Turn.objects.filter(conversation=conversation).exclude(pk__in=elsewhere, voice=Voice.MEMBER).order_by("number")
    )
    for voice, kind, at in turns.values_list("voice", "kind", "at"):
        yield Event(Kind.SPOKE, at) if voice == Voice.MEMBER else Event(SAID[TurnKind(kind)], at, Side(voice))
