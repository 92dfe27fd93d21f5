"""Removing a brand's space for good: what is set aside of it goes too, and the hub remembers ids of whom it had erased."""

from typing import Any

from django.db import transaction

from tenants.dressing import quoted
from tenants.errors import Refused
from tenants.keeping.erased import remember_erased
from tenants.keeping.place import spaces_aside
from tenants.models import Brand
from tenants.provisioning import owner
from tenants.shutting import shut_all
from tenants.vocabulary import BrandState
from tenants.walls.backend.base import OWNER


def drop_space(brand: Brand) -> None:
    """Remove a brand's schemas and role for good and leave the tombstone. One brand per transaction: each holds ~400 locks."""
    with transaction.atomic(using=OWNER), owner().cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [brand.schema_name])
        cursor.execute("SELECT state FROM tenants_brand WHERE id = %s FOR UPDATE", [brand.id])
        state = cursor.fetchone()[0]
        if state not in {BrandState.CLOSING, BrandState.BLANK, BrandState.PROVISIONING}:
            raise Refused("brand_not_closing")
        if state == BrandState.CLOSING:
            remember_erased(cursor, brand)
        shut_all(cursor, brand.schema_name)
        for space in (*spaces_aside(cursor, brand), brand.schema_name):
            cursor.execute(f"DROP SCHEMA IF EXISTS {quoted(space)} CASCADE")
        cursor.execute(f"DROP ROLE IF EXISTS {quoted(brand.role_name)}")
        _forget_pointers(cursor, brand)
        cursor.execute("UPDATE tenants_brand SET state = %s WHERE id = %s", [BrandState.GONE, brand.id])


def _forget_pointers(cursor: Any, brand: Brand) -> None:
    for table in ("tenants_pending", "tenants_workpointer", "tenants_unsealed"):
        cursor.execute(f"DELETE FROM {table} WHERE brand_id = %s", [brand.id])  # noqa: S608  names of ours
