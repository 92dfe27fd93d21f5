"""The hub's verbs on brands. They run as the login role: no schema is made or dropped here."""

import re
from typing import Any

from django.db import IntegrityError, transaction

from tenants import hosts
from tenants.brandref import BrandRef
from tenants.errors import Conflict, Invalid, Missing
from tenants.fingerprint import fingerprint
from tenants.models import Brand
from tenants.vocabulary import BrandState
from tenants.walls.scope import hub_scope

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")
_RESERVED = frozenset({"www", "hub", "api", "app", "mail", "smtp", "static", "media", "admin", "localhost", "relais"})

# INVARIANT: one statement. Two sign-ups at once skip each other's row, and a blank of an older fingerprint is never taken.
_TAKE_A_BLANK = """
    UPDATE tenants_brand
    SET name = %(name)s, slug = %(slug)s, time_zone = %(time_zone)s, language = %(language)s, state = 'active'
    WHERE id = (SELECT id FROM tenants_brand
                WHERE state = 'blank' AND fingerprint = %(fingerprint)s
                ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING *
"""

_MAY_BECOME = {
    BrandState.ACTIVE: {BrandState.SUSPENDED, BrandState.CLOSING},
    BrandState.SUSPENDED: {BrandState.ACTIVE, BrandState.CLOSING},
}


def create_brand(name: str, slug: str, *, time_zone: str = "Europe/Paris", language: str = "fr") -> BrandRef:
    """Turn a blank into the brand `name` at `<slug>.<hub>`: active at once.

    Raises Invalid('slug_shape'|'slug_reserved'|'name_empty'), Conflict('slug_taken'), Conflict('no_blank_ready') when the
    pool is empty (`brands top_up` fills it).
    """
    check_name(name, slug)
    values: dict[str, Any] = {"name": name.strip(), "slug": slug, "time_zone": time_zone, "language": language}
    values["fingerprint"] = fingerprint()
    try:
        with hub_scope():
            taken = list(Brand.objects.raw(_TAKE_A_BLANK, values))
    except IntegrityError as clash:
        raise Conflict("slug_taken", "slug") from clash
    if not taken:
        raise Conflict("no_blank_ready")
    hosts.forget()
    return taken[0].ref()


def change_state(brand: BrandRef, state: BrandState) -> None:
    """Suspend, resume or close a brand. Raises Missing('brand'), Conflict('brand_state')."""
    with transaction.atomic():
        row = Brand.objects.select_for_update().filter(pk=brand.id).first()
        if row is None:
            raise Missing("brand")
        if state not in _MAY_BECOME.get(BrandState(row.state), set()):
            raise Conflict("brand_state", state=row.state)
        Brand.objects.filter(pk=brand.id).update(state=state.value)
    hosts.forget()


def check_name(name: str, slug: str) -> None:
    """Raises Invalid('slug_shape' | 'slug_reserved' | 'name_empty')."""
    if not name.strip():
        raise Invalid("name_empty", "name")
    if not _SLUG.match(slug):
        raise Invalid("slug_shape", "slug")
    if slug in _RESERVED:
        raise Invalid("slug_reserved", "slug")
