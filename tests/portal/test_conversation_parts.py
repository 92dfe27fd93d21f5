"""By forms alone: one thing that was said on its own, a picture with a note, and where conversations begin by themselves."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from clients.conversations.actions import open_from_mention
from clients.conversations.models import BeginsItself, ConversationNote, NoteFile
from clients.custody.models import Turn
from clients.disclosure.rules import InfoClass
from clients.items.models import MediaClass
from clients.sources.actions import add_source
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.conversations.conftest import begun, heard
from tests.portal.conftest import Browse
from tests.portal.test_conversations import page_of, said_on
from tests.proof._stage import picture
from tests.world import World

CM, OWNER = Role.COMMUNITY_MANAGER, Role.BRAND_OWNER


def test_one_of_two_things_goes_its_own_way(world: World, browse: Browse) -> None:
    first = begun(world)
    client, brand = browse(world.people[CM], world.brand), browse(world.people[OWNER], world.brand)
    assert 'name="turn"' not in page_of(client, first)
    open_from_mention(world.cm, mention_id=heard(world, "Et le pain est rassis !", "2", "1").pk)
    with brand_scope(world.brand):
        turn = Turn.objects.get(remote_id="2").pk
    assert f'name="turn" value="{turn}"' in page_of(client, first)
    assert 'name="turn"' not in page_of(brand, first)
    path = f"/conversations/{first.pk}/merge"
    assert brand.post(path, {"turn": str(turn)}).status_code == 403
    answer = client.post(path, {"turn": str(turn)})
    assert answer.status_code == 303
    apart = client.get(answer["Location"]).content.decode()
    assert said_on(apart) == ["Et le pain est rassis !"]
    assert f'href="/conversations/{first.pk}/"' in apart
    assert said_on(page_of(client, first)) == ["Ouverts samedi ?"]
    assert client.post(path, {"turn": str(turn)}).status_code == 409
    assert client.post(path, {"turn": "nothing"}).status_code == 422


@pytest.mark.parametrize("chosen", ["shared", "brand"])
def test_a_picture_is_seen_by_whom_the_note_is_for(world: World, browse: Browse, chosen: str) -> None:
    found = begun(world)
    client, brand = browse(world.people[CM], world.brand), browse(world.people[OWNER], world.brand)

    def file() -> SimpleUploadedFile:
        return SimpleUploadedFile("note.png", picture(chosen), content_type="image/png")

    path = f"/conversations/{found.pk}/note"
    assert brand.post(path, {"note": " ", "class": chosen, "picture": file()}).status_code == 422
    with brand_scope(world.brand):
        assert not MediaClass.objects.exists()
    assert brand.post(path, {"note": "Voici.", "class": chosen, "picture": file()}).status_code == 303
    with brand_scope(world.brand):
        kept = NoteFile.objects.select_related("media__classing", "note").get()
    assert kept.media.classing.info_class == kept.note.info_class == InfoClass(chosen)
    shown = {
        who: (kept.media.digest in page_of(one, found), one.get(f"/media/{kept.media.digest}").status_code)
        for who, one in (("agency", client), ("brand", brand))
    }
    agency = (True, 200) if chosen == "shared" else (False, 404)
    assert shown == {"agency": agency, "brand": (True, 200)}


def test_what_the_agency_writes_for_itself_takes_none(world: World, browse: Browse) -> None:
    found, client = begun(world), browse(world.people[CM], world.brand)
    file = SimpleUploadedFile("note.png", picture("aside"), content_type="image/png")
    answer = client.post(f"/conversations/{found.pk}/note", {"note": "Nous.", "class": "aside", "picture": file})
    assert answer.status_code == 409
    with brand_scope(world.brand):
        assert not MediaClass.objects.exists() and not ConversationNote.objects.exists()


def test_the_switch_is_seen_by_both_and_pressed_by_the_brand(world: World, other: World, browse: Browse) -> None:
    settings = {"host": "127.0.0.1", "tls": "none", "user": "ecoute"}
    shared = InfoClass.SHARED
    box = add_source(actor=world.owner, kind="mailbox", name="Boîte", settings=settings, info_class=shared).pk
    client, brand = browse(world.people[CM], world.brand), browse(world.people[OWNER], world.brand)
    path, page = f"/conversations/beginning/{box}", "/conversations/beginning"
    assert client.post(path, {"side": "agency"}).status_code == 403
    assert brand.post(path, {"side": "brand"}).status_code == 303
    with brand_scope(world.brand):
        assert BeginsItself.objects.get().source == box
    assert browse(other.people[OWNER], other.brand).post(path, {"side": "brand"}).status_code == 404
    assert "begins by itself, held by" in brand.get(page).content.decode()
    assert "<select" not in client.get(page).content.decode()
    assert brand.post(path, {"side": ""}).status_code == 303
    assert "begins by itself, held by" not in brand.get(page).content.decode()
