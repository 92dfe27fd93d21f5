"""Work that runs an event loop of its own, from a thread that may have one already: a browser's, an ASGI server's."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Made = TypeVar("Made")


def apart(work: Callable[..., Made], *given: Any, **named: Any) -> Made:
    """What `work` returns or raises, in a thread of its own."""
    with ThreadPoolExecutor(1) as hand:
        return hand.submit(work, *given, **named).result()
