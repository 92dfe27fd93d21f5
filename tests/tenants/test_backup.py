"""One brand kept and brought back: whole or not at all, beside others that notice nothing, and nothing of it acts twice."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from PIL import Image

from clients.approvals.models import Hold
from clients.audit import tree
from clients.audit.models import Checkpoint, Entry, Leaf, Private
from clients.audit.sealing import seal_batch
from clients.channels.actions import revoke_channel
from clients.channels.models import Channel
from clients.community.actions import add_member, erase_member, hold_member, release_member
from clients.community.models import Erasure, Member
from clients.community.rules import About
from clients.gate.actions import approve_item
from clients.gate.models import Dispatch
from clients.items.actions import add_media
from clients.items.content import MediaRef
from clients.items.models import Item
from clients.outbox.actions import perform
from clients.outbox.models import OutboxRow
from tenants import provisioning
from tenants.actions import change_state
from tenants.brandref import BrandRef
from tenants.dropping import drop_space
from tenants.errors import Conflict, Invalid, Missing
from tenants.fingerprint import fingerprint
from tenants.keeping.bringing import confirm, restore
from tenants.keeping.container import OPEN, Lock
from tenants.keeping.erased import BEGIN
from tenants.keeping.taking import back_up, digest_of, tables_of
from tenants.models import Brand, Membership, Pending, SchemaText
from tenants.vocabulary import BrandState, Role
from tenants.walls.backend.base import OWNER
from tenants.walls.scope import brand_scope
from tests.conftest import make_person
from tests.world import World, make_world

PASSPHRASE = Lock.of_passphrase("trois fraises sans sucre")


@pytest.fixture
def worlds(real_brands: tuple[BrandRef, BrandRef], settings: Any, tmp_path: Path) -> Iterator[tuple[World, World]]:
    settings.MEDIA_ROOT = tmp_path / "media"
    yield make_world(real_brands[0], make_person), make_world(real_brands[1], make_person)
    connections.close_all()
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'kept\\_%%'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP SCHEMA "{name}" CASCADE')


def taken(world: World, lock: Lock = OPEN) -> bytes:
    target = io.BytesIO()
    back_up(world.brand.slug, target, lock)
    return target.getvalue()


def digests(brand: BrandRef) -> dict[str, Any]:
    with connections[OWNER].cursor() as cursor:
        return {t.name: digest_of(cursor, brand.schema_name, t) for t in tables_of(cursor, brand.schema_name)}


def sealed(brand: BrandRef) -> None:
    while seal_batch(brand).lines:
        pass


def log_verifies(brand: BrandRef) -> bool:
    """The tree over the leaves as they stand has the root of the last head."""
    with brand_scope(brand):
        last = Checkpoint.objects.order_by("-size").first()
        grown = tree.CompactRange()
        grown.extend([bytes(leaf) for leaf in Leaf.objects.order_by("idx").values_list("hash", flat=True)])
    return last is not None and (last.size, bytes(last.root)) == (grown.size, grown.root())


def test_an_earlier_day_comes_back_and_the_neighbour_notices_nothing(worlds: tuple[World, World]) -> None:
    world, other = worlds
    early = world.draft("Avant")
    sealed(world.brand)
    kept = taken(world)
    world.draft("Après")
    sealed(world.brand)
    neighbour = digests(other.brand)
    restored = restore(io.BytesIO(kept), OPEN, replace=True)
    assert digests(other.brand) == neighbour
    with brand_scope(world.brand):
        assert list(Item.objects.values_list("id", flat=True)) == [early.pk]
        verbs = list(Entry.objects.order_by("seq").values_list("verb", flat=True))
    assert verbs.count("item.created") == 2, "the log goes on: what happened since is still told"
    assert verbs[-1] == "brand.restored" and "brand.backed_up" in verbs
    sealed(world.brand)
    assert log_verifies(world.brand)
    assert restored.aside
    world.draft("Encore")
    assert confirm(world.brand.slug) == [restored.aside]
    assert confirm(world.brand.slug) == []


def test_a_brand_that_is_there_is_not_replaced_by_itself(worlds: tuple[World, World]) -> None:
    kept = taken(worlds[0])
    with pytest.raises(Conflict, match="brand_is_there"):
        restore(io.BytesIO(kept), OPEN)
    with pytest.raises(Missing):
        back_up("nobody", io.BytesIO(), OPEN)


@pytest.mark.parametrize("harm", ["cut", "changed", "other_key", "plain"])
def test_a_file_that_is_not_whole_changes_nothing(worlds: tuple[World, World], harm: str) -> None:
    kept = bytearray(taken(worlds[0], PASSPHRASE))
    lock = PASSPHRASE
    before = digests(worlds[0].brand)
    if harm == "cut":
        kept = kept[:-200]
    elif harm == "changed":
        kept[len(kept) // 2] ^= 1
    else:
        lock = OPEN if harm == "plain" else Lock.of_passphrase("trois cerises sans noyau")
    with pytest.raises(Invalid, match="backup_key" if harm in {"other_key", "plain"} else "backup_unreadable"):
        restore(io.BytesIO(bytes(kept)), lock, replace=True)
    assert digests(worlds[0].brand) == before
    restore(io.BytesIO(taken(worlds[0], PASSPHRASE)), PASSPHRASE, replace=True)
    assert b"Bonjour" not in bytes(kept)


def test_a_file_of_another_release_needs_the_text_of_that_release(worlds: tuple[World, World]) -> None:
    """Tables come from what this installation recorded, never from the file; what is missing since is migrated."""
    world, _ = worlds
    early = world.draft("Avant")
    other = "0" * 64
    kept = taken(world).replace(fingerprint().encode(), other.encode())
    with pytest.raises(Conflict, match="release_unknown"):
        restore(io.BytesIO(kept), OPEN, replace=True)
    SchemaText.objects.using(OWNER).create(fingerprint=other, sql=provisioning.schema_text())
    try:
        restore(io.BytesIO(kept), OPEN, replace=True)
    finally:
        SchemaText.objects.using(OWNER).filter(pk=other).delete()
    with brand_scope(world.brand):
        assert Item.objects.get().pk == early.pk
    assert Brand.objects.get(pk=world.brand.id).fingerprint == fingerprint()


@pytest.mark.parametrize("slug", [None, "maison-demi"])
def test_stopped_in_the_middle_nothing_is_half_done(
    worlds: tuple[World, World], settings: Any, slug: str | None
) -> None:
    world, _ = worlds
    add_media(world.cm, data=_picture(), declared="image/png", alt="Une fraise")
    kept, before = taken(world), digests(world.brand)
    lying = {path: path.read_bytes() for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}

    def interrupt(what: str, done: int, whole: int) -> None:
        if what == "digests" and done == whole // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(io.BytesIO(kept), OPEN, slug=slug, replace=True, seen=interrupt)
    assert digests(world.brand) == before
    assert {path: path.read_bytes() for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()} == lying
    assert not Brand.objects.filter(slug="maison-demi").exists()
    assert confirm(world.brand.slug) == []
    restore(io.BytesIO(kept), OPEN, slug=slug, replace=True)
    assert len(list(Path(settings.MEDIA_ROOT).rglob("*"))) >= len(lying)


def test_a_changed_row_in_an_unsealed_file_is_found(worlds: tuple[World, World]) -> None:
    worlds[0].draft("Les fraises de samedi")
    kept = taken(worlds[0])
    assert b"fraises" in kept
    with pytest.raises(Invalid, match="backup_differs"):
        restore(io.BytesIO(kept.replace(b"fraises", b"cerises")), OPEN, replace=True)


def test_what_left_since_does_not_leave_again(worlds: tuple[World, World]) -> None:
    world, _ = worlds
    item = world.submitted("Une seule fois")
    assert item.version is not None
    approve_item(world.approver, item_id=item.pk, seen_digest=item.version.digest)
    kept = taken(world)
    world.run_outbox()
    assert world.on_the_wall() == ["Une seule fois"]
    restored = restore(io.BytesIO(kept), OPEN, replace=True)
    assert restored.told["uncertain"] == 1
    with brand_scope(world.brand):
        assert Dispatch.objects.get().state == "uncertain"
        assert Item.objects.get().state == "uncertain"
        assert Hold.objects.get(lifted_at=None).scope == "all"
        left = set(OutboxRow.objects.filter(done_at=None).values_list("id", flat=True))
    assert set(Pending.objects.filter(brand_id=world.brand.id).values_list("row_id", flat=True)) == left
    world.run_outbox()
    assert world.on_the_wall() == [], "the wall of that day, and nothing put on it anew"


def test_a_channel_that_was_ended_since_stays_ended(worlds: tuple[World, World]) -> None:
    world, _ = worlds
    kept = taken(world)
    revoke_channel(actor=world.owner, channel_id=world.wall.pk)
    restore(io.BytesIO(kept), OPEN, replace=True)
    with brand_scope(world.brand):
        assert Channel.objects.get().state == "revoked"


def names(brand: BrandRef, word: str) -> int:
    """Rows of any table of the brand in which a word stands, as the owner of the database sees them."""
    found = 0
    with connections[OWNER].cursor() as cursor:
        for table in tables_of(cursor, brand.schema_name):
            where = f'"{brand.schema_name}"."{table.name}"'
            cursor.execute(f"SELECT count(*) FROM {where} t WHERE t::text ~* %s", [word])
            found += int(cursor.fetchone()[0])
    return found


def certified(world: World, brand: BrandRef) -> list[Erasure]:
    """What the workers do with the restored brand's erasures, sealed as ever."""
    for kind in (BEGIN, "community.finish_erasure"):
        sealed(brand)
        with brand_scope(brand):
            rows = list(OutboxRow.objects.filter(kind=kind, done_at=None).values_list("pk", flat=True))
        for row in rows:
            perform(brand, row)
    sealed(brand)
    with brand_scope(brand):
        return list(Erasure.objects.order_by("at"))


