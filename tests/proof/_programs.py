"""Relay, Celery workers and a broker as the processes they are in production, on the proof's throw-away database."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from tests.proof._brokers import OwnBroker, OwnRedis
from tests.proof._server import database_url

PATIENCE = 120.0


class Programs:
    """Processes by name. Those that are told to stop end; those that are killed have no say."""

    def __init__(self, folder: Path, broker: OwnBroker) -> None:
        self.folder, self.broker = folder, broker
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start_broker(self) -> None:
        self._spawn("broker", self.broker.command(), dict(self.broker.environment))
        wait_for(self.broker.answers, "the broker answers", self.broker.patience)

    def empty_broker(self) -> None:
        self.broker.empty()

    def start_relay(self, *, broker: bool = True, wrapped: tuple[str, ...] = (), **extra: str) -> None:
        self._python("relay", "manage.py", "relay", broker=broker, wrapped=wrapped, extra=extra)

    def start_worker(self, hands: int = 4, wrapped: tuple[str, ...] = (), *, ready: bool = True, **extra: str) -> None:
        program = ["-m", "celery", "-A", "config", "worker", "--concurrency", str(hands), "--loglevel", "INFO"]
        alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        self._python("worker", *program, *alone, broker=True, wrapped=wrapped, extra=extra)
        if ready:
            wait_for(lambda: "ready." in self.log_of("worker"), "the worker is ready")

    def start(self, name: str, arguments: list[str], **extra: str) -> None:
        """Any other program of ours, in Python."""
        self._python(name, *arguments, broker=True, wrapped=(), extra=extra)

    def kill(self, name: str) -> None:
        process = self.running.pop(name)
        _kill(process)

    def stop(self, name: str) -> None:
        process = self.running.pop(name)
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)
        _kill(process)

    def log_of(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def _python(
        self, name: str, *arguments: str, broker: bool, wrapped: tuple[str, ...], extra: dict[str, str]
    ) -> None:
        values = {
            "DATABASE_URL": database_url(),
            "DATABASE_OWNER_URL": "",
            "BROKER_URL": self.broker.address if broker else "",
            "DJANGO_SETTINGS_MODULE": "tests.settings_of_proofs",
            "SECRET_KEY": settings.SECRET_KEY,
            "MODE": "test",
            "CONNECTION_SECONDS": "60",
            **extra,
        }
        self._spawn(name, [*wrapped, sys.executable, *arguments], values)

    def _spawn(self, name: str, command: list[str], values: dict[str, str]) -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            self.running[name] = subprocess.Popen(
                command,
                cwd=settings.BASE_DIR,
                env=os.environ | values,
                stdout=log,
                stderr=log,
                process_group=0,
            )


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """With whatever it started: the pool of a worker is of its process group."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def programs(broker: Callable[[Path], OwnBroker] = OwnRedis) -> Iterator[Programs]:
    """Stops whatever still runs at the end; shows the logs of a proof that went wrong."""
    with tempfile.TemporaryDirectory() as folder:
        found = Programs(Path(folder), broker(Path(folder)))
        try:
            yield found
        except Exception:
            for log in Path(folder).glob("*.log"):
                sys.stderr.write(f"--- {log.stem}\n{log.read_text(errors='replace')[-3000:]}\n")
            raise
        finally:
            for name in sorted(found.running, key="broker".__eq__):
                found.stop(name)
            found.broker.forget()


def wait_for(happened: Callable[[], bool], what: str, seconds: float = PATIENCE) -> float:
    """Seconds until it happened. Raises TimeoutError with the words."""
    began = time.monotonic()
    while not happened():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"not within {seconds:.0f} s: {what}")
        time.sleep(0.02)
    return time.monotonic() - began
