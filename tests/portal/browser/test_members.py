"""The pages of members in a real browser, and an erasure pressed by hand."""

import re

import pytest
from playwright.sync_api import expect

from clients.community.actions import add_member, erase_member, hold_member
from clients.community.models import Member
from clients.community.rules import About, Consent
from clients.outbox.models import OutboxRow
from tenants.keeping.erased import BEGIN
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.browser.conftest import Look, Open
from tests.world import World


@pytest.fixture
def lea(world: World) -> Member:
    """Named in what went out and in what waits; another is held back, and a third is erased with a certificate."""
    handles = (("mastodon", "@lea@social.example"), ("bluesky", "lea.zorglub.example"))
    about = About(
        "Léa Zorglub", "lea@example.org", "06 12 34 56 78", "email", Consent.GIVEN, "Aime les fraises.", handles
    )
    member = add_member(world.owner, about=about)
    world.charter(6)
    world.submitted("Bravo Léa Zorglub, et merci à lea@example.org", title="Bravo Léa Zorglub")
    world.run_outbox("gate.send")
    add_member(world.owner, about=About(Role.BRAND_OWNER.replace("_", " ").title(), "double@example.org"))
    hold_member(world.owner, member_id=add_member(world.owner, about=About("Tom Quidam")).pk, because="Litige en cours")
    return member


def test_pages_of_members(world: World, site: str, look: Look, lea: Member) -> None:
    brand = re.sub("//", f"//{world.brand.slug}.", site)
    gone = add_member(world.owner, about=About("Parti Avant", "parti@example.org"))
    erasure = erase_member(world.owner, member_id=gone.pk, basis="request")
    world.run_outbox(BEGIN, "community.finish_erasure", "community.retention")
    one = f"/members/{lea.pk}"
    paths = ("/members/", "/members/new", f"{one}/", f"{one}/erase", f"{one}/told", f"/classes/member/{lea.pk}")
    paths += (f"/members/erasures/{erasure.pk}/", "/members/retention")
    assert look(world.people[Role.BRAND_OWNER], [brand + path for path in paths]) == {}


def test_erased_by_hand(world: World, site: str, open_as: Open, lea: Member) -> None:
    brand = re.sub("//", f"//{world.brand.slug}.", site)
    page = open_as(world.people[Role.BRAND_OWNER], width=390).new_page()
    page.goto(f"{brand}/members/?q=zorglub")
    page.get_by_role("link", name="Léa Zorglub").click()
    page.get_by_role("link", name="Effacer…").click()
    page.get_by_label("le membre l’a demandé").check()
    page.get_by_role("button", name="Effacer définitivement").click()
    page.get_by_label("Mot de passe").fill("correct horse")
    page.get_by_role("button").filter(has_text="Confirmer").click()
    if page.get_by_role("button", name="Effacer définitivement").count() == 0:
        page.goto(f"{brand}/members/{lea.pk}/erase")
    page.get_by_label("le membre l’a demandé").check()
    page.get_by_role("button", name="Effacer définitivement").click()
    expect(page.get_by_text("Pas encore attesté")).to_be_visible()
    with brand_scope(world.brand):
        assert OutboxRow.objects.filter(kind=BEGIN, done_at=None).count() == 1
    world.run_outbox(BEGIN, "community.finish_erasure")
    page.reload()
    expect(page.get_by_text("certifie que plus rien")).to_be_visible()
    page.goto(f"{brand}/members/?q=zorglub")
    expect(page.get_by_text("Personne ne répond à ce nom.")).to_be_visible()
