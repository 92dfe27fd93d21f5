"""Full scale: everything that runs in production, each as the process it is there, and each killed and started again.

gunicorn takes the presses of Submit, the relay hands on what is due, a Celery worker with its pool performs it, Redis carries
the messages, PostgreSQL holds the truth. A kill is a SIGKILL: to one process of a pool, or to a program with all it started.
"""

import json
import os
import random
import signal
from collections import Counter
from contextlib import suppress
from pathlib import Path

from config.embedded.postgres import Cluster
from tests.proof._kill_crew import Crew, Jobs
from tests.proof._kill_database import kill_a_backend, kill_the_postmaster
from tests.proof._programs import Programs, wait_for
from tests.stand_ins_of_kills import FAKES
from tests.systems import answers, free_port

HANDS, WEB_WORKERS, WEB_THREADS = 5, 2, 4

# How often each dies, of all kills. What only a pool's process holds is lost most often, and replaced at once.
CHANCES = {
    "Celery processes": 40,
    "Celery workers": 4,
    "relays": 4,
    "web processes": 20,
    "web servers": 3,
    "brokers": 6,
    "database backends": 8,
    "database servers": 2,
    "naive senders": 13,
}
PROCESSES_OF = {"Celery processes": "worker", "web processes": "web"}
WHOLE = {"Celery workers": "worker", "relays": "relay", "web servers": "web", "brokers": "broker"}


class RealPrograms:
    """`strike()` kills one of them. The fakes are told to each by its environment."""

    def __init__(self, found: Programs, cluster: Cluster, fakes: dict[str, int], naive: Jobs) -> None:
        self.found, self.cluster, self.killed = found, cluster, Counter[str]()
        # Rows of dead workers count as work under way for half a minute: one brand is to have room for all of them.
        self.told = {
            "DJANGO_SETTINGS_MODULE": "tests.settings_of_kills",
            FAKES: json.dumps(fakes),
            "WORKERS": "64",
            "WORKERS_PER_BRAND": "64",
            "CONNECTION_SECONDS": "60",
        }
        self.port, self.ended = free_port(), 0
        self.crew = Crew(naive)
        self.again = {
            "broker": found.start_broker,
            "worker": self._start_worker,
            "relay": self._start_relay,
            "web": self._start_web,
        }
        for start in self.again.values():
            start()
        wait_for(lambda: answers(self.port), "the web server answers", 90)

    def strike(self) -> None:
        """One kill at random; nothing is counted when there was nobody to kill."""
        name = random.choices(list(CHANCES), list(CHANCES.values()))[0]
        self.killed[name] += self._kill(name)

    def tend(self) -> None:
        """Start again what has ended by itself, as whoever runs Relais in production does. Celery does that when Redis dies
        under a message that it has not acknowledged."""
        for name, start in self.again.items():
            if self.found.running[name].poll() is not None:
                self.found.kill(name)
                start()
                self.ended += 1

    def end(self) -> None:
        self.crew.end()

    def _kill(self, name: str) -> bool:
        if name in PROCESSES_OF:
            return self._kill_one_of(PROCESSES_OF[name])
        if name in WHOLE:
            self.found.kill(WHOLE[name])
            self.again[WHOLE[name]]()
            return True
        if name == "database backends":
            return kill_a_backend(self.cluster)
        if name == "database servers":
            kill_the_postmaster(self.cluster)
            return True
        return bool(self.crew.kill_one())

    def _kill_one_of(self, program: str) -> bool:
        """A process that the program has started; it is the program's own business to replace it."""
        pid = self.found.running[program].pid
        with suppress(FileNotFoundError, ProcessLookupError, IndexError):  # it may be ending, or have none yet
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            os.kill(int(random.choice(children)), signal.SIGKILL)
            return True
        return False

    def _start_worker(self) -> None:
        self.found.start_worker(HANDS, ready=False, **self.told)

    def _start_relay(self) -> None:
        self.found.start_relay(**self.told)

    def _start_web(self) -> None:
        command = [
            "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{self.port}", "--preload",
            "--worker-class", "gthread", "--workers", str(WEB_WORKERS), "--threads", str(WEB_THREADS), "--log-level", "error",
        ]  # fmt: skip
        self.found.start("web", command, **self.told)
