"""How soon members hear from the brand, by channel, language and how active they are: are the shy served like the loud?

Over rounds that began in a span of time, of the conversations that the reader may read. What the columns mean: `rules.Figure`.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Aggregate, CharField, Count, F, PositiveBigIntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast

from clients.custody.clocks import ClockKind
from clients.custody.queries import readable_conversations
from clients.people.actor import Actor
from clients.service.models import Clock
from clients.service.rules import Figure, Part

COLUMNS: dict[Part, Any] = {
    Part.ALL: Value(""),
    Part.CHANNEL: Cast("conversation__channel", CharField()),
    Part.LANGUAGE: F("conversation__language"),
    Part.BAND: F("band"),
}
_WORKED = F("working_brand") + F("working_agency")
_TOLD = Q(stopped_at__isnull=False) & ~Q(stopped_by="")


class Share(Aggregate):
    """The value below which so large a share lies; one that really occurred."""

    function = "PERCENTILE_DISC"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = PositiveBigIntegerField()


def figures(actor: Actor, since: datetime, until: datetime) -> list[Figure]:
    """Of both clocks, part by part, by name; rounds without a channel or language under ''. One query a part."""
    readable = readable_conversations(actor).values("pk")
    return figures_of(Clock.objects.filter(started_at__gte=since, started_at__lt=until, conversation__in=readable))


def figures_of(
    rounds: QuerySet[Clock], columns: Mapping[Part, Any] = COLUMNS, *, at: datetime | None = None
) -> list[Figure]:
    """The same of rounds that the caller chose; `columns` say by what each part is told apart (an expression of text).

    `at`: the moment at which clocks are counted as waiting; None for now. It says the same whenever it is asked.
    """
    return [_figure(part, row) for part, column in columns.items() for row in _counted(rounds, column, at)]


def _counted(rounds: QuerySet[Clock], column: Any, at: datetime | None) -> Iterable[dict[str, Any]]:
    waiting = Q(stopped_at=None) | Q(stopped_at__gte=at) if at else Q(stopped_at=None)
    counted: Any = (
        rounds.order_by()
        .values("kind", name=column)
        .annotate(
            rounds=Count("pk"),
            told=Count("pk", filter=_TOLD),
            median=Share(_WORKED, share="0.5", filter=_TOLD),
            nine_in_ten=Share(_WORKED, share="0.9", filter=_TOLD),
            kept=Count("pk", filter=_TOLD & Q(breached_at=None)),
            late=Count("pk", filter=Q(breached_at__isnull=False)),
            waiting=Count("pk", filter=waiting),
            let_go=Count("pk", filter=Q(stopped_at__isnull=False, stopped_by="")),
        )
        .order_by("name", "kind")
    )
    return iter(counted)


def _figure(part: Part, row: dict[str, Any]) -> Figure:
    counts = {name: row[name] for name in ("rounds", "told", "kept", "late", "waiting", "let_go")}
    median, most = (None if row[name] is None else row[name] // 60 for name in ("median", "nine_in_ten"))
    return Figure(ClockKind(row["kind"]), part, row["name"] or "", median=median, nine_in_ten=most, **counts)
