"""A worker that dies: a child process performs one outbox row and is killed at a point that production code knows nothing of."""

import os
import signal
import time
from uuid import UUID

from django.db import DatabaseError, connections, transaction

from clients.channels.delivery import Port
from clients.channels.port import Outbound, Sent
from clients.gate.models import Dispatch
from clients.items.models import Item
from clients.outbox import actions as outbox
from clients.outbox.models import OutboxRow
from tenants.walls.scope import BrandRef, brand_scope
from tests.database import forget_inherited

KILL_AT = "KILL_AT"
POINTS = ("before_call", "after_call", "after_commit")


def killed_at(point: str, brand: BrandRef, row_id: UUID) -> None:
    """Perform `row_id` in a child that is killed at `point`, and wait until the database has noticed."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        os.environ[KILL_AT] = point
        _perform_and_die(brand, row_id)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGKILL
    _wait_until_let_go(brand)


def row_of(brand: BrandRef, kind: str) -> UUID:
    """The one undone row of a kind."""
    with brand_scope(brand):
        return OutboxRow.objects.get(kind=kind, done_at=None).pk


def _perform_and_die(brand: BrandRef, row_id: UUID) -> None:
    try:
        forget_inherited()
        Port.send = _wrapped_send  # type: ignore[method-assign]
        outbox._end = lambda *args, **kwargs: _die_at("after_commit")  # type: ignore[assignment]
        outbox.perform(brand, row_id)
    finally:
        os._exit(3)


_send = Port.send


def _wrapped_send(self: Port, outbound: Outbound) -> Sent:
    _die_at("before_call")
    sent = _send(self, outbound)
    _die_at("after_call")
    return sent


def _die_at(point: str) -> None:
    if os.environ.get(KILL_AT) == point:
        os.kill(os.getpid(), signal.SIGKILL)


def _wait_until_let_go(brand: BrandRef) -> None:
    """The server finds out that a killed client is gone when it next reads from it; until then its locks stand."""
    until = time.monotonic() + 10
    while True:
        try:
            with brand_scope(brand), transaction.atomic():
                list(Item.objects.select_for_update(nowait=True))
                list(Dispatch.objects.select_for_update(nowait=True))
        except DatabaseError:
            assert time.monotonic() < until
            time.sleep(0.02)
        else:
            return
