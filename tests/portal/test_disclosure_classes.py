"""What the brand keeps is on no page, list, picture, form or table of the agency; who reads it is written down (16, 19)."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from clients.audit.models import Entry
from clients.briefings.actions import publish_briefing
from clients.briefings.models import BriefingSection
from clients.disclosure.rules import InfoClass
from clients.items.actions import add_media, write_note
from clients.items.models import ItemNote, MediaClass
from clients.items.problems import problems_of
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.conftest import Browse
from tests.world import World

KEPT, OPEN = "The lawsuit of May", "Both sides know"
OWNER, MANAGER, CM = Role.BRAND_OWNER, Role.BRAND_MANAGER, Role.COMMUNITY_MANAGER


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def picture(colour: str = "red") -> bytes:
    out = BytesIO()
    Image.new("RGB", (4, 4), colour).save(out, format="PNG")
    return out.getvalue()


def page(browse: Browse, world: World, role: Role, path: str) -> str:
    return browse(world.people[role], world.brand).get(path).content.decode()


def reads(world: World) -> list[dict[str, Any]]:
    with brand_scope(world.brand):
        return list(Entry.objects.filter(verb="read").order_by("at", "id").values_list("facts", flat=True))


# --- The briefing ------------------------------------------------------------------------------------------------------


@pytest.fixture
def briefing(world: World) -> None:
    publish_briefing(
        actor=world.owner,
        after=1,
        sections={"tone": "Warm", "key_facts": [OPEN], "sensitive_topics": [KEPT]},
        calendar={},
        note="why",
        classes={"tone": InfoClass.PUBLIC, "key_facts": InfoClass.SHARED},
    )


@pytest.mark.parametrize(
    ("role", "kept", "shared"),
    [
        (OWNER, True, True),
        (Role.AUDITOR, True, True),
        (CM, False, True),
        (Role.AGENCY_OWNER, False, True),
        (Role.DEPARTMENT_CONTACT, False, False),
    ],
)
def test_a_kept_section_is_on_no_page_of_the_agency(
    world: World, other: World, browse: Browse, briefing: None, role: Role, kept: bool, shared: bool
) -> None:
    text = page(browse, world, role, "/briefing/")
    assert (KEPT in text, OPEN in text) == (kept, shared)
    assert "SECRET" not in text
    assert (KEPT in page(browse, world, role, "/briefing/write")) == (role is OWNER)


def test_reading_what_is_kept_is_written_down_once_a_sitting(world: World, browse: Browse, briefing: None) -> None:
    client = browse(world.people[OWNER], world.brand)
    for _ in range(3):
        client.get("/briefing/")
    browse(world.people[CM], world.brand).get("/briefing/")
    (line,) = reads(world)
    assert [one["class"] for one in line["objects"]] == ["brand"] and line["session"]
    browse(world.people[OWNER], world.brand).get("/briefing/")
    assert len(reads(world)) == 2


def test_no_line_no_page(world: World, browse: Browse, briefing: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from clients.disclosure import steps

    def broken(*_args: object, **_facts: object) -> None:
        raise OSError("no room for another line")

    client = browse(world.people[OWNER], world.brand)
    client.raise_request_exception = False
    monkeypatch.setattr(steps, "record", broken)
    failed = client.get("/briefing/")
    assert failed.status_code == 500 and KEPT not in failed.content.decode()
    assert browse(world.people[CM], world.brand).get("/briefing/").status_code == 200
    monkeypatch.undo()
    assert KEPT in client.get("/briefing/").content.decode()


def test_the_form_says_who_reads_and_the_brand_keeps_what_it_does_not_share(world: World, browse: Browse) -> None:
    client = browse(world.people[OWNER], world.brand, proved=True)
    form = {"after": "1", "tone": "Warm", "key_facts": OPEN, "class-key_facts": "shared"}
    form |= {"sensitive_topics.rows": "1", "sensitive_topics.0.words": KEPT}
    assert client.post("/briefing/write", form | {"class-key_facts": "everybody"}).status_code == 422
    assert client.post("/briefing/write", form | {"note": "why"}).status_code == 303
    text = page(browse, world, CM, "/briefing/")
    assert OPEN in text and KEPT not in text
    assert "can read none of it" not in client.get("/briefing/").content.decode()
    kept_whole = {"after": "2", "tone": "Cold", "class-tone": "brand", "class-key_facts": "brand"}
    client.post("/briefing/write", kept_whole)
    assert "can read none of it" in client.get("/briefing/").content.decode()
    assert "shares no section of it with you" in page(browse, world, CM, "/briefing/")
    assert "brand only" in page(browse, world, OWNER, "/briefing/")


def test_changing_who_may_read(world: World, browse: Browse, briefing: None) -> None:
    with brand_scope(world.brand):
        mark = BriefingSection.objects.get(section="sensitive_topics", version__number=2).pk
    path = f"/classes/section/{mark}"
    form = {"class": "shared", "reason": "they must know"}
    assert browse(world.people[CM], world.brand).get(path).status_code == 404
    assert browse(world.people[CM], world.brand).post(path, form).status_code == 404
    assert browse(world.people[MANAGER], world.brand).post(path, form).status_code == 403
    owner = browse(world.people[OWNER], world.brand)
    assert owner.get(path).status_code == 200
    assert owner.post(path, {"class": "shared"}).status_code == 422
    assert owner.post(path, {"class": "named", "named": ["x"], "reason": "y"}).status_code == 404
    assert KEPT not in page(browse, world, CM, "/briefing/")
    assert owner.post(path, form)["Location"] == "/briefing/"
    assert KEPT in page(browse, world, CM, "/briefing/")


def test_classes_next_door_are_nothing_here(world: World, other: World, browse: Browse, briefing: None) -> None:
    with brand_scope(other.brand):
        theirs = BriefingSection.objects.first()
        assert theirs is not None
    owner = browse(world.people[OWNER], world.brand)
    assert owner.get(f"/classes/section/{theirs.pk}").status_code == 404
    assert owner.post(f"/classes/section/{theirs.pk}", {"class": "brand"}).status_code == 404
    assert owner.get(f"/classes/planet/{theirs.pk}").status_code == 404


# --- Pictures ----------------------------------------------------------------------------------------------------------


def test_a_kept_picture_is_in_no_list_and_has_no_bytes_for_the_agency(
    world: World, other: World, browse: Browse
) -> None:
    kept = add_media(world.owner, data=picture(), declared="image/png", alt=KEPT)
    shared = add_media(world.owner, data=picture("blue"), declared="image/png", alt=OPEN, info_class=InfoClass.SHARED)
    theirs = add_media(other.owner, data=picture("green"), declared="image/png", info_class=InfoClass.PUBLIC)
    cm, owner = (browse(world.people[role], world.brand) for role in (CM, OWNER))
    text = cm.get("/media/").content.decode()
    assert OPEN in text and KEPT not in text and kept.digest[:12] not in text
    assert [cm.get(f"/media/{one.digest}").status_code for one in (kept, shared, theirs)] == [404, 200, 404]
    assert cm.post(f"/media/{kept.digest}/describe", {"alt": "x"}).status_code == 404
    assert [owner.get(f"/media/{one.digest}").status_code for one in (kept, shared, theirs)] == [200, 200, 404]
    assert KEPT in owner.get("/media/").content.decode()
    for role in (CM, OWNER):  # an item is read by both sides, so no composer offers it
        composer = page(browse, world, role, "/items/new")
        assert shared.digest in composer and kept.digest not in composer


def test_seeing_a_kept_picture_is_written_down(world: World, browse: Browse) -> None:
    kept = add_media(world.owner, data=picture(), declared="image/png")
    owner = browse(world.people[OWNER], world.brand)
    for path in ("/media/", f"/media/{kept.digest}", f"/media/{kept.digest}"):
        assert owner.get(path).status_code == 200
    (line,) = reads(world)
    assert [one["revision"] for one in line["objects"]] == [kept.digest]


def test_an_item_cannot_carry_what_the_brand_keeps(world: World) -> None:
    """Neither picked, nor named by its digest, nor by a table: for an item it is not there."""
    from clients.items.content import MediaRef
    from clients.items.rows import read_rows

    kept = add_media(world.owner, data=picture(), declared="image/png", alt="x")
    shared = add_media(world.owner, data=picture("blue"), declared="image/png", alt="x", info_class=InfoClass.SHARED)
    with brand_scope(world.brand):
        for media, codes in ((kept, ["unknown_media"]), (shared, [])):
            content = world.content(media=(MediaRef(media.digest, "x"),))
            assert [p.code for p in problems_of(content)] == codes
            cells = {"channels": "Le mur", "text": "x", "picture": media.digest[:12]}
            (row,) = read_rows([{"number": 1, "cells": cells, "odd": False}], "Europe/Paris")
            assert [p.code for p in row.problems] == codes


def test_uploading_says_who_sees_and_the_same_bytes_do_not_open_what_is_kept(world: World, browse: Browse) -> None:
    def upload(role: Role, colour: str, **typed: str) -> int:
        file = SimpleUploadedFile("a.png", picture(colour), "image/png")
        return browse(world.people[role], world.brand).post("/media/", {"upload": file} | typed).status_code

    assert [upload(OWNER, "red"), upload(OWNER, "blue", **{"class": "shared"}), upload(CM, "green")] == [303] * 3
    with brand_scope(world.brand):
        marks = MediaClass.objects.order_by("media__created_at").values_list("info_class", "owner_side")
        assert list(marks) == [("brand", "brand"), ("shared", "brand"), ("shared", "agency")]
    assert upload(CM, "red") == 422
    assert upload(CM, "blue") == 303


# --- Remarks -----------------------------------------------------------------------------------------------------------


def test_a_remark_of_the_brand_stays_with_the_brand(world: World, browse: Browse) -> None:
    item = world.draft()
    owner, cm = (browse(world.people[role], world.brand) for role in (OWNER, CM))
    assert owner.post(f"/items/{item.pk}/remark", {"remark": KEPT}).status_code == 303
    assert owner.post(f"/items/{item.pk}/remark", {"remark": OPEN, "class": "shared"}).status_code == 303
    assert owner.post(f"/items/{item.pk}/remark", {"remark": " "}).status_code == 422
    assert cm.post(f"/items/{item.pk}/remark", {"remark": "From the agency"}).status_code == 303
    theirs, ours = (one.get(f"/items/{item.pk}/").content.decode() for one in (cm, owner))
    assert KEPT not in theirs and OPEN in theirs and "From the agency" in theirs
    assert KEPT in ours and "From the agency" in ours
    assert browse(world.people[Role.AUDITOR], world.brand).post(f"/items/{item.pk}/remark").status_code == 403
    with brand_scope(world.brand):
        assert ItemNote.objects.count() == 3


def test_three_remarks_cost_what_one_costs(world: World, browse: Browse) -> None:
    item = world.draft()
    client = browse(world.people[CM], world.brand)
    counts = []
    for n in (1, 2, 3):
        write_note(world.cm, item_id=item.pk, text=f"remark {n}")
        client.get(f"/items/{item.pk}/")
        with CaptureQueriesContext(connection) as seen:
            assert f"remark {n}" in client.get(f"/items/{item.pk}/").content.decode()
        counts.append(len(seen))
    assert counts[0] == counts[2]
