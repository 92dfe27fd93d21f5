"""A Celery worker that outlives its Redis. Celery 5.7 gives back and acknowledges messages over a line that it has closed.

kombu then meets None where it looks for the address, and an AttributeError is what nobody there is ready for: the worker
says 'Unrecoverable error', loses its pool and stands still without ending, so that nobody starts it again and every act
waits (seen in the proof `kills`, and without the rest of Relais too). Told as the lost line that it is, it
is what both are ready for: the worker connects anew, and the leases of the outbox bring back what was under way.
"""

from typing import Any

from kombu.transport.redis import Channel
from redis.exceptions import ConnectionError as LineLost

_address_of: Any = Channel._connparams


def _address_or_lost(self: Any, *arguments: Any, **options: Any) -> Any:
    if self.connection is None or self.connection.client is None:
        raise LineLost("closed")
    return _address_of(self, *arguments, **options)


def expect_lost_lines() -> None:
    """Once for each process that speaks to Redis through Celery."""
    Channel._connparams = _address_or_lost  # type: ignore[method-assign]
