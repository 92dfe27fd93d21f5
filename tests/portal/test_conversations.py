"""Conversations as people see them: what one may read and do, whose hands it is in, and nothing of the brand next door."""

import re
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from clients.conversations.actions import note_beside, open_from_mention
from clients.conversations.models import ConversationNote, ConversationView, Labelled, SavedReply
from clients.custody.actions import accept, pass_on
from clients.custody.models import Conversation
from clients.custody.rules import Holder, Step, Voice
from clients.custody.steps import Said, add_turn, move
from clients.disclosure.rules import InfoClass
from clients.items.models import Item
from clients.people.rules import MAY, Verb
from clients.triage.actions import begin_reply
from tenants.errors import Conflict
from tenants.vocabulary import ROLES_OF, Role, Side
from tenants.walls.scope import brand_scope, durable
from tests.portal.conftest import Browse
from tests.portal.test_lists import queries_of
from tests.triage.conftest import said
from tests.world import World

CM, APPROVER, OWNER, CONTACT = Role.COMMUNITY_MANAGER, Role.APPROVER, Role.BRAND_OWNER, Role.DEPARTMENT_CONTACT


def begun(world: World, text: str = "Ouverts samedi ?", **fields: Any) -> Conversation:
    """Held by the community manager."""
    return open_from_mention(world.cm, mention_id=said(world.brand, text, author="Léa", **fields).pk)


def page_of(client: Client, conversation: Conversation) -> str:
    return client.get(f"/conversations/{conversation.pk}/").content.decode()


def press(client: Client, conversation: Conversation, step: str, **typed: str) -> int:
    return client.post(f"/conversations/{conversation.pk}/step", {"step": step, **typed}).status_code


def holder(world: World, conversation: Conversation) -> str:
    with brand_scope(world.brand):
        return str(Conversation.objects.values_list("holder_side", flat=True).get(pk=conversation.pk))


def to_the_brand(world: World, conversation: Conversation) -> None:
    pass_on(world.cm, conversation_id=conversation.pk, to=Holder(Side.BRAND), note="C’est pour vous.")
    accept(world.owner, conversation_id=conversation.pk)


def test_one_row_costs_as_many_queries_as_three(world: World, other: World, browse: Browse) -> None:
    theirs = begun(other, "SECRET", priority=100)
    begun(world)
    client = browse(world.people[CM], world.brand)
    one, page = queries_of(client, "/conversations/")
    for n in range(2):
        pass_on(world.cm, conversation_id=begun(world, f"Encore {n}").pk, to=Holder(Side.BRAND), note="Pour vous.")
    three, full = queries_of(client, "/conversations/")
    assert one == three
    assert "Encore 1" in full
    assert "SECRET" not in page + full
    assert client.get(f"/conversations/{theirs.pk}/").status_code == 404


@pytest.mark.parametrize("role", list(Role))
def test_who_reads_and_who_presses(world: World, browse: Browse, role: Role) -> None:
    found, kept = begun(world), begun_by_brand(world, "GARDÉ")
    client = browse(world.people[role], world.brand)
    page = client.get("/conversations/")
    reads = role in MAY[Verb.CONVERSATION_READ]
    assert page.status_code == (200 if reads else 403)
    reads_kept = reads and role in ROLES_OF[Side.BRAND]
    assert ("GARDÉ" in page.content.decode()) == reads_kept
    assert (client.get(f"/conversations/{kept.pk}/").status_code == 200) == reads_kept
    assert (client.get(f"/conversations/{found.pk}/").status_code == 200) == reads
    may_close = role in MAY[Verb.CONVERSATION_HOLD] and role in ROLES_OF[Side.AGENCY]
    assert (press(client, found, "close") == 303) == may_close


def begun_by_brand(world: World, text: str) -> Conversation:
    mention = said(world.brand, text, info_class=InfoClass.BRAND)
    return open_from_mention(world.owner, mention_id=mention.pk)


