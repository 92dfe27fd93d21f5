"""Where the parts of one installation on one machine stand: free ports, and the environment they all share."""

import secrets
import socket
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit

from config.embedded.postgres import Addresses
from tenants.server import login_role


def free_port(wanted: int) -> int:
    """The wanted port of the loopback address, or one of the 99 after it, or any."""
    for port in (*range(wanted, wanted + 100), 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    message = "No port is free on 127.0.0.1."
    raise RuntimeError(message)


def given_database(values: Mapping[str, str], state: Path) -> Addresses | None:
    """The database that the environment names. One address alone is taken as its owner's: the login role is then made."""
    url, owner = values.get("DATABASE_URL", ""), values.get("DATABASE_OWNER_URL", "")
    if not url:
        return None
    if owner:
        return Addresses(owner, url)
    parts = urlsplit(url)
    role = login_role(parts.path.lstrip("/"))
    host = parts.netloc.rpartition("@")[2]
    return Addresses(url, parts._replace(netloc=f"{role}:{quote(_kept_secret(state))}@{host}").geturl())


def write_environment(state: Path, values: Mapping[str, str]) -> Path:
    """Leave the environment of what runs where `manage.py` finds it, so that a second terminal sees the same database."""
    file = state / "environment"
    file.touch(mode=0o600)
    file.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
    return file


def _kept_secret(state: Path) -> str:
    file = state / "login-password"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(24))
    return file.read_text()
