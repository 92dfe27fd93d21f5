"""The page of the operator's accesses in a real browser, and the button by thumb."""

import os
import re

from playwright.sync_api import expect

from clients.breakglass.actions import end_glass
from tenants.vocabulary import Role
from tests.breakglass.opened import opened, operator, told
from tests.portal.browser.conftest import Look, Open
from tests.world import World

PICTURES = os.environ.get("PICTURES", "")


def test_the_page_of_accesses(world: World, site: str, look: Look) -> None:
    brand = re.sub("//", f"//{world.brand.slug}.", site)
    owner, page = world.people[Role.BRAND_OWNER], f"{brand}/log/operators"
    empty = look(owner, [page])
    long = (
        "Réquisition du 12 novembre, rappelée le 19 : deux publications et ce qui en a été décidé, rien d’autre. " * 2
    )
    before = opened(
        world.brand, reason=long, parts=("items", "approvals", "gate", "audit"), ticket="PARQUET-2026-004411"
    )
    for table in ("items_item", "items_itemversion", "approvals_verdict", "audit_entry"):
        told(world.brand, before, table)
    end_glass(operator(world.brand), opening_id=before.pk)
    told(world.brand, opened(world.brand))
    assert (empty, look(owner, [page, page], pictures=PICTURES)) == ({}, {})


def test_ended_by_thumb(world: World, site: str, open_as: Open) -> None:
    brand = re.sub("//", f"//{world.brand.slug}.", site)
    opened(world.brand)
    page = open_as(world.people[Role.BRAND_OWNER], width=390).new_page()
    page.goto(f"{brand}/log/")
    page.get_by_role("link", name="Exploitant", exact=True).click()
    page.get_by_role("button", name="Y mettre fin").click()
    expect(page.get_by_text("terminé par la marque")).to_be_visible()
    expect(page.get_by_role("button", name="Y mettre fin")).to_have_count(0)
