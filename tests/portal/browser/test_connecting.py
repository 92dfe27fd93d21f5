"""The pages of connecting in a real browser: nothing axe objects to, no error, no sideways scrolling; over a network and back."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clients.channels import registry
from clients.channels.actions import connect_channel, connect_invited, invite_to_connect, mark_health
from tenants.vocabulary import Role
from tests.channels.fakes import authority as fakes
from tests.channels.fakes.authority import Authority
from tests.portal.browser.conftest import Look, Open
from tests.world import World

PICTURES = os.environ.get("PICTURES", "")


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Authority]:
    monkeypatch.setitem(registry.FOLDERS, "network", "tests.channels.fakes.network")
    settings.ALLOW_PRIVATE_HOSTS = True
    with fakes.running() as found:
        yield found


def in_all_states(world: World, network: Authority) -> str:
    network.access.add("good")
    typed = {"port": network.port, "access_token": "good"}
    connected = connect_channel(actor=world.owner, kind="network", name="Réseau de la maison", settings=typed)
    mark_health(actor=world.owner, channel_id=connected.pk, code="credentials_refused")
    invite_to_connect(actor=world.owner, kind="email", name="Lettre du mois")
    asked = invite_to_connect(actor=world.owner, kind="network", name="Deuxième réseau")
    connect_invited(actor=world.actor(Role.AGENCY_OWNER), channel_id=asked.pk, settings=typed)
    return str(asked.pk)


def test_every_page_of_connecting(world: World, network: Authority, site: str, look: Look) -> None:
    asked, brand = in_all_states(world, network), re.sub("//", f"//{world.brand.slug}.", site)
    paths = (
        *("/channels/", "/channels/connect/facebook", "/channels/connect/network"),
        *("/channels/connect/network?by=key", f"/channels/{asked}/fill"),
    )
    urls = [brand + path for path in paths]
    of_brand = look(world.people[Role.BRAND_OWNER], urls, pictures=PICTURES)
    of_agency = look(world.people[Role.AGENCY_OWNER], [urls[-1], urls[0]], pictures=PICTURES)
    assert (of_brand, of_agency) == ({}, {})


def test_over_the_network_and_back(world: World, network: Authority, site: str, open_as: Open) -> None:
    brand = re.sub("//", f"//{world.brand.slug}.", site)
    page = open_as(world.people[Role.BRAND_OWNER], "en").new_page()
    page.goto(f"{brand}/channels/connect/network")
    page.fill("#f-name", "Réseau")
    page.fill("#f-port", str(network.port))
    page.click("main form button.button-main")
    page.wait_for_url("**/account/reauthenticate/**")
    page.fill("input[name=password]", "correct horse")
    page.click("main form button")
    page.wait_for_url("**/channels/connect/network")
    assert (page.input_value("#f-name"), page.input_value("#f-port")) == ("Réseau", str(network.port))
    page.click("main form button.button-main")
    page.wait_for_url("**/channels/journey")
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / "journey-there.png", full_page=True)
    address = page.get_attribute("main a.button-main", "href")
    assert address and address.startswith(f"http://127.0.0.1:{network.port}/authorize?")
    page.goto(site + fakes.address_back(network, network.agree(address)))
    page.wait_for_url("**/channels/journey")
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / "journey-back.png", full_page=True)
    page.click("main form button.button-main")
    page.wait_for_url("**/channels/")
    assert page.get_by_text("@maison").count() == 1
