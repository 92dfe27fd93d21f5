"""The seal on screen: its state, 'verify now', checkpoints by mail; unexplained changes in red; reading the log is on record."""

import re
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client

from clients.audit.models import Entry
from clients.audit.notes import parse_checkpoint
from clients.audit.sealing import seal_batch
from clients.evidence.models import CheckpointAddress
from clients.outbox.actions import perform
from clients.outbox.models import OutboxRow
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope, durable
from tests.evidence.tampering import tamper
from tests.portal.conftest import Browse
from tests.portal.test_lists import queries_of
from tests.world import World

READERS = {Role.BRAND_OWNER, Role.BRAND_MANAGER, Role.AUDITOR}
PAGES = ("/log/", "/log/reads", "/log/rows", "/log/seal", "/log/check")


def sealed(world: World) -> None:
    while seal_batch(world.brand).lines:
        pass


def work(world: World, *kinds: str) -> None:
    """What a worker does with the rows of these kinds."""
    with brand_scope(world.brand):
        rows = list(OutboxRow.objects.filter(kind__in=kinds, done_at=None).values_list("pk", flat=True))
    for pk in rows:
        perform(world.brand, pk)


@pytest.mark.parametrize("role", list(Role))
def test_who_sees_these_pages(world: World, browse: Browse, role: Role) -> None:
    sealed(world)
    client = browse(world.people[role], world.brand)
    assert {client.get(page).status_code for page in PAGES} == ({200} if role in READERS else {403})
    assert (client.post("/log/verify").status_code == 303) is (role in READERS)


def test_before_anything_is_sealed(world: World, browse: Browse) -> None:
    client = browse(world.people[Role.BRAND_OWNER], world.brand)
    page = client.get("/log/seal").content.decode()
    assert "nothing yet" in page and "/log/verify" not in page and "/log/bundle" not in page
    assert client.post("/log/verify").status_code == 409
    assert client.get("/log/checkpoint.txt").status_code == 409


def test_verify_now_runs_in_the_background_and_says_that_all_lines_hold(world: World, browse: Browse) -> None:
    sealed(world)
    client = browse(world.people[Role.AUDITOR], world.brand)
    assert "Nobody has asked for it yet" in client.get("/log/seal").content.decode()
    assert client.post("/log/verify").status_code == 303
    running = client.get("/log/check").content.decode()
    assert "lines hold so far" in running and 'hx-trigger="load delay:2s"' in running
    assert client.post("/log/verify").status_code == 409
    work(world, "evidence.check")
    done = client.get("/log/check").content.decode()
    assert re.search(r"All \d+ lines hold\.", done) and "hx-trigger" not in done


def test_verify_now_names_the_first_wrong_position(world: World, browse: Browse) -> None:
    sealed(world)
    with brand_scope(world.brand):
        seq = Entry.objects.order_by("seq").values_list("seq", flat=True)[8]
    tamper(world.brand, ("UPDATE audit_entry SET verb = 'item.read' WHERE seq = %s", [seq]))
    client = browse(world.people[Role.AUDITOR], world.brand)
    client.post("/log/verify")
    work(world, "evidence.check")
    told = client.get("/log/check").content.decode()
    assert "not the one that was sealed" in told and re.search(r"First at position \d+\.", told)


def test_the_state_and_the_checkpoint_for_keeping(world: World, browse: Browse) -> None:
    sealed(world)
    client = browse(world.people[Role.BRAND_MANAGER], world.brand)
    page = client.get("/log/seal").content.decode()
    note = client.get("/log/checkpoint.txt").content.decode()
    assert f"{parse_checkpoint(note).size} lines" in page and note.splitlines()[2] in page


