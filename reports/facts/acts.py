"""Figures of acts that are no plain counts: the mix of channels, the field ratio, and what autonomy saves."""

from typing import Any

from django.db.models import BigIntegerField, Count, F, Func, Min, OuterRef, QuerySet, Subquery

from clients.approvals.models import Verdict
from clients.approvals.words import VerdictKind
from clients.items.models import Item
from clients.service.fairness import Share
from reports.facts.counting import Counted, is_closed, tallies
from reports.facts.definitions import DEFINITIONS
from reports.facts.gathering import Gathering, share_of
from reports.facts.periods import Period
from reports.facts.shapes import Figure
from reports.facts.sources import ACTS


class Minutes(Func):
    """Whole minutes by the wall between two moments."""

    template = "FLOOR(EXTRACT(EPOCH FROM (%(expressions)s)) / 60)::bigint"
    arg_joiner = " - "
    output_field = BigIntegerField()


def channel_mix(making: Gathering) -> list[Figure]:
    """The share of each channel."""
    every = {"acts": Counted(DEFINITIONS["acts.done"].where())}
    parts = tallies(ACTS, making.sight, making.period, every, ("channel",))
    now, before = (sum(getattr(one["acts"], name) for one in parts.values()) for name in ("now", "before"))
    return [
        making.derived(
            "channels.share",
            share_of(one["acts"].now, now),
            share_of(one["acts"].before, before),
            dimensions,
            rows=one["acts"].now,
        )
        for dimensions, one in parts.items()
    ]


def field_ratio(making: Gathering) -> list[Figure]:
    """The share of what happens in real life or by voice."""
    what = {"all": Counted(DEFINITIONS["acts.done"].where()), "field": Counted(DEFINITIONS["field.acts"].where())}
    told = tallies(ACTS, making.sight, making.period, what)[()]
    field, every = told["field"], told["all"]
    if is_closed(ACTS, making.sight):
        return [making.closed("field.ratio")]
    now, before = share_of(field.now, every.now), share_of(field.before, every.before)
    return [making.derived("field.ratio", now, before, rows=every.now)]


def benefit(making: Gathering) -> list[Figure]:
    """How long approval takes, and how much of that was not waited for."""
    if is_closed(ACTS, making.sight):
        return []
    what = {"at_once": Counted(DEFINITIONS["acts.at_once"].where())}
    count = tallies(ACTS, making.sight, making.period, what)[()]["at_once"]
    (now, rows), (before, _) = waited(making.period), waited(making.period.before)
    saved = None if now is None else now * count.now
    saved_before = None if before is None else before * count.before
    return [
        making.derived("waiting.median", now, before, rows=rows),
        making.derived("waiting.saved", saved, saved_before, rows=count.now),
    ]


def waited(period: Period) -> tuple[int | None, int]:
    """The median of what acts by approval waited, in minutes, and of how many acts. One query."""
    told = approved(period).aggregate(median=Share(F("waited"), share="0.5"), rows=Count("waited"))
    return told["median"], told["rows"]


def approved(period: Period) -> QuerySet[Any]:
    """Acts that went out by approval, each with what it `waited`; those whose submission nobody knows any more are not there."""
    asked = Item.objects.filter(pk=OuterRef("item_id")).order_by().values("submitted_at")
    yes = Verdict.objects.filter(
        item_id=OuterRef("item_id"),
        digest=OuterRef("content_digest"),
        kind=VerdictKind.YES,
        at__gte=OuterRef("asked_at"),
    )
    first = yes.order_by().values("item_id").annotate(first=Min("at")).values("first")
    rows = ACTS.rows().filter(ACTS.within(period), DEFINITIONS["waiting.median"].where())
    rows = rows.annotate(asked_at=Subquery(asked), yes_at=Subquery(first)).filter(yes_at__isnull=False)
    return rows.annotate(waited=Minutes("yes_at", "asked_at"))
