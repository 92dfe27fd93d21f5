"""Conversations in a real browser: their pages on a telephone and on a desk, and one looked after by keyboard alone."""

import os

from playwright.sync_api import Page, expect

from clients.conversations.actions import note_beside, open_from_mention, put_label, save_reply
from clients.custody.actions import let_go, pass_on
from clients.custody.models import Conversation, Holding
from clients.custody.rules import Holder
from clients.disclosure.rules import InfoClass
from clients.items.models import Item
from tenants.vocabulary import Role, Side
from tenants.walls.scope import brand_scope
from tests.conversations.conftest import heard
from tests.portal.browser.conftest import Look, Open
from tests.portal.browser.test_inbox import by_hosts
from tests.world import World

CM = Role.COMMUNITY_MANAGER
PICTURES = os.environ.get("PICTURES_OF_CONVERSATIONS", "")
FARTHEST = 150


def filled(world: World) -> Conversation:
    """One with two things said, notes, a label, words kept ready; one offered to the brand; one right to left, of long words."""
    first = open_from_mention(world.cm, mention_id=heard(world, "Bonjour, ouverts samedi ?", "1").pk)
    open_from_mention(world.cm, mention_id=heard(world, "Et livrez-vous aux Abymes ?", "2", "1").pk)
    talk = {"conversation_id": first.pk}
    put_label(world.cm, **talk, name="Horaires")
    note_beside(world.cm, **talk, text="Fermé le 11 novembre.", info_class=InfoClass.SHARED)
    note_beside(world.cm, **talk, text="À vérifier entre nous.", aside=True)
    save_reply(world.cm, name="Horaires", text="De 8 h à 19 h, sauf le lundi.")
    offered = open_from_mention(world.cm, mention_id=heard(world, "Le four est-il bio ?", "3").pk)
    pass_on(world.cm, conversation_id=offered.pk, to=Holder(Side.BRAND), note="Vous savez ?")
    long = heard(world, "x" * 150, "4", author="\u202egnp.exe")
    open_from_mention(world.cm, mention_id=long.pk)
    return first


def test_pages_of_conversations(world: World, site: str, look: Look) -> None:
    one, brand = filled(world), by_hosts(world, site)
    page, listed = f"{brand}/conversations/{one.pk}/", f"{brand}/conversations/"
    # Each twice: once on the phone, once on the desk.
    agency = [listed, f"{listed}?box=mine&q=samedi", f"{site}/brands/conversations", page, page, listed]
    assert look(world.people[CM], agency, pictures=PICTURES) == {}
    assert look(world.people[Role.BRAND_OWNER], [page, page], pictures=PICTURES and f"{PICTURES}-brand") == {}


def tab_to(page: Page, selector: str) -> None:
    """As far as Tab goes; a trap or something that Tab cannot reach fails."""
    wanted = page.locator(selector).first
    for _ in range(FARTHEST):
        page.keyboard.press("Tab")
        if wanted.evaluate("it => it === document.activeElement"):
            return
    raise AssertionError(f"Tab does not come to {selector}")


def test_one_conversation_by_keyboard_alone(world: World, site: str, open_as: Open) -> None:
    """Open it, take it, note, answer, pass it on, take the offer back, close it: no pointer is ever used."""
    one = open_from_mention(world.cm, mention_id=heard(world, "Ouverts samedi ?", "1").pk)
    let_go(world.cm, conversation_id=one.pk)
    page = open_as(world.people[CM], "en").new_page()
    page.goto(f"{by_hosts(world, site)}/conversations/")
    keys, here = page.keyboard, f"**/conversations/{one.pk}/"
    keys.press("j")
    keys.press("o")
    page.wait_for_url(here)

    def press(selector: str, said: str) -> None:
        tab_to(page, selector)
        keys.press("Enter")
        expect(page.locator(".toast, [role=status]").filter(has_text=said).first).to_be_visible()

    press("button[value=take]", "You have it.")
    tab_to(page, "#note-text")
    keys.type("Fermé le 11.")
    press("form[action$='/note'] button", "Noted.")
    tab_to(page, f"a[href$='?reply={one.pk}']")
    keys.press("Enter")
    page.wait_for_url("**/items/new?reply=*")
    tab_to(page, "#text")
    keys.type("Oui, de 8 h à 19 h.")
    tab_to(page, ".form-actions button:not([name])")
    keys.press("Enter")
    page.wait_for_url("**/items/*")
    page.goto(f"{by_hosts(world, site)}/conversations/{one.pk}/")
    tab_to(page, "#to")
    keys.type("the whole side: the brand")
    tab_to(page, "#pass-note")
    keys.type("À vous de dire.")
    press("#pass .form-actions button", "Offered.")
    press("button[value=withdraw]", "withdrawn")
    press("button[value=close]", "Closed.")
    with brand_scope(world.brand):
        assert Conversation.objects.get(pk=one.pk).state == "closed"
        steps = set(Holding.objects.filter(conversation=one).values_list("step", flat=True))
        assert {"take", "pass", "withdraw", "close"} <= steps
        assert Item.objects.filter(reply__conversation=one).count() == 1
        assert one.notes.count() == 1
