"""Every process that performs rows knows every handler: a relay without a broker loads no Celery modules."""

import ast
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ASKED = "import django; django.setup(); from clients.outbox import registry; print(*registry._handlers, len(registry.keepers()))"


def test_every_handler_is_there_once_django_is() -> None:
    said = subprocess.run(
        [sys.executable, "-c", ASKED], cwd=ROOT, capture_output=True, text=True, check=True, env=_env()
    )
    known = said.stdout.split()
    found = (*ROOT.glob("clients/*/*.py"), *ROOT.glob("reports/*/*.py"), *ROOT.glob("portal/*.py"))
    modules = [path for path in found if path.name != "registry.py"]
    written, daily = (sum(_registers(path, how) for path in modules) for how in ("handles", "each_day"))
    assert "channels.check" in known and written > 10
    assert (len(known) - 1, int(known[-1])) == (written, daily) and daily > 1


def _registers(path: Path, how: str) -> int:
    """How many functions of the module are decorated so."""
    functions = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)]
    marks = [mark.func if isinstance(mark, ast.Call) else mark for node in functions for mark in node.decorator_list]
    return sum(isinstance(mark, ast.Name) and mark.id == how for mark in marks)


def _env() -> dict[str, str]:
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "MODE": "development"}
