"""Runs by the brand’s clock: of which period, and when the next is; other zones, changed nights, ends of months, missed runs."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
import time_machine

from clients.outbox.models import OutboxRow
from clients.people.actor import Actor
from reports.making.actions import cancel_report, date_reports, retry_report, run_rule, set_report_rule
from reports.making.models import Report, ReportRule
from reports.making.rules import ReportState, Ruling
from reports.making.steps import MAKE, RUN
from tenants.errors import Refused
from tenants.walls.scope import brand_scope
from tests.reports.making.conftest import again, worker
from tests.world import World

PARIS, AUCKLAND, ANGELES = "Europe/Paris", "Pacific/Auckland", "America/Los_Angeles"
WEEKLY, MONTHLY = {"rhythm": "weekly"}, {"rhythm": "monthly"}


def living_in(actor: Actor, zone: str) -> Actor:
    return replace(actor, brand=replace(actor.brand, time_zone=zone))


def ruled(world: World, zone: str, before: datetime, **more: object) -> ReportRule:
    """A rule that was set a little before."""
    with time_machine.travel(before, tick=False):
        given = {"kind": "monthly" if more.get("rhythm") == "monthly" else "weekly", "at": time(8)} | more
        return set_report_rule(living_in(world.owner, zone), ruling=Ruling(**given))  # type: ignore[arg-type]


def run_at(world: World, rule: ReportRule, zone: str, now: datetime) -> Report | None:
    with time_machine.travel(now, tick=False):
        return run_rule(living_in(worker(world), zone), rule_id=rule.pk)


def next_of(world: World) -> datetime:
    with brand_scope(world.brand):
        found: datetime = ReportRule.objects.get().next_at
        return found


@pytest.mark.parametrize(
    ("zone", "rule", "now", "period", "hours", "following"),
    [
        (AUCKLAND, WEEKLY, "2026-11-15T19:00Z", "2026-W46", 168, "2026-11-22T19:00Z"),  # there it is Monday
        (ANGELES, WEEKLY | {"weekday": 6, "at": time(23)}, "2026-11-16T07:00Z", "2026-W45", 168, "2026-11-23T07:00Z"),
        (PARIS, WEEKLY, "2026-03-30T06:00Z", "2026-W13", 167, "2026-04-06T06:00Z"),
        (PARIS, WEEKLY, "2026-10-26T07:00Z", "2026-W43", 169, "2026-11-02T07:00Z"),
        (PARIS, WEEKLY, "2027-01-04T07:00Z", "2026-W53", 168, "2027-01-11T07:00Z"),
        (PARIS, MONTHLY, "2027-03-01T07:00Z", "2027-02", 28 * 24, "2027-04-01T06:00Z"),
        (PARIS, MONTHLY, "2028-03-01T07:00Z", "2028-02", 29 * 24, "2028-04-01T06:00Z"),
        (PARIS, MONTHLY | {"day": 28}, "2027-02-28T07:00Z", "2027-01", 31 * 24, "2027-03-28T06:00Z"),
        (PARIS, MONTHLY, "2026-04-01T06:00Z", "2026-03", 31 * 24 - 1, "2026-05-01T06:00Z"),
        (AUCKLAND, MONTHLY, "2026-12-31T19:00Z", "2026-12", 31 * 24, "2027-01-31T19:00Z"),
    ],
)
def test_each_run_tells_of_the_last_whole_period_of_its_brand(
    world: World, zone: str, rule: dict[str, object], now: str, period: str, hours: int, following: str
) -> None:
    due = datetime.fromisoformat(now)
    found = ruled(world, zone, due - timedelta(hours=5), **rule)
    assert next_of(world) == due
    assert run_at(world, found, zone, due - timedelta(seconds=1)) is None
    report = run_at(world, found, zone, due)
    assert report is not None
    assert (report.period.code, report.zone) == (period, zone)
    assert (report.period.until - report.period.since).total_seconds() / 3600 == hours
    assert report.period.until <= due
    assert next_of(world) == datetime.fromisoformat(following)


@pytest.mark.parametrize(
    ("rhythm", "missed", "period", "following"),
    [
        ("weekly", timedelta(weeks=7, hours=3), "2026-W44", "2026-11-09T07:00Z"),  # over the end of summer time
        ("monthly", timedelta(days=70), "2026-10", "2026-12-01T07:00Z"),
    ],
)
def test_however_many_were_missed_one_is_made_and_of_the_newest(
    world: World, rhythm: str, missed: timedelta, period: str, following: str
) -> None:
    now = datetime.fromisoformat("2026-11-04T12:00Z")
    rule = ruled(world, PARIS, now - missed - timedelta(days=31), rhythm=rhythm)
    first = run_at(world, rule, PARIS, now)
    assert first is not None and first.period.code == period
    for later in (timedelta(), timedelta(minutes=1), timedelta(days=1)):
        assert run_at(world, rule, PARIS, now + later) is None
    assert next_of(world) == datetime.fromisoformat(following)
    with brand_scope(world.brand):
        assert Report.objects.count() == 1


def test_a_run_whose_row_was_lost_is_written_down_again_once(world: World) -> None:
    due = datetime.fromisoformat("2026-11-09T07:00Z")
    rule = ruled(world, PARIS, due - timedelta(days=1), rhythm="weekly")
    with brand_scope(world.brand):
        OutboxRow.objects.filter(kind=RUN).delete()
    for _ in range(2):
        date_reports(worker(world))
    with brand_scope(world.brand):
        (row,) = OutboxRow.objects.filter(kind=RUN, done_at=None)
        assert (row.due_at, row.payload) == (due, {"rule": str(rule.pk)})


def test_a_rule_that_is_set_to_never_runs_no_more(world: World) -> None:
    due = datetime.fromisoformat("2026-11-09T07:00Z")
    rule = ruled(world, PARIS, due - timedelta(days=1), rhythm="weekly")
    ruled(world, PARIS, due - timedelta(hours=1), rhythm="never")
    assert run_at(world, rule, PARIS, due) is None
    with brand_scope(world.brand):
        assert not OutboxRow.objects.filter(kind=RUN, done_at=None).exists()
        assert not Report.objects.exists()


def test_what_the_brand_ordered_is_the_brands_to_cancel_and_comes_again_by_its_word(world: World) -> None:
    due = datetime.fromisoformat("2026-11-09T07:00Z")
    rule = ruled(world, PARIS, due - timedelta(days=1), rhythm="weekly")
    report = run_at(world, rule, PARIS, due)
    assert report is not None
    with pytest.raises(Refused, match="not_allowed"):
        cancel_report(world.cm, report_id=report.pk)
    cancel_report(world.approver, report_id=report.pk)
    assert run_at(world, rule, PARIS, due + timedelta(days=7)) is not None  # of the week after
    with pytest.raises(Refused, match="not_allowed"):
        retry_report(world.cm, report_id=report.pk)
    assert retry_report(world.approver, report_id=report.pk).rule_id == rule.pk
    world.run_outbox(MAKE)
    assert again(world, report).state == ReportState.DRAFT
