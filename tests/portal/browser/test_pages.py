"""Every page: no axe violation, no error in the console, no sideways scrolling on a phone nor on a desk (see `look`)."""

import re
from collections.abc import Iterator
from datetime import date, time

from clients.gate.queries import newest_receipts
from clients.items.actions import begin_series, read_import
from clients.items.models import Series
from clients.items.queries import items_waiting_for_brand
from clients.mandates.queries import proposals
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.browser.conftest import Look, Open
from tests.portal.browser.faults import Watched, faults_of
from tests.portal.test_standing import proposed
from tests.world import World

HUB = (
    *("/", "/me/", "/me/security/", "/me/sessions/", "/account/logout/", "/account/reauthenticate/"),
    *("/account/password/change/", "/me/security/webauthn/"),
)
DOOR = ("/account/login/", "/account/password/reset/", "/account/signup/", "/invitation/nothing/")
BRAND = (
    *(
        "/",
        "/approvals/",
        "/items/",
        "/items/new",
        "/calendar/",
        "/calendar/?view=week",
        "/calendar/?view=list",
        "/calendar/import",
        "/calendar/series/",
        "/media/",
        "/charter/",
        "/asking/",
        "/asking/policy",
        "/asking/standing",
        "/log/",
        "/receipts/",
        "/briefing/",
    ),
    *("/briefing/write", "/channels/", "/channels/connect/email", "/people/", "/stops/", "/wall", "/nothing-here"),
)

TABLE = "date;time;channels;text\n2031-03-10;9:30;Le mur;Bonjour\n2031-03-30;2:30;Nulle part;Trop tôt\n"


def weekly(world: World) -> Series:
    """A series that goes on for a year, over both nights of the clocks."""
    return begin_series(
        world.owner,
        content=world.content("Chaque dimanche", title="Dimanche"),
        rule="FREQ=WEEKLY",
        first_day=date(2031, 3, 2),
        clock=time(2, 30),
        last_day=None,
        most=52,
    )


def brand_pages(world: World) -> Iterator[str]:
    yield from BRAND
    with brand_scope(world.brand):
        item, receipt = items_waiting_for_brand()[0], newest_receipts()[0]
        proposal = proposals(world.mandate)[0]
    yield from (f"/items/{item.pk}/", f"/items/{item.pk}/edit", f"/approvals/{item.pk}/edited")
    yield f"/calendar/{item.pk}/move"
    yield f"/calendar/series/{weekly(world).pk}/"
    yield f"/calendar/import/{read_import(world.owner, data=TABLE.encode(), name='plan.csv').pk}/"
    yield from (f"/receipts/{receipt.pk}/", f"/receipts/{receipt.pk}/replay")
    yield from (f"/charter/versions/{proposal.pk}/", f"/charter/{world.mandate.pk}/propose")
    yield f"/asking/standing/{proposed(world, world.cm).pk}/"


def test_every_page_of_a_brand(world: World, site: str, look: Look) -> None:
    brand = re.sub("//", f"//{world.brand.slug}.", site)
    assert look(world.people[Role.BRAND_OWNER], [brand + path for path in brand_pages(world)]) == {}


def test_every_page_of_the_hub(world: World, site: str, look: Look) -> None:
    faults = look(world.people[Role.BRAND_OWNER], [site + path for path in HUB])
    assert faults | look(None, [site + path for path in DOOR]) == {}


def test_what_is_wrong_is_told(site: str, open_as: Open) -> None:
    """A page of ours, spoilt in every way that is looked for: were one not seen, every page above would be well for nothing."""
    window = open_as(None, "fr", 390)
    spoilt = (
        '<img src="/static/portal/mark.svg"><p style="width: 800px">Large</p>'
        "<script nonce=x>console.error('cassé')</script>"
    )
    window.route(
        "**/account/login/",
        lambda route: route.fulfill(body=f"<html lang='de'><body>{spoilt}", content_type="text/html; charset=utf-8"),
    )
    found = " ".join(Watched(window.new_page(), "fr", 390).faults_at(f"{site}/account/login/"))
    assert all(
        word in found for word in ("image-alt", "cassé", "pixels wide on a screen of 390", "in de, not in fr")
    ), found
    assert "screen of 1280" not in found
    assert not any("in de" in one for one in faults_of(window.new_page(), f"{site}/account/login/", 390))
