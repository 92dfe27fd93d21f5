"""Every reading through a key stands in the brand's ledger of disclosures.

From class `named` upward, and for what is handed out whole, the line is written in the transaction of the reading, which commits
before the first byte leaves: no line, no answer. Below it the lines of a second are gathered in this process and written
together, each naming every row.
"""

import atexit
import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import cast
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, connections
from django.utils import timezone

from clients.disclosure.rules import InfoClass, Way, is_logged
from clients.disclosure.steps import MOST_IDS, Matter, Recipient, disclose
from clients.keys.rules import Grant
from clients.people.actor import Actor
from tenants.walls.scope import durable, gathering

log = logging.getLogger(__name__)
WHY = "asked_by_program"
MOST_GATHERED = 2_000
MOST_KEPT = 100_000


@dataclass(frozen=True, slots=True)
class Told:
    """Rows of one kind that were told to one key."""

    actor: Actor
    grant: Grant
    kind: str
    info_class: InfoClass
    ids: tuple[UUID | str, ...]
    digest: str = ""


def tell(
    actor: Actor, grant: Grant, kind: str, info_class: InfoClass, ids: Iterable[UUID | str], digest: str = ""
) -> None:
    """In the transaction of the reading, before anything is told. Nothing was told without rows.

    `digest` is that of what is handed out whole: such a line waits for no other, for somebody may ask at once what left.
    """
    told = Told(actor, grant, kind, info_class, tuple(ids), digest)
    if not told.ids:
        return
    if digest or is_logged(info_class) or not settings.API_LEDGER_SECONDS:
        _write(told)
    else:
        _gathered.add(told)


def _write(told: Told, *, has_left: bool = False) -> None:
    """One line for as many rows as a line names. `has_left`: by the policy of then, which may have ended since."""
    policy, ids = told.grant.policy, cast("tuple[UUID, ...]", told.ids)  # or their text, which is what the line keeps
    ended = has_left and not policy.holds(timezone.now())
    for at in range(0, len(ids), MOST_IDS):
        disclose(
            told.actor,
            way=Way.API,
            to=Recipient.key(told.grant.key_id),
            what=Matter(told.kind, ids[at : at + MOST_IDS], told.info_class, told.digest),
            why=WHY,
            **({"policy_name": str(policy.pk)} if ended else {"policy": policy}),
        )


@dataclass(slots=True)
class _Gathered:
    """What this process has told and not yet written. A thread of its own writes it; the end of the process does, too."""

    waiting: list[Told] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    wake: threading.Event = field(default_factory=threading.Event)
    writer: threading.Thread | None = None

    def add(self, told: Told) -> None:
        with self.lock:
            self.waiting.append(told)
            if len(self.waiting) >= MOST_GATHERED:
                self.wake.set()
            if self.writer is None or not self.writer.is_alive():  # also after a fork
                self.writer = threading.Thread(target=self._go_on, name="ledger", daemon=True)
                self.writer.start()

    def _go_on(self) -> None:
        while True:
            self.wake.wait(settings.API_LEDGER_SECONDS)
            self.wake.clear()
            self.write()
            connections.close_all()

    def write(self) -> None:
        with self.lock:
            waiting, self.waiting = self.waiting, []
        for one in _together(waiting):
            try:
                with durable(one.actor.brand), gathering():
                    _write(one, has_left=True)
            except OperationalError:  # the database is away: written when it is back
                with self.lock:
                    self.waiting = [one, *self.waiting][:MOST_KEPT]
            except Exception:
                log.exception("ledger: a reading below `named` was not written")


def _together(waiting: Iterable[Told]) -> list[Told]:
    """What one key was told of one kind and class, as one."""
    found: dict[object, list[Told]] = {}
    for one in waiting:
        found.setdefault((one.grant.key_id, one.actor.person_id, one.kind, one.info_class), []).append(one)
    return [replace(group[-1], ids=tuple(id_ for one in group for id_ in one.ids)) for group in found.values()]


_gathered = _Gathered()
write_gathered = _gathered.write
atexit.register(write_gathered)
