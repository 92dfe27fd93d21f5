"""Several programs as one process tree: started in order, stopped in the opposite order, and never left behind.

Each part is a process group of its own, so that Ctrl-C reaches only us and we stop the parts in an order that loses nothing. On
Linux the kernel also stops every part when we die without a word (PR_SET_PDEATHSIG); elsewhere only a clean end does.
A part that dies is started again; one that keeps dying ends the tree.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from config.embedded.account import Account

PR_SET_PDEATHSIG = 1
PATIENCE = 20.0  # seconds for a part to end by itself before it is killed
MOST_DEATHS = 5


@dataclass(frozen=True, slots=True)
class Part:
    """One program of the tree. `stop_with` is the signal by which it ends cleanly."""

    name: str
    command: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    account: Account = field(default_factory=Account)
    stop_with: signal.Signals = signal.SIGTERM
    ready: Callable[[], bool] | None = None


class PartFailed(RuntimeError):
    """A part did not come up, or kept dying."""


class Tree:
    """The parts that run. Use it as a context: leaving it stops them all."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._running: dict[str, tuple[Part, subprocess.Popen[bytes]]] = {}
        self._together: list[list[str]] = []
        self._deaths: dict[str, int] = {}
        self._stopping = threading.Event()
        logs.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> "Tree":
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup means it
                signal.signal(number, self._asked_to_stop)
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def start(self, *parts: Part, within: float = 180.0) -> None:
        """Start these parts and wait until each is ready; one that dies is seen at once. They are stopped together, too."""
        self._together.append([part.name for part in parts])
        for part in parts:
            self._spawn(part)
        deadline = time.monotonic() + within
        for part in parts:
            while part.ready and not part.ready():
                self._give_up_on(part, deadline)
                self._stopping.wait(0.05)
                self.leave_if_asked()

    def run(self, part: Part) -> str:
        """Run a part to its end and return what it printed; its complaints go to its log."""
        process = self._spawn(part, subprocess.PIPE)
        printed, _nothing_else = process.communicate()
        del self._running[part.name]
        self.leave_if_asked()
        if process.returncode:
            raise self._failed(part)
        return printed.decode(errors="replace")

    def watch(self) -> None:
        """Stay until somebody asks to stop, and bring dead parts back."""
        while not self._stopping.wait(0.5):
            for part, process in list(self._running.values()):
                if process.poll() is not None:
                    self._revive(part, process.returncode)

    def leave_if_asked(self) -> None:
        """Raise KeyboardInterrupt when a signal came during the start."""
        if self._stopping.is_set():
            raise KeyboardInterrupt

    def stop(self) -> None:
        """End the parts, those that came last first: programs before the services they use."""
        while self._together:
            ending = [self._running.pop(name) for name in self._together.pop() if name in self._running]
            for part, process in ending:
                if process.poll() is None:
                    process.send_signal(part.stop_with)
            deadline = time.monotonic() + PATIENCE
            for _part, process in ending:
                _end(process, deadline)
        for _part, process in self._running.values():  # a command that an error or Ctrl-C left half done
            _end(process, time.monotonic())
        self._running.clear()

    def log_of(self, name: str) -> Path:
        """Where a part's words are kept."""
        return self._logs / f"{name}.log"

    def _spawn(self, part: Part, stdout: int | None = None) -> "subprocess.Popen[bytes]":
        with self.log_of(part.name).open("ab") as log:
            process = subprocess.Popen(
                part.command,
                stdin=subprocess.DEVNULL,
                stdout=log if stdout is None else stdout,
                stderr=log,
                env={**os.environ, **part.environment},
                process_group=0,
                preexec_fn=_die_with_parent(part.stop_with),  # noqa: PLW1509  after fork, before exec: one system call
                **part.account.spawning(),
            )
        self._running[part.name] = (part, process)
        return process

    def _give_up_on(self, part: Part, deadline: float) -> None:
        process = self._running[part.name][1]
        if process.poll() is not None or time.monotonic() > deadline:
            raise self._failed(part)

    def _failed(self, part: Part) -> PartFailed:
        tail = self.log_of(part.name).read_text(errors="replace")[-1500:]
        return PartFailed(f"{part.name} did not start or failed. Its last words:\n{tail}")

    def _revive(self, part: Part, status: int) -> None:
        self._deaths[part.name] = self._deaths.get(part.name, 0) + 1
        if self._deaths[part.name] > MOST_DEATHS:
            raise self._failed(part)
        sys.stderr.write(f"{part.name} ended with {status} and is started again\n")
        self._spawn(part)

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping.set()


def _die_with_parent(number: signal.Signals) -> Callable[[], None]:
    """What a child does between fork and exec. It holds for the thread that forked: trees are made in the main thread."""
    if not sys.platform.startswith("linux"):
        return _nothing
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def bind() -> None:
        prctl(PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:  # it died before the call above
            os.kill(os.getpid(), signal.SIGKILL)

    return bind


def _nothing() -> None:
    pass


def _end(process: "subprocess.Popen[bytes]", deadline: float) -> None:
    """Wait for a process that was told to stop, and end it with whatever it left behind in its group."""
    try:
        process.wait(max(deadline - time.monotonic(), 0))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
