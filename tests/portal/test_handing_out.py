"""A picture comes through its view alone: as bytes, or, where a server stands in front, as an address that only it can open."""

from io import BytesIO

import pytest
from django.test import override_settings
from PIL import Image

from clients.items.actions import add_media
from clients.items.models import Media
from config.environment import internal_path
from tenants.vocabulary import Role
from tests.portal.conftest import Browse
from tests.world import World


@pytest.fixture
def stored(world: World) -> Media:
    out = BytesIO()
    Image.new("RGB", (6, 6), "teal").save(out, "PNG")
    return add_media(world.cm, data=out.getvalue(), declared="image/png")


def test_as_bytes(world: World, browse: Browse, stored: Media) -> None:
    answer = browse(world.people[Role.COMMUNITY_MANAGER], world.brand).get(f"/media/{stored.digest}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer.content.startswith(b"\x89PNG") and "X-Accel-Redirect" not in answer.headers
    assert (answer["X-Content-Type-Options"], "no-store" in answer["Cache-Control"]) == ("nosniff", True)


def test_by_the_server_in_front(world: World, other: World, browse: Browse, stored: Media) -> None:
    with override_settings(FILES_ACCEL="/files/"):
        answer = browse(world.people[Role.COMMUNITY_MANAGER], world.brand).get(f"/media/{stored.digest}")
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer["X-Accel-Redirect"] == f"/files/{world.brand.id}/{stored.pk}"
        assert answer["X-Content-Type-Options"] == "nosniff"
        for person, brand in ((Role.DEPARTMENT_CONTACT, world.brand), (Role.BRAND_OWNER, other.brand)):
            refused = browse(world.people[person], brand).get(f"/media/{stored.digest}")
            assert refused.status_code in {403, 404} and "X-Accel-Redirect" not in refused.headers
        theirs = browse(other.people[Role.BRAND_OWNER], other.brand).get(f"/media/{stored.digest}")
        assert theirs.status_code == 404


@pytest.mark.parametrize("path", ["files", "/files", "/", "/../", "/a/../b/"])
def test_a_location_is_a_path(path: str) -> None:
    assert internal_path(" /files/ ") == "/files/" and internal_path("") == ""
    with pytest.raises(ValueError, match="must be a path"):
        internal_path(path)
