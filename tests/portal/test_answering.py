"""Answering from the page: one press, one winner, a clear answer for everybody else, and nothing typed is lost."""

from clients.autonomy.vocabulary import ActionKind
from clients.items.queries import versions_of
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.conftest import Browse
from tests.world import World


def test_one_press_approves_and_redirects(world: World, browse: Browse) -> None:
    item = world.submitted()
    answer = browse(world.people[Role.APPROVER], world.brand).post(
        f"/approvals/{item.pk}/approve", {"digest": item.version.digest}
    )
    assert (answer.status_code, answer["Location"]) == (303, "/approvals/")
    assert world.state_of(item) == "cleared"


def test_a_press_by_htmx_answers_with_one_row(world: World, browse: Browse) -> None:
    item = world.submitted(title="Titre")
    client = browse(world.people[Role.APPROVER], world.brand)
    answer = client.post(
        f"/approvals/{item.pk}/approve", {"digest": item.version.digest}, headers={"hx-request": "true"}
    )
    assert answer.status_code == 200
    assert answer.content.decode().startswith("<li") and "Titre" in answer.content.decode()


def test_the_second_yes_is_told_that_it_was_late(world: World, browse: Browse) -> None:
    item = world.submitted()
    press = {"digest": item.version.digest}
    path = f"/approvals/{item.pk}/approve"
    assert browse(world.people[Role.APPROVER], world.brand).post(path, press).status_code == 303
    late = browse(world.people[Role.BRAND_MANAGER], world.brand).post(path, press)
    assert late.status_code == 409
    assert 'role="alert"' in late.content.decode()
    by_htmx = browse(world.people[Role.BRAND_OWNER], world.brand).post(path, press, headers={"hx-request": "true"})
    assert by_htmx.status_code == 409
    assert by_htmx["HX-Retarget"] == "#failures"
    assert "<html" not in by_htmx.content.decode()


def test_a_yes_to_what_was_changed_meanwhile_is_none(world: World, browse: Browse) -> None:
    item = world.submitted()
    stale = browse(world.people[Role.APPROVER], world.brand).post(f"/approvals/{item.pk}/approve", {"digest": "0" * 64})
    assert stale.status_code == 409
    assert world.state_of(item) == "waiting"


def test_what_changed_since_somebody_looked_is_shown_with_the_409(world: World, browse: Browse) -> None:
    item = world.submitted("Un panier de pommes")
    form = {"seen_digest": item.version.digest, "kind": "publish", "sensitivity": "routine"}
    form |= {"text": "Un panier de poires", "channels": str(world.wall.pk)}
    browse(world.people[Role.COMMUNITY_MANAGER], world.brand).post(f"/items/{item.pk}/edit", form)
    approver = browse(world.people[Role.APPROVER], world.brand)
    late = approver.post(f"/approvals/{item.pk}/approve", {"digest": item.version.digest})
    assert late.status_code == 409
    assert "pommes</del>" in late.content.decode() and "poires</ins>" in late.content.decode()


def test_the_agency_cannot_press_for_the_brand(world: World, browse: Browse) -> None:
    item = world.submitted()
    for role in (Role.AGENCY_OWNER, Role.AGENCY_MANAGER, Role.COMMUNITY_MANAGER):
        client = browse(world.people[role], world.brand)
        answer = client.post(f"/approvals/{item.pk}/approve", {"digest": item.version.digest})
        assert answer.status_code == 403
        assert f"/approvals/{item.pk}/approve" not in client.get("/approvals/").content.decode()
    assert world.state_of(item) == "waiting"


def test_a_change_needs_a_comment_and_says_at_which_field(world: World, browse: Browse) -> None:
    item = world.submitted()
    client = browse(world.people[Role.APPROVER], world.brand)
    empty = client.post(f"/approvals/{item.pk}/change", {"digest": item.version.digest, "comment": " "})
    assert empty.status_code == 422
    assert 'name="comment" rows="3" aria-invalid="true"' in empty.content.decode()
    full = client.post(f"/approvals/{item.pk}/change", {"digest": item.version.digest, "comment": "Plus court."})
    assert full.status_code == 303
    assert world.state_of(item) == "draft"
    assert "Plus court." in client.get(f"/items/{item.pk}/").content.decode()


