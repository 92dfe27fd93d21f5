"""How the benchmarks of the walls measure: interleaved rounds, wall and processor time of both ends, medians and spread."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connections


@dataclass
class Series:
    """What one contender took, in milliseconds an operation."""

    wall: list[float] = field(default_factory=list)
    client: list[float] = field(default_factory=list)
    server: list[float] = field(default_factory=list)

    def add(self, wall: float, client: float, server: float | None) -> None:
        """One round."""
        self.wall.append(wall)
        self.client.append(client)
        if server is not None:
            self.server.append(server)

    def figures(self) -> dict[str, Any]:
        """Medians, with the quartiles of the wall time."""
        quartiles = statistics.quantiles(self.wall, n=4) if len(self.wall) > 1 else [self.wall[0]] * 3
        cpu = statistics.median(self.client) + (statistics.median(self.server) if self.server else 0)
        return {
            "wall_ms": _round(statistics.median(self.wall)),
            "wall_quartiles_ms": [_round(quartiles[0]), _round(quartiles[2])],
            "client_cpu_ms": _round(statistics.median(self.client)),
            "server_cpu_ms": _round(statistics.median(self.server)) if self.server else None,
            "cpu_ms": _round(cpu),
            "rounds": len(self.wall),
        }


def interleaved(
    contenders: Mapping[str, Callable[[], Any]], rounds: int, *, alias: str | None = "default"
) -> dict[str, Series]:
    """Run all contenders in turn, `rounds` times. A contender may give its own (wall, client, server) milliseconds."""
    series = {name: Series() for name in contenders}
    for _ in range(rounds):
        for name, contender in contenders.items():
            series[name].add(*timed(contender, alias))
    return series


def timed(contender: Callable[[], Any], alias: str | None) -> tuple[float, float, float | None]:
    """Milliseconds of wall time, our processor time, and that of the database session of `alias` where it can be seen."""
    pid = _backend(alias)
    wall, client, server = time.perf_counter(), time.process_time(), _spent(pid)
    own = contender()
    if isinstance(own, tuple):
        return own
    took = (time.perf_counter() - wall) * 1000, (time.process_time() - client) * 1000
    after = _spent(pid)
    return (*took, None if server is None or after is None else after - server)


def _backend(alias: str | None) -> int | None:
    if alias is None:
        return None
    connections[alias].ensure_connection()
    return int(connections[alias].connection.info.backend_pid)


def _spent(pid: int | None) -> float | None:
    """Processor milliseconds of a server process on this machine (Linux); None where that cannot be read."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6
    except (OSError, ValueError):
        return None


def _round(value: float) -> float:
    return round(value, 3 if value < 10 else 1)
