"""How an address of the environment (postgresql://, smtp://, redis://) becomes the settings of its library."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

# Where nothing is set, processes still start and commands without a service still work; using the service then fails.
NO_BROKER = "memory://"


def database_address(address: str, *, seconds: int) -> dict[str, Any]:
    """Django's settings of one PostgreSQL address; a socket folder comes as `?host=/folder`."""
    parts = urlsplit(address)
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    return {
        "ENGINE": "tenants.walls.backend",
        "NAME": unquote(parts.path.lstrip("/")) or "relais",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or options.pop("port", "")),
        "OPTIONS": options,
        "CONN_MAX_AGE": seconds,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }


def broker_address(address: str) -> str:
    """Celery's word for a broker: a Redis socket is `redis+socket:///folder/file`."""
    return address or NO_BROKER


def post_address(address: str) -> dict[str, Any]:
    """Django's EMAIL_* settings of smtp://, smtp+tls:// or smtps://; without an address post goes nowhere."""
    if not address:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    parts = urlsplit(address)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or {"smtp": 25, "smtp+tls": 587, "smtps": 465}[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }
