"""What a brand takes home: the bundle that its own script checks, the proof of one line, the policy; and that it is on record."""

import io
import json
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from clients.audit.actions import record, rotate_log_key
from clients.audit.models import Entry, Private
from clients.audit.verifier.verify import check_bundle, check_proof
from clients.autonomy.vocabulary import EntryPoint
from clients.disclosure.models import Disclosure
from clients.disclosure.rules import Way
from clients.evidence.actions import (
    add_checkpoint_address,
    hand_out_log,
    note_checkpoint_mailed,
    remove_checkpoint_address,
    send_checkpoint,
    send_daily,
    write_log_bundle,
)
from clients.evidence.models import CheckpointAddress
from clients.evidence.queries import newest_checkpoint, policy_text, proof_of, proof_text, sealed_checkpoint
from clients.evidence.steps import note_log_read
from clients.evidence.tasks import date
from clients.outbox.models import OutboxRow
from clients.people.actor import process_of
from tenants.errors import Conflict, Invalid, Missing, Refused
from tenants.vocabulary import Role
from tenants.walls.scope import BrandRef, brand_scope, durable
from tests.audit.made_log import files_of
from tests.evidence.conftest import seal_all
from tests.evidence.tampering import tamper
from tests.world import World

READERS = {Role.BRAND_OWNER, Role.BRAND_MANAGER, Role.AUDITOR}


def bundled(world: World, folder: Path) -> Path:
    path = folder / "bundle.zip"
    with path.open("wb") as out:
        write_log_bundle(world.actor(Role.AUDITOR), out)
    return path


def test_the_bundle_of_a_brand_holds_by_its_own_script(world: World, tmp_path: Path) -> None:
    path = bundled(world, tmp_path)
    with brand_scope(world.brand):
        size, policy = sealed_checkpoint().size, policy_text()
        (tmp_path / "policy").write_text(policy, encoding="utf-8")
        (tmp_path / "kept").write_text(sealed_checkpoint().note, encoding="utf-8")
    found = check_bundle(str(path), str(tmp_path / "policy"), [str(tmp_path / "kept")]).as_dict()
    assert found["ok"], found["errors"]
    assert (found["lines"], found["erased"]) == (size, 0)
    assert found["private"] > 20
    files = files_of(path)
    assert world.people[Role.COMMUNITY_MANAGER].name.encode() in files["private/entries.jsonl"]
    assert world.people[Role.COMMUNITY_MANAGER].name.encode() not in files["log/entries-000.jsonl"]
    assert world.people[Role.COMMUNITY_MANAGER].name.encode() in files["people.jsonl"]


def test_the_bundle_is_of_one_moment(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def look(*args: object, **kwargs: object) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('transaction_isolation')")
            seen.append(cursor.fetchone()[0])
        return 0

    seen: list[str] = []
    monkeypatch.setattr("clients.evidence.actions.write_bundle", look)
    bundled(world, tmp_path)
    with brand_scope(world.brand):
        look()
    assert seen == ["repeatable read", "read committed"]


def test_what_is_unattributed_is_counted_in_the_bundle(world: World, tmp_path: Path) -> None:
    before = check_bundle(str(bundled(world, tmp_path))).as_dict()["unattributed"]
    with durable(world.brand):
        CheckpointAddress.objects.create(email="x@x.example", language="fr", added_by=uuid4())
    seal_all(world.brand)
    assert check_bundle(str(bundled(world, tmp_path))).as_dict()["unattributed"] == before + 1


def test_a_line_changed_in_the_tables_is_named_in_the_bundle(world: World, tmp_path: Path) -> None:
    with brand_scope(world.brand):
        entry = Entry.objects.get(pk=Private.objects.order_by("pk")[5].pk)
        position = proof_of(entry.pk)["index"]
    tamper(world.brand, ("UPDATE audit_entry SET verb = 'item.read' WHERE seq = %s", [entry.seq]))
    first = check_bundle(str(bundled(world, tmp_path))).as_dict()["first"]
    assert (first["kind"], first["position"]) == ("changed", position)


def test_the_bundle_follows_the_log_over_a_new_key(world: World, tmp_path: Path) -> None:
    with brand_scope(world.brand):
        (tmp_path / "policy").write_text(policy_text(), encoding="utf-8")
    rotate_log_key(actor=process_of(world.brand, EntryPoint.COMMAND, "operator"))
    seal_all(world.brand)
    world.draft()
    seal_all(world.brand)
    found = check_bundle(str(bundled(world, tmp_path)), str(tmp_path / "policy")).as_dict()
    assert found["ok"], found["errors"]


def test_the_proof_of_one_line(world: World, real_brands: tuple[BrandRef, BrandRef], tmp_path: Path) -> None:
    path = tmp_path / "proof.json"
    with brand_scope(world.brand):
        entry = Entry.objects.filter(verb="item.submitted").order_by("seq")[2]
        path.write_text(proof_text(proof_of(entry.pk)), encoding="utf-8")
        (tmp_path / "policy").write_text(policy_text(), encoding="utf-8")
    assert check_proof(str(path), str(tmp_path / "policy")).as_dict()["ok"]
    assert json.loads(json.loads(path.read_text(encoding="utf-8"))["line"])["id"] == str(entry.pk)
    path.write_text(path.read_text(encoding="utf-8").replace("item.submitted", "item.withdrawn"), encoding="utf-8")
    assert not check_proof(str(path), str(tmp_path / "policy")).as_dict()["ok"]
    with brand_scope(real_brands[1]), pytest.raises(Missing):
        proof_of(entry.pk)


def test_a_line_that_waits_has_no_proof_yet(world: World) -> None:
    with durable(world.brand):
        entry = record(world.owner, "test.line", None)
    with brand_scope(world.brand), pytest.raises(Conflict, match="log_not_sealed"):
        proof_of(entry.pk)


def test_before_anything_is_sealed_there_is_nothing_to_take(
    real_brands: tuple[BrandRef, BrandRef], world: World
) -> None:
    with brand_scope(real_brands[1]):
        assert newest_checkpoint() is None
        for ask in (sealed_checkpoint, policy_text):
            with pytest.raises(Conflict, match="log_not_sealed"):
                ask()


@pytest.mark.parametrize("role", list(Role))
def test_who_takes_the_log_home(world: World, role: Role) -> None:
    actor = world.actor(role)
    if role in READERS:
        assert write_log_bundle(actor, io.BytesIO())[0] > 40
        hand_out_log(actor, way=Way.BUNDLE, count=3, digest="ab" * 32)
    else:
        for ask in (
            lambda: write_log_bundle(actor, io.BytesIO()),
            lambda: hand_out_log(actor, way=Way.BUNDLE, count=3, digest=""),
        ):
            with pytest.raises(Refused):
                ask()
    with brand_scope(world.brand):
        assert Disclosure.objects.filter(way="bundle", object_kind="audit.entry").count() == (role in READERS)
        assert Entry.objects.filter(verb="disclosed", facts__digest="ab" * 32).exists() is (role in READERS)


def test_addresses_are_the_owners_to_give(world: World) -> None:
    with pytest.raises(Refused):
        add_checkpoint_address(world.actor(Role.BRAND_MANAGER), email="it@brand.example", language="fr")
    row = add_checkpoint_address(world.owner, email=" It@Brand.example ", language="fr")
    with pytest.raises(Invalid, match="address_known"):
        add_checkpoint_address(world.owner, email="it@brand.example", language="fr")
    with pytest.raises(Invalid, match="bad_email"):
        add_checkpoint_address(world.owner, email="nobody", language="fr")
    for n in range(9):
        add_checkpoint_address(world.owner, email=f"{n}@brand.example", language="fr")
    with pytest.raises(Invalid, match="too_many"):
        add_checkpoint_address(world.owner, email="eleventh@brand.example", language="fr")
    with brand_scope(world.brand):
        line = Entry.objects.get(verb="log.address_added", subject_id=row.pk)
        assert "brand.example" not in str(line.facts)
        assert Private.objects.get(pk=line.pk).data["address"] == "it@brand.example"
    with pytest.raises(Refused):
        remove_checkpoint_address(world.actor(Role.AUDITOR), address_id=row.pk)
    remove_checkpoint_address(world.owner, address_id=row.pk)
    with pytest.raises(Missing):
        remove_checkpoint_address(world.owner, address_id=row.pk)


def test_checkpoints_go_to_each_address_and_are_on_record(world: World) -> None:
    rows = [add_checkpoint_address(world.owner, email=f"{n}@brand.example", language="fr") for n in range(2)]
    assert send_checkpoint(world.actor(Role.AUDITOR)) == 2
    with pytest.raises(Refused):
        send_checkpoint(world.cm)
    with brand_scope(world.brand):
        letters = OutboxRow.objects.filter(kind="evidence.letter", done_at=None)
        assert {letter.payload["address"] for letter in letters} == {str(row.pk) for row in rows}
        assert OutboxRow.objects.filter(kind="evidence.daily").count() == 1
    found = note_checkpoint_mailed(world.brand, address_id=rows[0].pk)
    assert found is not None
    with brand_scope(world.brand):
        assert found[1] == sealed_checkpoint().note
        assert Disclosure.objects.get(way="mail").object_kind == "audit.checkpoint"
    assert send_daily(world.brand)
    for row in rows:
        remove_checkpoint_address(world.owner, address_id=row.pk)
    assert not send_daily(world.brand)
    assert note_checkpoint_mailed(world.brand, address_id=rows[0].pk) is None


def test_daily_letters_that_were_lost_are_written_down_again(world: World) -> None:
    def waiting(*, lost: bool = False) -> int:
        if not lost:
            date(world.brand)
        with brand_scope(world.brand):
            rows = OutboxRow.objects.filter(kind="evidence.daily", done_at=None)
            if lost:
                rows.update(done_at=timezone.now())
            return rows.count()

    assert waiting() == 0
    row = add_checkpoint_address(world.owner, email="it@brand.example", language="fr")
    assert waiting(lost=True) == 0
    assert [waiting(), waiting()] == [1, 1]
    remove_checkpoint_address(world.owner, address_id=row.pk)
    assert [waiting(lost=True), waiting()] == [0, 0]


def test_reading_the_log_is_one_line_a_session_and_hour(world: World) -> None:
    from dataclasses import replace
    from datetime import timedelta

    import time_machine

    def read(session: str) -> int:
        with brand_scope(world.brand):
            note_log_read(replace(world.actor(Role.AUDITOR), session=session))
            return Entry.objects.filter(verb="log.read").count()

    assert [read("s1"), read("s1"), read("s2"), read("s1")] == [1, 1, 2, 2]
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert [read("s1"), read("s1")] == [3, 3]
