"""Who has seen one thing, on a page of its own: pages, links, what was taken home; nothing of another thing or brand."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from clients.briefings.actions import publish_briefing
from clients.briefings.models import BriefingSection, BriefingVersion
from clients.community.actions import add_member, tell_member
from clients.community.rules import About
from clients.disclosure.actions import make_link, open_link
from clients.disclosure.rules import InfoClass
from clients.items.actions import add_media, write_note
from clients.items.content import MediaRef
from clients.items.models import MediaClass
from portal.brand import readers
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.conftest import Browse
from tests.portal.test_lists import queries_of
from tests.world import World

OWNER, AUDITOR, CM = Role.BRAND_OWNER, Role.AUDITOR, Role.COMMUNITY_MANAGER
BRAND, SHARED, NAMED = InfoClass.BRAND, InfoClass.SHARED, InfoClass.NAMED


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def sections(world: World) -> dict[str, BriefingSection]:
    classes = {"tone": SHARED, "key_facts": NAMED, "sensitive_topics": BRAND}
    words = {"tone": "Warm", "key_facts": ["Founded in 1998"], "sensitive_topics": ["The lawsuit"]}
    publish_briefing(actor=world.owner, after=1, sections=words, calendar={}, classes=classes, note="why")
    with brand_scope(world.brand):
        return {one.section: one for one in BriefingSection.objects.filter(version__number=2)}


def linked(world: World, kind: str, pk: Any, info_class: InfoClass, digest: str = "d" * 64) -> None:
    """A link that was opened once."""
    code = {"code": "tulipe-42"} if info_class is NAMED else {}
    until = timezone.now() + timedelta(days=1)
    made = make_link(
        world.owner, kind=kind, object_id=pk, digest=digest, info_class=info_class, recipient="La presse", until=until,
        most_views=9, **code,
    )  # fmt: skip
    assert open_link(world.brand, link_id=made.link.pk) is not None


def shown(browse: Browse, world: World, kind: str, pk: Any, role: Role = AUDITOR) -> str:
    answer = browse(world.people[role], world.brand).get(f"/classes/{kind}/{pk}/readers")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_section_on_pages_and_through_links(world: World, sections: Any, browse: Browse) -> None:
    browse(world.people[OWNER], world.brand).get("/briefing/")
    page = shown(browse, world, "section", sections["sensitive_topics"].pk)
    assert page.count("data-row") == 1 and world.people[OWNER].name in page
    with brand_scope(world.brand):
        version = BriefingVersion.objects.get(number=2)
    linked(world, "briefings.briefingversion", version.pk, SHARED)
    rows = {name: shown(browse, world, "section", one.pk).count("data-row") for name, one in sections.items()}
    assert rows == {"tone": 1, "key_facts": 1, "sensitive_topics": 1}  # the link showed the first alone
    linked(world, "briefings.briefingversion", version.pk, NAMED)
    rows = {name: shown(browse, world, "section", one.pk).count("data-row") for name, one in sections.items()}
    assert rows == {"tone": 2, "key_facts": 2, "sensitive_topics": 1}
    assert "La presse" in shown(browse, world, "section", sections["key_facts"].pk)
    assert "open to everybody here" in shown(browse, world, "section", sections["tone"].pk)


def test_a_picture_through_a_link_to_an_item_that_carries_it(world: World, browse: Browse) -> None:
    media = []
    for colour in ("red", "blue"):
        out = BytesIO()
        Image.new("RGB", (4, 4), colour).save(out, format="PNG")
        media.append(add_media(world.cm, data=out.getvalue(), declared="image/png"))
    item = world.submitted("Bonjour", media=(MediaRef(media[0].digest, "Un carré"),))
    assert item.version is not None
    linked(world, "items.item", item.pk, SHARED, item.version.digest)
    with brand_scope(world.brand):
        marks = [MediaClass.objects.get(media=one).pk for one in media]
    assert [shown(browse, world, "picture", mark).count("data-row") for mark in marks] == [1, 0]


def test_a_member_read_and_taken_home(world: World, other: World, browse: Browse) -> None:
    member, another = (add_member(world.owner, about=About(name)) for name in ("Léa Zorglub", "Tom Autre"))
    theirs = add_member(other.owner, about=About("Une autre"))
    browse(world.people[OWNER], world.brand).get(f"/members/{member.pk}/")
    tell_member(world.owner, member_id=member.pk)
    page = shown(browse, world, "member", member.pk)
    assert page.count("data-row") == 3  # and the reading of this very page, which names them
    assert shown(browse, world, "member", another.pk).count("data-row") == 1
    client = browse(world.people[AUDITOR], world.brand)
    assert client.get(f"/classes/member/{theirs.pk}/readers").status_code == 404
    assert f"/classes/member/{member.pk}/readers" in client.get(f"/members/{member.pk}/").content.decode()


def test_who_may_ask(world: World, browse: Browse) -> None:
    note = write_note(world.owner, item_id=world.draft().pk, text="À nous", info_class=SHARED)
    for role in Role:
        answer = browse(world.people[role], world.brand).get(f"/classes/note/{note.pk}/readers")
        assert answer.status_code == (200 if role in {OWNER, Role.BRAND_MANAGER, AUDITOR} else 403), role
    client = browse(world.people[OWNER], world.brand)
    assert "Nobody yet" in shown(browse, world, "note", note.pk)
    assert client.get(f"/classes/planet/{note.pk}/readers").status_code == 404
    assert client.get(f"/classes/note/{note.pk}/readers?before=x").status_code == 404


def test_page_by_page_and_as_many_questions_for_one_and_three(
    world: World, sections: Any, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/classes/section/{sections['sensitive_topics'].pk}/readers"
    client = browse(world.people[AUDITOR], world.brand)
    counts = []
    for role in (OWNER, Role.BRAND_MANAGER, Role.APPROVER):
        browse(world.people[role], world.brand).get("/briefing/")
        counts.append(queries_of(client, path)[0])
    assert counts[0] == counts[2]
    monkeypatch.setattr(readers, "A_PAGE", 2)
    first = client.get(path)
    assert len(first.context["lines"]) == 2
    assert len(client.get(f"{path}?{first.context['older']}").context["lines"]) == 1
