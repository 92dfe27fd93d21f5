"""A picture that the brand takes back for itself goes out with nothing any more, not even with what was approved."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from clients.disclosure.rules import InfoClass
from clients.gate.actions import approve_item
from clients.items.actions import add_media, classify_media
from clients.items.content import MediaRef
from clients.items.models import MediaClass
from tenants.vocabulary import Role
from tenants.walls.scope import BrandRef, brand_scope
from tests.conftest import make_person
from tests.world import World, make_world


@pytest.fixture
def world(real_brands: tuple[BrandRef, BrandRef], settings: Any, tmp_path: Any) -> World:
    settings.MEDIA_ROOT = str(tmp_path)
    return make_world(real_brands[0], make_person)


def picture(colour: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (4, 4), colour).save(out, format="PNG")
    return out.getvalue()


@pytest.mark.parametrize(("takes_back", "state", "posts"), [(False, "sent", 1), (True, "failed", 0)])
def test_kept_after_the_yes_it_does_not_leave(world: World, takes_back: bool, state: str, posts: int) -> None:
    media = add_media(world.cm, data=picture("red"), declared="image/png")
    item = world.submitted("Regardez", media=(MediaRef(media.digest, "rouge"),))
    approve_item(world.owner, item_id=item.pk, seen_digest=item.version.digest)
    if takes_back:
        with brand_scope(world.brand):
            mark = MediaClass.objects.get(media=media).pk
        classify_media(world.actor(Role.BRAND_MANAGER), mark_id=mark, info_class=InfoClass.BRAND)
    world.run_outbox("gate.send")
    assert world.state_of(item) == state
    assert len(world.on_the_wall()) == posts
