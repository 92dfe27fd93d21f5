"""Insights in a real browser: their pages on a telephone and on a desk, by keyboard, and the link that a department answers."""

import os
from datetime import timedelta

from django.utils import timezone

from clients.insights.actions import add_to_insight, answer_asking, release_insight
from clients.insights.models import Insight
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.conversations.conftest import heard
from tests.insights.conftest import CONTACT, asked, decided, linked, noted, talked
from tests.portal.browser.conftest import Look, Open
from tests.portal.browser.faults import faults_of
from tests.portal.browser.test_inbox import by_hosts
from tests.world import World

PICTURES = os.environ.get("PICTURES_OF_INSIGHTS", "")
LONG = "x" * 90 + " et des mots"


def filled(world: World) -> tuple[Insight, Insight]:
    """One that a department answered, one that was decided and released; words that are hard to draw."""
    open_one = talked(world, title=LONG[:180], text="\u202egnp.exe " + LONG)
    add_to_insight(world.cm, insight_id=open_one.pk, mention_id=heard(world, LONG, "7", author="\u202eZoé").pk)
    asking = asked(world, open_one, note="Est-ce possible ?")
    answer_asking(world.actor(CONTACT), asking_id=asking.pk, text="Oui, dès mars.\nSans doute.")
    done = decided(world, noted(world, text="Autre", theme="Horaires"))
    release_insight(world.owner, insight_id=done.pk, said=LONG, did="Ils sont sur la porte.")
    return open_one, done


def test_pages_of_insights(world: World, site: str, look: Look) -> None:
    open_one, done = filled(world)
    mention = heard(world, "Et le dimanche ?", "9")
    owed = asked(world, noted(world, text="Encore", title="Un atelier ?"))
    brand = by_hosts(world, site)
    paths = (
        "/insights/", "/insights/", f"/insights/{open_one.pk}/", f"/insights/{open_one.pk}/", f"/insights/{done.pk}/",
        "/insights/told", "/insights/told", "/insights/rules", f"/insights/new?mention={mention.pk}", "/insights/rules",
    )  # fmt: skip
    assert look(world.people[Role.BRAND_OWNER], [brand + path for path in paths], pictures=PICTURES) == {}
    asked_pages = [brand + "/", brand + f"/insights/asked/{owed.pk}/", brand + f"/insights/asked/{owed.pk}/"]
    assert look(world.people[CONTACT], asked_pages, pictures=PICTURES) == {}


def test_a_department_answers_by_its_link_on_a_phone(world: World, site: str, open_as: Open) -> None:
    made = linked(world, talked(world), note="Un risque ?")
    page = open_as(None, "fr", 390).new_page()
    page.goto(f"{by_hosts(world, site)}/s/#{made.token}")
    page.get_by_role("button").first.press("Enter")
    page.wait_for_url("**/s/insight")
    assert "Un risque ?" in page.content()
    page.locator("textarea[name=text]").press_sequentially("Aucun risque.")
    page.keyboard.press("Tab")
    page.keyboard.type("Me Blanc")
    page.keyboard.press("Enter")
    page.wait_for_url("**told=1")
    assert "Aucun risque." in page.content()
    page.close()
    with brand_scope(world.brand):
        assert Insight.objects.get(pk=made.asking.insight_id).state == "answered"
    again = open_as(None, "fr", 390).new_page()
    again.goto(f"{by_hosts(world, site)}/s/#{made.token}")
    again.get_by_role("button").first.press("Enter")
    again.wait_for_url("**/s/insight")
    assert faults_of(again, f"{by_hosts(world, site)}/s/insight", 390) == []


def test_by_keyboard_alone_from_a_mention_to_the_question(world: World, site: str, open_as: Open) -> None:
    mention = heard(world, "Et sans gluten ?", "k")
    page = open_as(world.people[Role.BRAND_OWNER], "en", 1280).new_page()
    page.goto(f"{by_hosts(world, site)}/insights/new?mention={mention.pk}")
    page.get_by_label("In one line").focus()
    page.keyboard.type("Gluten-free bread")
    page.keyboard.press("Enter")
    page.wait_for_url("**/insights/*-*/")
    page.get_by_label("What you want to know (optional)").focus()
    page.keyboard.type("Possible?")
    due = timezone.localtime(timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT10:00")
    page.get_by_label("Answer by").fill(due)
    page.get_by_role("button", name="Ask", exact=True).press("Enter")
    page.get_by_text("A letter is on its way").wait_for()
    with brand_scope(world.brand):
        assert Insight.objects.get().state == "asked"
