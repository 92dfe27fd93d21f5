"""The page of figures: beside the period before, down to rows, as a table; what a reader may not read is on none of them."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
import time_machine

from clients.audit.models import Entry
from clients.briefings.actions import publish_briefing
from clients.disclosure.models import Disclosure
from clients.disclosure.rules import InfoClass
from clients.insights.models import Insight
from reports.facts.canonical import COLUMNS
from reports.facts.periods import PeriodKind, period_of
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.conftest import Browse
from tests.proof._quarter import Quarter
from tests.world import SECTIONS, World

PERIOD = {"view": "quarter", "period": "2026-Q4"}
QUARTER = period_of(PeriodKind.QUARTER, date(2026, 11, 1), "Europe/Paris")
_LINE = re.compile(r'data-figure="([^"]*)".*?data-label="Value">([^<]*)<', re.DOTALL)


@pytest.fixture
def lively(world: World) -> Iterator[World]:
    """With a quarter of rows, read when it is over."""
    Quarter(world.brand, 1, 40).write()
    with time_machine.travel(QUARTER.until + timedelta(days=4)):
        yield world


def test_page_rows_and_table_of_one_reader_agree(lively: World, browse: Browse) -> None:
    cm = browse(lively.people[Role.COMMUNITY_MANAGER], lively.brand)
    page = cm.get("/figures/", PERIOD)
    shown = dict(_LINE.findall(page.content.decode()))
    with brand_scope(lively.brand):
        noted = Insight.objects.filter(created_at__gte=QUARTER.since, created_at__lt=QUARTER.until)
        open_to_both = noted.filter(info_class__in=("public", "shared"))
        seen, kept = open_to_both.count(), noted.count() - open_to_both.count()
        secret = list(noted.exclude(info_class__in=("public", "shared")).values_list("title", flat=True))
    assert shown["insights.noted"] == str(seen) and kept
    rows = cm.get("/figures/rows", PERIOD | {"figure": "insights.noted"}).content.decode()
    assert f"{seen} row" in rows and f"{kept} more" in rows
    assert rows.count("data-row") == seen
    assert not any(f">{title}<" in rows for title in secret)
    table = cm.get("/figures/figures.csv", PERIOD).content.decode("utf-8-sig").splitlines()
    assert table[0] == ";".join(COLUMNS)
    assert len(table) - 1 == len(_LINE.findall(page.content.decode()))
    assert f"insights;insights.noted;;count;{seen};" in "\n".join(table)


def test_rows_are_told_in_words_and_lead_to_their_conversation(lively: World, browse: Browse) -> None:
    owner = browse(lively.people[Role.BRAND_OWNER], lively.brand)
    page = unescape(owner.get("/figures/rows", PERIOD | {"figure": "clocks.rounds;clock=answer"}).content.decode())
    assert "Clock: Answer" in page and "clock=answer" not in page and "service.clock" not in page
    assert page.count("data-row") == page.count('href="/conversations/0') > 0
    assert re.search(r"[0-9]\s(min|h)[^<]* at work", page)
    mentions = unescape(owner.get("/figures/rows", PERIOD | {"figure": "mentions.found"}).content.decode())
    assert mentions.count('href="/mentions/') + mentions.count('href="/inbox/') >= mentions.count("data-row") > 0


def test_a_table_taken_home_is_a_line_of_the_ledger(lively: World, browse: Browse) -> None:
    for role, info_class in ((Role.COMMUNITY_MANAGER, "shared"), (Role.BRAND_OWNER, "brand")):
        taken = browse(lively.people[role], lively.brand).get("/figures/figures.csv", PERIOD)
        assert taken.status_code == 200 and taken["X-Content-Type-Options"] == "nosniff"
        with brand_scope(lively.brand):
            line = Disclosure.objects.filter(object_kind="reports.facts").latest("at")
            assert (line.way, line.info_class, line.leave_person) == ("csv", info_class, lively.people[role].pk)


def test_a_strict_row_that_is_opened_is_noted(lively: World, browse: Browse) -> None:
    owner = browse(lively.people[Role.BRAND_OWNER], lively.brand)
    with brand_scope(lively.brand):
        before = Entry.objects.filter(verb="read", person_id=lively.people[Role.BRAND_OWNER].pk).count()
    assert owner.get("/figures/rows", PERIOD | {"figure": "mentions.found"}).status_code == 200
    with brand_scope(lively.brand):
        lines = Entry.objects.filter(verb="read", person_id=lively.people[Role.BRAND_OWNER].pk)
        assert lines.count() == before + 1
        assert {one["class"] for one in lines.latest("at").facts["objects"]} <= {"named", "brand"}


def test_who_is_refused_and_what_is_no_period(lively: World, browse: Browse) -> None:
    contact = browse(lively.people[Role.DEPARTMENT_CONTACT], lively.brand)
    cm = browse(lively.people[Role.COMMUNITY_MANAGER], lively.brand)
    for place in ("/figures/", "/figures/figures.csv"):
        assert contact.get(place, PERIOD).status_code == 403
        assert cm.get(place, PERIOD | {"view": "audit"}).status_code == 403
        assert cm.get(place, {"period": "2026-W99"}).status_code in {400, 422}
    assert cm.get("/figures/rows", PERIOD | {"figure": "nothing"}).status_code == 404
    assert "view=audit" not in cm.get("/figures/").content.decode()
    assert "view=audit" in browse(lively.people[Role.AUDITOR], lively.brand).get("/figures/").content.decode()


def test_the_last_whole_week_without_a_word_and_in_french(world: World, browse: Browse) -> None:
    page = browse(world.people[Role.BRAND_OWNER], world.brand).get("/figures/", headers={"accept-language": "fr"})
    text = unescape(page.content.decode())
    assert page.status_code == 200
    assert "Rien à comparer" in text and "Actes au nom de la marque" in text


def test_figures_are_drawn_beside_their_table_and_say_their_numbers(lively: World, browse: Browse) -> None:
    page = browse(lively.people[Role.BRAND_OWNER], lively.brand).get("/figures/", PERIOD).content.decode()
    drawings = re.findall(r"<svg[^>]*class=\"chart\".*?</svg>", page, re.DOTALL)
    assert "Compared with" in page and len(drawings) > 6
    assert all(re.search(r"<title>[^<]+</title><desc>[^<]+</desc>", one) for one in drawings)
    assert not any(word in one for one in drawings for word in ("style=", "<script", "href"))
    shown = dict(_LINE.findall(page))
    mine = next(one for one in drawings if "This period, Insights noted" in one)
    assert f"This period, Insights noted: {shown['insights.noted']};" in unescape(mine)


def folds(page: str) -> dict[str, tuple[bool, str]]:
    """Of each section whether it is open, and what stands on it while it is closed."""
    found = re.findall(r'<details class="fold" data-section="(\w+)"( open)?><summary>(.*?)</summary>', page, re.DOTALL)
    return {code: (bool(is_open), unescape(head)) for code, is_open, head in found}


def test_sections_are_folded_and_what_is_missed_is_open(lively: World, browse: Browse) -> None:
    owner, month = browse(lively.people[Role.BRAND_OWNER], lively.brand), {"view": "month", "period": "2026-10"}
    assert not folds(owner.get("/figures/", month).content.decode())["insights"][0]
    goal = {"figure": "insights.noted", "direction": "at_least", "value": "9999", "per": "month"}
    words, shared = {**SECTIONS, "goals": [goal]}, {"goals": InfoClass.SHARED}
    with time_machine.travel(datetime(2026, 10, 5, tzinfo=UTC), tick=False):  # agreed before the month was over
        publish_briefing(actor=lively.owner, after=1, sections=words, calendar={}, classes=shared, note="Ensemble")
    page = owner.get("/figures/", month).content.decode()
    assert folds(page)["insights"][0] and ">missed<" in page.replace("</svg>missed", ">missed")
    assert "Goal missed: Insights noted" in folds(page)["insights"][1]
    assert {code for code in folds(page) if f'href="#s-{code}"' in page and f'id="s-{code}"' in page} == set(
        folds(page)
    )
    assert len(_LINE.findall(page)) == page.count("data-figure=") > 20  # what is folded is in the page
    running = owner.get("/figures/", PERIOD | {"period": "2027-Q1"}).content.decode()
    assert not folds(running)["insights"][0] and "This period still runs: figures until 5" in running


@pytest.mark.parametrize(
    ("week", "began", "said"),
    [
        ("2026-W46", datetime(2026, 11, 20, tzinfo=UTC), "came here on"),
        ("2026-W46", datetime(2026, 1, 1, tzinfo=UTC), "no act went out, nobody wrote, nothing was found"),
        ("2099-W01", datetime(2026, 1, 1, tzinfo=UTC), "has not begun"),
    ],
)
def test_an_empty_week_says_why_it_is_empty(
    world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch, week: str, began: datetime, said: str
) -> None:
    monkeypatch.setattr("reports.facts.whole.first_line_at", lambda: began)
    page = browse(world.people[Role.BRAND_OWNER], world.brand).get("/figures/", {"view": "week", "period": week})
    assert said in unescape(page.content.decode())
    assert not any(is_open for is_open, _head in folds(page.content.decode()).values())
