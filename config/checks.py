"""System checks of the environment: a wrong value stops the start with a number and what to set.

E001 a value that cannot be read; E002 a value that production needs and lacks; E003 a secret that everybody knows or
can guess; E004 the owner of the database used where the login role belongs; E005 state that others could read.
"""

from collections.abc import Iterable

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.management.base import SystemCheckError
from django.core.management.color import no_style

from config import environment as env

Apps = Iterable[AppConfig] | None


def _error(setting: env.Setting[object] | env.Setting[str], number: str, message: str) -> Error:
    return Error(message, hint=f"Set {setting.name}: {setting.help}", id=number)


@register("relais")
def values_can_be_read(app_configs: Apps = None, **_options: object) -> list[CheckMessage]:
    """E001 and E002: what the reader noted while the settings were loaded."""
    return [Error(found.message, hint=found.hint, id=found.id) for found in settings.ENVIRONMENT.problems]


@register("relais")
def secrets_are_secret(app_configs: Apps = None, **_options: object) -> list[CheckMessage]:
    """E003: a published key or a short one in production."""
    if not settings.PRODUCTION:
        return []
    found: list[CheckMessage] = []
    given = settings.ENVIRONMENT.given
    if given(env.SECRET_KEY) and (settings.SECRET_KEY == env.DEVELOPMENT_SECRET or len(set(settings.SECRET_KEY)) < 12):
        found.append(_error(env.SECRET_KEY, "relais.E003", "SECRET_KEY can be guessed."))
    if given(env.FIELD_ENCRYPTION_KEYS) and env.DEVELOPMENT_FIELD_KEY in settings.FIELD_ENCRYPTION_KEYS:
        message = "FIELD_ENCRYPTION_KEYS holds the key of the development mode, which everybody knows."
        found.append(
            Error(message, hint=f"Set FIELD_ENCRYPTION_KEYS: {env.FIELD_ENCRYPTION_KEYS.help}", id="relais.E003")
        )
    return found


@register("relais")
def login_role_is_not_the_owner(app_configs: Apps = None, **_options: object) -> list[CheckMessage]:
    """E004: with the owner's rights the walls between brands would be paper."""
    databases = settings.DATABASES
    if "owner" in databases and databases["owner"]["USER"] == databases["default"]["USER"]:
        message = "DATABASE_URL and DATABASE_OWNER_URL name the same role, so brands would not be walled off."
        return [_error(env.DATABASE_URL, "relais.E004", message)]
    return []


def stop_when_wrong() -> None:
    """Raise `SystemCheckError` with the sentences of every failed check of the environment."""
    checks = (values_can_be_read, secrets_are_secret, login_role_is_not_the_owner)
    if errors := [message for check in checks for message in check()]:
        lines = "\n".join(no_style().ERROR(str(message)) for message in errors)
        raise SystemCheckError(f"Relais does not start:\n{lines}")
