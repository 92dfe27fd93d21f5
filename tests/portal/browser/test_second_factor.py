"""The closed door, the rule and the progress of an erasure in a real browser."""

import re

from clients.community.actions import add_member, erase_member
from clients.community.rules import About
from tenants import hosts
from tenants.keeping.erased import BEGIN
from tenants.models import Brand
from tenants.vocabulary import Role
from tests.portal.browser.conftest import Look, Open
from tests.world import World


def test_a_closed_door_a_rule_and_how_far_an_erasure_is(world: World, site: str, open_as: Open, look: Look) -> None:
    brand = re.sub("//", f"//{world.brand.slug}.", site)
    lea = add_member(world.owner, about=About("Léa Zorglub"))
    item = world.draft("Merci Léa Zorglub, et à bientôt", title="Merci")
    erasure = erase_member(world.owner, member_id=lea.pk, basis="request")
    world.run_outbox(BEGIN)
    owner = world.people[Role.BRAND_OWNER]
    paths = ("/people/", f"/members/erasures/{erasure.pk}/", f"/items/{item.pk}/")
    faults = look(owner, [brand + path for path in paths])
    Brand.objects.filter(pk=world.brand.id).update(second_factor="deciders")
    hosts.forget()
    closed = open_as(owner, "fr", 390).new_page()
    answer = closed.goto(f"{brand}/approvals/")
    assert answer is not None and answer.status == 403
    assert closed.evaluate("document.documentElement.scrollWidth") <= 390
    closed.locator("a.button-main").click()
    closed.wait_for_url(re.compile(r"/me/security/|reauthenticate"))
    assert faults == {}
