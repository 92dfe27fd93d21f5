"""Reports as people see them: built, held, let out, shared by a link and checked; and who may what."""

import re
import time
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clients.audit.models import Entry
from clients.autonomy.vocabulary import EntryPoint
from clients.disclosure.models import Disclosure
from clients.people.actor import process_of
from clients.people.rules import MAY, Verb
from portal.brand.disclosure_shared import COOKIE, VIEWED
from reports.making.access import bytes_of_paper
from reports.making.actions import ask_report, make_report, remake_report
from reports.making.models import Edition, Report, SealKey
from reports.making.steps import MAKE, REDRAW
from reports.rendering.errors import Fault
from reports.sharing.actions import end_share, release_report, take_home, withdraw_report
from reports.sharing.models import Share
from reports.sharing.queries import seen_of
from reports.sharing.worded import copy_for
from tenants.errors import Conflict
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.conftest import Browse
from tests.portal.test_lists import queries_of
from tests.reports.making.conftest import WEEK
from tests.triage.conftest import said
from tests.world import World

OWNER, CM = Role.BRAND_OWNER, Role.COMMUNITY_MANAGER
PASSWORD = "douze mots de passe"


def url(name: str, *args: Any) -> str:
    return reverse(name, urlconf="portal.urls_brand", args=args)


def asked(world: World, title: str = "Notre semaine") -> Report:
    return ask_report(world.cm, kind="weekly", period=WEEK, language="fr", title=title)


def out(world: World) -> Report:
    report = asked(world)
    make_report(process_of(world.brand, EntryPoint.WORKER, "reports"), report_id=report.pk)
    release_report(world.owner, report_id=report.pk)
    return report


def lines(world: World, **facts: Any) -> list[Disclosure]:
    with brand_scope(world.brand):
        return list(Disclosure.objects.filter(object_kind="reports.report", **facts).order_by("at", "id"))


def test_built_previewed_made_annotated_and_let_out(world: World, browse: Browse) -> None:
    cm, owner = browse(world.people[CM], world.brand), browse(world.people[OWNER], world.brand)
    typed = {
        "kind": "weekly",
        "period": "2026-W46",
        "language": "fr",
        "title": "Notre semaine",
        "words": "Bonne lecture",
    }
    assert cm.get(url("report_new")).status_code == 200
    preview = cm.post(url("report_preview"), typed)
    assert preview.status_code == 200
    assert "report-document" in preview.content.decode()
    wrong = cm.post(url("report_preview"), typed | {"of_kind": "weekly", "period": "own"})
    assert "report-document" not in wrong.content.decode()
    page = cm.post(url("report_new"), typed)
    assert page.status_code == 303
    at = page["Location"]
    assert "waits for its turn" in cm.get(at).content.decode()
    assert cm.get(f"{at}progress").headers.get("HX-Refresh") is None
    world.run_outbox(MAKE)
    assert cm.get(f"{at}progress").headers["HX-Refresh"] == "true"
    assert "Bonne lecture" in owner.get(at).content.decode()
    assert cm.post(f"{at}step", {"step": "release"}).status_code == 403
    assert owner.post(f"{at}step", {"step": "annotate", "text": "Bravo à tous."}).status_code == 303
    assert cm.get(at).content.decode().count("Bravo à tous.") == 1
    world.run_outbox(REDRAW)
    assert owner.post(f"{at}step", {"step": "hold"}).status_code == 303
    assert owner.post(f"{at}step", {"step": "release"}).status_code == 303
    taken = cm.post(f"{at}report.pdf")
    assert taken.content.startswith(b"%PDF-")
    assert [line.way for line in lines(world)] == ["pdf"]


