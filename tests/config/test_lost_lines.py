"""What Celery does over a line to Redis that it has closed already is told as a lost line, which it is ready for."""

from types import SimpleNamespace
from typing import Any

import pytest
from kombu import Connection
from kombu.transport.redis import Channel
from redis.exceptions import ConnectionError as LineLost

from config.celery import app

ADDRESS = "redis+socket:///somewhere/redis.sock"


def channel_on(line: Any) -> Channel:
    """A channel that has not spoken yet."""
    channel = Channel.__new__(Channel)
    channel.connection = line
    return channel


@pytest.mark.parametrize("line", [None, SimpleNamespace(client=None)], ids=["no line", "a line without an address"])
def test_a_closed_line_is_a_lost_one(line: Any) -> None:
    with pytest.raises(LineLost):
        channel_on(line)._connparams()


def test_what_is_lost_is_what_celery_expects_to_lose() -> None:
    assert app.main == "relais"
    assert issubclass(LineLost, Connection(ADDRESS).transport.connection_errors)


def test_an_open_line_is_asked_for_its_address_as_ever() -> None:
    with Connection(ADDRESS) as line:
        transport = line.transport
        transport.client = line
        channel = channel_on(transport)
        assert channel._connparams()["connection_class"] is not None
