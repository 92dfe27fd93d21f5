"""System checks of the environment: a wrong value stops the start with a number and what to set.

E001 a value that cannot be read; E002 a value that production needs and lacks; E003 a secret that everybody knows or
can guess; E004 the owner of the database used where the login role belongs; E005 state that others could read; E006 a
database that forgets what it has committed (W006 on one's own machine). E006 asks the database, so it runs where commands name
one (`check --database default`, `migrate`) and when a web process, a worker or the relay starts; while the database is away it
says nothing, and the relay asks again when it is back. W007: a service over a network without TLS, or without looking at its
certificate; said by `check --deploy`, because what stands between the installation's own machines is its operator's to know.
"""

from collections.abc import Iterable, Sequence
from urllib.parse import parse_qsl, unquote, urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import ERROR, WARNING, CheckMessage, Error, Tags, register
from django.core.management.base import SystemCheckError
from django.core.management.color import no_style
from django.db import OperationalError, connections

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


@register(Tags.database)
def commits_are_kept(
    app_configs: Apps = None, databases: Sequence[str] | None = None, **_options: object
) -> list[CheckMessage]:
    """E006: what the mark of an act under way promises, no crash of the database may take back: the act would leave twice."""
    if settings.MODE is env.Mode.TEST or "default" not in (databases or ()):
        return []
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT current_setting('synchronous_commit'), session_user")
            found, login = cursor.fetchone()
    except OperationalError:
        return []
    if found != "off":
        return []
    message = (
        f"PostgreSQL has synchronous_commit off for {login}: after a crash of its server, acts could go out twice."
    )
    hint = f"ALTER ROLE {login} SET synchronous_commit = on, or set it in postgresql.conf."
    level, number = (ERROR, "relais.E006") if settings.PRODUCTION else (WARNING, "relais.W006")
    return [CheckMessage(level, message, hint=hint, id=number)]


_VERIFIED = {"DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_DIRECT_URL"}
_TLS = {"rediss", "amqps", "smtp+tls", "smtps"}


@register("relais", deploy=True)
def services_are_reached_over_tls(app_configs: Apps = None, **_options: object) -> list[CheckMessage]:
    """W007: each address of a service that is on another machine. A password in it would be read on the way."""
    services = (
        env.DATABASE_URL,
        env.DATABASE_OWNER_URL,
        env.DATABASE_DIRECT_URL,
        env.BROKER_URL,
        env.CACHE_URL,
        env.EMAIL_URL,
    )
    wrongs = ((setting.name, wrong_on_the_wire(setting.name, settings.ENVIRONMENT(setting))) for setting in services)
    return [
        CheckMessage(WARNING, f"{name} {wrong}.", hint=_HOW[name in _VERIFIED], id="relais.W007")
        for name, wrong in wrongs
        if wrong
    ]


_HOW = {
    True: "Add ?sslmode=verify-full (and sslrootcert=… for an authority of your own), or name a socket: ?host=/folder.",
    False: "Use rediss://…?ssl_cert_reqs=required, amqps://, smtp+tls:// or smtps://, or a socket of this machine.",
}


def wrong_on_the_wire(name: str, address: str) -> str:
    """What is wrong with one address, in words; '' for none, for a socket and for this machine itself."""
    parts = urlsplit(address)
    options = dict(parse_qsl(parts.query))
    host = options.get("host", "") or unquote(parts.hostname or "")
    if not host or host.startswith("/") or host in {"localhost", "127.0.0.1", "::1"}:
        return ""
    if name in _VERIFIED:
        return "" if options.get("sslmode") == "verify-full" else "does not look at the certificate of its server"
    if parts.scheme not in _TLS:
        return "goes over a network without TLS"
    careless = options.get("ssl_cert_reqs", "required").lower().removeprefix("cert_") != "required"
    return "does not look at the certificate of its server" if careless else ""


def stop_when_wrong() -> None:
    """Raise `SystemCheckError` with the sentences of every failed check of the environment, and then of its database."""
    checks = (values_can_be_read, secrets_are_secret, login_role_is_not_the_owner)
    errors = [message for check in checks for message in check()]
    if not errors and settings.PRODUCTION:
        errors = commits_are_kept(databases=["default"])
        connections.close_all()  # the processes that are forked from this one must not share its connection
    if errors:
        lines = "\n".join(no_style().ERROR(str(message)) for message in errors)
        raise SystemCheckError(f"Relais does not start:\n{lines}")