def test_a_refused_press_keeps_the_comment(world: World, browse: Browse) -> None:
    item = world.submitted()
    client = browse(world.people[Role.APPROVER], world.brand)
    stale = client.post(f"/approvals/{item.pk}/refuse", {"digest": "0" * 64, "comment": "Ne pas publier"})
    assert stale.status_code == 409
    assert "Ne pas publier" in stale.content.decode()


def test_a_batch_and_its_undo(world: World, browse: Browse) -> None:
    items = [world.submitted(f"Texte {n}") for n in range(3)]
    client = browse(world.people[Role.APPROVER], world.brand)
    chosen = [f"{item.pk}:{item.version.digest}" for item in items]
    assert client.post("/approvals/together", {"item": chosen}).status_code == 303
    page = client.get("/approvals/").content.decode()
    undo = page.split('action="/approvals/together/')[1].split('"')[0]
    assert client.post(f"/approvals/together/{undo}").status_code == 303
    world.run_outbox()
    assert {world.state_of(item) for item in items} == {"waiting"}


def test_a_mixed_batch_is_refused_with_a_sentence(world: World, browse: Browse) -> None:
    one, two = world.submitted(), world.submitted(sensitivity="sensitive")
    client = browse(world.people[Role.APPROVER], world.brand)
    answer = client.post("/approvals/together", {"item": [f"{i.pk}:{i.version.digest}" for i in (one, two)]})
    assert answer.status_code == 422
    assert "one kind and one sensitivity" in answer.content.decode()


def test_approve_in_ones_own_wording(world: World, browse: Browse) -> None:
    item = world.submitted("Trop long")
    client = browse(world.people[Role.BRAND_MANAGER], world.brand)
    form = {"seen_digest": item.version.digest, "kind": "publish", "sensitivity": "routine", "text": "Court"}
    form |= {"channels": str(world.wall.pk)}
    assert client.post(f"/approvals/{item.pk}/edited", form).status_code == 303
    world.run_outbox("gate.send")
    assert world.on_the_wall() == ["Court"]


def test_veto_withdraw_and_perform(world: World, browse: Browse) -> None:
    vetoed, withdrawn, performed = (world.submitted(f"Texte {n}") for n in range(3))
    owner, cm = (browse(world.people[r], world.brand) for r in (Role.BRAND_OWNER, Role.COMMUNITY_MANAGER))
    owner.post(f"/approvals/{vetoed.pk}/refuse", {"digest": vetoed.version.digest})
    cm.post(f"/items/{withdrawn.pk}/withdraw")
    owner.post(f"/items/{performed.pk}/perform", {"digest": performed.version.digest})
    assert [world.state_of(i) for i in (vetoed, withdrawn, performed)] == ["refused", "withdrawn", "cleared"]


def test_the_item_page_says_why_and_what_changed(world: World, browse: Browse) -> None:
    item = world.submitted("Un panier de pommes")
    owner = browse(world.people[Role.BRAND_OWNER], world.brand)
    owner.post(f"/approvals/{item.pk}/approve", {"digest": item.version.digest})
    form = {"seen_digest": item.version.digest, "kind": "publish", "sensitivity": "routine"}
    form |= {"text": "Un panier de poires", "channels": str(world.wall.pk)}
    assert (
        browse(world.people[Role.COMMUNITY_MANAGER], world.brand).post(f"/items/{item.pk}/edit", form).status_code
        == 303
    )
    page = owner.get(f"/items/{item.pk}/").content.decode()
    assert "pommes</del>" in page and "poires</ins>" in page
    assert "The brand approved this exact content." in page
    with brand_scope(world.brand):
        assert versions_of(item.pk).count() == 2


def test_cards_escape_what_people_wrote_and_take_braces_as_they_are(world: World, browse: Browse) -> None:
    world.submitted("Un {id} & <b>gras</b> {0}", title="{title} <i>")
    page = browse(world.people[Role.APPROVER], world.brand).get("/approvals/").content.decode()
    assert "Un {id} &amp; &lt;b&gt;gras&lt;/b&gt; {0}" in page
    assert "{title} &lt;i&gt;" in page


def test_who_approves_is_shown_which_post_an_act_is_about(world: World, browse: Browse) -> None:
    item = world.submitted("", kind=ActionKind.UNHIDE, title="Remise en ligne", target="post-that-goes-17")
    client = browse(world.people[Role.APPROVER], world.brand)
    for address in ("/approvals/", f"/items/{item.pk}/"):
        assert "post-that-goes-17" in client.get(address).content.decode(), address
