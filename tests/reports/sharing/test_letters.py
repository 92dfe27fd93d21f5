"""What a letter carries for whom, on whose terms its link opens, and one line of the ledger for each letter that leaves."""

from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from clients.disclosure.actions import exchange
from clients.disclosure.models import ShareLink
from clients.outbox.models import OutboxRow
from reports.facts.periods import PeriodKind, period_of, today
from reports.making.actions import propose_report
from reports.making.models import Report, ReportRule
from reports.making.steps import NOTICE
from reports.sharing.actions import add_reader, fits_password, release_report
from reports.sharing.models import Reader, Share
from reports.sharing.steps import LETTER
from tenants.errors import Invalid, Refused
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.channels.mailserver import Mailbox, serving
from tests.reports.sharing.conftest import again, made, said
from tests.reports.sharing.test_sharing import lines, ruled, run_rule_of
from tests.world import World

BLANC = "me.blanc@cabinet.example"


def told(world: World, report: Report) -> dict[str, Any]:
    """Let out; the letters by their addresses."""
    release_report(world.owner, report_id=report.pk)
    mail.outbox.clear()
    world.run_outbox(LETTER)
    return {letter.to[0]: letter for letter in mail.outbox}


def this_week(world: World, **more: Any) -> Report:
    zone = world.brand.time_zone
    return made(world, world.owner, period=period_of(PeriodKind.WEEK, today(timezone.now(), zone), zone), **more)


def due_now(world: World) -> None:
    with brand_scope(world.brand):
        OutboxRow.objects.filter(done_at=None).update(due_at=timezone.now())


@pytest.mark.parametrize("trouble", ["away", "not yet", "never"])
def test_one_line_and_one_link_for_each_letter_that_leaves(world: World, settings: Any, trouble: str) -> None:
    ruled(world, outside_allowed=True)
    report = made(world, world.owner)
    approver = world.people[Role.APPROVER]
    add_reader(world.owner, report_id=report.pk, person_id=approver.pk, delivery="attached")
    add_reader(world.owner, report_id=report.pk, address=BLANC)
    release_report(world.owner, report_id=report.pk)
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    code = {"not yet": "450 later", "never": "550 nobody"}.get(trouble, "")
    box = Mailbox(refuse={approver.email: code, BLANC: code} if code else {})
    with serving(box) as port:
        settings.EMAIL_PORT = 1 if trouble == "away" else port
        for _ in range(3):
            due_now(world)
            world.run_outbox(LETTER, rounds=1)
        assert box.got == []
        assert lines(world) == []
        with brand_scope(world.brand):
            assert not Share.objects.exists()
        box.refuse.clear()
        settings.EMAIL_PORT = port
        for _ in range(2):
            due_now(world)
            world.run_outbox(LETTER, rounds=1)
    left = 0 if trouble == "never" else 1
    assert len(box.got) == 2 * left
    assert [len(lines(world, way=way)) for way in ("mail", "link")] == [2 * left, left]
    with brand_scope(world.brand):
        assert ShareLink.objects.count() == left
        assert set(Reader.objects.values_list("told", flat=True)) == {"told" if left else "bounced"}


def test_a_notice_that_no_server_took_is_no_line(world: World, settings: Any) -> None:
    report = made(world)
    propose_report(world.cm, report_id=report.pk)
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    settings.EMAIL_PORT = 1
    for _ in range(2):
        due_now(world)
        world.run_outbox(NOTICE, rounds=1)
    assert lines(world) == []


def test_links_of_letters_open_on_the_brands_terms(world: World) -> None:
    ruled(world, outside_allowed=True, link_days=3, link_views=2, link_password="douze mots de passe")
    ruled(world, outside_allowed=True, link_days=3, link_views=2)  # the password stays, unless it is taken away
    report = made(world, world.owner)
    add_reader(world.owner, report_id=report.pk, address=BLANC)
    letter = told(world, report)[BLANC]
    token = letter.body.split("/s/#")[1].split()[0]
    assert "douze mots" not in letter.body and "mot de passe" in letter.body
    link_id = exchange(world.brand, token=token, code="")
    assert link_id is not None
    with brand_scope(world.brand):
        link = ShareLink.objects.get(pk=link_id)
        assert "douze" not in ReportRule.objects.get().link_password
    assert (link.most_views, (link.expires_at - timezone.now()).days) == (2, 2)
    assert not fits_password(world.brand, link_id=link_id, password="onze mots de passe")
    assert fits_password(world.brand, link_id=link_id, password="douze mots de passe")
    ruled(world, outside_allowed=True, link_password="")
    with brand_scope(world.brand):
        assert ReportRule.objects.get().link_password == ""
    for wrong in ({"link_days": 31}, {"link_days": 0}, {"link_views": 0}, {"link_password": "court"}):
        with pytest.raises(Invalid):
            ruled(world, outside_allowed=True, **wrong)


def test_who_reads_more_than_a_letter_may_carry_is_told_how_much_more(world: World) -> None:
    said(world.brand, "GEHEIM", info_class="brand")
    report = this_week(world)
    people = {role: world.people[role] for role in (Role.APPROVER, Role.COMMUNITY_MANAGER)}
    for person in people.values():
        add_reader(world.owner, report_id=report.pk, person_id=person.pk, delivery="attached")
    letters = told(world, report)
    own, shared = (letters[people[role].email].body for role in people)
    assert "Votre copie a" in own and "Votre copie a" not in shared
    assert "GEHEIM" not in own + shared
    assert {line.info_class for line in lines(world, way="mail")} == {"shared"}
    assert all(len(letter.attachments) == 1 for letter in letters.values())


def test_of_what_the_brand_keeps_a_letter_says_that_it_is_there(world: World) -> None:
    readers = [world.people[Role.APPROVER].pk, world.people[Role.COMMUNITY_MANAGER].pk]
    with pytest.raises(Refused, match="class_forbids"):
        ruled(world, info_class="brand", outside_allowed=True, addresses=[BLANC])
    report = run_rule_of(world, info_class="brand", readers=readers, delivery="attached")
    assert (report.info_class, report.owner_side) == ("brand", "brand")
    world.run_outbox("reports.make")
    letters = told(world, again(world, report))
    assert set(letters) == {world.people[Role.APPROVER].email}
    (letter,) = letters.values()
    assert letter.attachments == [] and "Rapport hebdomadaire" not in letter.subject + letter.body
    assert f"/reports/{report.pk}/" in letter.body


@pytest.mark.parametrize("sections", [["receipts"], ["receipts", "reads"]])
def test_a_letter_brings_nobody_what_the_page_does_not_open_to_them(world: World, sections: list[str]) -> None:
    report = made(world, world.owner, kind="audit", sections=sections)
    add_reader(world.owner, report_id=report.pk, person_id=world.people[Role.COMMUNITY_MANAGER].pk, delivery="attached")
    letters = told(world, report)
    assert len(letters) == (1 if sections == ["receipts"] else 0)
    with brand_scope(world.brand):
        assert Reader.objects.get().told == ("told" if letters else "not_told")
