"""The rows that figures are counted from: which table, when each row counts, who may read it, and by what it is told apart.

One source is one meaning of a row. Where a table tells of several moments (an insight is noted, decided, closed) it is several
sources, so that a row counts in the period of that moment.
"""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field, replace
from typing import Any

from django.db.models import Case, CharField, F, Func, JSONField, Model, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat

from clients.approvals.models import Hold, Verdict
from clients.audit.models import SEEN, Entry
from clients.community.models import Member
from clients.crisis.models import Crisis
from clients.crm.models import Contact, Ticket
from clients.crm.rules import TicketState
from clients.custody.models import Turn
from clients.custody.rules import Voice
from clients.disclosure.models import Disclosure
from clients.disclosure.rules import InfoClass
from clients.gate.models import Dispatch, Receipt
from clients.gate.words import DispatchState
from clients.insights.models import Insight, Released
from clients.items.life import ItemState
from clients.items.models import Item, Media
from clients.mentions.models import Mention
from clients.people.rules import Verb
from clients.press.models import ReviewEntry, WatchNote
from clients.service.models import Clock, Promise
from reports.facts.periods import Period

SHARED, NAMED = InfoClass.SHARED, InfoClass.NAMED
PLANNED = (ItemState.SUBMITTED, ItemState.WAITING, ItemState.IN_VETO, ItemState.CLEARED)
"""States of what is asked for and not yet out."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Rows of `model`, each at the moment in column `at`; without one they are told as they stand now.

    Each row has its class where `class_at` leads ('' is the row itself), or all of them have the class `fixed`. `title`: the
    column that names a row to people. `by`: what rows may be told apart by, each with its column; by a column that is a list a
    row is told of each of its entries. `verb`: what somebody has to be allowed to do to read such rows at all.
    Raises FieldDoesNotExist for a column that the model has not.
    """

    name: str
    model: type[Model]
    _: KW_ONLY
    verb: Verb
    at: str = ""
    fixed: InfoClass | None = None
    class_at: str = ""
    where: Q = field(default_factory=Q)
    title: str = ""
    by: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        class_column = () if self.fixed else (f"{self.class_at}info_class",)
        for column in filter(None, (self.at, self.title, *self.by.values(), *class_column)):
            field_of(self.model, column)

    @property
    def kind(self) -> str:
        """As in 'gate.receipt'."""
        return self.model._meta.label_lower

    def rows(self) -> QuerySet[Any]:
        """All of the brand, of whatever time and class."""
        return self.model._default_manager.filter(self.where).order_by()

    def within(self, period: Period) -> Q:
        """Those of a period."""
        return Q(**{f"{self.at}__gte": period.since, f"{self.at}__lt": period.until})

    def lists(self, dimension: str) -> bool:
        """Whether a row may have several of it."""
        return isinstance(field_of(self.model, self.by[dimension]), JSONField)

    def told_by(self, dimension: str) -> F | Func:
        """What it is of a row, as text; where a row has several, once for each."""
        column = self.by[dimension]
        if self.lists(dimension):
            return Func(F(column), function="jsonb_array_elements_text", output_field=CharField())
        return F(column) if isinstance(field_of(self.model, column), CharField) else text(column)


def field_of(model: type[Model], column: str) -> Any:
    """The field at the end of a path, as in 'conversation__title'. Raises FieldDoesNotExist."""
    first, _, further = column.partition("__")
    found: Any = model._meta.get_field(first)
    return field_of(found.related_model, further) if further else found


def text(column: str) -> Cast:
    """A column as text, so that every dimension is one."""
    return Cast(column, CharField())


def columns(*same: str, **other: str) -> dict[str, str]:
    """For `Source.by`: dimensions that are called as their columns are, then those that are not."""
    return {name: name for name in same} | other


MEMBER = Case(
    When(conversation__member__isnull=False, then=text("conversation__member")),
    When(
        ~Q(conversation__handle=""), then=Concat(text("conversation__channel"), Value(" "), F("conversation__handle"))
    ),
    default=None,
    output_field=CharField(),
)
"""Who spoke: the member, or the handle on its channel; nothing where nobody knows."""

