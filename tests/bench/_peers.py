"""Peers live in an environment of their own, made on demand below .relais/bench, so that they never mix with the program's."""

import json
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings


def environment(name: str, packages: tuple[str, ...]) -> Path:
    """The interpreter of the environment `name` with these packages (pinned), made if it is not there yet."""
    home = Path(settings.BASE_DIR) / ".relais" / "bench" / name
    python, made = home / "bin" / "python", home / "made"
    wanted = "\n".join(packages)
    if not made.exists() or made.read_text() != wanted:
        venv.create(home, clear=True, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True, stdout=sys.stderr)
        made.write_text(wanted)
    return python


class Peer:
    """A program in such an environment that answers one line of JSON with one line of JSON."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def ask(self, **request: Any) -> Any:
        """Send a request, wait for the answer. RuntimeError when the program has ended."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the peer ended")
        return json.loads(line)


@contextmanager
def peer(python: Path, program: Path) -> Iterator[Peer]:
    """Start the program, end it afterwards."""
    process = subprocess.Popen([python, "-P", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Peer(process)
    finally:
        process.terminate()
        process.wait()
