"""The composer: what is typed becomes exactly that content, and stays on the page when it is not taken."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from clients.channels.actions import connect_channel
from clients.channels.models import Channel
from clients.items.models import Item, Media
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope, durable
from tests.portal.conftest import Browse
from tests.world import World


def picture() -> SimpleUploadedFile:
    data = BytesIO()
    Image.new("RGB", (20, 20), "red").save(data, "PNG")
    return SimpleUploadedFile("x.png", data.getvalue(), "image/png")


def form(world: World, **changes: object) -> dict[str, object]:
    return {"kind": "publish", "sensitivity": "routine", "channels": str(world.wall.pk), "text": "Bonjour"} | changes


def newest(world: World) -> Item:
    with brand_scope(world.brand):
        return Item.objects.select_related("version").order_by("-created_at")[0]


def test_a_draft_with_everything(world: World, browse: Browse) -> None:
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    typed = form(world, title="Titre", link="https://a.example/x", not_before="2030-01-02T09:30", upload=picture())
    answer = client.post(
        "/items/new", typed | {f"variant-{world.wall.pk}": "Autrement", "upload_alt": "Un carré rouge"}
    )
    assert answer.status_code == 303
    content = newest(world).version.exact_content()
    assert (content.title, content.link, content.text) == ("Titre", "https://a.example/x", "Bonjour")
    assert content.variants == {str(world.wall.pk): "Autrement"}
    assert content.not_before.isoformat() == "2030-01-02T09:30:00+01:00"
    assert [m.alt for m in content.media] == ["Un carré rouge"]
    page = client.get(answer["Location"]).content.decode()
    assert 'alt="Un carré rouge"' in page and "Autrement" in page
    image = client.get(f"/media/{content.media[0].digest}")
    assert (image.status_code, image["Content-Type"], image["X-Content-Type-Options"]) == (200, "image/png", "nosniff")


def test_submit_at_once(world: World, browse: Browse) -> None:
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    assert client.post("/items/new", form(world, then="submit")).status_code == 303
    assert newest(world).state == "waiting"


def test_what_is_refused_stays_on_the_page(world: World, browse: Browse) -> None:
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    answer = client.post("/items/new", form(world, text="Ne me perdez pas", not_after="hier"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Ne me perdez pas" in page
    assert 'name="not_after" value="hier" aria-invalid="true"' in page
    disguised = SimpleUploadedFile("x.png", b"<script>alert(1)</script>", "image/png")
    assert client.post("/items/new", form(world, upload=disguised)).status_code == 422


def test_somebody_else_was_faster_and_nothing_is_lost(world: World, browse: Browse) -> None:
    item = world.draft("Un panier de pommes")
    seen = item.version.digest
    one, two = (browse(world.people[r], world.brand) for r in (Role.COMMUNITY_MANAGER, Role.AGENCY_MANAGER))
    path = f"/items/{item.pk}/edit"
    assert one.post(path, form(world, text="Un panier de poires", seen_digest=seen)).status_code == 303
    late = two.post(path, form(world, text="Un panier de prunes", seen_digest=seen))
    assert late.status_code == 409
    page = late.content.decode()
    assert "Un panier de prunes" in page
    assert "poires</ins>" in page and "prunes</del>" in page
    newer = newest(world).version.digest
    assert f'name="seen_digest" value="{newer}"' in page
    assert two.post(path, form(world, text="Un panier de prunes", seen_digest=newer)).status_code == 303


def test_the_live_preview_says_what_is_too_much(world: World, browse: Browse) -> None:
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    page = client.get("/items/preview", form(world, text="x" * 501)).content.decode()
    assert "501 / 500" in page and "notice-no" in page


def test_text_is_never_markup(world: World, browse: Browse) -> None:
    world.submitted("<script>alert('text')</script>", title="<img src=x onerror=alert(1)>")
    for path in ("/", "/approvals/", "/items/"):
        page = browse(world.people[Role.BRAND_OWNER], world.brand).get(path).content.decode()
        assert "<script>alert" not in page and "<img src=x" not in page, path


def test_only_channels_that_can_do_it_are_offered(world: World, browse: Browse) -> None:
    desk = connect_channel(actor=world.owner, kind="phone", name="Téléphone")
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    publishing, calling = (client.get("/items/fields", {"kind": k}).content.decode() for k in ("publish", "phone_call"))
    assert str(world.wall.pk) in publishing and str(desk.pk) not in publishing
    assert str(desk.pk) in calling and str(world.wall.pk) not in calling
    both = {"kind": "phone_call", "channels": [str(desk.pk), str(world.wall.pk)], "text": "Bonjour"}
    changed = client.post("/items/fields", both)
    assert changed.status_code == 200
    assert f'value="{desk.pk}" checked' in changed.content.decode()
    assert "Left out" in changed.content.decode() and "Le mur" in changed.content.decode()


def test_a_channel_that_cannot_is_told_before_anything_is_kept(world: World, browse: Browse) -> None:
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    answer = client.post("/items/new", form(world, kind="phone_call", text="Ne me perdez pas"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Ne me perdez pas" in page and "This channel cannot do this." in page
    with brand_scope(world.brand):
        assert not Item.objects.exists()


@pytest.mark.parametrize(
    ("change", "mark"),
    [
        ({"text": "x" * 501}, 'id="text" name="text" rows="8" aria-invalid="true"'),
        ({"link": "javascript:alert(1)"}, 'value="javascript:alert(1)" aria-invalid="true"'),
        ({"not_before": "2027-03-28T02:30"}, 'value="2027-03-28T02:30" aria-invalid="true"'),
    ],
)
def test_a_bad_item_that_is_submitted_stays_in_the_composer(
    world: World, browse: Browse, change: dict[str, str], mark: str
) -> None:
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    answer = client.post("/items/new", form(world, title="Ne me perdez pas", then="submit", **change))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Ne me perdez pas" in page and mark in page and 'id="failure"' in page
    with brand_scope(world.brand):
        assert not Item.objects.exists()


def test_a_picture_that_came_along_stays_when_the_rest_is_refused(world: World, browse: Browse) -> None:
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    page = client.post("/items/new", form(world, text="x" * 501, then="submit", upload=picture(), upload_alt="Carré"))
    assert page.status_code == 422
    with brand_scope(world.brand):
        digest = Media.objects.get().digest
    assert f'name="media" value="{digest}" checked' in page.content.decode()
    assert f'name="alt-{digest}" value="Carré"' in page.content.decode()


def test_a_thread_grows_and_shrinks_without_script(world: World, browse: Browse) -> None:
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    longer = client.post("/items/new", form(world, part=["un", "deux"], then="part_add")).content.decode()
    assert longer.count('name="part"') == 3
    shorter = client.post("/items/new", form(world, part=["un", "deux"], then="part_remove-0")).content.decode()
    assert shorter.count('name="part"') == 1 and ">deux</textarea>" in shorter
    with brand_scope(world.brand):
        assert not Item.objects.exists()
    assert (
        client.post("/items/new", form(world, part=["un", " ", "deux"], first_comment="Et vous ?")).status_code == 303
    )
    content = newest(world).version.exact_content()
    assert (content.parts, content.first_comment) == (("un", "deux"), "Et vous ?")
    page = client.get(f"/items/{newest(world).pk}/edit").content.decode()
    assert ">un</textarea>" in page and ">deux</textarea>" in page and ">Et vous ?</textarea>" in page
    assert "2 / 500" in page and "4 / 500" in page


def test_the_link_is_seen_whole_before_it_is_saved(world: World, browse: Browse) -> None:
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    typed = form(world, link="https://a.example/x?b=1#c", utm_source="mur", utm_campaign="noël")
    whole = "https://a.example/x?b=1&utm_source=mur&utm_campaign=no%C3%ABl#c"
    assert whole.replace("&", "&amp;") in client.post("/items/preview", typed).content.decode()
    assert client.post("/items/new", typed).status_code == 303
    assert newest(world).version.exact_content().link == whole


def test_an_hour_that_comes_twice_is_asked_for_and_kept(world: World, browse: Browse) -> None:
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    typed = form(world, not_before="2027-10-31T02:30")
    asked = client.post("/items/new", typed)
    assert asked.status_code == 422 and 'name="not_before_which"' in asked.content.decode()
    assert client.post("/items/new", typed | {"not_before_which": "second"}).status_code == 303
    item = newest(world)
    assert item.not_before.isoformat() == "2027-10-31T01:30:00+00:00"
    page = client.get(f"/items/{item.pk}/edit").content.decode()
    assert 'name="not_before_which" value="second" checked' in page


def test_a_picture_of_the_library_comes_with_its_words(world: World, browse: Browse) -> None:
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    client.post("/items/new", form(world, upload=picture(), upload_alt="Un carré rouge"))
    page = client.get("/items/new").content.decode()
    with brand_scope(world.brand):
        digest = Media.objects.get().digest
    assert f'name="alt-{digest}" value="Un carré rouge"' in page
    client.post("/items/new", form(world, media=digest, **{f"alt-{digest}": "Rouge"}))
    assert [(m.digest, m.alt) for m in newest(world).version.exact_content().media] == [(digest, "Rouge")]


def connected(world: World, kind: str, name: str) -> Channel:
    with durable(world.brand):
        return Channel.objects.create(kind=kind, name=name)


def test_the_counter_knows_each_channel_s_own_limit(world: World, browse: Browse) -> None:
    """Telegram takes less beside a picture and counts as UTF-16 does; Bluesky counts what one sees, and bytes besides."""
    telegram, sky = connected(world, "telegram", "Canal"), connected(world, "bluesky", "Ciel")
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    client.post("/items/new", form(world, upload=picture(), upload_alt="Un carré rouge"))
    with brand_scope(world.brand):
        digest = Media.objects.get().digest

    def counted(text: str, **more: str) -> str:
        typed = {"kind": "publish", "channels": [str(telegram.pk), str(sky.pk)], "text": text} | more
        return " ".join(client.post("/items/preview", typed).content.decode().split())

    family = "👨‍👩‍👧‍👦"  # 11 units of UTF-16, 25 bytes, one sign
    assert "4 / 4096" in counted("Port") and "4 / 300" in counted("Port")
    assert "4 / 1024" in counted("Port", media=digest) and "4096" not in counted("Port", media=digest)
    assert "1100 / 1024 · 76 characters too many" in counted("x" * 1100, media=digest)
    assert "1100 / 4096" in counted("x" * 1100)
    assert "11 / 4096" in counted(family)
    many = counted(family * 130)
    assert "3250 / 3000 bytes · 250 bytes too many" in many and "1430 / 4096" in many
    assert "24 / 4096" in counted("Port", link="https://example.org")  # the text goes out with its link


def test_a_counter_stands_beside_the_field_without_script(world: World, browse: Browse) -> None:
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    page = client.post("/items/new", form(world, text="x" * 501, then="look")).content.decode()
    beside = page.split('id="counters"')[1].split("</div>")[0]
    assert "Le mur" in beside and "501 / 500 · one character too many" in beside
    again = client.post("/items/preview", form(world, text="x")).content.decode()
    assert 'id="counters" class="counters" hx-swap-oob="true"' in again and "1 / 500" in again


def test_a_title_is_asked_for_by_the_kind_of_act(world: World, browse: Browse) -> None:
    forum = connected(world, "discourse", "Forum")
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    topic = {"kind": "publish", "channels": str(forum.pk), "text": "Bonjour", "sensitivity": "routine"}
    assert "Needed by: Forum" in client.post("/items/preview", topic).content.decode()
    reply = topic | {"kind": "answer", "target": "12"}
    assert "Needed by" not in client.post("/items/preview", reply).content.decode()
    refused = client.post("/items/new", topic | {"then": "submit"})
    assert refused.status_code == 422 and 'value="" aria-invalid="true"' in refused.content.decode()
    assert client.post("/items/new", reply | {"then": "submit"}).status_code == 303
