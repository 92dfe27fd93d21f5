"""The page says until when the brand can object, and a late answer from the list leads to what changed."""

from clients.gate.actions import approve_item
from tenants.vocabulary import Role
from tests.portal.conftest import Browse
from tests.world import World


def test_an_item_in_its_window_says_until_when(world: World, browse: Browse) -> None:
    world.charter(4)
    item = world.submitted("Demain, atelier.")
    client = browse(world.people[Role.APPROVER], world.brand)
    page = f"/items/{item.pk}/"
    assert "The window opens when the notice has reached" in client.get(page).content.decode()
    world.run_outbox("approvals.notice")
    assert world.state_of(item) == "in_veto"
    for address in (page, "/approvals/"):
        assert "unless the brand says no before" in client.get(address).content.decode()


def test_a_late_answer_from_the_list_leads_to_what_changed(world: World, browse: Browse) -> None:
    item = world.submitted("Avant.")
    assert item.version is not None
    digest = item.version.digest
    approve_item(world.actor(Role.BRAND_MANAGER), item_id=item.pk, seen_digest=digest)
    client = browse(world.people[Role.APPROVER], world.brand)
    late = client.post(f"/approvals/{item.pk}/approve", {"digest": digest}, headers={"HX-Request": "true"})
    assert late.status_code == 409
    assert f"/items/{item.pk}/?seen={digest}" in late.content.decode()
    assert client.get(f"/items/{item.pk}/?seen={digest}").status_code == 200
