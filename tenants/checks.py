"""Numbered system checks of the walls: what would be unsafe is said before anything is served."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from tenants.walls.router import brand_labels
from tenants.walls.stamps import Stamped


@register(Tags.models)
def tables_on_one_side(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A table lives in `public` or in every brand's schema, never in both, and brand tables carry stamps."""
    labels = set(brand_labels())
    hub, brand = set[str](), set[str]()
    found: list[CheckMessage] = []
    for model in apps.get_models(include_auto_created=True):
        inside = model._meta.app_label in labels
        (brand if inside else hub).add(model._meta.db_table)
        if inside and not issubclass(model, Stamped) and not model._meta.auto_created:
            found.append(Error("A brand's model must derive from BrandModel.", obj=model, id="tenants.E001"))
        if inside and _points_to_hub(model, labels):
            found.append(
                Error("No foreign key from a brand's table to the hub: store the id.", obj=model, id="tenants.E002")
            )
    twice = (
        Error(f"Table {table} exists on the hub and in brands.", id="tenants.E003") for table in sorted(hub & brand)
    )
    return [*found, *twice]


@register(Tags.models)
def apps_on_one_side(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """No app may be shared and per brand at once."""
    both = set(settings.SHARED_APPS) & set(settings.TENANT_APPS)
    return [Error(f"{app} is in SHARED_APPS and in TENANT_APPS.", id="tenants.E004") for app in sorted(both)]


@register(Tags.database)
def database_is_new_enough(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Older minors reset SET ROLE to the wrong user (CVE-2024-10978): the role would be no wall."""
    from tenants.server import too_old

    found: list[CheckMessage] = []
    for alias in databases or ():
        connection: Any = connections[alias]
        connection.ensure_connection()
        version = connection.pg_version
        if too_old(version):
            found.append(
                Error(f"PostgreSQL {version} has CVE-2024-10978.", hint="15.9, 16.5, 17.1 or newer.", id="tenants.E005")
            )
    return found


@register(Tags.database)
def what_goes_past_the_pooler(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """E006: LISTEN, session locks and migrations do not pass PgBouncer in transaction mode; only `default` may go through one."""
    from tenants.pooler import DIRECT, is_pooled

    found: list[CheckMessage] = []
    for alias in databases or ():
        connection: Any = connections[alias]
        connection.ensure_connection()
        if not is_pooled(connection.connection) or (alias == "default" and DIRECT in settings.DATABASES):
            continue
        name = {"default": "DATABASE_URL", DIRECT: "DATABASE_DIRECT_URL"}.get(alias, "DATABASE_OWNER_URL")
        hint = "Set DATABASE_DIRECT_URL to an address past it." if alias == "default" else "Name the server itself."
        found.append(Error(f"{name} goes through a pooler.", hint=hint, id="tenants.E006"))
    return found


def _points_to_hub(model: Any, labels: set[str]) -> bool:
    return any(
        field.is_relation and field.related_model and field.related_model._meta.app_label not in labels
        for field in model._meta.local_fields
    )