def test_the_agency_proposes_and_the_brand_reads_why(world: World, browse: Browse) -> None:
    cm, owner = browse(world.people[CM], world.brand), browse(world.people[OWNER], world.brand)
    report = asked(world)
    at = url("report", report.pk)
    assert 'value="propose"' not in cm.get(at).content.decode()  # there is nothing to propose yet
    world.run_outbox(MAKE)
    assert 'value="propose"' in cm.get(at).content.decode()
    assert 'value="propose"' not in owner.get(at).content.decode()
    wrong = cm.post(f"{at}step", {"step": "propose", "note": "x" * 1001})
    assert wrong.status_code == 422
    assert 'id="note"' in wrong.content.decode()
    assert "x" * 1001 in wrong.content.decode()
    assert cm.post(f"{at}step", {"step": "propose", "note": "À relire <b>vite</b>."}).status_code == 303
    page = owner.get(at).content.decode()
    assert "À relire &lt;b&gt;vite&lt;/b&gt;." in page
    assert 'value="release"' in page
    assert "proposed" in owner.get(url("reports")).content.decode()
    assert owner.post(f"{at}step", {"step": "release"}).status_code == 303
    with brand_scope(world.brand):
        kept = Edition.objects.get(report=report)
    assert "À relire" not in str(kept.facts)


def test_the_brand_changes_the_key_after_proving_who_it_is(world: World, browse: Browse) -> None:
    report = out(world)
    first = browse(world.people[OWNER], world.brand).post(f"{url('report', report.pk)}report.pdf").content
    plain, proved = browse(world.people[OWNER], world.brand), browse(world.people[OWNER], world.brand, proved=True)
    for role in (CM, Role.APPROVER):
        assert browse(world.people[role], world.brand).post(url("report_key")).status_code == 403
    assert "/account/reauthenticate/" in plain.post(url("report_key"))["Location"]
    assert reverse("report_key", urlconf="portal.urls_brand") not in plain.get(url("report_rules")).content.decode()
    with brand_scope(world.brand):
        assert SealKey.objects.count() == 1
    assert proved.post(url("report_key")).status_code == 303
    with brand_scope(world.brand):
        (old, new) = SealKey.objects.order_by("number")
        assert Entry.objects.filter(verb="report.key_made").count() == 2
    page = proved.get(url("report_rules")).content.decode()
    assert page.index(new.name) < page.index(old.name)
    second = proved.post(f"{url('report', report.pk)}report.pdf").content
    for content, name in ((first, old.name), (second, new.name)):
        told = proved.post(url("report_verify"), {"file": _file(content)}).content.decode()
        assert "unchanged since it was signed" in told
        assert name in told


def test_the_builder_asks_for_the_days_that_a_kind_needs(world: World, browse: Browse) -> None:
    cm = browse(world.people[CM], world.brand)
    weekly = cm.get(url("report_new")).content.decode()
    monthly = cm.get(url("report_new"), {"kind": "monthly"}).content.decode()
    custom = cm.get(url("report_new"), {"kind": "custom"}).content.decode()
    for page, weeks, own in ((weekly, 27, False), (monthly, 0, False), (custom, 9, True)):
        assert len(re.findall(r'value="\d{4}-W\d\d"', page)) == weeks
        assert ('name="since"' in page) == own
    assert len(re.findall(r'value="\d{4}-\d\d"', monthly)) == 13
    # Another kind is chosen: its own boxes are drawn, all ticked, and the preview is of all of them.
    typed = {"kind": "monthly", "of_kind": "weekly", "section": ["work"], "period": "2026-W46", "language": "fr"}
    page = cm.post(url("report_preview"), typed).content.decode()
    assert 'id="builder"' in page
    assert "report-document" in page
    boxes = re.findall(r'<input type="checkbox" name="section" value="\w+"( checked)?', page)
    assert len(boxes) > 1 and all(boxes)
    assert re.findall(r'value="2026-\d\d" selected', page)
    # Of a kind with sections that not every role may have, those alone are offered and shown.
    typed |= {"kind": "custom"}
    page = cm.post(url("report_preview"), typed).content.decode()
    owners = browse(world.people[OWNER], world.brand).post(url("report_preview"), typed).content.decode()
    assert "report-document" in page
    assert 0 < page.count('name="section"') < owners.count('name="section"')
    assert cm.post(url("report_preview"), typed | {"of_kind": "custom", "section": ["reads"]}).status_code == 403
    alone = cm.post(url("report_preview"), typed, headers={"hx-target": "preview"}).content.decode()
    assert 'id="builder"' not in alone
    assert "report-document" in alone