def test_the_page_offers_what_one_may_do_and_says_why_not(world: World, browse: Browse) -> None:
    found = begun(world)
    agency, brand = browse(world.people[CM], world.brand), browse(world.people[OWNER], world.brand)
    assert f"?reply={found.pk}" in page_of(agency, found)
    shown = page_of(brand, found)
    assert f'href="/items/new?reply={found.pk}"' not in shown
    assert "your answer would be refused" in shown
    assert 'value="take_back"' in shown
    to_the_brand(world, found)
    assert f"?reply={found.pk}" in page_of(brand, found)
    assert "your answer would be refused" in page_of(agency, found)
    assert press(brand, found, "lock") == 303
    assert "The brand has locked it" in page_of(agency, found)
    assert press(agency, found, "take_back") == 403
    assert holder(world, found) == "brand"


def test_offered_accepted_and_given_back_by_forms_alone(world: World, browse: Browse) -> None:
    found = begun(world)
    agency, brand = browse(world.people[CM], world.brand), browse(world.people[APPROVER], world.brand)
    path = f"/conversations/{found.pk}/pass"
    refused = agency.post(path, {"to": "brand", "note": " "})
    assert refused.status_code == 422
    assert "whoever gets it has to know" in refused.content.decode()
    assert agency.post(path, {"to": "nobody", "note": "x"}).status_code == 422
    assert agency.post(path, {"to": "brand", "note": "C’est pour vous."}).status_code == 303
    assert "C’est pour vous." in page_of(brand, found)
    assert holder(world, found) == "agency"
    assert press(brand, found, "decline", reason="Pas nous.") == 303
    agency.post(path, {"to": f"brand:{world.people[APPROVER].pk}", "note": "Si, si."})
    assert press(brand, found, "accept") == 303
    assert holder(world, found) == "brand"
    assert press(brand, found, "return", note="Répondu par téléphone.") == 303
    assert holder(world, found) == "agency"
    assert press(agency, found, "dance") == 422


def test_a_department_reads_the_one_it_was_handed_and_no_other(world: World, browse: Browse) -> None:
    found, other_one = begun(world), begun(world, "Tout autre chose")
    note_beside(world.cm, conversation_id=found.pk, text="NOTE")
    client = browse(world.people[CONTACT], world.brand)
    assert client.get(f"/conversations/{found.pk}/").status_code == 404
    to = Holder(Side.BRAND, world.people[CONTACT].pk)
    pass_on(world.cm, conversation_id=found.pk, to=to, note="Votre avis ?")
    shown = page_of(client, found)
    assert "Ouverts samedi ?" in shown
    assert "Votre avis ?" in shown
    assert "NOTE" not in shown
    assert press(client, found, "accept") == 303
    assert client.get(f"/conversations/{other_one.pk}/").status_code == 404
    assert press(client, found, "return", note="Oui, dès samedi.") == 303


def test_what_one_side_wrote_as_it_passed_it_within_is_not_on_the_others_page(world: World, browse: Browse) -> None:
    found = begun(world)
    to_the_brand(world, found)
    to = Holder(Side.BRAND, world.people[CONTACT].pk)
    pass_on(world.owner, conversation_id=found.pk, to=to, note="ENTRE NOUS")
    agency, brand = browse(world.people[CM], world.brand), browse(world.people[APPROVER], world.brand)
    contact = browse(world.people[CONTACT], world.brand)
    assert "ENTRE NOUS" in page_of(brand, found)
    assert "ENTRE NOUS" not in page_of(agency, found)
    assert "C’est pour vous." in page_of(agency, found)
    shown = page_of(contact, found)
    assert "ENTRE NOUS" in shown
    assert "C’est pour vous." not in shown
    assert press(contact, found, "accept") == 303
    assert "C’est pour vous." not in page_of(contact, found)


def test_answering_opens_the_composer_on_what_was_said_and_ties_the_item(world: World, browse: Browse) -> None:
    found = begun(world, channel=world.wall.pk, remote_id="7")
    client = browse(world.people[CM], world.brand)
    form = client.get(f"/items/new?reply={found.pk}").content.decode()
    assert "Ouverts samedi ?" in form
    assert re.search(rf'name="conversation" value="{found.pk}"', form)
    typed = {
        "kind": "answer",
        "sensitivity": "routine",
        "channels": [str(world.wall.pk)],
        "text": "Oui.",
        "target": "7",
    }
    assert client.post("/items/new", {**typed, "conversation": str(found.pk), "says": ""}).status_code == 303
    with brand_scope(world.brand):
        assert Item.objects.get(reply__conversation=found).title == "Oui."
    assert "Oui." in page_of(client, found)
    assert client.post("/items/new", {**typed, "conversation": "nothing"}).status_code == 404
    assert client.post("/items/new", {**typed, "conversation": str(found.pk), "says": "song"}).status_code == 422


