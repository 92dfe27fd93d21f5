"""The rows that figures are counted from: which table, when each row counts, who may read it, and by what it is told apart.

One source is one meaning of a row. Where a table tells of several moments (an insight is noted, decided, closed) it is several
sources, so that a row counts in the period of that moment.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Case, CharField, F, Func, Model, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat

from clients.approvals.models import Hold, Verdict
from clients.audit.models import SEEN, Entry
from clients.community.models import Member
from clients.crisis.models import Crisis
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
from clients.press.models import ReviewEntry
from clients.service.models import Clock, Promise
from reports.facts.periods import Period

SHARED, NAMED = InfoClass.SHARED, InfoClass.NAMED
PLANNED = (ItemState.SUBMITTED, ItemState.WAITING, ItemState.IN_VETO, ItemState.CLEARED)
"""States of what is asked for and not yet out."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Source:
    """Rows of `model`, each at the moment in column `at`.

    Each row has its class where `class_at` leads ('' is the row itself), or all of them have the class `fixed`. `title`: the
    column that names a row to people. `by`: what it may be told apart by, as expressions of text; `listed`: those of which a row
    has several, with the column that lists them. `verb`: what somebody has to be allowed to do to read such rows at all.
    """

    name: str
    model: type[Model]
    at: str
    verb: Verb
    fixed: InfoClass | None = None
    class_at: str = ""
    where: Q = field(default_factory=Q)
    title: str = ""
    by: Mapping[str, Any] = field(default_factory=dict)
    listed: Mapping[str, str] = field(default_factory=dict)

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


def text(column: str) -> Cast:
    """A column as text, so that every dimension is one."""
    return Cast(column, CharField())


MEMBER = Case(
    When(conversation__member__isnull=False, then=text("conversation__member")),
    When(
        ~Q(conversation__handle=""), then=Concat(text("conversation__channel"), Value(" "), F("conversation__handle"))
    ),
    default=None,
    output_field=CharField(),
)
"""Who spoke: the member, or the handle on its channel; nothing where nobody knows."""
EACH_TOPIC = Func(F("matched"), function="jsonb_array_elements_text", output_field=CharField())

ACTS = Source(
    name="acts",
    model=Receipt,
    at="sent_at",
    verb=Verb.RECEIPTS_READ,
    fixed=SHARED,
    title="title",
    by={
        "kind": F("kind"),
        "channel": text("channel_id"),
        "basis": F("basis"),
        "level": text("level"),
        "rule": F("grant"),
        "side": F("side"),
    },
)
MENTIONS = Source(
    name="mentions",
    model=Mention,
    at="found_at",
    verb=Verb.MENTION_READ,
    title="title",
    by={"medium": F("medium"), "kind": F("kind"), "topic": EACH_TOPIC, "language": F("language")},
    listed={"topic": "matched"},
)
SAID = Source(
    name="said",
    model=Turn,
    at="at",
    verb=Verb.CONVERSATION_READ,
    class_at="conversation__",
    where=Q(voice=Voice.MEMBER, of=None),
    title="conversation__title",
    by={"channel": text("conversation__channel"), "medium": F("conversation__medium")},
)
ROUNDS = Source(
    name="rounds",
    model=Clock,
    at="started_at",
    verb=Verb.CONVERSATION_READ,
    class_at="conversation__",
    title="conversation__title",
    by={
        "clock": F("kind"),
        "channel": text("conversation__channel"),
        "language": F("conversation__language"),
        "band": F("band"),
    },
)
PROMISES = Source(
    name="promises",
    model=Promise,
    at="until",
    verb=Verb.CONVERSATION_READ,
    class_at="conversation__",
    title="conversation__title",
)
NOTED = Source(name="noted", model=Insight, at="created_at", verb=Verb.INSIGHT_READ, title="title")
DECIDED = replace(NOTED, name="decided", at="decided_at", by={"decision": F("decision")})
CLOSED = replace(NOTED, name="closed", at="closed_at")
TOLD = Source(name="told", model=Released, at="at", verb=Verb.INSIGHT_READ, fixed=SHARED, title="said")
WORDS = Source(
    name="words", model=Verdict, at="at", verb=Verb.ITEM_READ, fixed=SHARED, title="person_name", by={"kind": F("kind")}
)
HOLDS = Source(name="holds", model=Hold, at="placed_at", verb=Verb.ITEM_READ, fixed=SHARED, title="reason")
CRISES = Source(name="crises", model=Crisis, at="proposed_at", verb=Verb.CRISIS_READ, fixed=SHARED, title="topic")
DECLARED = replace(CRISES, name="declared", at="declared_at")
UNSENT = Source(
    name="unsent",
    model=Dispatch,
    at="started_at",
    verb=Verb.ITEM_READ,
    fixed=SHARED,
    where=Q(state__in=(DispatchState.FAILED, DispatchState.UNCERTAIN)),
    title="item__title",
    by={"state": F("state")},
)
COMING = Source(
    name="coming",
    model=Item,
    at="not_before",
    verb=Verb.ITEM_READ,
    fixed=SHARED,
    where=Q(state__in=PLANNED),
    title="title",
    by={"kind": F("kind")},
)
PICTURES = Source(
    name="pictures", model=Media, at="created_at", verb=Verb.ITEM_READ, class_at="classing__", title="digest"
)
PRESS = Source(
    name="press",
    model=ReviewEntry,
    at="review__out_at",
    verb=Verb.MENTION_READ,
    class_at="review__",
    title="headline",
    by={"topic": F("topic")},
)
READS = Source(
    name="reads",
    model=Entry,
    at="at",
    verb=Verb.AUDIT_READ,
    fixed=NAMED,
    where=Q(verb__in=SEEN),
    title="verb",
    by={"act": F("verb"), "side": F("side")},
)
LINES = replace(READS, name="lines", where=Q(), by={"side": F("side")})
LEFT = Source(
    name="left",
    model=Disclosure,
    at="at",
    verb=Verb.DISCLOSURE_READ,
    fixed=NAMED,
    title="object_kind",
    by={"way": F("way"), "recipient": F("recipient_kind"), "class": F("info_class")},
)
MEMBERS = Source(name="members", model=Member, at="created_at", verb=Verb.MEMBER_READ)
