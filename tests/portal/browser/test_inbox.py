"""The inbox in a real browser: fifty mentions sorted by keyboard alone, and its pages."""

import os
import re
from collections import Counter
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from clients.mentions.models import Mention
from clients.press.actions import begin_review, write_watch_note
from clients.press.models import Review
from clients.triage.actions import hand_mention, hold_mention
from clients.triage.models import Ruling
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.browser.conftest import Look, Open
from tests.triage.conftest import said
from tests.world import World

FIFTY = 50
CM = Role.COMMUNITY_MANAGER
PICTURES = os.environ.get("PICTURES_OF_INBOX", "")


def by_hosts(world: World, site: str) -> str:
    return re.sub("//", f"//{world.brand.slug}.", site)


def drawn_up(world: World) -> Review:
    """A draft of the press, and something that comes up."""
    now = timezone.now()
    write_watch_note(
        world.cm, day=timezone.localdate() + timedelta(days=3), subject="Salon du pain", text="Le stand 12"
    )
    return begin_review(world.cm, since=now - timedelta(days=1), until=now + timedelta(minutes=1))


def filled(world: World) -> Mention:
    """Something of everything: kinds, a holder, a copy handed over, right-to-left, a long word."""
    first = said(
        world.brand,
        "Bonjour, vos paniers de clémentines arrivent-ils encore samedi ? La page des horaires dit autre chose que l’affiche.",
        title="Horaires du samedi", kind="question", author="Léa Zorglub", author_handle="@lea@social.example", medium="mastodon",
        language="fr", priority=80, url="https://social.example/@lea/1", channel=world.wall.pk, remote_id="1",
    )  # fmt: skip
    said(world.brand, "Malade après la tarte de samedi !", kind="crisis_signal", sensitivity="crisis", priority=100)
    said(world.brand, "x" * 180, kind="spam", author="\u202egnp.exe")
    said(
        world.brand,
        "Un article sur les épiceries du quartier.",
        title="Les épiceries résistent",
        kind="press",
        priority=20,
    )
    hold_mention(world.cm, mention_id=said(world.brand, "Merci pour tout !", kind="praise", priority=60).pk)
    handed = said(world.brand, "Le four est-il bio ?", kind="question")
    hand_mention(world.owner, mention_id=handed.pk, to_person=world.people[CM].pk, note="Vous savez ?")
    return first


def test_pages_of_the_inbox(world: World, site: str, look: Look) -> None:
    mention, brand = filled(world), by_hosts(world, site)
    review = drawn_up(world)
    paths = [
        "/press/",
        f"/press/{review.pk}/",
        "/inbox/",
        "/inbox/?state=done",
        "/inbox/?kind=question",
        f"/inbox/{mention.pk}/",
        f"/items/new?answer={mention.pk}",
    ]
    urls = [*(brand + path for path in paths), f"{site}/brands/inbox", f"{site}/"]
    assert look(world.people[CM], urls, pictures=PICTURES) == {}


def test_fifty_mentions_by_keyboard_alone(world: World, site: str, open_as: Open) -> None:
    """No pointer is ever used: no reply for reasons, not about us, later, handed over, merged; slips undone."""
    for n in range(FIFTY):
        said(world.brand, f"Mention {n:02d}", priority=FIFTY - n)
    page = open_as(world.people[CM], "en").new_page()
    page.goto(f"{by_hosts(world, site)}/inbox/")
    keys, done = page.keyboard, page.locator("[data-done]")
    presses = [("n", "1"), ("w",), ("n", "4"), ("s", "2"), ("h", "Enter")]
    keys.press("j")
    for n in range(FIFTY - 2):
        press = presses[n % len(presses)]
        keys.press(press[0])
        if press[0] in "ns":
            expect(page.locator("[popover]:popover-open [data-choice]").first).to_be_focused()
            keys.press(press[1])
        elif press[0] == "h":
            expect(page.locator("#sheet-to")).to_be_focused()
            keys.press("Tab")
            keys.type("Vous savez ?")
            keys.press("Enter")
        expect(done).to_have_count(n + 1)
        if n == 1:  # a slip: taken back, and said again
            keys.press("u")
            expect(done).to_have_count(n)
            keys.press("w")
            expect(done).to_have_count(n + 1)
    for _ in range(2):
        keys.press("x")
        keys.press("j")
    keys.press("m")
    expect(page.locator("[data-row]")).to_have_count(1)
    with brand_scope(world.brand):
        stood = Counter(Mention.objects.values_list("state", "outcome"))
        undone = Ruling.objects.filter(step="undo").count()
    assert stood == {
        ("done", "no_reply"): 20, ("done", "wrong"): 10, ("snoozed", ""): 9, ("done", "handed"): 9,
        ("done", "merged"): 1, ("open", ""): 1,
    }  # fmt: skip
    assert undone == 1