def test_the_subject_and_address_of_a_kept_mail_are_on_no_item_by_themselves(world: World, browse: Browse) -> None:
    client, told = browse(world.people[OWNER], world.brand), "both sides read the item"
    for info_class, kept in ((InfoClass.SHARED, False), (InfoClass.BRAND, True)):
        mail = said(
            world.brand, "Bonjour", title="Ma maladie", author_handle="lea@exemple.fr", medium="mailbox",
            info_class=info_class, remote_id=f"<{info_class}@exemple.fr>",
        )  # fmt: skip
        opened = open_from_mention(world.owner, mention_id=mail.pk)
        page = client.get(f"/items/new?reply={opened.pk}&kind=direct_message", headers={"accept-language": "en"})
        words = page.content.decode()
        assert ('value="Re: Ma maladie"' in words, 'value="lea@exemple.fr"' in words) == (not kept, not kept)
        assert (told in words) == kept
        begin_reply(world.owner, conversation_id=opened.pk, content=world.content("Bonjour.", title="Votre message"))
        content = world.content("Bonjour.", title="RE : Ma  Maladie")
        with pytest.raises(Conflict, match="title_kept") if kept else nullcontext():
            begin_reply(world.owner, conversation_id=opened.pk, content=content)


def test_notes_stay_with_whom_they_are_for(world: World, browse: Browse) -> None:
    found = begun(world)
    agency, brand = browse(world.people[CM], world.brand), browse(world.people[OWNER], world.brand)
    note = f"/conversations/{found.pk}/note"
    agency.post(note, {"note": "ENTRE NOUS", "class": "aside"})
    agency.post(note, {"note": "POUR TOUS", "class": "shared"})
    brand.post(note, {"note": "À LA MARQUE", "class": "brand"})
    ours, theirs = page_of(agency, found), page_of(brand, found)
    assert "ENTRE NOUS" in ours
    assert "À LA MARQUE" not in ours
    assert "ENTRE NOUS" not in theirs
    assert "The other side has 1 note for itself alone." in theirs
    assert "POUR TOUS" in ours
    assert "POUR TOUS" in theirs
    assert "ENTRE NOUS" in page_of(browse(world.people[Role.AGENCY_MANAGER], world.brand), found)
    assert "ENTRE NOUS" not in page_of(browse(world.people[Role.AUDITOR], world.brand), found)
    with brand_scope(world.brand):
        kept = ConversationNote.objects.get(aside="agency")
    assert brand.get(f"/classes/conversation_note/{kept.pk}").status_code == 404
    assert agency.post(note, {"note": " "}).status_code == 422


def test_drafts_are_seen_by_the_other_side_once_they_are_shown(world: World, browse: Browse) -> None:
    found = begun(world)
    agency, brand = browse(world.people[CM], world.brand), browse(world.people[OWNER], world.brand)
    sketch = f"/conversations/{found.pk}/sketch"
    agency.post(sketch, {"text": "BROUILLON"})
    assert "BROUILLON" not in page_of(brand, found)
    agency.post(sketch, {"text": "BROUILLON", "shared": "1"})
    assert "BROUILLON" in page_of(brand, found)
    agency.post(sketch, {"text": " "})
    assert "BROUILLON" not in page_of(agency, found)


def test_labels_filters_words_and_views(world: World, browse: Browse) -> None:
    one, _two = begun(world, "Une commande en retard"), begun(world, "Un merci")
    client = browse(world.people[CM], world.brand)
    client.post(f"/conversations/{one.pk}/label", {"name": "Livraison"})
    with brand_scope(world.brand):
        label = Labelled.objects.get().label_id
    for asked in (f"label={label}", "q=retard"):
        page = client.get(f"/conversations/?{asked}").content.decode()
        assert "Une commande en retard" in page
        assert "Un merci" not in page
    assert "Un merci" in client.get("/conversations/?box=mine&medium=mention").content.decode()
    assert "Un merci" not in client.get("/conversations/?box=waiting").content.decode()
    client.post(f"/conversations/views?label={label}", {"name": "Livraisons", "shared": "1"})
    colleague = browse(world.people[Role.AGENCY_MANAGER], world.brand).get("/conversations/").content.decode()
    assert "Livraisons" in colleague
    assert "Livraisons" not in browse(world.people[OWNER], world.brand).get("/conversations/").content.decode()
    with brand_scope(world.brand):
        view = ConversationView.objects.get()
    assert browse(world.people[OWNER], world.brand).post(f"/conversations/views/{view.pk}/drop").status_code == 404
    assert client.post(f"/conversations/views/{view.pk}/drop").status_code == 303
    client.post(f"/conversations/{one.pk}/label", {"off": str(label)})
    assert '<span class="keyword">Livraison' not in page_of(client, one)