FAULTS = [str(fault) for fault in Fault if fault is not Fault.CANCELLED]
CODES = [*FAULTS, "disk_full", "making_failed", "secret_unreadable"]


@pytest.mark.parametrize("code", CODES)
def test_whatever_went_wrong_is_said_in_words_with_a_button_to_try_again(
    world: World, browse: Browse, code: str
) -> None:
    report = asked(world)
    with brand_scope(world.brand):
        Report.objects.filter(pk=report.pk).update(state="failed", error=code)
    cm = browse(world.people[CM], world.brand)
    said = set()
    for language in ("en", "fr"):
        page = cm.get(url("report", report.pk), headers={"accept-language": language}).content.decode()
        assert 'value="retry"' in page
        assert code not in page
        said.add(page.split('class="notice notice-no"')[1].split("</div></div>")[0])
    assert len(said) == 2
    assert cm.post(f"{url('report', report.pk)}step", {"step": "retry"}).status_code == 303
    with brand_scope(world.brand):
        assert Report.objects.get().state == "making"


def test_sections_that_a_role_may_not_read_are_neither_offered_nor_shown(world: World, browse: Browse) -> None:
    approver, auditor = (browse(world.people[role], world.brand) for role in (Role.APPROVER, Role.AUDITOR))
    typed = {"kind": "audit", "of_kind": "audit", "period": "2026-11", "language": "fr", "class": "brand"}
    offered = approver.get(url("report_new"), {"kind": "audit"}).content.decode()
    assert re.findall(r'name="section" value="(\w+)"', offered) == ["receipts"]
    assert approver.post(url("report_new"), typed | {"section": ["left"]}).status_code == 403
    assert approver.post(url("report_new"), typed).status_code == 303  # all of theirs
    with brand_scope(world.brand):
        assert Report.objects.get().sections == ["receipts"]
    report, beside = (ask_report(world.owner, kind="audit", period=WEEK, language="fr") for _ in range(2))
    world.run_outbox(MAKE)
    for client, reads in ((approver, False), (auditor, True)):
        page = client.get(url("report", report.pk)).content.decode()
        assert ("report-document" in page, "not open to your role" in page) == (reads, not reads)
        assert client.post(url("report_paper", report.pk)).status_code == (200 if reads else 403)
        compared = client.get(url("report_compare", report.pk)).content.decode()
        assert (str(beside.pk) in compared) == reads


def test_a_list_of_one_costs_as_many_queries_as_of_three(world: World, other: World, browse: Browse) -> None:
    asked(other, "SECRET")
    asked(world)
    client = browse(world.people[CM], world.brand)
    one, _page = queries_of(client, url("reports"))
    for n in range(2):
        asked(world, f"Semaine {n}")
    three, full = queries_of(client, url("reports"))
    assert one == three
    assert "Semaine 1" in full
    assert "SECRET" not in full
    assert "Semaine 1" not in client.get(f"{url('reports')}?state=released").content.decode()


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ("/reports/?kind=%00", 200),
        ("/reports/?state=%00", 200),
        ("/reports/?year=0", 200),
        ("/reports/?year=0000&kind=weekly", 200),
        ("/figures/rows?view=quarter&period=2026-Q4&figure=mentions.topic;topic=%00", 404),
        ("/figures/?view=week&period=0001-W01", 422),
        ("/figures/?view=month&period=9999-11", 422),
        ("/figures/?view=month&period=0001-01", 422),
    ],
)
def test_odd_addresses_are_answered(world: World, browse: Browse, wrong: str, status: int) -> None:
    asked(world)
    client = browse(world.people[OWNER], world.brand)
    page = client.get(wrong)
    assert page.status_code == status
    assert "Notre semaine" not in page.content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_who_reads_and_who_sees_the_readers(world: World, browse: Browse, role: Role) -> None:
    report, client = asked(world), browse(world.people[role], world.brand)
    page = client.get(url("report", report.pk))
    assert page.status_code == (200 if role in MAY[Verb.REPORT_READ] else 403)
    assert ("seen-title" in page.content.decode()) == (role in MAY[Verb.REPORT_RELEASE])
    assert client.get(url("report_rules")).status_code == (200 if role in MAY[Verb.REPORT_RULE] else 403)


