"""Who gets a report: by the brand's word or by its rule, by letter, by a link; and what ends it."""

from datetime import time, timedelta
from hashlib import sha256
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from clients.audit.models import Entry
from clients.disclosure.actions import exchange, open_link
from clients.disclosure.models import Disclosure
from clients.people.rules import MAY, Verb
from portal import report_letters
from reports.making.actions import hold_report, make_report, run_rule, set_report_rule
from reports.making.models import Report, ReportRule
from reports.making.rules import ReportState, Ruling
from reports.making.steps import NOTICE, RELEASE
from reports.sharing.actions import (
    add_reader,
    end_share,
    note_copy,
    note_view,
    release_due_report,
    release_report,
    remove_reader,
    share_report,
    withdraw_report,
)
from reports.sharing.models import Reader
from reports.sharing.queries import seen_of
from reports.sharing.steps import LETTER
from tenants.errors import Conflict, Invalid, Missing, Refused
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.reports.sharing.conftest import again, made, released, shared, worker
from tests.world import World


def ruled(world: World, **more: Any) -> ReportRule:
    given: dict[str, Any] = {"kind": "weekly", "rhythm": "weekly", "at": time(8), "language": "fr"} | more
    return set_report_rule(world.owner, ruling=Ruling(**given))


def run_rule_of(world: World, **more: Any) -> Report:
    """Asked for by a rule that is due."""
    rule = ruled(world, **more)
    with brand_scope(world.brand):
        ReportRule.objects.update(next_at=timezone.now())
    report = run_rule(worker(world), rule_id=rule.pk)
    assert report is not None
    return report


def by_rule(world: World, **more: Any) -> Report:
    """Made, and told to those who may release it."""
    report = run_rule_of(world, releases_itself=True, window=4, **more)
    make_report(worker(world), report_id=report.pk)
    assert again(world, report).release_at is None  # nobody has been told yet
    world.run_outbox(NOTICE)
    return again(world, report)


def lines(world: World, **facts: Any) -> list[Disclosure]:
    with brand_scope(world.brand):
        return list(Disclosure.objects.filter(object_kind="reports.report", **facts).order_by("at", "id"))


def test_a_missed_run_is_made_up_for_once(world: World) -> None:
    rule = ruled(world)
    with brand_scope(world.brand):
        ReportRule.objects.update(next_at=timezone.now() - timedelta(days=40))
    first = run_rule(worker(world), rule_id=rule.pk)
    assert first is not None
    assert first.period.until <= timezone.now() < first.period.after.until
    with brand_scope(world.brand):
        again_due = ReportRule.objects.get().next_at
        assert again_due > timezone.now()
    assert run_rule(worker(world), rule_id=rule.pk) is None
    with brand_scope(world.brand):
        ReportRule.objects.update(next_at=timezone.now())
    assert run_rule(worker(world), rule_id=rule.pk) is None  # there is one of this week
    with brand_scope(world.brand):
        assert Report.objects.count() == 1


def test_it_goes_out_by_itself_after_the_window_unless_held(world: World) -> None:
    free, at = by_rule(world, readers=[world.people[Role.APPROVER].pk]), timezone.now()
    assert free.release_at is not None and free.release_at > at
    assert release_due_report(worker(world), report_id=free.pk) is None
    with time_machine.travel(free.release_at + timedelta(seconds=1)):
        world.run_outbox(RELEASE)
    assert again(world, free).state == ReportState.RELEASED
    with brand_scope(world.brand):
        assert Entry.objects.get(verb="report.release").person_id is None
        assert Reader.objects.get().person_id == world.people[Role.APPROVER].pk


def test_a_held_one_stays(world: World) -> None:
    report = by_rule(world)
    due = report.release_at
    hold_report(world.approver, report_id=report.pk)
    assert due is not None
    with time_machine.travel(due + timedelta(days=9)):
        world.run_outbox(RELEASE)
    assert again(world, report).state == ReportState.HELD


