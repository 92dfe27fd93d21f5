"""The figures of Relais, beside those of peers and of the limit: `make bench`, JSON on standard output.

A part is a module here with `run(scale) -> dict` (name, ours, peer, limit, ratios ...); `my_work.py` is the part `my-work`.
It finds a throw-away database behind the usual settings, unless it says `NEEDS_DATABASE = False`.
"""

import os
import platform
import sys
import time
import traceback
from contextlib import nullcontext
from importlib.metadata import version
from typing import Any

from tests.database import throwaway
from tests.parts import Part, parts_in

PACKAGES = ("django", "psycopg", "celery", "django-tenants")


def parts() -> dict[str, Part]:
    """All parts by name."""
    return parts_in(__path__, __name__)


def measure(chosen: list[Part], scale: str) -> dict[str, Any]:
    """Run parts one after the other; a part that fails says so in its place."""
    return {
        "scale": scale,
        "machine": {"processors": os.cpu_count(), "system": platform.platform(), "load": os.getloadavg()},
        "versions": {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
        "parts": {part.name: _measured(part, scale) for part in chosen},
    }


def _measured(part: Part, scale: str) -> dict[str, Any]:
    began = time.monotonic()
    try:
        module = part.load()
        with throwaway() if getattr(module, "NEEDS_DATABASE", True) else nullcontext():
            figures = dict(module.run(scale))
    except Exception as error:  # the other parts still have their figures
        traceback.print_exception(error, file=sys.stderr)
        figures = {"error": f"{type(error).__name__}: {error}"}
    return {**figures, "seconds": round(time.monotonic() - began, 2)}
