"""A world that rolls back, with reports in it, and a second brand beside it whose reports could leak."""

from datetime import date
from typing import Any

from clients.autonomy.vocabulary import EntryPoint
from clients.people.actor import Actor, process_of
from reports.facts.periods import Period, PeriodKind, period_of
from reports.making.actions import ask_report, make_report
from reports.making.models import Report
from tenants.walls.scope import brand_scope
from tests.triage.conftest import other, said, world
from tests.world import World

WEEK = period_of(PeriodKind.WEEK, date(2026, 11, 11), "Europe/Paris")


def worker(world: World) -> Actor:
    return process_of(world.brand, EntryPoint.WORKER, "reports")


def asked(world: World, by: Actor | None = None, period: Period = WEEK, **more: Any) -> Report:
    """A weekly report, by the community manager."""
    return ask_report(by or world.cm, **({"kind": "weekly", "period": period, "language": "fr"} | more))


def made(world: World, by: Actor | None = None, **more: Any) -> Report:
    """The same, drawn."""
    report = asked(world, by, **more)
    make_report(worker(world), report_id=report.pk)
    return again(world, report)


def again(world: World, report: Report) -> Report:
    """As it stands now."""
    with brand_scope(world.brand):
        return Report.objects.select_related("rule").get(pk=report.pk)


__all__ = ["WEEK", "again", "asked", "made", "other", "said", "worker", "world"]