def said_on(page: str) -> list[str]:
    return re.findall(r'class="mention-said"[^>]*>([^<]*)<', page)


def test_a_long_thread_is_shown_a_stretch_at_a_time(world: World, browse: Browse, monkeypatch: Any) -> None:
    found, client = begun(world), browse(world.people[CM], world.brand)
    path = f"/conversations/{found.pk}/"
    client.get(path)
    short, _ = queries_of(client, path)
    monkeypatch.setattr("portal.brand.conversation_long.A_STRETCH", 4)
    with durable(world.brand):
        row = Conversation.objects.select_for_update().get(pk=found.pk)
        for n in range(9):
            add_turn(row, Said(Voice.MEMBER, f"Mot-{n}", at=found.last_said_at))
            move(world.cm, row, Step.CLOSE if n % 2 == 0 else Step.REOPEN)
    long, page = queries_of(client, path)
    assert long == short
    seen, steps = [said_on(page)], 0
    while earlier := re.findall(r'href="([^"]*[?]turn=[^"#]*)', page):
        page = client.get(earlier[0]).content.decode()
        seen.append(said_on(page))
    assert seen == [
        ["Mot-5", "Mot-6", "Mot-7", "Mot-8"],
        ["Mot-1", "Mot-2", "Mot-3", "Mot-4"],
        ["Ouverts samedi ?", "Mot-0"],
    ]
    while earlier := re.findall(r'href="([^"]*[?]step=[^"#]*)', page):
        page, steps = client.get(earlier[0]).content.decode(), steps + 1
    assert steps == 2
    for bad in ("turn=nothing", "step=" + "9" * 5000, f"turn={world.wall.pk}"):
        assert client.get(f"{path}?{bad}").status_code == 200


def test_what_others_said_is_text(world: World, browse: Browse) -> None:
    found = begun(world, "<script>alert(1)</script>")
    page = page_of(browse(world.people[CM], world.brand), found)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_words_kept_ready_open_the_composer_and_bring_their_labels(world: World, browse: Browse) -> None:
    found = begun(world)
    client = browse(world.people[CM], world.brand)
    client.post(f"/conversations/{found.pk}/label", {"name": "Livraison"})
    with brand_scope(world.brand):
        label = str(Labelled.objects.get().label_id)
    ready = f"/conversations/{found.pk}/ready"
    assert client.post(ready, {"name": "Retard", "text": "Toutes nos excuses.", "label": label}).status_code == 303
    assert client.post(ready, {"name": "", "text": "x"}).status_code == 422
    with brand_scope(world.brand):
        saved = SavedReply.objects.get()
    late = begun(world, "En retard")
    used = client.post(f"/conversations/{late.pk}/ready", {"use": str(saved.pk)})
    assert "Toutes nos excuses." in client.get(used["Location"]).content.decode()
    assert "Livraison" in page_of(client, late)
    colleague = browse(world.people[Role.AGENCY_MANAGER], world.brand)
    assert colleague.post(ready, {"use": str(saved.pk)}).status_code == 404
    client.post(ready, {"name": "Retard", "text": "Pardon.", "shared": "1"})
    assert colleague.post(ready, {"use": str(saved.pk)}).status_code == 303
    assert colleague.post(ready, {"drop": str(saved.pk)}).status_code == 404
    assert browse(world.people[OWNER], world.brand).post(ready, {"use": str(saved.pk)}).status_code == 404
    assert client.post(ready, {"drop": str(saved.pk)}).status_code == 303