def test_a_rule_is_set(world: World, browse: Browse) -> None:
    owner = browse(world.people[OWNER], world.brand)
    typed = {
        "kind": "weekly",
        "rhythm": "weekly",
        "weekday": "0",
        "day": "1",
        "at": "08:00",
        "window": "4",
        "delivery": "link",
    }
    assert owner.post(url("report_rules"), typed | {"language": "fr"}).status_code == 303
    assert "next" in owner.get(url("report_rules")).content.decode()
    assert owner.post(url("report_rules"), typed | {"language": "fr", "window": "999"}).status_code == 422


def told_of_two_weeks(world: World, client: Client, report: Report, **asked: str) -> dict[str, list[str]]:
    """The page that lays a report beside another: cells by what stands before them, without what is around the numbers."""
    page = client.get(url("report_compare", report.pk), asked).content.decode()
    rows = re.findall(r'<tr><th scope="row" dir="auto">(.*?)</th>(.*?)</tr>', page, re.DOTALL)
    return {
        label: [_words(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", cells, re.DOTALL)] for label, cells in rows
    }


def _words(cell: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", cell).split())


def test_two_weeks_are_laid_side_by_side_each_with_what_happened_in_it_alone(world: World, browse: Browse) -> None:
    """In the newer week three mentions by feed, one of them the brand's own; in the older one one, by another medium."""
    weeks = (WEEK, WEEK.before)
    for week, medium, info_class in (
        *((WEEK, "feed", one) for one in ("shared", "shared", "brand")),
        (WEEK.before, "forum", "shared"),
    ):
        said(world.brand, "Des fraises", medium=medium, info_class=info_class, found_at=week.since + timedelta(days=1))
    newer, older = (ask_report(world.cm, kind="weekly", period=week, language="en") for week in weeks)
    with patch("reports.facts.whole.first_line_at", return_value=WEEK.before.since - timedelta(days=30)):
        for report in (older, newer):
            make_report(process_of(world.brand, EntryPoint.WORKER, "reports"), report_id=report.pk)
    owner, cm = browse(world.people[OWNER], world.brand), browse(world.people[CM], world.brand)
    found = told_of_two_weeks(world, owner, newer)
    assert found["Mentions found"] == ["3", "1", "+2"]
    assert found["Mentions found – news feed"] == ["3", "0", "+3"]
    assert found["Mentions found – forum"] == ["0", "1", "\u22121"]
    assert told_of_two_weeks(world, owner, older, **{"with": str(newer.pk)})["Mentions found"] == ["1", "3", "\u22122"]
    hers = told_of_two_weeks(world, cm, newer)
    assert hers["Mentions found"] == ["2 1 kept", "1", "+1"]
    assert hers["Mentions found – news feed"][0].startswith("2") and hers["Mentions found – forum"][0] == "0"
    page = cm.get(url("report_compare", newer.pk)).content.decode()
    assert (
        "1 row is not shown" in page
        and "1 row is not shown" not in owner.get(url("report_compare", newer.pk)).content.decode()
    )


def door(world: World, browse: Browse, page: str) -> tuple[Client, str]:
    """A browser of somebody without an account that has shown the token on this page."""
    token = re.search(r"/s/#([\w-]+)", page)
    assert token
    client = browse(None, world.brand)
    answer = client.post(url("shared"), {"token": token[1]})
    assert answer.status_code == 303, answer.status_code
    return client, answer["Location"]


def test_a_link_shows_it_marked_and_noted_until_it_is_ended(world: World, browse: Browse) -> None:
    report, owner = out(world), browse(world.people[OWNER], world.brand)
    typed = {"recipient": "Me Blanc", "days": "7", "views": "3", "password": ""}
    page = owner.post(url("report_share", report.pk), typed).content.decode()
    client, there = door(world, browse, page)
    assert there == url("report_shared")
    shown = client.get(there)
    assert shown.status_code == 200
    assert "Me Blanc" in shown.content.decode()
    assert shown["Cache-Control"] == "private, no-store"
    paper = client.get(url("report_shared_paper"))
    assert paper.content.startswith(b"%PDF-")
    assert paper["Cache-Control"] == "private, no-store"
    assert [(line.way, line.recipient_kind) for line in lines(world, why="viewed")] == [
        ("link", "link"),
        ("pdf", "link"),
    ]
    assert "Me Blanc" in owner.get(url("report", report.pk)).content.decode()
    checked = client.post(url("report_verify"), {"file": _file(paper.content)}).content.decode()
    assert "unchanged since it was signed" in checked
    assert "Notre semaine" not in checked
    broken = bytearray(paper.content)
    broken[len(broken) // 2] ^= 1
    assert "unchanged since" not in client.post(url("report_verify"), {"file": _file(bytes(broken))}).content.decode()
    with brand_scope(world.brand):
        share = Share.objects.get()
    end_share(world.owner, share_id=share.pk)
    for name in ("report_shared", "report_shared_paper"):
        assert client.get(url(name)).status_code == 404
    assert len(lines(world, why="viewed")) == 2


def test_a_password_stands_before_the_view(world: World, browse: Browse) -> None:
    report, owner = out(world), browse(world.people[OWNER], world.brand)
    typed = {"recipient": "Me Blanc", "days": "7", "views": "3", "password": PASSWORD}
    page = owner.post(url("report_share", report.pk), typed).content.decode()
    client, there = door(world, browse, page)
    asks = client.get(there).content.decode()
    assert 'type="password"' in asks
    assert "report-document" not in asks
    assert client.get(url("report_shared_paper")).status_code == 404
    wrong = client.post(there, {"password": "faux"})
    assert wrong.status_code == 403
    assert 'type="password"' in wrong.content.decode()
    assert "Encore 9 essais" in wrong.content.decode()
    assert lines(world, why="viewed") == []
    assert client.post(there, {"password": PASSWORD}).status_code == 303
    assert "report-document" in client.get(there).content.decode()


def test_a_password_typed_at_the_door_is_tried_as_one(world: World, browse: Browse) -> None:
    report, owner = out(world), browse(world.people[OWNER], world.brand)
    typed = {"recipient": "Me Blanc", "days": "7", "views": "3", "password": PASSWORD}
    page = owner.post(url("report_share", report.pk), typed).content.decode()
    token = re.search(r"/s/#([\w-]+)", page)
    assert token
    for password, status in (("faux", 403), (PASSWORD, 303)):
        client = browse(None, world.brand)
        answer = client.post(url("shared"), {"token": token[1], "code": password})
        assert answer.status_code == 307
        assert client.post(answer["Location"], {"token": token[1], "code": password}).status_code == status
    assert "report-document" in client.get(url("report_shared")).content.decode()


def test_the_same_form_makes_one_link(world: World, browse: Browse) -> None:
    report, owner = out(world), browse(world.people[OWNER], world.brand)
    page = owner.get(url("report", report.pk)).content.decode()
    once = re.search(r'name="once" value="([^"]+)"', page)
    assert once
    typed = {"recipient": "Me Blanc", "days": "7", "views": "3", "password": "", "once": once[1]}
    made = owner.post(url("report_share", report.pk), typed)
    assert "/s/#" in made.content.decode()
    again = owner.post(url("report_share", report.pk), typed)
    assert again.status_code == 303
    assert "/s/#" not in owner.get(again["Location"]).content.decode()
    with brand_scope(world.brand):
        assert Share.objects.count() == 1
    other_form = re.search(r'name="once" value="([^"]+)"', made.content.decode())
    assert other_form
    assert owner.post(url("report_share", report.pk), typed | {"once": other_form[1]}).status_code == 200
    with brand_scope(world.brand):
        assert Share.objects.count() == 2


def test_what_waits_is_said_at_home_and_stands_in_one_list(world: World, other: World, browse: Browse) -> None:
    report, owner = asked(world), browse(world.people[OWNER], world.brand)
    make_report(process_of(world.brand, EntryPoint.WORKER, "reports"), report_id=report.pk)
    for name in ("home", "approvals"):
        assert "1 report waits" in owner.get(url(name)).content.decode()
        assert "report waits" not in browse(other.people[OWNER], other.brand).get(url(name)).content.decode()
    for step in ("", "hold"):
        if step:
            assert owner.post(url("report_step", report.pk), {"step": step}).status_code == 303
        page = owner.get(url("reports")).content.decode()
        assert page.count(f"/{report.pk}/") == 1
        assert page.index("waiting-title") < page.index(f"/{report.pk}/")
    assert "report waits" not in owner.get(url("home")).content.decode()


def test_a_release_says_to_whom(world: World, browse: Browse) -> None:
    report, owner = asked(world), browse(world.people[OWNER], world.brand)
    make_report(process_of(world.brand, EntryPoint.WORKER, "reports"), report_id=report.pk)
    assert "nobody is its reader yet" in owner.get(url("report", report.pk)).content.decode()
    typed = {"person": str(world.people[CM].pk), "delivery": "link"}
    assert owner.post(url("report_reader", report.pk), typed).status_code == 303
    assert "to 1 reader" in owner.get(url("report", report.pk)).content.decode()
    assert owner.post(url("report_step", report.pk), {"step": "release"}).status_code == 303
    assert "A letter goes to 1 reader" in owner.get(url("report", report.pk)).content.decode()


def test_a_code_tells_that_it_is_from_here_and_nothing_else(world: World, other: World, browse: Browse) -> None:
    report, theirs, anybody = out(world), out(other), browse(None, world.brand)
    with brand_scope(world.brand):
        code, digest = Edition.objects.values_list("code", "digest").get(report=report)
    with brand_scope(other.brand):
        foreign = Edition.objects.get(report=theirs).code
    page = anybody.get(url("report_verify"), {"code": code.lower()}).content.decode()
    assert "A report with this code was issued here" in page and "only checking the file" in page
    assert all(fact in page for fact in ("Weekly report", "Week 46", world.brand.name, digest))
    assert "Notre semaine" not in page
    for wrong in (foreign, "0" * 16):
        assert "not known here" in anybody.get(url("report_verify"), {"code": wrong}).content.decode()


def test_every_line_of_who_saw_it_is_counted_and_found(world: World, browse: Browse) -> None:
    report, owner = out(world), browse(world.people[OWNER], world.brand)
    cm = world.cm
    for number in range(51):
        take_home(cm, report_id=report.pk, info_class="shared", digest=f"{number:064}")
    with brand_scope(world.brand):
        assert seen_of(report).count() == 51
    first = owner.get(url("report", report.pk)).content.decode()
    assert '<span class="count">51</span>' in first
    assert first.count('mention-wrap"><bdi class="strong">') == 50
    older = re.search(r'href="(\?seen_before=[^"#]+)', first)
    assert older is not None
    last = owner.get(url("report", report.pk) + older[1]).content.decode()
    assert '<span class="count">51</span>' in last
    assert last.count('mention-wrap"><bdi class="strong">') == 1
    assert 'href="?seen_before' not in last


def told_of(client: Client, **typed: Any) -> str:
    return client.post(url("report_verify"), typed).content.decode()


def bomb(objects: int) -> bytes:
    head = b"%PDF-1.7\n"
    table = b"1 0 obj\n<</Type/XRef/W[0 0 0]/Index[0 %d]/Size %d/Root 2 0 R/Length 0>>\nstream\n\nendstream\nendobj\n"
    return head + table % (objects, objects) + b"startxref\n%d\n%%%%EOF\n" % len(head)


def test_a_strangers_file_costs_nothing_and_a_changed_one_is_told(world: World, browse: Browse) -> None:
    report, anybody = out(world), browse(None, world.brand)
    mine = browse(world.people[CM], world.brand).post(f"{url('report', report.pk)}report.pdf").content
    assert "unchanged since it was signed" in told_of(anybody, file=_file(mine))
    changed = bytearray(mine)
    changed[len(changed) // 2] ^= 1
    assert "changed after it was signed" in told_of(anybody, file=_file(bytes(changed)))
    begun = time.process_time()
    assert "not known here" in told_of(anybody, file=_file(bomb(100_000_000)))
    assert time.process_time() - begun < 1


def test_what_was_not_let_out_is_signed_by_nobody_and_what_was_taken_back_is_told(world: World, browse: Browse) -> None:
    report, anybody = asked(world), browse(None, world.brand)
    cm, at = browse(world.people[CM], world.brand), f"{url('report', report.pk)}report.pdf"
    worker = process_of(world.brand, EntryPoint.WORKER, "reports")
    make_report(worker, report_id=report.pk)
    draft = cm.post(at).content
    remake_report(world.cm, report_id=report.pk)
    make_report(worker, report_id=report.pk)
    with brand_scope(world.brand):
        first, second = Edition.objects.filter(report=report).order_by("number").values_list("code", flat=True)
    assert draft.startswith(b"%PDF-")
    assert b"/ByteRange" not in draft
    for typed in ({"file": _file(draft)}, {"code": first}, {"code": second}):
        assert "not known here" in told_of(anybody, **typed)
    release_report(world.owner, report_id=report.pk)
    signed = cm.post(at).content
    assert "unchanged since it was signed" in told_of(anybody, file=_file(signed))
    assert "A report with this code was issued here" in told_of(anybody, code=second)
    for typed in ({"file": _file(draft)}, {"code": first}):
        assert "not known here" in told_of(anybody, **typed)
    withdraw_report(world.owner, report_id=report.pk)
    assert b"/ByteRange" not in cm.post(at).content
    for typed in ({"file": _file(signed)}, {"code": second}):
        assert "was withdrawn since" in told_of(anybody, **typed)


def test_a_signed_file_that_never_left_or_left_too_early_is_not_vouched_for(world: World, browse: Browse) -> None:
    report, anybody = out(world), browse(None, world.brand)
    with brand_scope(world.brand):
        content = bytes_of_paper(Edition.objects.select_related("paper").get(report=report))
    copy = copy_for(world.brand, content, "Me Blanc", "fr")
    assert "not among the reports that were released" in told_of(anybody, file=_file(copy.content))
    take_home(world.cm, report_id=report.pk, info_class="shared", digest=copy.digest, signed=copy.signed)
    assert "unchanged since it was signed" in told_of(anybody, file=_file(copy.content))
    with brand_scope(world.brand):
        Report.objects.update(released_at=timezone.now() + timedelta(seconds=1))
    assert "not among the reports that were released" in told_of(anybody, file=_file(copy.content))


def test_a_signed_copy_of_what_is_not_out_does_not_leave(world: World) -> None:
    report = out(world)
    given: dict[str, Any] = {"report_id": report.pk, "info_class": "shared", "digest": "0" * 64}
    take_home(world.cm, **given, signed=True)
    withdraw_report(world.owner, report_id=report.pk)
    with pytest.raises(Conflict, match="report_not_in_this_state"):
        take_home(world.cm, **given, signed=True)
    take_home(world.cm, **given)
    assert len(lines(world, way="pdf")) == 2


def test_a_file_belongs_to_the_view_that_its_browser_spent(world: World, browse: Browse) -> None:
    report, owner = out(world), browse(world.people[OWNER], world.brand)
    typed = {"recipient": "Me Blanc", "days": "7", "views": "2", "password": ""}
    page = owner.post(url("report_share", report.pk), typed).content.decode()
    (first, there), *others = [door(world, browse, page) for _ in range(3)]
    assert first.get(url("report_shared_paper")).status_code == 404
    assert first.get(there).status_code == 200
    for client, _there in others:
        assert client.get(url("report_shared_paper")).status_code == 404
        client.cookies[VIEWED] = client.cookies[COOKIE].value
        assert client.get(url("report_shared_paper")).status_code == 404
    assert first.get(url("report_shared_paper")).status_code == 200
    assert [line.way for line in lines(world, why="viewed")] == ["link", "pdf"]
    second, there = others[0]
    assert second.get(there).status_code == 200
    assert second.get(url("report_shared_paper")).status_code == 200


def _file(content: bytes) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("rapport.pdf", content, "application/pdf")
