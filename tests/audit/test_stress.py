"""Writers that overtake one another, a transaction that stays open, two sealers that keep dying: nothing lost or out of order.

The proof `audit-stress` does the same with sealers that are processes and are killed, for longer.
"""

import threading
from contextlib import suppress
from itertools import count
from typing import Any

import pytest
from django.db import connections

from clients.audit import sealing
from clients.audit.tasks import seal_round
from tenants.brandref import BrandRef
from tests.audit.stress import Stress, _out_of_order


class Dies(BaseException):
    """Nothing catches it, as nothing catches kill -9; the open transaction ends with the connection."""


class Mortals:
    """Two sealers that die now and then right after a step, and are there again a moment later."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.deaths: list[str] = []
        self.over = threading.Event()
        for step, every in (("_alone", 9), ("_head", 5), ("_read_back", 3), ("_append", 2)):
            monkeypatch.setattr(sealing, step, self._mortal(step, every))
        self.threads = [threading.Thread(target=self._live) for _ in range(2)]
        for thread in self.threads:
            thread.start()

    def end(self) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()

    def _mortal(self, step: str, every: int) -> Any:
        ordinary, calls = getattr(sealing, step), count(1)

        def sometimes(*given: Any) -> Any:
            done = ordinary(*given)
            if next(calls) % every == 0 and not self.over.is_set():
                self.deaths.append(step)
                raise Dies
            return done

        return sometimes

    def _live(self) -> None:
        while not self.over.wait(0.02):
            with suppress(Dies):
                seal_round()
            connections.close_all()


def test_nothing_lost_nothing_twice_nothing_out_of_order(
    real_brands: tuple[BrandRef, BrandRef], monkeypatch: pytest.MonkeyPatch
) -> None:
    stress, sealers = Stress(real_brands[0]), Mortals(monkeypatch)
    stress.run(3.0, writers=6, held=2.0)
    sealers.end()
    while seal_round():
        pass
    assert stress.committed > 50 and "_append" in sealers.deaths
    assert stress.faults() == dict.fromkeys(stress.faults(), 0)


def test_the_measure_sees_what_is_out_of_order_and_what_is_lost() -> None:
    def act(count: int, item: str = "a") -> dict[str, Any]:
        return {"obj": {"id": item}, "facts": {"count": count}}

    assert _out_of_order([act(1), act(1, "b"), act(2), act(3)]) == 0
    assert _out_of_order([act(1), act(3), act(2)]) == 2
    assert _out_of_order([act(1), act(3)]) == 1
