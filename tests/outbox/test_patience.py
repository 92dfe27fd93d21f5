"""A stop waits for the calls that are under way, however short the time that a page has for one statement."""

from collections.abc import Callable
from threading import Event, Thread

import pytest
from django.db import connection

from clients.outbox import brake
from tenants.limits import at_most
from tenants.walls.scope import BrandRef, durable


@pytest.mark.parametrize("takes", [brake.press, brake.let_leave])
def test_the_time_of_a_page_does_not_end_a_stop(
    real_brands: tuple[BrandRef, BrandRef], takes: Callable[[BrandRef], None]
) -> None:
    brand, held, done = real_brands[0], Event(), Event()

    def call() -> None:
        """The other side: an act that is leaving, or a stop, for two seconds."""
        with durable(brand):
            (brake.let_leave if takes is brake.press else brake.press)(brand)
            held.set()
            done.wait(2)
        connection.close()

    leaving = Thread(target=call)
    leaving.start()
    try:
        assert held.wait(30)
        with at_most(1), durable(brand):
            takes(brand)
    finally:
        done.set()
        leaving.join()