# fmt: off
ACTS = Source("acts", Receipt, at="sent_at", title="title", verb=Verb.RECEIPTS_READ, fixed=SHARED,
    by=columns("kind", "basis", "level", "side", channel="channel_id", rule="grant"))
UNSENT = Source("unsent", Dispatch, at="started_at", title="item__title", verb=Verb.ITEM_READ, fixed=SHARED,
    where=Q(state__in=(DispatchState.FAILED, DispatchState.UNCERTAIN)), by=columns("state"))
COMING = Source("coming", Item, at="not_before", title="title", verb=Verb.ITEM_READ, fixed=SHARED,
    where=Q(state__in=PLANNED), by=columns("kind"))
PICTURES = Source("pictures", Media, at="created_at", title="digest", verb=Verb.ITEM_READ, class_at="classing__")
WORDS = Source("words", Verdict, at="at", title="person_name", verb=Verb.ITEM_READ, fixed=SHARED, by=columns("kind"))
HOLDS = Source("holds", Hold, at="placed_at", title="reason", verb=Verb.ITEM_READ, fixed=SHARED)

MENTIONS = Source("mentions", Mention, at="found_at", title="title", verb=Verb.MENTION_READ,
    by=columns("medium", "kind", "language", topic="matched"))
PRESS = Source("press", ReviewEntry, at="review__out_at", title="headline", verb=Verb.MENTION_READ, class_at="review__",
    by=columns("topic"))
NOTES = Source("notes", WatchNote, at="day", title="subject", verb=Verb.MENTION_READ)
"""Days to watch. They lie on days, not at moments: `within` is not for them."""
MEMBERS = Source("members", Member, at="created_at", verb=Verb.MEMBER_READ)

SAID = Source("said", Turn, at="at", title="conversation__title", verb=Verb.CONVERSATION_READ, class_at="conversation__",
    where=Q(voice=Voice.MEMBER, of=None), by=columns(channel="conversation__channel", medium="conversation__medium"))
ROUNDS = Source("rounds", Clock, at="started_at", title="conversation__title", verb=Verb.CONVERSATION_READ,
    class_at="conversation__",
    by=columns("band", clock="kind", channel="conversation__channel", language="conversation__language"))
PROMISES = Source("promises", Promise, at="until", title="conversation__title", verb=Verb.CONVERSATION_READ,
    class_at="conversation__")

NOTED = Source("noted", Insight, at="created_at", title="title", verb=Verb.INSIGHT_READ)
DECIDED = replace(NOTED, name="decided", at="decided_at", by=columns("decision"))
CLOSED = replace(NOTED, name="closed", at="closed_at")
TOLD = Source("told", Released, at="at", title="said", verb=Verb.INSIGHT_READ, fixed=SHARED)

LINKED = Source("linked", Contact, at="linked_at", title="member__name", verb=Verb.MEMBER_READ, class_at="member__")
CASES = Source("cases", Ticket, at="at", title="title", verb=Verb.CONVERSATION_READ, by=columns(asked="kind"))
SOLVED = replace(CASES, name="solved", at="changed_at", where=Q(state=TicketState.CLOSED))

CRISES = Source("crises", Crisis, at="proposed_at", title="topic", verb=Verb.CRISIS_READ, fixed=SHARED)
DECLARED = replace(CRISES, name="declared", at="declared_at")

READS = Source("reads", Entry, at="at", title="verb", verb=Verb.AUDIT_READ, fixed=NAMED,
    where=Q(verb__in=SEEN), by=columns("side", act="verb"))
LINES = replace(READS, name="lines", where=Q(), by=columns("side"))
LEFT = Source("left", Disclosure, at="at", title="object_kind", verb=Verb.DISCLOSURE_READ, fixed=NAMED,
    by=columns("way", recipient="recipient_kind"))
# fmt: on