def test_only_the_owner_chooses_addresses_and_each_letter_holds_the_note(world: World, browse: Browse) -> None:
    sealed(world)
    manager = browse(world.people[Role.BRAND_MANAGER], world.brand)
    assert manager.post("/log/addresses", {"email": "it@brand.example"}).status_code == 403
    owner = browse(world.people[Role.BRAND_OWNER], world.brand)
    assert owner.post("/log/addresses", {"email": "it"}).status_code == 422
    assert owner.post("/log/addresses", {"email": "it@brand.example"}).status_code == 303
    assert owner.post("/log/send").status_code == 303
    sealed(world)
    work(world, "evidence.letter")
    (letter,) = mail.outbox
    assert letter.to == ["it@brand.example"] and "Seal" not in letter.subject
    ((name, content, kind),) = letter.attachments
    assert (name, kind) == (f"checkpoint-{parse_checkpoint(content).size}.txt", "text/plain")
    with brand_scope(world.brand):
        address = CheckpointAddress.objects.get()
    assert manager.post(f"/log/addresses/{address.pk}/remove").status_code == 403
    assert owner.post(f"/log/addresses/{address.pk}/remove").status_code == 303
    assert owner.post(f"/log/addresses/{address.pk}/remove").status_code == 404


def test_a_change_that_no_act_tells_of_stands_in_red(world: World, other: World, browse: Browse) -> None:
    client = browse(world.people[Role.AUDITOR], world.brand)
    client.get("/log/")
    with durable(other.brand):
        CheckpointAddress.objects.create(email="secret@other.example", language="fr", added_by=uuid4())
    before = client.get("/log/rows").content.decode()
    with durable(world.brand):
        CheckpointAddress.objects.create(email="x@brand.example", language="fr", added_by=uuid4())
    after = client.get("/log/rows").content.decode()
    assert after.count("badge-no") == before.count("badge-no") + 1
    assert "evidence_checkpointaddress" in after and "no act tells of" in client.get("/log/").content.decode()
    assert "evidence_checkpointaddress" not in before


def test_the_same_queries_for_one_and_three(world: World, browse: Browse) -> None:
    client = browse(world.people[Role.BRAND_OWNER], world.brand)

    def counted(n: int) -> list[int]:
        with durable(world.brand):
            CheckpointAddress.objects.create(email=f"{n}@brand.example", language="fr", added_by=uuid4())
        sealed(world)
        return [queries_of(client, page)[0] for page in PAGES]

    for page in PAGES:
        client.get(page)
    one = counted(1)
    counted(2)
    assert counted(3) == one


def test_reading_the_log_is_a_line_of_it_and_a_filter_finds_it(world: World, browse: Browse) -> None:
    client = browse(world.people[Role.AUDITOR], world.brand)
    for _ in range(3):
        client.get("/log/")
    with brand_scope(world.brand):
        assert Entry.objects.filter(verb="log.read").count() == 1
    reads = lines(client, "/log/reads")
    assert reads.count("data-row") == 1 and "opened the log" in reads


def lines(client: Client, address: str) -> str:
    return client.get(address).content.decode().partition('<ol class="timeline">')[2]


def test_each_filter_narrows(world: World, browse: Browse) -> None:
    world.submitted("Texte", title="Titre")
    client = browse(world.people[Role.AUDITOR], world.brand)
    client.get("/log/")
    whole = lines(client, "/log/").count("data-row")
    for query, is_there in (
        ("act=item.submitted", "submitted an item"),
        ("side=agency", "submitted an item"),
        ("side=brand", "opened the log"),
        ("via=page", "opened the log"),
        ("subject=items.item", "submitted an item"),
    ):
        narrowed = lines(client, f"/log/?{query}")
        assert (is_there in narrowed and narrowed.count("data-row") < whole) or query == "via=page", query
    assert "submitted an item" not in lines(client, "/log/?side=brand")
    assert "submitted an item" not in lines(client, "/log/?side=None")
    assert lines(client, "/log/?to=2020-01-01") == "" == lines(client, "/log/?from=2090-01-01")
    assert lines(client, "/log/?from=2020-01-01&to=2090-01-01").count("data-row") == whole
    assert client.get("/log/?from=yesterday").status_code == 422
