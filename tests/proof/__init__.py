"""The promises of Relais, each shown by a program: `make proof`.

A part is a module here with `run(scale) -> (figures, holds)`; `stop_races.py` is the part `stop-races`. Its docstring says
what it shows. It finds a throw-away database with two active brands, unless it says `NEEDS_DATABASE = False`;
`ALONE` and `LONG` are read by `_lanes`.
"""

import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import nullcontext
from types import ModuleType

from tests.database import throwaway
from tests.parts import Part, parts_in
from tests.proof._lanes import side_by_side

SCALES = ("small", "full")


def parts() -> dict[str, Part]:
    """All parts by name."""
    return parts_in(__path__, __name__)


def prove(chosen: list[Part], scale: str, lanes: int = 1) -> Iterator[tuple[str, bool]]:
    """Run parts; each yields its last line and whether it holds. With `lanes`, so many at a time (`_lanes`)."""
    if lanes > 1 and len(chosen) > 1:
        yield from side_by_side(chosen, lanes, lambda part: _told(part, scale))
        return
    for part in chosen:
        yield _told(part, scale)


def _told(part: Part, scale: str) -> tuple[str, bool]:
    """Whatever goes wrong, this part does not hold and the next one runs."""
    began = time.monotonic()
    try:
        figures, holds = _run(part.load(), scale)
    except Exception as error:
        traceback.print_exception(error, file=sys.stderr)
        figures, holds = f"{type(error).__name__}: {error}".splitlines()[0], False
    sys.stderr.write(f"  {part.name}: {time.monotonic() - began:.1f} s\n")
    return f"{part.name}: {figures}: {'holds' if holds else 'falls short'}", holds


def _run(module: ModuleType, scale: str) -> tuple[str, bool]:
    with throwaway() if getattr(module, "NEEDS_DATABASE", True) else nullcontext():
        figures, holds = module.run(scale)
    return str(figures), bool(holds)
