"""Nothing is lost, doubled or out of order in a sealed log while its sealers are killed.

Eight writers count twelve objects of one brand up, some change their mind before the commit, one keeps a transaction open (30 s
at full scale), and half way the clock of the writers goes back an hour. Two sealers run as processes; every second or so one of
them is killed with -9 and started again. At the end every committed act has one line, every line one leaf, and the lines of each
object stand in the order in which it was changed.
"""

import random
import threading
import time
from datetime import timedelta
from unittest import mock

from django.utils import timezone

from clients.audit.tasks import seal_round
from tests.audit.stress import Stress
from tests.database import ACTIVE, brand_with
from tests.proof._programs import Programs, programs

SECONDS = {"small": (8.0, 6.0), "full": (60.0, 30.0)}
SEALERS = ("sealer-1", "sealer-2")


def run(scale: str) -> tuple[str, bool]:
    """Writes for so long, one transaction open for so long."""
    seconds, held = SECONDS[scale]
    stress, over = Stress(brand_with(ACTIVE[0])), threading.Event()
    kills: list[str] = []
    with programs() as running:
        for name in SEALERS:
            running.start(name, ["manage.py", "seal"])
        killer = threading.Thread(target=_kill, args=(running, over, kills))
        killer.start()
        back = threading.Timer(seconds / 2, _set_clock_back)
        back.start()
        stress.run(seconds, held=held)
        over.set()
        killer.join()
    mock.patch.stopall()
    while seal_round():
        pass
    faults = stress.faults()
    wrong = (
        ", ".join(f"{count} {what}" for what, count in faults.items() if count) or "nothing lost, twice or out of order"
    )
    return f"{stress.committed} acts, {len(kills)} sealers killed, {held:.0f} s open: {wrong}", not any(faults.values())


def _kill(running: Programs, over: threading.Event, kills: list[str]) -> None:
    chance = random.Random(4)
    while not over.wait(chance.uniform(1.0, 2.5)):
        name = chance.choice(SEALERS)
        running.kill(name)
        kills.append(name)
        running.start(name, ["manage.py", "seal"])


def _set_clock_back() -> None:
    began, shown = time.monotonic(), timezone.now() - timedelta(hours=1)
    late = lambda: shown + timedelta(seconds=time.monotonic() - began)  # noqa: E731
    mock.patch("clients.audit.actions.timezone.now", late).start()