@pytest.mark.parametrize(
    ("said", "goes"),
    [
        ({}, True),
        ({"readers_too": True}, True),
        ({"releases_itself": False}, False),
        ({"rhythm": "never"}, False),
        ({"window": 9}, False),
    ],
)
def test_what_waits_obeys_the_rule_as_it_is_now(world: World, said: dict[str, Any], goes: bool) -> None:
    report = by_rule(world)
    due = report.release_at
    assert due is not None
    readers = [world.people[Role.APPROVER].pk] if said.pop("readers_too", False) else []
    ruled(world, **({"releases_itself": True, "window": 4, "readers": readers} | said))
    world.run_outbox(NOTICE)
    with time_machine.travel(due + timedelta(seconds=1)):
        world.run_outbox(RELEASE)
    now = again(world, report)
    assert (now.state == ReportState.RELEASED) is goes
    assert goes or (now.release_at is not None and now.release_at > due) is ("window" in said)


def test_a_date_that_outlived_its_rule_releases_nothing(world: World) -> None:
    report = by_rule(world)
    for lets, state in ((False, ReportState.DRAFT), (True, ReportState.RELEASED)):
        with brand_scope(world.brand):
            ReportRule.objects.update(releases_itself=lets)
            Report.objects.update(release_at=timezone.now() - timedelta(seconds=1))
        release_due_report(worker(world), report_id=report.pk)
        assert again(world, report).state == state


def test_letters_bring_the_summary_and_what_the_brand_chose(world: World) -> None:
    ruled(world, outside_allowed=True)
    report = made(world, world.owner)
    people = {"link": world.people[Role.APPROVER], "attached": world.people[Role.COMMUNITY_MANAGER]}
    for delivery, person in people.items():
        add_reader(world.owner, report_id=report.pk, person_id=person.pk, delivery=delivery)
    add_reader(world.owner, report_id=report.pk, address="me.blanc@cabinet.example", delivery="link")
    release_report(world.owner, report_id=report.pk)
    mail.outbox.clear()
    world.run_outbox(LETTER)
    letters = {letter.to[0]: letter for letter in mail.outbox}
    assert set(letters) == {*(person.email for person in people.values()), "me.blanc@cabinet.example"}
    for person, papers in ((people["link"], 0), (people["attached"], 1)):
        letter = letters[person.email]
        assert len([one for one in letter.attachments if one[2] == "application/pdf"]) == papers
        assert f"/reports/{report.pk}/" in letter.body
    token = letters["me.blanc@cabinet.example"].body.split("/s/#")[1].split()[0]
    assert exchange(world.brand, token=token, code="") is not None
    assert {line.recipient_kind for line in lines(world, way="mail")} == {"person", "address"}
    assert len(lines(world, way="mail")) == 3
    with brand_scope(world.brand):
        assert set(Reader.objects.values_list("told", flat=True)) == {"told"}


@pytest.mark.parametrize("withdrawn", [False, True])
def test_a_paper_leaves_with_the_digest_of_its_bytes_unless_it_was_withdrawn_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch, withdrawn: bool
) -> None:
    report, person = made(world, world.owner), world.people[Role.COMMUNITY_MANAGER]
    add_reader(world.owner, report_id=report.pk, person_id=person.pk, delivery="attached")
    release_report(world.owner, report_id=report.pk)
    real = report_letters.copy_for

    def slow(*given: Any) -> Any:
        copy = real(*given)
        if withdrawn:
            withdraw_report(world.owner, report_id=report.pk)
        return copy

    monkeypatch.setattr(report_letters, "copy_for", slow)
    mail.outbox.clear()
    world.run_outbox(LETTER)
    papers = [one[1] for letter in mail.outbox for one in letter.attachments]
    digests = [line.digest for line in lines(world, way="mail")]
    assert digests == [sha256(paper).hexdigest() for paper in papers]
    assert len(papers) == len(mail.outbox) == (0 if withdrawn else 1)


def test_who_may_not_read_it_any_more_gets_no_letter(world: World) -> None:
    report = made(world, world.owner)
    contact = world.people[Role.DEPARTMENT_CONTACT]
    add_reader(world.owner, report_id=report.pk, person_id=contact.pk)
    release_report(world.owner, report_id=report.pk)
    mail.outbox.clear()
    world.run_outbox(LETTER)
    assert mail.outbox == []
    assert lines(world, way="mail") == []
    with brand_scope(world.brand):
        assert Reader.objects.get().told == "not_told"


