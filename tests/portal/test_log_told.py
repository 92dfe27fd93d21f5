"""What a line says beyond its verb: to whom information left, what it was, from where somebody came."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation

from clients.audit.actions import erase_private, record
from clients.audit.models import Entry
from clients.autonomy.vocabulary import EntryPoint
from clients.disclosure.actions import make_link, open_link
from clients.disclosure.rules import InfoClass
from clients.people.actor import process_of
from portal.brand.log_told import beside, spelled, told
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope, durable
from tests.portal.conftest import Browse
from tests.portal.test_log import timeline
from tests.world import World


@pytest.fixture
def auditor(world: World, browse: Browse) -> Client:
    return browse(world.people[Role.AUDITOR], world.brand)


def test_to_whom_what_left(world: World, other: World, auditor: Client) -> None:
    item = world.submitted("Bonjour", title="La braderie")
    until = timezone.now() + timedelta(days=1)
    made = make_link(
        world.owner, kind="items.item", object_id=item.pk, digest="d" * 64, info_class=InfoClass.SHARED,
        recipient="La presse", until=until, most_views=5,
    )  # fmt: skip
    open_link(world.brand, link_id=made.link.pk)
    link = f"/disclosures/?line={made.link.disclosure_id}"
    for act in ("disclosed", "link.opened"):
        page = timeline(auditor, f"/log/?act={act}")
        assert f'<a href="{link}">La presse · La braderie</a>' in page
    ledger = auditor.get(link).content.decode()
    assert "Only one line" in ledger and f'<a href="/items/{item.pk}/">La braderie</a>' in ledger
    assert auditor.get("/disclosures/?line=planet").status_code == 404
    with brand_scope(other.brand):
        theirs = Entry.objects.filter(subject_kind="disclosure.disclosure").first()
    assert theirs is None or auditor.get(f"/disclosures/?line={theirs.subject_id}").status_code == 404
    table = auditor.get("/disclosures/export.csv").getvalue().decode()
    assert ";La braderie;" in table


def test_from_where_somebody_came_until_it_is_taken(world: World, browse: Browse, auditor: Client) -> None:
    name = world.people[Role.APPROVER].name
    browse(world.people[Role.APPROVER], world.brand).get(
        "/", headers={"user-agent": "Netscape 4"}, REMOTE_ADDR="192.0.2.77"
    )
    path = f"/log/?act=session.entered&person={world.people[Role.APPROVER].pk}"
    page = timeline(auditor, path)
    assert "192.0.2.77" in page and "Netscape 4" in page and "Network address" in page and name in page
    with durable(world.brand):
        line = Entry.objects.get(verb="session.entered", person_id=world.people[Role.APPROVER].pk)
        erase_private(process_of(world.brand, EntryPoint.WORKER, "community"), [line.pk], basis="retention")
    page = timeline(auditor, path)
    assert "192.0.2.77" not in page and "Netscape" not in page
    assert name in page  # who has a place here is known without the line
    assert f"session={line.facts['session']}" in page


def test_all_of_one_session(world: World, browse: Browse, auditor: Client) -> None:
    owner = world.people[Role.BRAND_OWNER]
    for _ in range(2):
        browse(owner, world.brand).get("/log/")
    with brand_scope(world.brand):
        first = Entry.objects.filter(verb="session.entered", person_id=owner.pk).order_by("seq")[0]
    shown = auditor.get(f"/log/?person={owner.pk}&session={first.facts['session']}")
    assert [line.did for line in shown.context["lines"]] == ["opened the log", "came into the brand’s space"]
    assert "Only one session" in shown.content.decode()
    assert auditor.get("/log/?session=nothing").context["lines"] == []


def test_words_for_facts_and_none_for_what_is_no_fact(world: World) -> None:
    lines = [
        ({"how": ["password", "totp"]}, "session.entered", "password + code of an app"),
        ({"how": ["planet"]}, "session.proved", "planet"),
        ({"why": "idle"}, "session.ended", "nobody had used it for a while"),
        ({"count": 3, "locked": 0}, "sign_in.failed", "3 attempts in an hour"),
        ({"count": 1, "locked": 2}, "sign_in.failed", "1 attempt in an hour, locked for a while"),
        ({"count": "x"}, "sign_in.failed", ""),
        ({}, "session.entered", ""),
        ({"how": 1}, "session.entered", ""),
        ({"how": ["password"]}, "item.created", ""),
    ]
    for facts, verb, words in lines:
        with translation.override("en"):
            assert told(Entry(verb=verb, facts=facts)) == words
    assert beside(Entry(verb="x")) == ()
    with durable(world.brand):
        record(world.owner, "test.line", None)
    assert spelled([{"a": 1, "b": "x"}, 2]) == "1 x, 2"