def test_a_macro_passes_it_on_by_one_press_or_is_refused_whole(world: World, browse: Browse) -> None:
    found, client = begun(world), browse(world.people[CM], world.brand)
    ready = f"/conversations/{found.pk}/ready"
    client.post(f"/conversations/{found.pk}/label", {"name": "Recette"})
    with brand_scope(world.brand):
        label = str(Labelled.objects.get().label_id)
    typed = {
        "keep": "1", "name": "À la maison", "text": "", "label": label,
        "then": "pass", "then_to": "brand", "then_note": "Question de recette.",
    }  # fmt: skip
    for wrong in ({"then_note": ""}, {"then": "close"}, {"then_to": "nowhere"}):
        assert client.post(ready, typed | wrong).status_code == 422
    assert client.post(ready, typed).status_code == 303
    with brand_scope(world.brand):
        saved = SavedReply.objects.get()
    page = page_of(client, found)
    assert "Pass it on → " in page and "“Question de recette.”" in page
    late = begun(world, "En retard")
    use = f"/conversations/{late.pk}/ready", {"use": str(saved.pk)}
    assert client.post(*use)["Location"] == f"/conversations/{late.pk}/"
    shown = page_of(client, late)
    assert "Offered. Until they accept, it is held here." in shown
    assert "“Question de recette.”" in shown and "Recette" in shown
    assert client.post(*use).status_code == 409


def test_a_portfolio_and_an_absence_by_forms_alone(world: World, browse: Browse) -> None:
    found = begun(world)
    cm, manager = world.people[CM], world.people[Role.AGENCY_MANAGER]
    client = browse(manager, world.brand)
    typed = {"from": str(cm.pk), "to": str(manager.pk), "note": "Congé."}
    assert browse(world.people[OWNER], world.brand).post("/conversations/portfolio/hand", typed).status_code == 404
    assert client.post("/conversations/portfolio/hand", {**typed, "note": ""}).status_code == 422
    assert client.post("/conversations/portfolio/hand", typed).status_code == 303
    with brand_scope(world.brand):
        assert Conversation.objects.get(pk=found.pk).holder_person == manager.pk
    away = {"person": str(cm.pk), "deputy": str(manager.pk), "until": "2030-01-07T10:00"}
    assert browse(cm, world.brand).post("/conversations/portfolio/away", {**away, "until": ""}).status_code == 422
    near = (timezone.localtime() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    assert browse(cm, world.brand).post("/conversations/portfolio/away", {**away, "until": near}).status_code == 303
    page = client.get("/conversations/portfolio").content.decode()
    end = re.search(r'action="(/conversations/portfolio/away/[^"]+/end)"', page)
    assert end
    theirs = browse(world.people[OWNER], world.brand).get("/conversations/portfolio").content.decode()
    assert "Nobody is away." in theirs
    assert client.post(end[1]).status_code == 303


def test_a_talk_is_written_down_and_what_was_typed_stays(world: World, browse: Browse) -> None:
    client = browse(world.people[CM], world.brand)
    refused = client.post("/conversations/talk", {"medium": "phone", "said": "", "name": "Mme Garnier"})
    assert refused.status_code == 422
    assert "Mme Garnier" in refused.content.decode()
    assert client.post("/conversations/talk", {"medium": "email", "said": "Bonjour"}).status_code == 422
    kept = client.post("/conversations/talk", {"medium": "field", "said": "Le pain reviendra ?", "name": "Mme Garnier"})
    assert "Le pain reviendra ?" in client.get(kept["Location"]).content.decode()
    again = f"/conversations/talk?of={kept['Location'].split('/')[2]}"
    assert "Mme Garnier" in client.get(again).content.decode()
    assert client.get("/conversations/talk?of=nothing").status_code == 422


def test_merged_with_another_of_the_same_member_and_taken_apart_again(world: World, browse: Browse) -> None:
    one, two = (
        begun(world, text, author_handle="@lea", channel=world.wall.pk) for text in ("Ma commande ?", "Et alors ?")
    )
    client = browse(world.people[CM], world.brand)
    assert f'name="into" value="{two.pk}"' in page_of(client, one)
    assert client.post(f"/conversations/{one.pk}/merge", {}).status_code == 422
    merged = client.post(f"/conversations/{one.pk}/merge", {"into": str(two.pk)})
    assert merged["Location"] == f"/conversations/{two.pk}/"
    assert "Ma commande ?" in page_of(client, two)
    assert client.post(f"/conversations/{one.pk}/merge", {"step": "split"}).status_code == 303
    assert client.get("/conversations/").content.decode().count("data-row") == 2
