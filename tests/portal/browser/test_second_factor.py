"""The closed door, the rule and the progress of an erasure in a real browser: at both widths, in both languages."""

import re

import pytest

from clients.community.actions import add_member, erase_member
from clients.community.rules import About
from tenants import hosts
from tenants.keeping.erased import BEGIN
from tenants.models import Brand
from tenants.vocabulary import Role
from tests.portal.browser.conftest import SCREENS, Open
from tests.portal.browser.test_pages import faults_of
from tests.world import World


@pytest.mark.parametrize(("language", "width"), SCREENS)
def test_a_closed_door_a_rule_and_how_far_an_erasure_is(
    world: World, site: str, open_as: Open, language: str, width: int
) -> None:
    brand = re.sub("//", f"//{world.brand.slug}.", site)
    lea = add_member(world.owner, about=About("Léa Zorglub"))
    item = world.draft("Merci Léa Zorglub, et à bientôt", title="Merci")
    erasure = erase_member(world.owner, member_id=lea.pk, basis="request")
    world.run_outbox(BEGIN)
    owner = open_as(world.people[Role.BRAND_OWNER], language, width)
    paths = ("/people/", f"/members/erasures/{erasure.pk}/", f"/items/{item.pk}/")
    faults = {path: faults_of(owner.new_page(), brand + path, width) for path in paths}
    Brand.objects.filter(pk=world.brand.id).update(second_factor="deciders")
    hosts.forget()
    closed = owner.new_page()
    closed.on("console", lambda _: None)
    answer = closed.goto(f"{brand}/approvals/")
    assert answer is not None and answer.status == 403
    assert closed.evaluate("document.documentElement.scrollWidth") <= width
    closed.locator("a.button-main").click()
    closed.wait_for_url(re.compile(r"/me/security/|reauthenticate"))
    assert {path: found for path, found in faults.items() if found} == {}
