"""The process that drawing processes come from: everything is loaded here once, then each report has a child of its
own.

Started as `python -m reports.rendering.forking FD` with an environment without secrets; the socket FD brings one socket
for each report. For each a minder is forked, which forks the child that draws, waits for it, ends it when its time is
over or nobody waits any more, and tells how it ended when it can no longer tell itself. When the socket closes, this
process ends.
"""

import gc
import os
import pickle
import resource
import select
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from reports.rendering.caps import Caps
from reports.rendering.errors import Fault, NotDrawn
from reports.rendering.frames import Frame, Reader, put, put_told

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = (ROOT / "reports", ROOT / "clients", ROOT / "tenants")
READABLE = tuple({f"{Path(one).resolve()}{os.sep}" for one in (sys.prefix, sys.base_prefix, *OURS)})
SHUT = {
    "socket": ("connect", "bind", "getaddrinfo", "gethostbyname", "sendto"),
    "os": (
        "exec",
        "posix_spawn",
        "system",
        "fork",
        "forkpty",
        "remove",
        "rename",
        "mkdir",
        "link",
        "symlink",
        "truncate",
    ),
    "subprocess": ("Popen",),
    "shutil": ("rmtree",),
}
FORBIDDEN = frozenset(f"{module}.{name}" for module, names in SHUT.items() for name in names)
MOST_FILES = 64
SELDOM = (50_000, 50, 100)
"""When a child looks for rings of rubbish: a page is thousands of boxes that live as long as the drawing, and so does it."""
Draw = Callable[[Any, Callable[[str, int], None]], Any]


def serve(control: socket.socket) -> None:
    """Forks a minder for each socket that comes, until nobody is there to ask."""
    draw, fault = _loaded()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        word, handed, _, _ = socket.recv_fds(control, 1, 1)
        if not word:
            return
        with socket.socket(fileno=handed[0]) as job:
            if os.fork() == 0:
                control.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                _mind(job, draw, fault)
                os._exit(0)


def _loaded() -> tuple[Draw | None, NotDrawn | None]:
    """What draws, or why nothing can be drawn here."""
    from django.conf import settings

    from reports.rendering.characters import drawable, missing_fonts

    settings.configure(USE_I18N=False)
    if missing := missing_fonts():
        return None, NotDrawn(Fault.NO_FONTS, ", ".join(missing))
    try:
        from reports.rendering.drawing import draw
        from reports.rendering.rehearsing import rehearsal
    except (ImportError, OSError) as error:
        return None, NotDrawn(Fault.NO_PANGO, str(error)[:160])
    drawable()
    draw(rehearsal(), lambda *_: None)
    gc.collect()
    gc.freeze()
    return draw, None


def _mind(job: socket.socket, draw: Draw | None, fault: NotDrawn | None) -> None:
    try:
        asked = Reader(job).next()
        if asked is None:
            return
        if draw is None:
            told = fault or NotDrawn(Fault.NO_PANGO)
            put_told(job, Frame.FAULT, fault=str(told.fault), detail=told.detail)
            return
        document, caps = pickle.loads(asked[1])  # noqa: S301 - from the process that started us
        alive, held = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(alive)
            _draw(job, draw, document, caps)
            os._exit(0)
        os.close(held)
        _watch(job, child, alive, caps)
    except OSError:
        return


def _watch(job: socket.socket, child: int, alive: int, caps: Caps) -> None:
    """Until the child is gone; its end is told if it was not its own."""
    until, ended_by_us = time.monotonic() + caps.wall, False
    waiting: list[Any] = [alive, job]
    while True:
        ready, _, _ = select.select(waiting, [], [], max(0.0, until - time.monotonic()))
        if alive in ready:
            break
        if not ready:
            ended_by_us = True
        os.kill(child, signal.SIGKILL)
        waiting = [alive]
        until = time.monotonic() + caps.wall
    status = os.waitpid(child, 0)[1]
    if ended_by_us or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU):
        put_told(job, Frame.FAULT, fault=str(Fault.TIME), detail="")
    elif os.WIFSIGNALED(status):
        put_told(job, Frame.FAULT, fault=str(Fault.DIED), detail=f"signal {os.WTERMSIG(status)}")


def _draw(job: socket.socket, draw: Draw, document: Any, caps: Caps) -> None:
    """In the child: bounded, shut in, and then the drawing."""
    try:
        _bound(caps)
        gc.set_threshold(*SELDOM)
        pages = draw(document, lambda step, page: put_told(job, Frame.PROGRESS, step=step, page=page))
        put(job, Frame.PDF, pages.content)
        used = resource.getrusage(resource.RUSAGE_SELF)
        spent = used.ru_utime + used.ru_stime
        put_told(job, Frame.DONE, pages=pages.count, peak=used.ru_maxrss * 1024, spent=spent)
    except NotDrawn as error:
        put_told(job, Frame.FAULT, fault=str(error.fault), detail=error.detail)
    except MemoryError:
        put_told(job, Frame.FAULT, fault=str(Fault.MEMORY), detail="")
    except BaseException as error:  # noqa: BLE001 - whatever it is: this process ends here, and says why
        put_told(job, Frame.FAULT, fault=str(Fault.BROKEN), detail=_where(error))


def _bound(caps: Caps) -> None:
    """Memory, time and files bounded by the kernel: no byte can be written to a disk. Then the doors are shut."""
    resource.setrlimit(resource.RLIMIT_AS, (caps.memory, caps.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (caps.processor, caps.processor + 2))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_FILES, MOST_FILES))
    os.nice(5)
    sys.addaudithook(_refused)


def _refused(event: str, told: tuple[Any, ...]) -> None:
    """A second wall behind the fetcher: whatever Python would open or call outside of what a drawing needs."""
    if event in FORBIDDEN:
        raise PermissionError(event)
    # A number is a file that is open already. What a path leads to counts, not how it is written.
    if event == "open" and not isinstance(told[0], int) and not _led_to(told[0]).startswith(READABLE):
        raise PermissionError("open")


def _led_to(path: Any) -> str:
    return os.path.realpath(os.fsdecode(path))


def _where(error: BaseException) -> str:
    """The kind of an error and the line it came from. Never its words: they may be a brand's."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    place = f"{Path(last.tb_frame.f_code.co_filename).name}:{last.tb_lineno}" if last else ""
    return f"{type(error).__name__} {place}"


def main() -> None:
    """Serves the socket named on the command line; afterwards forgets the cache of the fonts."""
    try:
        with socket.socket(fileno=int(sys.argv[1])) as control:
            serve(control)
    finally:
        shutil.rmtree(os.environ.get("RELAIS_PAPER_FOLDER") or os.devnull, ignore_errors=True)


if __name__ == "__main__":
    main()
