"""The page says until when the brand can object, and a late answer from the list leads to what changed."""

from clients.gate.actions import approve_item
from clients.items.actions import edit_item
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


def test_a_changed_variant_or_link_shows_in_the_diff(world: World, browse: Browse) -> None:
    item = world.submitted("Même texte.", link="https://maison.example/avant")
    assert item.version is not None
    seen = item.version.digest
    approve_item(world.approver, item_id=item.pk, seen_digest=seen)
    other = world.content(
        "Même texte.", link="https://maison.example/apres", variants={str(world.wall.pk): "Pour le mur."}
    )
    edit_item(world.cm, item_id=item.pk, seen_digest=seen, content=other)
    page = browse(world.people[Role.APPROVER], world.brand).get(f"/items/{item.pk}/").content.decode()
    diff = page[page.index('class="diff"') :].split("</section>")[0]
    assert "avant</del>" in diff and "apres</ins>" in diff and "Pour" in diff
    assert "Même" not in diff
