"""The pages of insights: noted, asked by account and by link, answered on a phone, decided, told, listed; letters; my work."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clients.audit.models import Entry
from clients.disclosure.models import Disclosure
from clients.disclosure.rules import InfoClass
from clients.insights import actions as insights
from clients.insights.models import Asking, Closing, Insight
from clients.insights.rules import State
from clients.outbox.models import OutboxRow
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.conversations.conftest import begun, heard
from tests.insights.conftest import CONTACT, DAY, again, asked, decided, linked, noted, sources, talked
from tests.portal.conftest import Browse
from tests.world import World


def url(name: str, *args: Any) -> str:
    return reverse(name, urlconf="portal.urls_brand", args=args)


def read(client: Client, name: str, *args: Any, status: int = 200, query: str = "") -> str:
    answer = client.get(url(name, *args) + query)
    assert answer.status_code == status
    return answer.content.decode()


def press(client: Client, page: str, *args: Any, status: int = 303, **typed: Any) -> str:
    answer = client.post(url(page, *args), typed)
    assert answer.status_code == status, answer.content.decode()[-3000:]
    return answer.content.decode()


def due(days: int = 3) -> str:
    return timezone.localtime(timezone.now() + days * DAY).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def cm(world: World, browse: Browse) -> Client:
    return browse(world.people[Role.COMMUNITY_MANAGER], world.brand)


@pytest.fixture
def owner(world: World, browse: Browse) -> Client:
    return browse(world.people[Role.BRAND_OWNER], world.brand)


def test_from_a_mention_and_from_a_conversation(world: World, cm: Client) -> None:
    mention, talk = heard(world, "Et sans gluten ?", "1"), begun(world, "Sans gluten aussi", "2")
    assert url("insight_new") in read(cm, "mention", mention.pk)
    assert url("insight_new") in read(cm, "conversation", talk.pk)
    assert "Et sans gluten ?" in read(cm, "insight_new", query=f"?mention={mention.pk}")
    press(cm, "insight_new", status=422, mention=str(mention.pk), title=" ", text="gardé")
    press(cm, "insight_new", mention=str(mention.pk), title="Sans gluten", theme="Allergies", wants_word="1")
    with brand_scope(world.brand):
        insight = Insight.objects.get()
    assert "Sans gluten" in read(cm, "insight_new", query=f"?conversation={talk.pk}")
    press(cm, "insight_new", conversation=str(talk.pk), under=str(insight.pk))
    page = read(cm, "insight", insight.pk)
    assert all(
        words in page for words in ("Sans gluten", "Allergies", "wants to hear what comes of it", "a conversation")
    )
    assert len(sources(world, insight)) == 2


def test_the_list_filters_by_theme_department_state_and_what_is_overdue(world: World, cm: Client) -> None:
    late, other = noted(world, title="En retard"), noted(world, title="Autre", theme="Prix", text="b")
    asking = asked(world, late)
    with brand_scope(world.brand):
        past = timezone.now() - timedelta(hours=1)
        Asking.objects.filter(pk=asking.pk).update(due_at=past)
        Insight.objects.filter(pk=late.pk).update(due_at=past)
    for query, seen in (
        ("?late=1", {"En retard"}),
        (f"?theme={other.theme_id}", {"Autre"}),
        ("?department=product", {"En retard"}),
        ("?state=noted", {"Autre"}),
        ("?state=open", {"En retard", "Autre"}),
        ("?state=closed", set()),
    ):
        page = read(cm, "insights", query=query)
        assert {title for title in ("En retard", "Autre") if f">{title}</a>" in page} == seen, query


def test_a_department_contact_has_it_on_their_work_answers_and_sees_nothing_else(
    world: World, browse: Browse, cm: Client
) -> None:
    insight = talked(world)
    typed = {"department": "service", "to": str(world.people[CONTACT].pk), "due": due(), "note": "Possible ?"}
    press(cm, "insight_ask", insight.pk, status=422, **typed | {"due": "2020-01-01T10:00"})
    press(cm, "insight_ask", insight.pk, **typed, quoted=str(sources(world, insight)[0].pk))
    with brand_scope(world.brand):
        asking = Asking.objects.get()
    contact = browse(world.people[CONTACT], world.brand)
    assert insight.title in contact.get("/").content.decode()
    hub = browse(world.people[CONTACT])
    work = hub.get("/").content.decode()
    assert insight.title in work
    assert "Please answer" in work
    page = read(contact, "insight_asked", asking.pk)
    assert all(words in page for words in ("Possible ?", "Ouverts samedi ?"))
    assert "Léa" not in page
    assert contact.get(url("insight", insight.pk)).status_code == 403
    assert contact.get(url("insights")).status_code == 403
    press(contact, "insight_asked", asking.pk, status=422, text=" ")
    press(contact, "insight_asked", asking.pk, text="Oui, dès mars.")
    assert "Please answer" not in hub.get("/").content.decode()
    assert "Oui, dès mars." in read(cm, "insight", insight.pk)
    assert read(cm, "insight_asked", asking.pk, status=404)


def test_a_link_is_shown_once_and_answered_without_an_account(world: World, browse: Browse, owner: Client) -> None:
    insight = talked(world)
    typed = {"department": "legal", "to": "link", "recipient": "Me Blanc", "due": due(), "note": "Un risque ?"}
    page = press(owner, "insight_ask", insight.pk, status=200, **typed)
    token = page.split("/s/#")[1].split('"')[0]
    assert token not in read(owner, "insight", insight.pk)
    visitor = browse(None, world.brand)
    door = visitor.post(url("shared"), {"token": token, "code": ""})
    assert (door.status_code, door["Location"]) == (303, url("insight_shared"))
    shown = visitor.get(url("insight_shared"))
    assert "Un risque ?" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert visitor.post(url("insight_shared"), {"text": " "}).status_code == 422
    foreign = visitor.post(url("insight_shared"), {"text": "x"}, headers={"sec-fetch-site": "cross-site"})
    assert foreign.status_code == 404
    thanks = visitor.post(url("insight_shared"), {"text": "Aucun.", "name": "Me Blanc"}, follow=True)
    assert "Your answer has arrived" in thanks.content.decode()
    assert "Aucun." in read(owner, "insight", insight.pk)
    press(owner, "insight_step", insight.pk, step="withdraw")
    assert visitor.get(url("insight_shared")).status_code == 404
    assert visitor.post(url("insight_shared"), {"text": "Encore"}).status_code == 404
    with brand_scope(world.brand):
        assert Entry.objects.filter(verb="link.opened").count() >= 3
        assert Disclosure.objects.filter(object_kind="insights.asking", way="link").count() == 1


def test_what_is_kept_more_strictly_since_is_not_shown_by_its_link(world: World, browse: Browse) -> None:
    made = linked(world, once=True)
    visitor = browse(None, world.brand)
    assert visitor.get(url("insight_shared")).status_code == 404
    visitor.post(url("shared"), {"token": made.token, "code": ""})
    assert visitor.get(url("insight_shared")).status_code == 200
    insights.classify_insight(world.owner, insight_id=made.asking.insight_id, info_class=InfoClass.BRAND)
    assert visitor.get(url("insight_shared")).status_code == 404


def test_one_answer_closes_a_link_that_was_asked_for_one(world: World, browse: Browse) -> None:
    made = linked(world, once=True)
    visitor = browse(None, world.brand)
    visitor.post(url("shared"), {"token": made.token, "code": ""})
    visitor.get(url("insight_shared"))
    thanks = visitor.post(url("insight_shared"), {"text": "Aucun."})
    assert "is closed" in thanks.content.decode()
    assert visitor.get(url("insight_shared")).status_code == 404


def test_decided_told_released_closed_and_taken_up_again(
    world: World, browse: Browse, cm: Client, owner: Client
) -> None:
    insight = talked(world)
    assert cm.post(url("insight_decide", insight.pk), {"decision": "done", "why": "x"}).status_code == 403
    press(owner, "insight_decide", insight.pk, status=422, decision="done", why="")
    press(owner, "insight_decide", insight.pk, decision="will_do", why="Dès mars.")
    page = read(cm, "insight", insight.pk)
    assert "Tell this member" in page
    source = sources(world, insight)[0]
    press(cm, "insight_tell", insight.pk, source=str(source.pk), text="C’est décidé.")
    with brand_scope(world.brand):
        item = Closing.objects.get().item_id
    assert url("item", item) in read(cm, "insight", insight.pk)
    assert "C’est décidé." in read(cm, "item", item)
    press(cm, "insight_tell", insight.pk, status=409, source=str(source.pk), text="Encore.")
    assert cm.post(url("insight_release", insight.pk), {"said": "a", "did": "b"}).status_code == 403
    press(owner, "insight_release", insight.pk, said="=Plus de pain", did="Deux fournées")
    assert "Deux fournées" in read(cm, "insights_told")
    table = cm.get(url("insights_told_export"))
    assert "'=Plus de pain" in b"".join([table.content]).decode()
    with brand_scope(world.brand):
        assert Disclosure.objects.filter(object_kind="insights.released", way="csv").count() == 1
    press(owner, "insight_release", insight.pk, step="off")
    assert "Deux fournées" not in read(cm, "insights_told")
    press(cm, "insight_step", insight.pk, step="close")
    press(cm, "insight_step", insight.pk, step="reopen")
    press(cm, "insight_step", insight.pk, status=422, step="fly")
    assert again(world, insight).state == State.NOTED


def test_themes_and_departments_are_the_brands(world: World, cm: Client, owner: Client) -> None:
    first, second = noted(world), noted(world, text="b", theme="Gluten")
    assert "Rename it" not in read(cm, "insights_rules")
    assert cm.post(url("insights_rules"), {"name": "Boutiques"}).status_code == 403
    press(owner, "insights_rules", name="Boutiques")
    press(owner, "insights_rules", status=409, name="boutiques")
    press(owner, "insight_theme", second.theme_id, step="rename", name="Sans gluten")
    press(owner, "insight_theme", second.theme_id, step="merge", into=str(first.theme_id))
    assert again(world, second).theme_id == first.theme_id
    assert "Boutiques" in read(owner, "insight", first.pk)


def test_edited_and_kept_for_the_brand(world: World, cm: Client, owner: Client) -> None:
    insight = noted(world)
    press(cm, "insight_edit", insight.pk, title="Autrement", text="", theme="")
    assert "Autrement" in read(cm, "insight", insight.pk)
    assert owner.get(url("classify", "insight", insight.pk)).status_code == 200
    press(owner, "classify", "insight", insight.pk, **{"class": "brand"})
    assert cm.get(url("insight", insight.pk)).status_code == 404
    assert "Autrement" not in read(cm, "insights")
    assert "Autrement" in read(owner, "insights")
    with brand_scope(world.brand):
        assert Entry.objects.filter(verb="read").exists()


def test_nothing_of_another_brand(world: World, other: World, owner: Client) -> None:
    theirs = noted(other, title="SECRET")
    asking = asked(other, theirs)
    for name, thing in (("insight", theirs.pk), ("insight_asked", asking.pk)):
        assert owner.get(url(name, thing)).status_code == 404
    assert "SECRET" not in read(owner, "insights") + read(owner, "insights_told") + read(owner, "insights_rules")
    for name in ("insight_ask", "insight_decide", "insight_edit", "insight_release", "insight_tell", "insight_step"):
        assert owner.post(url(name, theirs.pk), {"step": "close", "decision": "no", "why": "x"}).status_code in {
            404,
            422,
        }


@pytest.mark.parametrize("language", ["fr", "en"])
def test_letters_in_the_readers_language_tell_who_and_when_and_nothing_of_what_was_said(
    world: World, language: str
) -> None:
    person = world.people[CONTACT]
    person.language = language
    person.save(update_fields=("language",))
    asking = asked(world, noted(world, title="CONFIDENTIEL", text="CONFIDENTIEL"), note="CONFIDENTIEL")
    with brand_scope(world.brand):
        OutboxRow.objects.filter(kind="insights.letter").update(due_at=timezone.now())
    world.run_outbox("insights.letter")
    to_contact = [one for one in mail.outbox if one.to == [person.email]]
    assert len(to_contact) == 2
    words = {"fr": "vous interroge", "en": "asks you"}[language]
    assert any(words in one.subject for one in to_contact)
    assert all("CONFIDENTIEL" not in one.subject + str(one.body) for one in mail.outbox)
    assert all(str(asking.pk) in str(one.body) for one in to_contact)
    mail.outbox.clear()
    insights.answer_asking(world.actor(CONTACT), asking_id=asking.pk, text="CONFIDENTIEL")
    with brand_scope(world.brand):
        OutboxRow.objects.filter(kind="insights.letter", done_at=None).update(due_at=timezone.now())
    world.run_outbox("insights.letter")
    (back,) = mail.outbox
    assert back.to == [world.people[Role.COMMUNITY_MANAGER].email]


def test_a_page_of_insights_asks_as_often_for_five_as_for_one(world: World, cm: Client) -> None:
    decided(world, noted(world))
    cm.get(url("insights"))
    with CaptureQueriesContext(connection) as one:
        cm.get(url("insights"))
    for n in range(4):
        noted(world, text=f"n {n}")
    with CaptureQueriesContext(connection) as five:
        cm.get(url("insights"))
    assert len(one) == len(five)


def test_one_insight_asks_as_often_for_four_voices_as_for_two(world: World, cm: Client) -> None:
    insight = talked(world)
    for n in range(2):
        add_voice(world, insight, n)
    cm.get(url("insight", insight.pk))
    with CaptureQueriesContext(connection) as two:
        assert cm.get(url("insight", insight.pk)).status_code == 200
    for n in range(2, 4):
        add_voice(world, insight, n)
    with CaptureQueriesContext(connection) as four:
        assert cm.get(url("insight", insight.pk)).status_code == 200
    assert len(two) == len(four)


def add_voice(world: World, insight: Insight, n: int) -> None:
    mention = heard(world, f"Aussi {n}", f"v{n}")
    insights.add_to_insight(world.cm, insight_id=insight.pk, mention_id=mention.pk)


def test_the_ledger_names_what_a_department_was_asked(world: World, owner: Client) -> None:
    made = linked(world, noted(world, title="Enseignement"))
    page = read(owner, "disclosures")
    assert url("insight", made.asking.insight_id) in page
    assert "What a department was asked" in page
