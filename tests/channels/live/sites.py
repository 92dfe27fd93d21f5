"""What the tests against real programs share: one running system per session, and the test's own small tools."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import pytest

# Names of systems with commas between them: `make proof PART=channels` sets it.
WANTED = "RELAIS_LIVE"


@contextmanager
def brought_up(system: ModuleType) -> Iterator[Any]:
    """The running system, or a skip that says why not."""
    name = system.__name__.rpartition(".")[2]
    if name not in os.environ.get(WANTED, "").split(","):
        pytest.skip(f"against the real {name}: run by make proof PART=channels")
    if reason := system.available():
        pytest.skip(reason)
    with system.running() as facts:
        yield facts
