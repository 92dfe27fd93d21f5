"""Customer systems in a real browser: their pages on a telephone and on a desk, in both languages."""

import pytest

from clients.crm.actions import open_ticket, read_contacts
from clients.disclosure.rules import InfoClass
from tenants.vocabulary import Role
from tests.crm.conftest import bring, connected, inward, member, said
from tests.custody.conftest import begin
from tests.portal.browser.conftest import SCREENS, Open
from tests.portal.browser.faults import faults_of
from tests.portal.browser.test_inbox import by_hosts
from tests.world import World

TABLE = "external_id;name;email\n1;Anne;a\n2;" + "B" * 150 + ";b@example.org\n"


@pytest.mark.parametrize(("language", "width"), SCREENS)
def test_pages_of_customer_systems(world: World, site: str, open_as: Open, language: str, width: int) -> None:
    lea = member(world, email="lea@example.org")
    system = connected(world, own__size=inward("taille", "brand"))
    talk = begin(world, member=lea.pk, info_class=InfoClass.SHARED)
    open_ticket(world.cm, conversation_id=talk.pk, system_id=system.pk, kind="lead", title="Un devis " + "x" * 90)
    bring(world, system, said(system, "7", name="Léa M.", email="lea@example.org", taille="L"))
    bring(world, system, said(system, "8", name="\u202egnp.exe", taille="M"))
    table = read_contacts(world.owner, system_id=system.pk, data=TABLE.encode(), name="clients.csv")
    window, brand = open_as(world.people[Role.BRAND_OWNER], language, width), by_hosts(world, site)
    paths = (
        "/crm/", "/crm/questions/", f"/crm/{system.pk}/", f"/crm/{system.pk}/table", f"/crm/tables/{table.pk}/",
        f"/members/{lea.pk}/", f"/conversations/{talk.pk}/",
    )  # fmt: skip
    faults: dict[str, list[str]] = {}
    for path in paths:
        page = window.new_page()
        found = faults_of(page, brand + path, width)
        page.close()
        if found:
            faults[path] = found
    assert faults == {}


def test_a_sample_is_tried_by_keyboard(world: World, site: str, open_as: Open) -> None:
    system = connected(world)
    page = open_as(world.people[Role.BRAND_OWNER], "fr", 390).new_page()
    page.goto(f"{by_hosts(world, site)}/crm/{system.pk}/")
    page.get_by_label("Un tableau, ou du JSON").fill('{"id": "1", "name": "Zoé"}')
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("serait nouveau").wait_for()
