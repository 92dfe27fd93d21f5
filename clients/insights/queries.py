"""Insights by cursor, what stands under one, whose word is owed, and the list 'you said, we did'. Inside the brand's scope."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleLessThan

from clients.insights.models import (
    Asking,
    Closing,
    Department,
    Insight,
    InsightAnswer,
    InsightSource,
    InsightStep,
    Released,
    Theme,
)
from clients.insights.rules import OWED, DepartmentCode, State, id_or_none
from clients.people.actor import Actor
from clients.people.rules import Verb, may

ORDER = ("created_at", "id")


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last insight of a page, as it stands in an address."""

    created_at: datetime
    id: UUID

    @classmethod
    def of(cls, insight: Insight) -> Self:
        return cls(insight.created_at, insight.pk)

    @classmethod
    def read(cls, typed: str) -> Self | None:
        """None for what nobody could have got from us."""
        created, _, pk = typed.partition("_")
        try:
            return cls(datetime.fromisoformat(created), UUID(pk))
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.created_at.isoformat()}_{self.id}"


@dataclass(frozen=True, slots=True)
class ToldLine:
    """One line of 'you said, we did', as pages, tables and reports show it. Nothing of the insight but its theme and decision."""

    insight: UUID
    theme: str
    said: str
    did: str
    decision: str
    at: datetime


def insights(actor: Actor, filters: dict[str, str], now: datetime, cursor: Cursor | None = None) -> QuerySet[Insight]:
    """Insights that `actor` may read, newest first. `filters` as `rules.checked_filters` gives them; without a state all."""
    found: QuerySet[Insight] = Insight.objects.readable_by(actor).filter(_asked(filters, now))
    if cursor is not None:
        found = found.filter(TupleLessThan(Tuple(*ORDER), [cursor.created_at, cursor.id]))
    return found.select_related("department", "theme").order_by(*(f"-{name}" for name in ORDER))


def of_conversation(actor: Actor, conversation_id: UUID) -> QuerySet[Insight]:
    """What was learnt in one conversation, as far as `actor` reads it."""
    found: QuerySet[Insight] = Insight.objects.readable_by(actor).filter(sources__conversation=conversation_id)
    return found.order_by("-created_at", "-id")


def of_mention(actor: Actor, mention_id: UUID) -> QuerySet[Insight]:
    """The same of one mention."""
    found: QuerySet[Insight] = Insight.objects.readable_by(actor).filter(sources__mention=mention_id)
    return found.order_by("-created_at", "-id")


def open_ones(actor: Actor) -> QuerySet[Insight]:
    """Insights that may still grow, the newest first: to put another voice under one of them."""
    found: QuerySet[Insight] = Insight.objects.readable_by(actor).exclude(state=State.CLOSED)
    return found.order_by("-created_at", "-id")


def history(insight: Insight) -> QuerySet[InsightStep]:
    """All that happened to one, newest first."""
    return InsightStep.objects.filter(insight=insight).order_by("-number")


def sources_of(insight: Insight) -> QuerySet[InsightSource]:
    """What it comes from, in order, each with what was said."""
    return InsightSource.objects.filter(insight=insight).select_related("conversation__merged_into", "mention")


def how_many(ids: Collection[UUID]) -> dict[UUID, int]:
    """By insight: from how many mentions and conversations it comes."""
    found = InsightSource.objects.filter(insight__in=ids).order_by().values_list("insight").annotate(n=Count("pk"))
    return dict(found)


def open_asking(insight: Insight) -> Asking | None:
    return Asking.objects.filter(insight=insight, closed_at=None).select_related("link", "department").first()


def askings_of(insight: Insight) -> QuerySet[Asking]:
    """Whose word was asked for, newest first, with what they answered."""
    found = Asking.objects.filter(insight=insight).select_related("department", "link")
    return found.prefetch_related("answers").order_by("-at", "-id")


def answers_of(asking: Asking) -> QuerySet[InsightAnswer]:
    return InsightAnswer.objects.filter(asking=asking).order_by("at", "id")


def asked_of(actor: Actor) -> QuerySet[Asking]:
    """What is owed by this very person, the soonest due first."""
    mine = Asking.objects.filter(to_person=actor.somebody, closed_at=None, answered_at=None)
    return mine.select_related("insight", "department").order_by("due_at", "id")


def closings_of(insight: Insight) -> QuerySet[Closing]:
    """What members were told or are to be told, the last first."""
    return Closing.objects.filter(insight=insight).select_related("item").order_by("-at", "-id")


def departments() -> list[Department]:
    """Those that every brand has, whether one was asked yet or not, then those that this one named."""
    known = {one.key: one for one in Department.objects.filter(ended_at=None)}
    usual = [known.pop(code) if code in known else Department(code=code, key=code) for code in DepartmentCode]
    return [*usual, *known.values()]


def themes(actor: Actor) -> QuerySet[Theme]:
    """Themes that go by their own name, as far as `actor` reads an insight under them; whoever rules over themes knows all.

    INVARIANT: a name that was given to what somebody may not read is not told to them either.
    """
    found = Theme.objects.filter(merged_into=None).order_by("key")
    if may(actor.role, Verb.INSIGHT_RULE):
        return found
    return found.filter(Exists(Insight.objects.readable_by(actor).filter(theme=OuterRef("pk"))))


def theme_called(key: str) -> Theme | None:
    """For whoever writes: a theme is one, whoever knows of it."""
    return Theme.objects.filter(merged_into=None, key=key).first()


def told_lines(since: datetime | None = None, until: datetime | None = None) -> Sequence[ToldLine]:
    """'You said, we did': what the brand let out for this list within a stretch of time, newest first. For pages and reports.

    INVARIANT: only what the brand released, in the words it released. Whatever else an insight says is not asked for.
    """
    found = Released.objects.select_related("insight__theme").order_by("-at", "-id")
    if since is not None:
        found = found.filter(at__gte=since)
    if until is not None:
        found = found.filter(at__lt=until)
    return [
        ToldLine(
            insight=one.insight_id,
            theme=one.insight.theme.name if one.insight.theme else "",
            said=one.said,
            did=one.did,
            decision=one.insight.decision,
            at=one.at,
        )
        for one in found
    ]


def _asked(filters: dict[str, str], now: datetime) -> Q:
    plain: dict[str, Any] = {}
    if "theme" in filters:
        plain["theme"] = id_or_none(filters["theme"])
    if "department" in filters:
        plain["department__key"] = filters["department"]
    asked = Q(**plain)
    state = filters.get("state", "")
    if state == "open":
        asked &= ~Q(state=State.CLOSED)
    elif state:
        asked &= Q(state=state)
    if "late" in filters:
        asked &= Q(state__in=list(OWED), due_at__lt=now)
    return asked
