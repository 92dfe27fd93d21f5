"""What the processes of a proof know besides the program: cheap work that is only counted, and networks that misbehave.

An application of Django, so that relay and workers have it from their start (see `settings_of_proofs`).
"""

import os
import sys
import time
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.db import connection, connections
from django.utils import timezone

COUNT = "proof.count"
HANGS = "PROOF_HANGS"
"""'<channel id>:<seconds>' of the memory channel whose network takes that long."""


class StandIns(AppConfig):
    """Registered last, when everything it stands in for is there."""

    name = "tests.stand_ins"
    label = "stand_ins"
    path = str(Path(__file__).parent)

    def ready(self) -> None:
        from clients.outbox.registry import handles

        handles(COUNT)(count)
        if told := os.environ.get(HANGS):
            channel, seconds = told.split(":")
            _hang(channel, float(seconds))


def count(brand: Any, payload: dict[str, Any]) -> None:
    """The whole work: one line in the book."""
    who = "relay" if "relay" in sys.argv else "worker"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO proof_book VALUES (%s, clock_timestamp(), %s, %s, %s)",
            (payload["key"], who, payload.get("due"), timezone.now()),
        )


def open_book() -> None:
    """The table that is counted afterwards, as the owner."""
    from tenants.walls.backend.base import OWNER

    login = connections["default"].settings_dict["USER"]
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "CREATE TABLE proof_book (key text, at timestamptz, who text, due timestamptz, here timestamptz)"
        )
        cursor.execute(f'GRANT SELECT, INSERT, DELETE ON proof_book TO "{login}"')


def _hang(channel: str, seconds: float) -> None:
    """The network of one channel accepts the call and says nothing: the port must give up on it."""
    from clients.channels.memory.connector import MemoryConnector

    answering = MemoryConnector.send

    def send(self: MemoryConnector, outbound: Any, until: float) -> Any:
        if str(outbound.channel_id) == channel:
            time.sleep(seconds)
        return answering(self, outbound, until)

    MemoryConnector.send = send  # type: ignore[method-assign]