def test_whoever_was_erased_since_is_erased_again(
    worlds: tuple[World, World], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world, path = worlds[0], tmp_path / "a.relais"
    lea, tom, mia = (add_member(world.owner, about=About(f"{name} Zorglub")) for name in ("Léa", "Tom", "Mia"))
    world.draft("Merci Léa Zorglub", title="Pour Léa Zorglub")
    hold_member(world.owner, member_id=lea.pk, because="litige")
    erase_member(world.owner, member_id=tom.pk, basis="request")
    world.run_outbox(BEGIN)
    call_command("backup_brand", world.brand.slug, str(path))
    release_member(world.owner, member_id=lea.pk)
    late = add_member(world.owner, about=About("Ada Zorglub"))
    for member in (lea, late):
        erase_member(world.owner, member_id=member.pk, basis="law")
    certified(world, world.brand)
    assert names(world.brand, "Léa Zorglub") == 0
    call_command("restore_brand", str(path), "--replace")
    said = capsys.readouterr().out
    assert "1 erased since were erased again, 0 wait" in said and "1 erased since are no members in this file" in said
    assert names(world.brand, "Léa Zorglub") == names(world.brand, "Tom Zorglub") == 0
    assert names(world.brand, "Mia Zorglub") > 0, "nobody else's words are taken"
    kept = certified(world, world.brand)
    assert [(e.member_id, e.finished_at is not None) for e in kept[:3]] == [(m.pk, True) for m in (tom, lea, late)]
    last = kept[-1]
    assert (last.member_id, last.basis, last.by_person) == (lea.pk, "law", world.owner.person_id)
    assert last.certificate["again"] is True and last.certificate["found"] == 0
    assert [e.certificate["aside"] for e in kept[:3]] == [1, 0, 0] and last.certificate["aside"] == 1
    with brand_scope(world.brand):
        line = Entry.objects.get(verb="brand.restored").facts
        assert (line["erase_again"], line["erased_unknown"]) == ([str(lea.pk)], 1)
        assert Entry.objects.filter(verb="log.erased", facts__again=True, facts__member=str(lea.pk)).count() == 1
        assert Member.objects.get().pk == mia.pk
    assert log_verifies(world.brand)


def test_an_erasure_that_was_only_asked_for_survives_both_ways(
    worlds: tuple[World, World], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Asked for before the copy: it comes back with it and is done. Asked for after it: the copy learns of it."""
    world, path = worlds[0], tmp_path / "a.relais"
    lea, tom = (add_member(world.owner, about=About(f"{name} Zorglub")) for name in ("Léa", "Tom"))
    erase_member(world.owner, member_id=lea.pk, basis="request")
    call_command("backup_brand", world.brand.slug, str(path))
    erase_member(world.owner, member_id=tom.pk, basis="request")
    call_command("restore_brand", str(path), "--replace")
    assert "1 erasures that had only been asked for were done, 0 wait" in capsys.readouterr().out
    assert names(world.brand, "Léa Zorglub") == names(world.brand, "Tom Zorglub") == 0


def test_a_restore_that_is_stopped_before_it_erases_again_leaves_that_to_the_workers(
    worlds: tuple[World, World],
) -> None:
    world, _ = worlds
    lea = add_member(world.owner, about=About("Léa Zorglub"))
    kept = taken(world)
    erase_member(world.owner, member_id=lea.pk, basis="request")
    world.run_outbox(BEGIN)
    restore(io.BytesIO(kept), OPEN, replace=True)
    assert names(world.brand, "Léa Zorglub") > 0
    assert Pending.objects.filter(brand_id=world.brand.id, kind="community.erase_again").count() == 1
    world.run_outbox("community.erase_again")
    assert names(world.brand, "Léa Zorglub") == 0


def test_a_copy_and_a_brand_that_was_dropped_know_too_who_was_erased(
    worlds: tuple[World, World], tmp_path: Path
) -> None:
    world, path = worlds[0], tmp_path / "a.relais"
    lea = add_member(world.owner, about=About("Léa Zorglub"))
    sealed(world.brand)
    call_command("backup_brand", world.brand.slug, str(path))
    erase_member(world.owner, member_id=lea.pk, basis="request")
    world.run_outbox(BEGIN)
    call_command("restore_brand", str(path), "--as", "maison-jumelle")
    assert names(Brand.objects.get(slug="maison-jumelle").ref(), "Léa Zorglub") == 0
    call_command("restore_brand", str(path), "--replace")
    change_state(world.brand, BrandState.CLOSING)
    drop_space(Brand.objects.get(pk=world.brand.id))
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_namespace WHERE starts_with(nspname, %s)", [f"kept_{world.brand.schema_name}"]
        )
        assert cursor.fetchone()[0] == 0, "what was set aside goes with the brand"
    call_command("restore_brand", str(path))
    assert names(world.brand, "Léa Zorglub") == 0
    with brand_scope(world.brand):
        assert not Member.objects.exists()
    sealed(world.brand)
    assert log_verifies(world.brand)


def test_a_copy_under_another_name_reaches_nothing_of_the_first(worlds: tuple[World, World]) -> None:
    world, _ = worlds
    picture = add_media(world.cm, data=_picture(), declared="image/png", alt="Une fraise")
    world.draft("Avec image", media=(MediaRef(picture.digest, "Une fraise"),))
    sealed(world.brand)
    kept, first = taken(world), digests(world.brand)
    copy = restore(io.BytesIO(kept), OPEN, slug="maison-copie").brand.ref()
    assert digests(world.brand) == first
    assert copy.id != world.brand.id and copy.schema_name != world.brand.schema_name
    with brand_scope(copy):
        assert Channel.objects.get().state == "broken"
        assert not Entry.objects.filter(verb="brand.backed_up").exists()
        assert Entry.objects.get(verb="brand.restored").facts["copy_of"] == str(world.brand.id)
        assert Private.objects.exists()
    sealed(copy)
    assert log_verifies(copy)
    _names_nothing_of(copy, world.brand)
    assert set(Membership.objects.filter(brand_id=copy.id).values_list("role", flat=True)) == {Role.BRAND_OWNER}
    with pytest.raises(Conflict, match="slug_taken"):
        restore(io.BytesIO(kept), OPEN, slug="maison-copie")


def _names_nothing_of(copy: BrandRef, first: BrandRef) -> None:
    """Outside the log, which tells where the copy came from, neither id nor schema of the first stands in any row."""
    with connections[OWNER].cursor() as cursor:
        for table in tables_of(cursor, copy.schema_name):
            if not table.name.startswith("audit_"):
                cursor.execute(
                    f'SELECT count(*) FROM "{copy.schema_name}"."{table.name}" t WHERE t::text ~ %s',
                    [f"{first.id}|{first.schema_name}"],
                )
                assert cursor.fetchone()[0] == 0, table.name


def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (200, 30, 60)).save(out, format="PNG")
    return out.getvalue()


def test_a_lost_brand_comes_back_where_it_was(worlds: tuple[World, World]) -> None:
    world, _ = worlds
    world.draft("À garder")
    sealed(world.brand)
    kept = taken(world)
    change_state(world.brand, BrandState.CLOSING)
    drop_space(Brand.objects.get(pk=world.brand.id))
    restored = restore(io.BytesIO(kept), OPEN)
    assert (restored.brand.id, restored.aside) == (world.brand.id, "")
    with brand_scope(world.brand):
        assert Item.objects.get().title == "À garder" or Item.objects.count() == 1
    sealed(world.brand)
    assert log_verifies(world.brand)


def test_the_commands(worlds: tuple[World, World], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.relais"
    call_command("backup_brand", worlds[0].brand.slug, str(path))
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(CommandError, match="brand_is_there"):
        call_command("restore_brand", str(path))
    call_command("restore_brand", str(path), "--replace")
    call_command("restore_brand", "--confirm", worlds[0].brand.slug)
    said = capsys.readouterr().out
    assert "digests as taken" in said and "1 former states dropped" in said
    with pytest.raises(CommandError, match="brand"):
        call_command("backup_brand", "nobody", str(path))
    assert not list(tmp_path.glob("*.part"))
