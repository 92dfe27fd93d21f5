"""Real programs that stand for the networks out there, on loopback: `make proof PART=channels` brings them up.

A system is a module here with four things. `available()` says why it cannot be had ('' when it can); `install()` fetches
what is missing; `running()` is a context that starts it on free ports with data of its own, yields what one needs to
talk to it, and throws the data away; `QUICK` says whether it comes up within a proof of the small scale. Programs stay in
`.relais/systems/<name>`, which no clone carries.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from config.embedded.processes import _die_with_parent

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / ".relais" / "systems"


class SystemFailed(RuntimeError):
    """A program did not come up; the text is the end of its log."""


def missing_programs(*names: str) -> str:
    """The first of these programs that this machine lacks, as a reason; '' when all are there."""
    for name in names:
        if shutil.which(name) is None and not Path(name).exists():
            return f"{name} is not installed"
    return ""


def debian(*packages: str) -> None:
    """Install Debian packages where we may; elsewhere nothing happens, and `available` goes on saying what is missing."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        # Systems are installed side by side, and dpkg takes one at a time.
        command = [
            "apt-get", "-o", "DPkg::Lock::Timeout=180", "install", "-y", "-q", "--no-install-recommends", *packages,
        ]  # fmt: skip
        if subprocess.run(command, capture_output=True, env=environment, check=False).returncode:
            subprocess.run(["apt-get", "update", "-q"], capture_output=True, check=False)
            subprocess.run(command, capture_output=True, env=environment, check=False)


def free_port() -> int:
    """A port of loopback that nobody has at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


@contextmanager
def own_folder(name: str) -> Iterator[Path]:
    """A folder for the data of one run. Under the system's own temporary folder: paths of sockets must be short."""
    folder = Path(tempfile.mkdtemp(prefix=f"relais-{name}-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def program(
    command: list[str],
    ready: Callable[[], bool],
    log: Path,
    *,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    within: float = 60.0,
) -> Iterator[None]:
    """One program with all that it starts, from the moment it is ready to the end of the block."""
    with log.open("wb") as words:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=words,
            cwd=cwd,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
            preexec_fn=_die_with_parent(signal.SIGTERM),  # noqa: PLW1509  after fork, before exec: one system call
        )
    try:
        _wait(process, ready, log, time.monotonic() + within)
        yield
    finally:
        _end(process)


def _wait(process: "subprocess.Popen[bytes]", ready: Callable[[], bool], log: Path, ending: float) -> None:
    while not ready():
        if process.poll() is not None or time.monotonic() > ending:
            raise SystemFailed(f"{process.args}: {log.read_text(errors='replace')[-1500:]}")
        time.sleep(0.1)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(10)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, 9)
    process.wait()
