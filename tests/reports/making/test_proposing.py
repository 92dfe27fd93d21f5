"""A draft is put before the brand: who may, who is told, and what the brand does with it."""

from typing import Any

import pytest
from django.core import mail

from clients.audit.models import Entry
from clients.disclosure.models import Disclosure
from clients.people.rules import MAY, Verb
from reports.making.actions import (
    annotate_report,
    cancel_report,
    hold_report,
    propose_report,
    remake_report,
    resume_report,
)
from reports.making.models import Report, ReportNotice
from reports.making.rules import ReportState
from reports.making.steps import MAKE, NOTICE
from reports.sharing.actions import ready_notice, release_report
from tenants.errors import Conflict, Invalid, Missing, Refused
from tenants.vocabulary import Role, Side
from tenants.walls.scope import brand_scope
from tests.reports.making.conftest import again, asked, made, worker
from tests.world import World

NOTE = "La série du vendredi y est."
DECIDERS = MAY[Verb.REPORT_RELEASE]


def proposed(world: World, **more: Any) -> Report:
    report = made(world, **more)
    return propose_report(world.cm, report_id=report.pk, note=NOTE)


def test_those_who_decide_are_told_in_their_language_and_it_is_written_down(world: World, other: World) -> None:
    proposed(other)
    report = proposed(world, title="Notre semaine")
    assert (report.state, report.note, report.proposed_name) == (ReportState.PROPOSED, NOTE, world.cm.name)
    mail.outbox.clear()
    world.run_outbox(NOTICE)
    letters = {letter.to[0]: letter for letter in mail.outbox}
    assert set(letters) == {world.people[role].email for role in DECIDERS}
    for letter in letters.values():
        assert NOTE in letter.body
        assert "Notre semaine" in letter.subject
        assert f"/reports/{report.pk}/" in letter.body
    with brand_scope(world.brand):
        told = Disclosure.objects.filter(object_kind="reports.report", way="mail", why="told")
        assert {line.recipient_id for line in told} == {world.people[role].pk for role in DECIDERS}


def test_what_was_decided_meanwhile_is_told_to_nobody(world: World) -> None:
    report = proposed(world)
    hold_report(world.approver, report_id=report.pk)
    mail.outbox.clear()
    world.run_outbox(NOTICE)
    assert mail.outbox == []
    with pytest.raises(Refused):
        ready_notice(world.owner, notice_id=report.pk)


def test_a_person_of_the_agency_is_never_told_as_one_who_decides(world: World) -> None:
    proposed(world)
    for role, told in ((Role.APPROVER, True), (Role.AGENCY_OWNER, False), (Role.AUDITOR, False)):
        with brand_scope(world.brand):
            notice = ReportNotice.objects.first()
            assert notice is not None
            ReportNotice.objects.exclude(pk=notice.pk).delete()
            ReportNotice.objects.update(person_id=world.people[role].pk)
        assert (ready_notice(worker(world), notice_id=notice.pk) is not None) == told


def test_proposed_again_after_a_hold_tells_once_more_and_once_only(world: World) -> None:
    report = proposed(world)
    hold_report(world.approver, report_id=report.pk)
    resume_report(world.approver, report_id=report.pk)
    propose_report(world.cm, report_id=report.pk, note="Corrigé.")
    mail.outbox.clear()
    world.run_outbox(NOTICE)
    assert len(mail.outbox) == len([role for role in DECIDERS if role in world.people])
    assert all("Corrigé." in letter.body for letter in mail.outbox)


@pytest.mark.parametrize("act", [annotate_report, hold_report, release_report])
def test_the_brand_decides_what_was_proposed(world: World, act: Any) -> None:
    report, more = proposed(world), {"text": "Bien."} if act is annotate_report else {}
    with pytest.raises(Refused):
        act(world.cm, report_id=report.pk, **more)
    assert again(world, report).state == ReportState.PROPOSED
    act(world.approver, report_id=report.pk, **more)
    assert again(world, report).state not in {ReportState.PROPOSED, ReportState.DRAFT}


def test_whoever_drafted_may_still_change_or_stop_it(world: World) -> None:
    report = proposed(world)
    remake_report(world.cm, report_id=report.pk)
    with pytest.raises(Conflict, match="report_not_in_this_state"):
        propose_report(world.cm, report_id=report.pk)
    world.run_outbox(MAKE)
    assert (again(world, report).note, again(world, report).proposed_at) == ("", None)
    propose_report(world.cm, report_id=report.pk)
    with pytest.raises(Conflict, match="report_not_in_this_state"):
        propose_report(world.cm, report_id=report.pk)
    assert cancel_report(world.cm, report_id=report.pk).state == ReportState.CANCELLED


def test_who_may_propose_and_what(world: World, other: World) -> None:
    report, theirs, kept = made(world), made(other), made(world, world.owner, info_class="brand")
    for role in set(Role) - MAY[Verb.REPORT_DRAFT]:
        with pytest.raises(Refused):
            propose_report(world.actor(role), report_id=report.pk)
    with pytest.raises(Invalid, match="too_long"):
        propose_report(world.cm, report_id=report.pk, note="x" * 1001)
    for missing in (theirs, kept):
        with pytest.raises(Missing):
            propose_report(world.cm, report_id=missing.pk)
    with pytest.raises(Conflict):
        propose_report(world.cm, report_id=asked(world).pk)
    with brand_scope(world.brand):
        assert not Entry.objects.filter(verb="report.propose").exists()
    assert world.owner.side is Side.BRAND
    propose_report(world.owner, report_id=kept.pk, note="Pour nous seuls.")
    mail.outbox.clear()
    world.run_outbox(NOTICE)
    assert world.owner.name not in {letter.to[0] for letter in mail.outbox}
    assert all("Pour nous seuls" not in letter.body for letter in mail.outbox)
