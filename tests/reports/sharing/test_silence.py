"""Silence lets a report out only once somebody of the brand was told that it would; what fails is tried again, then told."""

import smtplib
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from clients.briefings.queries import calendar_in_force
from clients.disclosure.models import Disclosure
from clients.people.rules import MAY, Verb
from reports.making.actions import date_reports, hold_report, make_report, resume_report, retry_failed
from reports.making.models import Report, ReportNotice
from reports.making.rules import PAUSES, ReportState
from reports.making.steps import MAKE, NOTICE, RELEASE, RETRY
from reports.rendering.errors import Fault, NotDrawn
from reports.rendering.printer import Printer
from reports.sharing.actions import note_notice, ready_notice, release_due_report, settle_notice
from tenants.errors import Refused
from tenants.walls.scope import brand_scope
from tests.reports.sharing.conftest import again, worker
from tests.reports.sharing.test_sharing import lines, run_rule_of
from tests.world import World

DECIDERS = MAY[Verb.REPORT_RELEASE]


def drawn(world: World, **more: Any) -> Report:
    """Made by the brand's rule; nobody has been told."""
    report = run_rule_of(world, **more)
    make_report(worker(world), report_id=report.pk)
    return again(world, report)


def refusing() -> Any:
    """A mail server that knows none of these addresses."""
    refusal = smtplib.SMTPRecipientsRefused({"x": (550, b"no such user")})
    return patch.object(EmailBackend, "send_messages", side_effect=refusal)


@pytest.mark.parametrize("lets", [True, False])
def test_those_who_may_release_are_told_what_the_rule_has_made_and_what_silence_does(world: World, lets: bool) -> None:
    report = drawn(world, releases_itself=lets, window=4)
    mail.outbox.clear()
    at = timezone.now()
    with time_machine.travel(at, tick=False):
        world.run_outbox(NOTICE)
    assert {letter.to[0] for letter in mail.outbox} == {world.people[role].email for role in DECIDERS}
    assert all(("4 heures ouvrées" in letter.body) == lets for letter in mail.outbox)
    assert {line.recipient_id for line in lines(world, why="told")} == {world.people[role].pk for role in DECIDERS}
    with brand_scope(world.brand):
        over = calendar_in_force(at).after(at, timedelta(hours=4))
    assert again(world, report).release_at == (over if lets else None)


def test_without_a_letter_that_arrived_silence_lets_nothing_out(world: World) -> None:
    report = drawn(world, releases_itself=True, window=4)
    with refusing():
        world.run_outbox(NOTICE)
    with brand_scope(world.brand):
        assert set(ReportNotice.objects.values_list("state", flat=True)) == {"bounced"}
        assert not Disclosure.objects.filter(why="told").exclude(way="mail").exists()
    assert again(world, report).release_at is None
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        date_reports(worker(world))
        world.run_outbox(NOTICE, RELEASE)
        with brand_scope(world.brand):  # not even with a date that nobody was told
            Report.objects.update(release_at=timezone.now() - timedelta(hours=1))
        assert release_due_report(worker(world), report_id=report.pk) is None
    assert again(world, report).state == ReportState.DRAFT


def test_a_hold_voids_the_letters_of_before_it(world: World) -> None:
    report = drawn(world, releases_itself=True, window=4)
    with brand_scope(world.brand):
        first = ReportNotice.objects.order_by("id").first()
    assert first is not None
    on_its_way = ready_notice(worker(world), notice_id=first.pk)
    assert on_its_way is not None
    hold_report(world.approver, report_id=report.pk)
    assert ready_notice(worker(world), notice_id=first.pk) is None
    resume_report(world.approver, report_id=report.pk)
    assert not note_notice(worker(world), ready=on_its_way)
    settle_notice(worker(world), ready=on_its_way, delivered=True)
    assert again(world, report).release_at is None
    world.run_outbox(NOTICE)
    assert again(world, report).release_at is not None
    with pytest.raises(Refused):
        ready_notice(world.owner, notice_id=first.pk)


def failing(world: World, fault: Fault, tries: int, **more: Any) -> Report:
    """So many times in a row, each as soon as it is due."""
    report = run_rule_of(world, **more)
    with patch.object(Printer, "draw", side_effect=NotDrawn(fault)):
        make_report(worker(world), report_id=report.pk)
        for _ in range(tries - 1):
            due = again(world, report).retry_at
            assert due is not None
            with time_machine.travel(due + timedelta(seconds=1)):
                world.run_outbox(RETRY)
                world.run_outbox(MAKE)
    return again(world, report)


def test_what_may_pass_is_tried_again_later_and_later_and_then_told(world: World) -> None:
    report = failing(world, Fault.DIED, 1)
    assert report.state == ReportState.FAILED and report.retry_at is not None
    retry_failed(worker(world), report_id=report.pk)
    assert again(world, report).state == ReportState.FAILED  # too early
    with pytest.raises(Refused):
        retry_failed(world.owner, report_id=report.pk)
    with brand_scope(world.brand):
        assert not ReportNotice.objects.exists()
    with time_machine.travel(report.retry_at + timedelta(seconds=1)):
        world.run_outbox(RETRY)
        world.run_outbox(MAKE)
    done = again(world, report)
    assert (done.state, done.tries, done.retry_at, done.number) == (ReportState.DRAFT, 0, None, 1)


@pytest.mark.parametrize(("fault", "tries"), [(Fault.DIED, len(PAUSES) + 1), (Fault.NO_FONTS, 1)])
def test_what_does_not_pass_is_told_to_those_whose_rule_wanted_it(world: World, fault: Fault, tries: int) -> None:
    report = failing(world, fault, tries)
    assert (report.state, report.tries, report.retry_at) == (ReportState.FAILED, tries, None)
    mail.outbox.clear()
    with time_machine.travel(report.state_since + timedelta(seconds=1)):
        world.run_outbox(NOTICE)
    assert {letter.to[0] for letter in mail.outbox} == {world.people[role].email for role in DECIDERS}
    assert all(f"/reports/{report.pk}/" in letter.body for letter in mail.outbox)
    assert report.release_at is None
