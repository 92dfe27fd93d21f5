"""The composer: what is typed becomes exactly that content, and stays on the page when it is not taken."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from clients.items.models import Item
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
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
