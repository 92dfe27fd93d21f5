"""One brand of several is kept, worked in further and brought back: rows and digests as they were, every other schema untouched.

In between its people go on, and acts leave. Then, compared with the moment of taking: every table as it was filled (the log also
holds what happened since), every file by its digest; and of all other brands and of the hub every row of every table, before
and after. Under another name the same file makes a brand that reaches nothing of the first and sends nothing; only its log and
the decisions of the gate, which digests bind, still say which brand they were made in. Times are of this machine.
"""

import hashlib
import io
import secrets
import tempfile
from contextlib import redirect_stdout
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID

from django.core.management import call_command
from django.db import DatabaseError, connection, connections
from django.test.utils import override_settings
from PIL import Image

from clients.audit import tree
from clients.audit.models import Checkpoint, Leaf
from clients.audit.sealing import seal_batch
from clients.gate.actions import approve_item
from clients.items.actions import add_media
from tenants import provisioning
from tenants.actions import create_brand
from tenants.brandref import BrandRef
from tenants.keeping.taking import Table, digest_of, folder_of, tables_of
from tenants.models import Brand
from tenants.walls.backend.base import OWNER
from tenants.walls.scope import brand_scope
from tests.conftest import make_person
from tests.world import World, make_world

ROWS = {"small": 20_000, "full": 200_000}
BRANDS = 3
BOUND = {"gate_decisionrecord"}
# Of the hub: what belongs to the brand itself changes with it, or tells of the restore; all other rows must not.
OF_THE_BRAND = {"tenants_pending", "tenants_workpointer", "tenants_unsealed", "tenants_loghead", "tenants_membership"}
WALL = """
    INSERT INTO memory_post (id, channel_id, key, kind, title, text, link, media, recipient, target, at)
    SELECT gen_random_uuid(), %s, 'kept-' || n, 'publish', 'Fraises ' || n, repeat('Bonjour ' || n || ' ', 20), '', '[]', '', '',
           now() - n * interval '1 minute' FROM generate_series(1, %s) n"""


def run(scale: str) -> tuple[str, bool]:
    """Rows, digests, and how long it took."""
    with tempfile.TemporaryDirectory() as folder, override_settings(MEDIA_ROOT=Path(folder) / "media"):
        worlds = [_world(number) for number in range(BRANDS)]
        _fill(worlds[0], ROWS[scale])
        return _kept_and_brought_back(worlds, Path(folder))


def _kept_and_brought_back(worlds: list[World], folder: Path) -> tuple[str, bool]:
    brand, path = worlds[0].brand, folder / "brand.relais"
    _seal(brand)
    taken, files = _digests(brand), _files(brand)
    began = monotonic()
    _command("backup_brand", brand.slug, str(path))
    took, size = monotonic() - began, path.stat().st_size
    sent = _go_on(worlds)
    others = _elsewhere([world.brand for world in worlds[1:]], brand.id)
    began = monotonic()
    said = _command("restore_brand", str(path), "--replace")
    back = monotonic() - began
    same_elsewhere = others == _elsewhere([world.brand for world in worlds[1:]], brand.id)
    now = _digests(brand)
    differ = sorted(name for name in taken if not name.startswith("audit_") and now[name] != taken[name])
    _seal(brand)
    sent_again = _runs_everything(worlds[0])
    copy, first = _copy_of(brand, path), _digests(brand)
    strays = _names_of_the_first(copy, brand)
    refused = _is_refused(copy, brand)
    _seal(copy)
    rows = sum(told["rows"] for told in taken.values())
    figures = (
        f"{rows} rows in {len(taken)} tables and {len(files)} files of one brand of {BRANDS}: taken in {took:.1f} s "
        f"({size / 1e6:.1f} MB, sealed), brought back in {back:.1f} s; {sent} acts left meanwhile, {sent_again} left again; "
        f"digests compared at filling: all; tables that differ afterwards (what is held and told): {len(differ)} {differ}; files "
        f"as they were: {files == _files(brand)}; {len(others)} tables elsewhere byte-identical: {same_elsewhere}; log holds: "
        f"{_log_holds(brand)}; under another name: {strays} rows that name the first, its tables "
        f"refused: {refused}, log holds: {_log_holds(copy)}"
    )
    allowed = {"approvals_hold", "gate_dispatch", "items_item", "outbox_outboxrow", "disclosure_sharelink"}
    allowed |= {"changes_head", "changes_noted"}  # the feed begins another course, and tells what was touched
    good = "digests as taken" in said and set(differ) <= allowed and files == _files(brand) and len(files) > 0
    untouched = same_elsewhere and first == _digests(brand)
    holds = good and untouched and sent > 0 and sent_again == 0 and strays == 0 and refused
    return figures, holds and _log_holds(brand) and _log_holds(copy)


