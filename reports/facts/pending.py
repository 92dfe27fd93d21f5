"""What is not over, as it stands now: conversations, what is held, planned or comes again, open insights and tickets."""

from datetime import time
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from clients.approvals.models import StandingApproval
from clients.approvals.words import StandingState
from clients.crm.models import Ticket
from clients.crm.rules import TicketState
from clients.custody.clocks import ClockKind
from clients.custody.models import Conversation
from clients.custody.rules import State
from clients.disclosure.rules import InfoClass
from clients.insights.rules import State as InsightState
from clients.items.life import ItemState
from clients.items.models import Item, Series
from clients.people.rules import Verb
from clients.service.models import Clock
from clients.service.queries import channel_names
from reports.facts.bounded import bounded
from reports.facts.canonical import moment
from reports.facts.gathering import Gathering
from reports.facts.handover import at_text, days_text
from reports.facts.happened import HOLD, hold_rows, insight_cells, people_named
from reports.facts.shapes import Cell, Listing, Row
from reports.facts.sources import HOLDS, NOTED, Source
from reports.facts.worded import class_of, items_worded

SHARED = InfoClass.SHARED
TALKS = Source(name="talks", model=Conversation, verb=Verb.CONVERSATION_READ)
PLANS = Source(name="plans", model=Item, verb=Verb.ITEM_READ, fixed=SHARED)
SERIES = Source(name="series", model=Series, verb=Verb.ITEM_READ, fixed=SHARED)
STANDING = Source(name="standing", model=StandingApproval, verb=Verb.ITEM_READ, fixed=SHARED)
TICKETS = Source(name="tickets", model=Ticket, verb=Verb.CRM_READ)
NOT_OUT = (
    *(ItemState.SUBMITTED, ItemState.WAITING, ItemState.IN_VETO, ItemState.CLEARED, ItemState.HELD),
    *(ItemState.FAILED, ItemState.UNCERTAIN),
)


def talks(making: Gathering) -> Listing:
    """Open conversations: in whose hands, and by when the member is owed a word; the soonest due first."""
    found = bounded(making, TALKS, Conversation.objects.exclude(state=State.CLOSED))
    running = Clock.objects.filter(conversation=OuterRef("pk"), stopped_at=None).order_by("due_at")
    due = {f"due_{kind}": Subquery(running.filter(kind=kind).values("due_at")[:1]) for kind in ClockKind}
    lines = found.first(found.rows.annotate(**due), "due_answer", "-priority", "opened_at", "pk")
    held_by = people_named(str(one.holder_person) for one in lines)
    called = channel_names() if lines else {}
    rows = [
        Row(TALKS.kind, one.pk, _talk(one, called.get(one.channel, ""), held_by), InfoClass(one.info_class))
        for one in lines
    ]
    columns = ("title", "channel", "talk_state", "side", "holder", "due_acknowledge", "due_answer", "opened_at")
    return found.listing("talks", columns, rows)


def holds(making: Gathering) -> Listing:
    """The brand's brakes that are on."""
    found = bounded(making, HOLDS, HOLDS.rows().filter(lifted_at=None))
    return found.listing("held", HOLD, hold_rows(found.first(found.rows, "-placed_at", "-pk"), making.sight))


def plans(making: Gathering) -> Listing:
    """What is asked for and not out: planned, waiting, held, failed."""
    found = bounded(making, PLANS, Item.objects.filter(state__in=NOT_OUT))
    told = items_worded(found.rows, making.sight)
    lines = told.values("pk", "not_before", "words", "words_class", "kind", "state", "author_name")
    rows = [
        Row(
            PLANS.kind,
            one["pk"],
            (at_text(one["not_before"]), one["words"], one["kind"], one["state"], one["author_name"]),
            class_of(one),
        )
        for one in found.first(lines, "not_before", "created_at", "pk")
    ]
    return found.listing("plans", ("at", "title", "kind", "state", "by"), rows)


def series(making: Gathering) -> Listing:
    """What comes again by a rule, and goes on."""
    today = making.period.end
    found = bounded(making, SERIES, Series.objects.filter(Q(last_day=None) | Q(last_day__gte=today), stopped_at=None))
    rows = [
        Row(
            SERIES.kind,
            one.pk,
            (one.title, one.rule, *days_text(one.first_day, one.last_day), _clock(one.clock), one.author_name),
        )
        for one in found.first(found.rows, "title", "pk")
    ]
    return found.listing("series", ("title", "rule_text", "starts_on", "ends_on", "clock_text", "by"), rows)


def standing(making: Gathering) -> Listing:
    """What the brand said yes to in advance."""
    found = bounded(making, STANDING, StandingApproval.objects.filter(state=StandingState.SIGNED))
    rows = [
        Row(
            STANDING.kind,
            one.pk,
            (one.title, one.kind, one.sensitivity, *days_text(one.until), one.uses_left, one.signed_by_name),
        )
        for one in found.first(found.rows, "title", "pk")
    ]
    return found.listing("standing", ("title", "kind", "sensitivity", "last_day", "uses_left", "signed_by"), rows)


def lessons(making: Gathering) -> Listing:
    """Insights that are not closed yet."""
    found = bounded(making, NOTED, NOTED.rows().exclude(state=InsightState.CLOSED))
    lines = found.first(found.rows.select_related("theme", "department"), "-created_at", "-pk")
    rows = [
        Row(NOTED.kind, one.pk, (*insight_cells(one), at_text(one.due_at)), InfoClass(one.info_class)) for one in lines
    ]
    return found.listing("lessons", ("at", "title", "theme", "department", "state", "decision", "by", "due_at"), rows)


def tickets(making: Gathering) -> Listing:
    """What the brand's own systems were asked to do and have not done."""
    over = (TicketState.CLOSED, TicketState.REFUSED, TicketState.WITHDRAWN)
    found = bounded(making, TICKETS, Ticket.objects.exclude(state__in=over))
    rows = [
        Row(
            TICKETS.kind,
            one.pk,
            (moment(one.at), one.title, one.state, one.said, one.by_name),
            InfoClass(one.info_class),
        )
        for one in found.first(found.rows, "-at", "-pk")
    ]
    return found.listing("tickets", ("at", "title", "ticket_state", "answer", "by"), rows)


def _talk(one: Any, channel: str, held_by: dict[str, str]) -> tuple[Cell, ...]:
    holder = held_by.get(str(one.holder_person), "") or one.holder_team
    due = tuple(at_text(getattr(one, f"due_{kind}")) for kind in (ClockKind.ACKNOWLEDGE, ClockKind.ANSWER))
    return (one.title, channel, one.state, one.holder_side, holder, *due, moment(one.opened_at))


def _clock(found: time) -> str:
    return f"{found:%H:%M}"
