"""The order in which Relais comes up on one machine: services, database, demo data, then the programs that people use."""

import fcntl
import http.client
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from config import environment as env
from config.embedded.broker import Broker
from config.embedded.places import free_port, given_database, write_environment
from config.embedded.postgres import Addresses, Cluster
from config.embedded.processes import Part, Tree

ROOT = Path(__file__).resolve().parent.parent.parent


class RunsAlready(RuntimeError):
    """Another process serves this state folder."""


class Start:
    """One start. `seconds` says how long each step took; `given` is the environment, which wins over anything embedded."""

    def __init__(self, tree: Tree, state: Path, given: Mapping[str, str], say: Callable[[str], None]) -> None:
        self.tree = tree
        self.state = state
        self.given = given
        self.say = say
        self.seconds: dict[str, float] = {}
        self.port = 0
        self._environment = {"MODE": "development", "STATE_DIR": str(state)}
        self._owner: dict[str, str] = {}

    def services(self) -> None:
        """PostgreSQL, broker and mailbox, each only where the environment names none; and the demonstration's feeds."""
        with self._timed("services"):
            addresses = given_database(self.given, self.state)
            cluster = None if addresses else self._prepared_cluster()
            self.tree.start(*self._database(cluster), *self._broker(), *self._mailbox(), self._feeds())
            self._take(addresses or cluster.addresses())  # type: ignore[union-attr]  # one of the two is there

    def prepare(self, *commands: str) -> str:
        """Run commands of manage.py with the owner's rights; returns what the last one printed."""
        printed = ""
        for name in commands:
            with self._timed(name):
                printed = self.tree.run(self._python(name, "manage.py", name, environment=self._owner))
        return printed

    def programs(self, wanted: int, hub_host: str) -> None:
        """Web, relay, worker and sealer; returns when the hub's first page answers."""
        self.port = free_port(wanted)
        self._environment["PUBLIC_PORT"] = str(self.port)
        write_environment(self.state, {**self._environment, **self._owner})
        web = ["-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{self.port}", "--preload"]
        threads = ["--worker-class", "gthread", "--workers", "2", "--threads", "8", "--no-control-socket"]
        hands = str(env.Environment(self.given)(env.WORKERS))
        worker = ["-m", "celery", "-A", "config", "worker", "--concurrency", hands, "--loglevel", "WARNING"]
        alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        with self._timed("programs"):
            self.tree.start(
                self._python("relay", "manage.py", "relay"),
                self._python("sealer", "manage.py", "seal"),
                self._python("worker", *worker, *alone),
                self._python("web", *web, *threads, ready=lambda: _page_answers(self.port, hub_host)),
            )

    def _prepared_cluster(self) -> Cluster:
        cluster = Cluster(self.state)
        cluster.prepare()
        return cluster

    def _database(self, cluster: Cluster | None) -> list[Part]:
        if cluster is None:
            return []
        command, account = cluster.command(), cluster.account
        return [Part("postgres", command, account=account, stop_with=signal.SIGINT, ready=cluster.answers)]

    def _broker(self) -> list[Part]:
        if self.given.get("BROKER_URL"):
            return []
        broker = Broker(self.state)
        self._environment["BROKER_URL"] = broker.address
        return [Part("broker", broker.command(), ready=broker.answers)]

    def _mailbox(self) -> list[Part]:
        if self.given.get("EMAIL_URL"):
            return []
        port = free_port(1025)
        self._environment["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
        return [self._python("mailbox", "-m", "config.embedded.smtp", str(port), str(self.state / "mailbox"))]

    def _feeds(self) -> Part:
        """On the port of the last start where it is free: the demonstration's sources name it."""
        file = self.state / "feeds"
        port = free_port(int(file.read_text()) if file.exists() else 8070)
        file.write_text(str(port))
        return self._python("feeds", "-m", "config.embedded.feeds", str(port))

    def _take(self, addresses: Addresses) -> None:
        self._environment["DATABASE_URL"] = addresses.login
        self._owner["DATABASE_OWNER_URL"] = addresses.owner

    def _python(
        self,
        name: str,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        ready: Callable[[], bool] | None = None,
    ) -> Part:
        """A program of ours: never the owner's address unless it is asked for."""
        values = {"DATABASE_OWNER_URL": "", **self._environment, **(environment or {})}
        return Part(name, [sys.executable, *arguments], values, ready=ready)

    @contextmanager
    def _timed(self, step: str) -> Iterator[None]:
        self.say(step)
        began = time.monotonic()
        yield
        self.seconds[step] = time.monotonic() - began


@contextmanager
def alone_in(state: Path) -> Iterator[None]:
    """Only one start may serve a state folder. Raises RunsAlready."""
    state.mkdir(parents=True, exist_ok=True)
    with (state / "serve.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = f"Relais runs already from this folder ({state})."
            raise RunsAlready(message) from None
        try:
            yield
        finally:
            (state / "environment").unlink(missing_ok=True)


def _page_answers(port: int, hub_host: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/", headers={"Host": hub_host})
        return connection.getresponse().status < http.client.INTERNAL_SERVER_ERROR
    except OSError:
        return False
    finally:
        connection.close()
