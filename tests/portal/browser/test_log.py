"""The pages of the log, faultless; and 'verify now', which tells its end without a press."""

import os
import re
from pathlib import Path
from threading import Thread
from uuid import uuid4

import pytest
from django.db import connections
from playwright.sync_api import expect

from clients.audit.sealing import seal_batch
from clients.community.actions import add_member, tell_member
from clients.community.rules import About
from clients.disclosure.models import Disclosure
from clients.evidence.actions import add_checkpoint_address
from clients.evidence.models import CheckpointAddress
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope, durable
from tests.evidence.tampering import tamper
from tests.portal.browser.conftest import Look, Open
from tests.world import World

PICTURES = os.environ.get("PICTURES", "")
"""A folder for pictures of what is tested, for people to look at."""
PAGES = ("/log/", "/log/?side=agency", "/log/?act=session.entered", "/log/reads", "/log/rows", "/log/seal")


def sealed(world: World) -> None:
    add_checkpoint_address(world.owner, email="informatique@marque.example", language="fr")
    with durable(world.brand):
        CheckpointAddress.objects.create(email="direction@marque.example", language="fr", added_by=uuid4())
    while seal_batch(world.brand).lines:
        pass


def read_by_some(world: World) -> tuple[str, ...]:
    """Pages about one thing that was read and taken home, and the line of the ledger that says so."""
    member = add_member(world.owner, about=About("Léa Zorglub"))
    tell_member(world.owner, member_id=member.pk)
    with brand_scope(world.brand):
        line = Disclosure.objects.get(way="export")
    about = f"/classes/member/{member.pk}"
    return (about, f"{about}/readers", f"/members/{member.pk}/", f"/disclosures/?line={line.pk}")


def test_every_page_of_the_log(world: World, site: str, look: Look) -> None:
    sealed(world)
    brand = re.sub("//", f"//{world.brand.slug}.", site)
    urls = [brand + path for path in (*PAGES, *read_by_some(world))]
    assert look(world.people[Role.BRAND_OWNER], urls, pictures=PICTURES) == {}


@pytest.mark.parametrize(("spoilt", "told"), [(False, "sont toutes intactes"), (True, "D’abord à la position")])
def test_verify_now_tells_its_end_by_itself(world: World, site: str, open_as: Open, spoilt: bool, told: str) -> None:
    sealed(world)
    if spoilt:
        eighth = "(SELECT seq FROM audit_entry ORDER BY seq OFFSET 8 LIMIT 1)"
        tamper(world.brand, (f"UPDATE audit_entry SET verb = 'item.read' WHERE seq = {eighth}", []))
    page = open_as(world.people[Role.AUDITOR], width=390).new_page()
    page.goto(re.sub("//", f"//{world.brand.slug}.", site) + "/log/seal")
    page.get_by_role("button", name="Vérifier maintenant").click()
    expect(page.get_by_text("intactes jusqu’ici")).to_be_visible()
    worker = Thread(target=_work, args=(world,))
    worker.start()
    expect(page.get_by_text(told)).to_be_visible(timeout=20_000)
    worker.join()
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"verified-{spoilt}.png", full_page=True)


def _work(world: World) -> None:
    world.run_outbox("evidence.check")
    connections.close_all()
