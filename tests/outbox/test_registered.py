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
    modules = [path for path in (*ROOT.glob("clients/*/*.py"), *ROOT.glob("portal/*.py")) if path.name != "registry.py"]
    written = sum(_registers(path) for path in modules)
    assert "channels.check" in known and written > 10
    assert len(known) - 1 == written and int(known[-1]) == 1


def _registers(path: Path) -> int:
    """How many functions of the module are decorated with `handles(...)`."""
    functions = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)]
    calls = [each for node in functions for each in node.decorator_list if isinstance(each, ast.Call)]
    return sum(isinstance(call.func, ast.Name) and call.func.id == "handles" for call in calls)


def _env() -> dict[str, str]:
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "MODE": "development"}
