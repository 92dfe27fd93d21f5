"""Parts side by side: each in a forked process with a database of its own, a few at a time.

A part whose module says `ALONE = True` has the machine to itself: it measures, or what it starts must keep up with a clock. The
long ones (`LONG = True`) begin first. What a part prints is kept until it ends, so that lines of two never mix.
"""

import os
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO

from tests.database import forget_inherited
from tests.parts import Part

Told = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class _Running:
    part: Part
    said: IO[bytes]


def side_by_side(chosen: list[Part], lanes: int, told: Callable[[Part], Told]) -> Iterator[Told]:
    """What `told` says of each part, as they end; `lanes` at a time, those that want to be alone last of all.

    To be called before anything is connected and before there are threads.
    """
    for part in chosen:
        with suppress(Exception):  # loaded once for all; what cannot be loaded says so in its own process
            part.load()
    alone = [part for part in chosen if _says(part, "ALONE")]
    together = sorted((part for part in chosen if part not in alone), key=lambda part: not _says(part, "LONG"))
    yield from _all_of(together, lanes, told)
    yield from _all_of(alone, 1, told)


def _says(part: Part, name: str) -> bool:
    return bool(getattr(sys.modules.get(part.module), name, False))


def _all_of(parts: list[Part], lanes: int, told: Callable[[Part], Told]) -> Iterator[Told]:
    waiting, running = list(parts), dict[int, _Running]()
    while waiting or running:
        while waiting and len(running) < lanes:
            part, said = waiting.pop(0), TemporaryFile()  # noqa: SIM115  closed when it is read
            running[_forked(part, said, told)] = _Running(part, said)
        pid, status = os.wait()
        if (ended := running.pop(pid, None)) is not None:
            yield _heard(ended, os.waitstatus_to_exitcode(status))


def _forked(part: Part, said: IO[bytes], told: Callable[[Part], Told]) -> int:
    sys.stdout.flush()
    sys.stderr.flush()
    if pid := os.fork():
        return pid
    status = 2
    try:
        os.dup2(said.fileno(), 1)  # for programs that it starts
        os.dup2(said.fileno(), 2)
        sys.stdout = sys.stderr = os.fdopen(1, "w", buffering=1, closefd=False)
        forget_inherited()
        random.seed()
        line, holds = told(part)
        print(line, flush=True)
        status = 0 if holds else 1
    finally:
        sys.stdout.flush()
        os._exit(status)


def _heard(ended: _Running, status: int) -> Told:
    """Its last line, when it ended by itself; all before it is printed here."""
    ended.said.seek(0)
    lines = ended.said.read().decode(errors="replace").splitlines()
    ended.said.close()
    by_itself = status in {0, 1} and bool(lines) and lines[-1].startswith(f"{ended.part.name}: ")
    last = lines.pop() if by_itself else f"{ended.part.name}: its process ended with {status}: falls short"
    sys.stderr.write("".join(f"{line}\n" for line in lines))
    return last, by_itself and status == 0
