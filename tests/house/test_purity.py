"""The cores decide without a framework: each is imported in a process where Django and its friends cannot be imported."""

import subprocess
import sys

import pytest

from tests.house.sources import ROOT, sources

ABSENT = ("django", "celery", "psycopg", "allauth")
CORES = sorted(
    source.name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    for source in sources()
    if source.in_package("clients/autonomy")
    or source.in_package("clients/matching")
    or (source.in_package("clients") and source.path.name == "rules.py")
    or source.name
    in {"clients/briefings/calendar.py", "clients/custody/clocks.py", "tenants/vocabulary.py", "tenants/errors.py"}
    or source.name in {"clients/audit/lines.py", "clients/audit/tree.py", "clients/audit/notes.py"}
)
PROGRAM = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {absent!r}:
            raise ImportError(f"a core wanted {{name}}")
sys.meta_path.insert(0, Absent())
__import__({core!r})
"""


def test_there_are_cores() -> None:
    assert len(CORES) > 10


@pytest.mark.parametrize("core", CORES)
def test_a_core_needs_no_framework(core: str) -> None:
    program = PROGRAM.format(absent=ABSENT, core=core)
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-500:]
