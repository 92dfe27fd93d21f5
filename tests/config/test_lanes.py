"""`make proof` in lanes: every part is told once, and one that dies, or that lies with its last line, does not hold."""

import os
import signal
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.parts import Part
from tests.proof._lanes import side_by_side


def part(name: str) -> Part:
    return Part(name, f"tests.proof.no_such_{name}")


def told(one: Part) -> tuple[str, bool]:
    """As `tests.proof._told` does, by the name of the part."""
    print(f"something of {one.name}")
    match one.name:
        case "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        case "breaks":
            raise RuntimeError("broken")
        case "leaves":
            os._exit(0)
        case "short":
            return "short: nothing: falls short", False
    return f"{one.name}: all: holds", True


def test_every_part_is_told_once_and_only_those_hold_that_say_so(capfd: pytest.CaptureFixture[str]) -> None:
    names = ("one", "dies", "two", "breaks", "short", "leaves", "three")
    lines = dict(side_by_side([part(name) for name in names], 2, told))
    assert sorted(lines) == [
        "breaks: its process ended with 2: falls short",
        "dies: its process ended with -9: falls short",
        "leaves: its process ended with 0: falls short",
        "one: all: holds",
        "short: nothing: falls short",
        "three: all: holds",
        "two: all: holds",
    ]
    held = {line for line, holds in lines.items() if holds}
    assert held == {"one: all: holds", "two: all: holds", "three: all: holds"}
    assert "something of short" in capfd.readouterr().err


def test_who_wants_to_be_alone_runs_when_nobody_else_does(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, word in (("quiet", "ALONE"), ("long", "LONG")):
        monkeypatch.setitem(sys.modules, part(name).module, SimpleNamespace(**{word: True}))

    def noted(one: Part) -> tuple[str, bool]:
        (tmp_path / one.name).write_text(str(time.monotonic_ns()))
        line = f"{one.name}: {sorted(path.name for path in tmp_path.glob('*-ended'))}: holds"
        (tmp_path / f"{one.name}-ended").touch()
        return line, True

    lines = [line for line, _ in side_by_side([part(name) for name in ("quiet", "other", "long")], 2, noted)]
    assert lines[-1] == "quiet: ['long-ended', 'other-ended']: holds"
    began = {name: int((tmp_path / name).read_text()) for name in ("quiet", "other", "long")}
    assert min(began, key=lambda name: began[name]) in {"long", "other"}
    assert max(began, key=lambda name: began[name]) == "quiet"
