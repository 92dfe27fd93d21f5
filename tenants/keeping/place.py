"""Where a kept brand comes back to: its own place, its place of before, or a new one; and who may enter it there."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connections
from django.utils import timezone

from tenants import dressing, server
from tenants.actions import check_name
from tenants.brandref import BrandRef
from tenants.errors import Conflict
from tenants.fingerprint import fingerprint
from tenants.ids import checked_schema_name, new_schema_name
from tenants.models import Brand, Membership, Person
from tenants.provisioning import owner
from tenants.vocabulary import BrandState, Role
from tenants.walls.backend.base import OWNER


@dataclass(frozen=True, slots=True)
class Place:
    """The brand that the rows go into. `aside`: what its present schema will be called; None when there is none."""

    brand: Brand
    aside: str | None
    is_new: bool

    @property
    def schema(self) -> str:
        return checked_schema_name(self.brand.schema_name)

    @property
    def role(self) -> str:
        return self.brand.role_name


def aside_prefix(brand: Brand | BrandRef) -> str:
    """How the schemas begin in which former states of this brand wait to be confirmed."""
    return f"kept_{brand.schema_name}_"


def spaces_aside(cursor: Any, brand: Brand | BrandRef) -> list[str]:
    """Their names, the oldest first."""
    cursor.execute("SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %s) ORDER BY 1", [aside_prefix(brand)])
    return [row[0] for row in cursor.fetchall()]


def find_place(cursor: Any, head: dict[str, Any], *, slug: str | None, replace: bool) -> Place:
    """Raises Conflict('brand_is_there' | 'slug_taken'), Invalid('slug_shape' | 'slug_reserved')."""
    said = head["brand"]
    if slug is not None:
        return _new_place(cursor, said, slug)
    brand = Brand.objects.using(OWNER).select_for_update().filter(pk=UUID(said["id"])).first()
    if brand is None:
        return _new_place(
            cursor, said, said["slug"], id=UUID(said["id"]), schema_name=checked_schema_name(said["schema_name"])
        )
    # As whoever migrates or drops it, and as the sealer: none of them at the same time.
    cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"seal {brand.id}"])
    cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [brand.schema_name])
    cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", [brand.schema_name])
    if not cursor.fetchone()[0]:
        _make_role(cursor, brand.role_name)
        Brand.objects.using(OWNER).filter(pk=brand.pk, state=BrandState.GONE).update(state=BrandState.ACTIVE)
        return Place(brand, None, is_new=False)
    if not replace:
        raise Conflict("brand_is_there", "replace")
    return Place(brand, f"{aside_prefix(brand)}{datetime.now(UTC):%Y%m%d%H%M%S}", is_new=False)


def give_places(place: Place, head: dict[str, Any]) -> list[str]:
    """In a new place, the brand's owners by their addresses, nobody else: they invite the others. Returns who is not known here.

    Where the brand had its place already the hub's own rows say who may enter, and whoever was ended since stays ended.
    """
    if not place.is_new:
        return []
    absent = []
    for one in head["people"]:
        person = Person.objects.using(OWNER).filter(email=one["email"], is_active=True).first()
        if one["role"] != Role.BRAND_OWNER or person is None:
            absent.append(one["email"])
            continue
        Membership.objects.using(OWNER).create(
            person=person, brand_id=place.brand.id, side=one["side"], role=one["role"], created_at=timezone.now()
        )
    return absent


def _new_place(cursor: Any, said: dict[str, Any], slug: str, **same: Any) -> Place:
    check_name(said["name"], slug)
    if Brand.objects.using(OWNER).filter(slug=slug).exists():
        raise Conflict("slug_taken", "slug")
    schema = same.pop("schema_name", None) or new_schema_name()
    role = server.brand_role(str(owner().settings_dict["NAME"]), schema)
    facts = {name: said[name] for name in ("name", "time_zone", "language")}
    brand = Brand(slug=slug, schema_name=schema, role_name=role, state=BrandState.ACTIVE, **facts, **same)
    brand.fingerprint = fingerprint()
    _make_role(cursor, role)
    Brand.objects.using(OWNER).bulk_create([brand])
    return Place(brand, None, is_new=True)


def _make_role(cursor: Any, role: str) -> None:
    connection = owner()
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    if cursor.fetchone() is None:
        names = {
            "login": str(connections.settings["default"]["USER"]),
            "common": server.common_role(str(connection.settings_dict["NAME"])),
        }
        cursor.execute(dressing.brand_role_sql(role=role, version=connection.pg_version, **names))
