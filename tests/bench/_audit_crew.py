"""Writers as processes, for the benchmark `audit` and its peers: many at once, each with a connection, told what to do in slices.

Knows nothing of Relais nor of Django: what an arm does is a function that its owner hands in.
"""

import json
import os
import random
import socket
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Write = Callable[[int, random.Random], None]


class Crew:
    """`size` forked writers. `arms` are what they can do, `begin` connects one (again) and names its server process."""

    def __init__(self, size: int, arms: Mapping[str, Write], begin: Callable[[], int]) -> None:
        self._lines = [_forked(number, arms, begin) for number in range(size)]

    def slice(self, arm: str, writers: int, seconds: float) -> dict[str, Any]:
        """So many write for so long: how many writes, how long each took, processor seconds of both ends."""
        crew = self._lines[:writers]
        for line in crew:
            _say(line, {"arm": arm, "seconds": seconds})
        answers = [_hear(line) for line in crew]
        took = sorted(one for answer in answers for one in answer["took"])
        count = len(took)
        return {
            "writes": count,
            "rate": count / max(answer["wall"] for answer in answers),
            "cpu_ms": 1000 * sum(answer["cpu"] for answer in answers) / max(count, 1),
            "p50_ms": 1000 * took[count // 2] if took else None,
            "p99_ms": 1000 * took[min(count - 1, count * 99 // 100)] if took else None,
        }

    def connect_again(self) -> None:
        """New sessions, for what a server gives only to new ones."""
        for line in self._lines:
            _say(line, {"arm": None, "seconds": 0})
            _hear(line)

    def end(self) -> None:
        """Every writer leaves."""
        for line in self._lines:
            line.close()


def spent(pid: int) -> float:
    """Processor seconds of a server process on this machine (Linux); 0 where that cannot be read."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except (OSError, ValueError):
        return 0.0


def _forked(number: int, arms: Mapping[str, Write], begin: Callable[[], int]) -> socket.socket:
    ours, theirs = socket.socketpair()
    if os.fork():
        theirs.close()
        return ours
    ours.close()
    try:
        _write_until_told(theirs, number, arms, begin)
    finally:
        os._exit(0)


def _write_until_told(line: socket.socket, number: int, arms: Mapping[str, Write], begin: Callable[[], int]) -> None:
    server, chance = begin(), random.Random(number)
    while request := _hear(line):
        if request["arm"] is None:
            server = begin()
            _say(line, {"took": [], "wall": 0, "cpu": 0})
            continue
        write, took = arms[request["arm"]], []
        began, own, theirs = time.perf_counter(), time.process_time(), spent(server)
        at = began
        while at - began < request["seconds"]:
            write(number, chance)
            before, at = at, time.perf_counter()
            took.append(at - before)
        cpu = time.process_time() - own + spent(server) - theirs
        _say(line, {"took": took, "wall": at - began, "cpu": cpu})


def _say(line: socket.socket, what: Any) -> None:
    raw = json.dumps(what).encode()
    line.sendall(len(raw).to_bytes(4) + raw)


def _hear(line: socket.socket) -> Any:
    """None when the other side has left."""
    head = _bytes(line, 4)
    return json.loads(_bytes(line, int.from_bytes(head))) if head else None


def _bytes(line: socket.socket, many: int) -> bytes:
    found = b""
    while len(found) < many:
        piece = line.recv(many - len(found))
        if not piece:
            return b""
        found += piece
    return found
