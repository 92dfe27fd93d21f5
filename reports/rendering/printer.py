"""Where whoever wants a PDF asks for it. This process never draws: it sends the document away and waits, and what dies
is not it.

`printer()` is the one of this process. A child draws each report; progress comes in between, and closing the socket
ends it.
"""

import json
import os
import pickle
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import structlog

from reports.rendering.blocks import Document
from reports.rendering.caps import USUAL, Caps
from reports.rendering.characters import FOLDER
from reports.rendering.errors import Fault, NotDrawn
from reports.rendering.frames import Frame, Reader, put

log = structlog.get_logger(__name__)

ROOT = Path(__file__).resolve().parent.parent.parent
LOOKS_UP = 0.2
"""Seconds after which a waiting caller looks whether it is still wanted."""
GRACE = 20
"""Seconds that we wait longer than the minder, for its word to arrive."""
KEPT = ("PATH", "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "TZ")


@dataclass(frozen=True, slots=True)
class Drawn:
    """An unsigned file. `peak`: bytes of memory its process had at most; `spent`: seconds of processor time it took."""

    content: bytes
    pages: int
    peak: int
    spent: float = 0.0

    @property
    def digest(self) -> str:
        """SHA-256 (hex): the same for the same document, here and on any machine with the same versions."""
        return sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a drawing is: 'pictures', 'words', 'layout' with the page it lays out, 'drawing'."""

    step: str
    page: int


class Printer:
    """Keeps the process that children come from, and asks it."""

    def __init__(self, at_once: int | None = None) -> None:
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(at_once or max(2, os.cpu_count() or 2))
        self._server: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def draw(
        self,
        document: Document,
        *,
        caps: Caps = USUAL,
        tell: Callable[[Progress], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Drawn:
        """The document as a file. Raises NotDrawn, and then there is no half of one. `cancelled` is asked five times a second."""
        request = pickle.dumps((document, caps))
        with self._places, self._job() as job:
            job.settimeout(LOOKS_UP)
            try:
                _sent(job, request, cancelled)
                return _awaited(job, caps, tell, cancelled)
            except NotDrawn as error:
                log.warning("pdf_not_drawn", fault=str(error.fault), detail=error.detail)
                raise
            except (OSError, ValueError) as error:
                raise NotDrawn(Fault.DIED, type(error).__name__) from None

    def close(self) -> None:
        """Ends the process; what it draws right now ends with the callers' sockets."""
        with self._lock:
            if self._control is not None:
                self._control.close()
            if self._server is not None:
                self._server.wait(timeout=10)
            self._control = self._server = None

    def _job(self) -> socket.socket:
        """A socket at whose other end a new minder sits. The process is started when there is none, or when it died."""
        ours, theirs = socket.socketpair()
        with theirs, self._lock:
            for attempt in (1, 2):
                if self._control is None or self._server is None or self._server.poll() is not None:
                    self._start()
                assert self._control is not None
                try:
                    socket.send_fds(self._control, [b"+"], [theirs.fileno()])
                    return ours
                except OSError:
                    self._server = None
                    if attempt == 2:
                        ours.close()
                        raise NotDrawn(Fault.DIED, "no server") from None
        raise AssertionError("unreachable")

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        folder = _folder()
        environment = {name: os.environ[name] for name in KEPT if name in os.environ} | {
            "FONTCONFIG_FILE": str(FOLDER / "fonts.conf"),
            "XDG_CACHE_HOME": folder or os.devnull,
            "RELAIS_PAPER_FOLDER": folder,
            "HOME": folder or "/",
            "LANG": "C.UTF-8",
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": str(ROOT),
        }
        with theirs:
            try:
                self._server = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                    [sys.executable, "-W", "ignore", "-m", "reports.rendering.forking", str(theirs.fileno())],
                    pass_fds=(theirs.fileno(),),
                    env=environment,
                    cwd="/",
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            except OSError as error:
                ours.close()
                raise NotDrawn(Fault.DISK, type(error).__name__) from None
        if self._control is not None:
            self._control.close()
        self._control = ours


def printer() -> Printer:
    """The one of this process; a forked child of ours has its own."""
    mine = _OF_PROCESS.get(os.getpid())
    if mine is None:
        with _MAKING:
            mine = _OF_PROCESS.setdefault(os.getpid(), Printer())
    return mine


_OF_PROCESS: dict[int, Printer] = {}
_MAKING = threading.Lock()


def _folder() -> str:
    """Room for the index of the fonts; '' on a full disk, and then it is made in memory each time."""
    try:
        return tempfile.mkdtemp(prefix="relais-paper-")
    except OSError:
        return ""


def _sent(job: socket.socket, request: bytes, cancelled: Callable[[], bool] | None) -> None:
    if cancelled is not None and cancelled():
        raise NotDrawn(Fault.CANCELLED)
    job.settimeout(GRACE)
    put(job, Frame.REQUEST, request)
    job.settimeout(LOOKS_UP)


def _awaited(
    job: socket.socket,
    caps: Caps,
    tell: Callable[[Progress], None] | None,
    cancelled: Callable[[], bool] | None,
) -> Drawn:
    reader, until, content = Reader(job), time.monotonic() + caps.wall + GRACE, b""
    while True:
        try:
            came = reader.next()
        except TimeoutError:
            came = (Frame.PROGRESS, b"")
        if cancelled is not None and cancelled():
            raise NotDrawn(Fault.CANCELLED)
        if came is None:
            raise NotDrawn(Fault.DIED, "silence")
        if time.monotonic() > until:
            raise NotDrawn(Fault.TIME)
        kind, told = came
        match kind:
            case Frame.PDF:
                content = told
            case Frame.FAULT:
                said = json.loads(told)
                raise NotDrawn(Fault(said["fault"]), str(said["detail"])[:200])
            case Frame.DONE:
                said = json.loads(told)
                return Drawn(content, int(said["pages"]), int(said["peak"]), float(said["spent"]))
            case Frame.PROGRESS if told and tell is not None:
                said = json.loads(told)
                tell(Progress(str(said["step"]), int(said["page"])))
            case _:
                continue