def test_readers_outside_are_the_rules_to_allow(world: World) -> None:
    report = made(world)
    with pytest.raises(Refused, match="outside_not_allowed"):
        add_reader(world.owner, report_id=report.pk, address="me.blanc@cabinet.example")
    ruled(world, outside_allowed=True)
    with pytest.raises(Refused, match="not_allowed"):
        add_reader(world.approver, report_id=report.pk, address="me.blanc@cabinet.example")
    with pytest.raises(Invalid, match="bad_email"):
        add_reader(world.owner, report_id=report.pk, address="me blanc")
    add_reader(world.owner, report_id=report.pk, address="me.blanc@cabinet.example")
    with brand_scope(world.brand):
        (reader,) = Reader.objects.all()
    remove_reader(world.approver, reader_id=reader.pk)
    with brand_scope(world.brand):
        assert not Reader.objects.exists()


def test_every_view_is_a_line_before_it_is_shown(world: World) -> None:
    made_share = shared(world, views=2)
    link_id = exchange(world.brand, token=made_share.token, code="")
    assert link_id is not None
    for _ in range(2):
        assert open_link(world.brand, link_id=link_id) is not None
        assert note_view(world.brand, link_id=link_id) is not None
    assert note_copy(world.brand, link_id=link_id, digest="0" * 64) is not None
    assert open_link(world.brand, link_id=link_id) is None
    assert [(line.way, line.why) for line in lines(world, why="viewed")] == [("link", "viewed")] * 2 + [
        ("pdf", "viewed")
    ]
    with brand_scope(world.brand):
        assert seen_of(made_share.share.report).count() == 4  # the link itself, two looks, a file


@pytest.mark.parametrize("way", ["ended", "withdrawn", "expired"])
def test_what_has_ended_shows_nothing_at_the_next_request(world: World, way: str) -> None:
    made_share = shared(world)
    link_id = exchange(world.brand, token=made_share.token, code="")
    assert link_id is not None
    assert open_link(world.brand, link_id=link_id) is not None
    if way == "ended":
        end_share(world.owner, share_id=made_share.share.pk)
        with pytest.raises(Conflict, match="already_ended"):
            end_share(world.owner, share_id=made_share.share.pk)
    elif way == "withdrawn":
        assert withdraw_report(world.owner, report_id=made_share.share.report_id) == 1
    with time_machine.travel(timezone.now() + timedelta(days=15 if way == "expired" else 0)):
        assert open_link(world.brand, link_id=link_id) is None
        assert note_view(world.brand, link_id=link_id) is None
        assert note_copy(world.brand, link_id=link_id, digest="0" * 64) is None
        assert exchange(world.brand, token=made_share.token, code="") is None
    assert lines(world, why="viewed") == []


def test_who_shares_and_what(world: World, other: World) -> None:
    draft, out, theirs = made(world), released(world), released(other)
    for role in Role:
        if role not in MAY[Verb.LINK_SHARE]:
            with pytest.raises(Refused):
                share_report(world.actor(role), report_id=out.pk, recipient="Me Blanc")
    with pytest.raises(Conflict, match="report_not_in_this_state"):
        share_report(world.owner, report_id=draft.pk, recipient="Me Blanc")
    with pytest.raises(Missing):
        share_report(world.owner, report_id=theirs.pk, recipient="Me Blanc")
    kept = released(world, info_class="brand")
    with pytest.raises(Conflict, match="nothing_to_share"):
        share_report(world.owner, report_id=kept.pk, recipient="Me Blanc")
    for wrong in ({"recipient": " "}, {"days": 99}, {"views": 0}, {"password": "court"}):
        with pytest.raises(Invalid):
            shared(world, out, **wrong)


@pytest.mark.parametrize("act", [release_report, withdraw_report])
def test_only_the_brand_lets_out_and_takes_back(world: World, act: Any) -> None:
    report = made(world) if act is release_report else released(world)
    for role in Role:
        if role not in MAY[Verb.REPORT_RELEASE]:
            with pytest.raises(Refused):
                act(world.actor(role), report_id=report.pk)
    act(world.approver, report_id=report.pk)
    with pytest.raises(Conflict):
        act(world.approver, report_id=report.pk)