def _world(number: int) -> World:
    provisioning.top_up(1)
    brand = create_brand(f"Maison {number}", f"kept-{number}-{secrets.token_hex(3)}")
    world = make_world(brand, make_person)
    for n in range(20):
        world.draft(f"Texte {n} de {brand.slug}")
    add_media(world.cm, data=_picture(number), declared="image/png", alt="Une fraise")
    _seal(brand)
    return world


def _fill(world: World, rows: int) -> None:
    """Twenty acts that wait for their moment, and a wall so long that the brand has the rows asked for."""
    for n in range(20):
        item = world.submitted(f"Part plus tard {n}")
        assert item.version is not None
        approve_item(world.approver, item_id=item.pk, seen_digest=item.version.digest)
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            WALL.replace("memory_post", f'"{world.brand.schema_name}".memory_post', 1), [world.wall.pk, rows]
        )


def _go_on(worlds: list[World]) -> int:
    """Work in every brand after the taking; how many acts of the first left."""
    before = len(worlds[0].on_the_wall())
    for world in worlds:
        world.draft("Écrit après")
        world.run_outbox()
        _seal(world.brand)
    return len(worlds[0].on_the_wall()) - before


def _runs_everything(world: World) -> int:
    before = len(world.on_the_wall())
    world.run_outbox()
    return len(world.on_the_wall()) - before


def _copy_of(brand: BrandRef, path: Path) -> BrandRef:
    slug = f"copy-{secrets.token_hex(4)}"
    _command("restore_brand", str(path), "--as", slug)
    return Brand.objects.get(slug=slug).ref()


def _names_of_the_first(copy: BrandRef, brand: BrandRef) -> int:
    """Rows of the copy, the log aside, in which the id or the schema of the first stands."""
    total = 0
    with connections[OWNER].cursor() as cursor:
        for table in tables_of(cursor, copy.schema_name):
            if table.name not in BOUND and not table.name.startswith("audit_"):
                where = f'"{copy.schema_name}"."{table.name}"'
                cursor.execute(
                    f"SELECT count(*) FROM {where} t WHERE t::text ~ %s",
                    [f"{brand.id}|{brand.schema_name}"],
                )
                total += int(cursor.fetchone()[0])
    return total


def _is_refused(copy: BrandRef, brand: BrandRef) -> bool:
    """The database's own answer to the copy's role that asks for a table of the first."""
    try:
        with brand_scope(copy), connection.cursor() as cursor:
            cursor.execute(f'SELECT count(*) FROM "{brand.schema_name}".items_item')
    except DatabaseError as error:
        return "permission denied" in str(error)
    return False


def _elsewhere(brands: list[BrandRef], first: UUID) -> dict[str, Any]:
    """Every row of every table of the other brands and of the hub, as digests."""
    found = {f"{brand.slug}.{name}": told for brand in brands for name, told in _digests(brand).items()}
    with connections[OWNER].cursor() as cursor:
        for table in tables_of(cursor, "public"):
            found[f"hub.{table.name}"] = _hub_digest(cursor, table, first)
    return found


def _hub_digest(cursor: Any, table: Table, first: UUID) -> Any:
    if table.name not in OF_THE_BRAND:
        return digest_of(cursor, "public", table)
    order = ", ".join(table.order)
    cursor.execute(f"SELECT t::text FROM {table.name} t WHERE brand_id <> %s ORDER BY {order}", [first])
    return hashlib.sha256("\n".join(row[0] for row in cursor.fetchall()).encode()).hexdigest()


def _digests(brand: BrandRef) -> dict[str, Any]:
    with connections[OWNER].cursor() as cursor:
        return {
            table.name: digest_of(cursor, brand.schema_name, table) for table in tables_of(cursor, brand.schema_name)
        }


def _files(brand: BrandRef) -> dict[str, str]:
    folder = folder_of(brand.id)
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _seal(brand: BrandRef) -> None:
    while seal_batch(brand).lines:
        pass


def _log_holds(brand: BrandRef) -> bool:
    """The tree over the leaves as they stand has the root of the last signed head."""
    with brand_scope(brand):
        last = Checkpoint.objects.order_by("-size").first()
        grown = tree.CompactRange()
        grown.extend(bytes(leaf) for leaf in Leaf.objects.order_by("idx").values_list("hash", flat=True))
    return last is not None and (last.size, bytes(last.root)) == (grown.size, grown.root())


def _command(*words: str) -> str:
    said = io.StringIO()
    with redirect_stdout(said):
        call_command(*words, stdout=said)
    return said.getvalue()


def _picture(number: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), (20 * number, 30, 60)).save(out, format="PNG")
    return out.getvalue()
