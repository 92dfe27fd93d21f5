"""The two brokers that Relais is run with, as programs of a proof's own: started, emptied, killed and started again empty.

Redis listens on a socket in a closed folder. RabbitMQ is a node of its own name with ports, cookie and port mapper of its
own, so that the machine's own RabbitMQ, if there is one, notices nothing. What either had on disk is gone when it returns:
the worst that a broker can do.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar, Protocol

import redis
from kombu import Connection
from kombu.exceptions import OperationalError

from config.embedded.broker import Broker
from tests.systems import debian, free_port

QUEUE = "celery"
# Not what stands in the path: that one changes to an account of its own.
RABBITMQ = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")


class OwnBroker(Protocol):
    """What a proof does with a broker."""

    name: ClassVar[str]
    patience: ClassVar[float]
    """Seconds that it may take to answer."""
    address: str

    @property
    def environment(self) -> Mapping[str, str]:
        """What it is told besides."""

    def command(self) -> list[str]:
        """The program in the foreground, with nothing from before."""

    def answers(self) -> bool:
        """Whether messages can be handed in."""

    def empty(self) -> None:
        """Forget all messages."""

    def forget(self) -> None:
        """After the last end: leave nothing behind."""


class OwnRedis:
    """The server that comes along with Relais; it keeps nothing on disk."""

    name: ClassVar[str] = "Redis"
    patience: ClassVar[float] = 120.0
    environment: Mapping[str, str] = MappingProxyType({})

    def __init__(self, folder: Path) -> None:
        self._broker = Broker(folder)
        self.address = self._broker.address

    def command(self) -> list[str]:
        return self._broker.command()

    def answers(self) -> bool:
        return self._broker.answers()

    def empty(self) -> None:
        redis.Redis(unix_socket_path=str(self._broker.socket)).flushall()

    def forget(self) -> None:
        shutil.rmtree(self._broker.socket.parent, ignore_errors=True)


class OwnRabbit:
    """One node. It writes queues and messages down, so its folder is emptied before each start."""

    name: ClassVar[str] = "RabbitMQ"
    patience: ClassVar[float] = 120.0

    def __init__(self, folder: Path) -> None:
        self._data = folder / "rabbitmq"
        port, distribution, mapper = free_port(), free_port(), free_port()
        self.address = f"amqp://guest:guest@127.0.0.1:{port}//"
        none = str(self._data / "none")
        self.environment = {
            "HOME": str(self._data),
            "RABBITMQ_NODENAME": f"relais-{port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(port),
            "RABBITMQ_DIST_PORT": str(distribution),
            "ERL_EPMD_PORT": str(mapper),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_BASE": str(self._data),
            "RABBITMQ_MNESIA_BASE": str(self._data / "mnesia"),
            "RABBITMQ_FEATURE_FLAGS_FILE": str(self._data / "flags"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._data / "plugins"),
            "RABBITMQ_PID_FILE": str(self._data / "pid"),
            "RABBITMQ_LOGS": "-",
            **dict.fromkeys(("RABBITMQ_CONF_ENV_FILE", "RABBITMQ_CONFIG_FILE", "RABBITMQ_ADVANCED_CONFIG_FILE"), none),
        }

    def command(self) -> list[str]:
        shutil.rmtree(self._data, ignore_errors=True)
        self._data.mkdir()
        return [str(RABBITMQ)]

    def answers(self) -> bool:
        try:
            with Connection(self.address, connect_timeout=2) as line:
                line.ensure_connection(max_retries=1, interval_start=0, timeout=2)
        except (OSError, OperationalError):
            return False
        return True

    def empty(self) -> None:
        with Connection(self.address, connect_timeout=5) as line, line.channel() as channel:
            channel.queue_purge(QUEUE)

    def forget(self) -> None:
        """Erlang's port mapper outlives the node that started it."""
        mapper = self.environment["ERL_EPMD_PORT"]
        subprocess.run(["epmd", "-port", mapper, "-kill"], capture_output=True, check=False, env={**os.environ})


def rabbit_is_missing(scale: str) -> str:
    """'' or why RabbitMQ cannot be had; on the full scale it is installed first, where we may."""
    if not RABBITMQ.exists() and scale == "full":
        debian("rabbitmq-server")
    return "" if RABBITMQ.exists() else "rabbitmq-server is not installed"
