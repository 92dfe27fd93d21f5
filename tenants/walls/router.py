"""The database router: asks the stamps whenever Django hands over an instance, and says which tables live in which schema."""

from typing import Any, cast

from django.apps import apps
from django.conf import settings
from django.db import connections, models

from tenants.walls.backend.base import OWNER
from tenants.walls.place import CrossBrand
from tenants.walls.stamps import Stamped, check_instance

_OF_A_MIGRATION = "__fake__"  # Django's module name of the models that a RunPython gets


class WallsRouter:
    """Refuses what the stamps refuse. The only choice it makes: models of a running migration belong to the owner."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str | None:
        """Reads that start from an instance: refresh, following a foreign key, related managers."""
        return self._checked(model, hints)

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str | None:
        """Writes of an instance: save, delete, and the first assignment of a relation."""
        return self._checked(model, hints)

    def allow_relation(self, one: models.Model, other: models.Model, **hints: Any) -> bool | None:
        """Two instances related to one another must be of one brand."""
        if isinstance(one, Stamped) and isinstance(other, Stamped):
            stamps = {getattr(each._state, "brand_stamp", None) for each in (one, other)} - {None}
            if len(stamps) > 1:
                raise CrossBrand("relation between two brands")
        return None

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Hub tables in `public`, brand tables in the schema the owner's connection is set to; none through the login role."""
        connection = cast("Any", connections[db])
        if connection.walled:
            return False
        return (app_label in brand_labels()) == (connection.schema is not None)

    def _checked(self, model: type[models.Model], hints: dict[str, Any]) -> str | None:
        if (instance := hints.get("instance")) is not None:
            check_instance(instance)
        return OWNER if model.__module__ == _OF_A_MIGRATION else None


def brand_labels() -> list[str]:
    """Labels of the apps whose tables live in every brand's schema, in the order they are installed."""
    return [app.label for app in apps.get_app_configs() if app.name in settings.TENANT_APPS]
