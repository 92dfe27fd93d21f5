"""A receiver as a process of its own, and what it has noted; checked once more by the library of another language."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copy, which
from typing import Any

from django.conf import settings

NODE = Path(__file__).parent.parent / "webhooks" / "node"
INSTALLED = settings.BASE_DIR / ".relais" / "webhooks-node"
LOCK = "package-lock.json"


@dataclass
class Process:
    """Where it listens, and the file in which it notes each request before it answers."""

    url: str
    file: Path

    def calls(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.file.read_text().splitlines()]


@contextmanager
def receiver(folder: Path, secret_file: Path, *, hang: float) -> Iterator[Process]:
    """Errors, hangs and lost replies at random; its secret is read when the first request comes."""
    file, told = folder / "calls.jsonl", folder / "url"
    file.touch()
    command = [sys.executable, "-m", "tests.webhooks.storm", str(file), str(told), str(secret_file), str(hang)]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while not told.exists() and time.monotonic() < until:
            time.sleep(0.05)
        yield Process(told.read_text(), file)
    finally:
        process.terminate()
        process.wait(20)


def verified_by_node(file: Path, secret: str) -> dict[str, int] | None:
    """What the library for Node says of every request; None where Node or npm is missing."""
    if which("node") is None or which("npm") is None:
        return None
    _install()
    script = str(NODE / "verify.cjs")
    done = subprocess.run(
        ["node", script, str(INSTALLED), str(file), secret], capture_output=True, text=True, check=True, timeout=300
    )
    found: dict[str, int] = json.loads(done.stdout)
    return found


def _install() -> None:
    INSTALLED.mkdir(parents=True, exist_ok=True)
    ours, theirs = NODE / LOCK, INSTALLED / LOCK
    done = INSTALLED / "node_modules" / "standardwebhooks"
    if done.exists() and theirs.exists() and theirs.read_bytes() == ours.read_bytes():
        return
    for name in ("package.json", LOCK):
        copy(NODE / name, INSTALLED / name)
    command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    subprocess.run(command, cwd=INSTALLED, check=True, capture_output=True, timeout=300)
