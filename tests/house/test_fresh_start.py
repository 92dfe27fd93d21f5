"""The newcomer's first minute: a clone in a temporary folder, `make run`, a page, Ctrl-C, and again with the data still there.

Needs minutes and the package registry, so it runs with the service checks. The environment is empty but for the few names
without which no program runs, and what says where packages come from.
"""

import http.client
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.house.sources import ROOT, files

pytestmark = pytest.mark.services
KEPT = (
    "PATH",
    "LANG",
    "SSL_CERT_FILE",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
)
COLD_SECONDS = 240  # the measure is 120 s; a loaded machine and a slow registry get twice that
ADDRESS = re.compile(r"http://relais\.localhost:(\d+)/")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The project as git sees it, with what is not yet committed; closed to other accounts like a home folder."""
    folder = tmp_path_factory.mktemp("clone") / "relais"
    for path in files():
        target = folder / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    yield folder
    subprocess.run(["make", "clean"], cwd=folder, env=environment(), capture_output=True)


def environment() -> dict[str, str]:
    """Almost nothing."""
    wanted = (name for name in os.environ if name in KEPT or name.startswith(("PIP_", "UV_")))
    return {name: os.environ[name] for name in wanted}


@contextmanager
def running(clone: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """`make run` until it has printed its address; the process and the port."""
    said = clone / "said.txt"
    with said.open("w") as out:
        process = subprocess.Popen(
            ["make", "run"], cwd=clone, env=environment(), stdout=out, stderr=out, text=True, start_new_session=True
        )
    try:
        deadline = time.monotonic() + COLD_SECONDS
        while not (found := ADDRESS.search(said.read_text())):
            assert process.poll() is None, said.read_text()[-3000:]
            assert time.monotonic() < deadline, said.read_text()[-3000:]
            time.sleep(0.1)
        yield process, int(found[1])
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(60)


def page(port: int, path: str = "/accounts/login/") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers={"Host": f"relais.localhost:{port}", "Accept-Language": "en"})
    answer = connection.getresponse()
    text = answer.read().decode()
    if answer.status == http.client.FOUND:
        return page(port, (answer.getheader("Location") or "/").removeprefix(f"http://relais.localhost:{port}"))
    return answer.status, text


def processes_of(clone: Path) -> list[str]:
    """Everything that still runs out of the clone, or serves its data."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            folder = str((process / "cwd").readlink())
        except OSError:
            continue
        if str(clone) in words or folder.startswith(str(clone)):
            found.append(f"{process.name}: {words[:120]}")
    return found


def interrupt(process: "subprocess.Popen[str]") -> None:
    """Ctrl-C in a terminal reaches the whole foreground group."""
    os.killpg(process.pid, signal.SIGINT)
    process.wait(60)


def test_it_comes_up_answers_stops_and_comes_back(clone: Path) -> None:
    with running(clone) as (process, port):
        status, text = page(port, "/")
        assert status == http.client.OK
        assert "Relais" in text
        began = brands(clone)
        interrupt(process)
    assert processes_of(clone) == []
    with running(clone) as (process, port):
        assert page(port, "/")[0] == http.client.OK
        assert brands(clone) == began
        assert began
        os.kill(process.pid, signal.SIGTERM)  # what a service manager does; make hands it on
        process.wait(60)
    assert processes_of(clone) == []


def test_nothing_stays_behind_when_the_parent_is_killed(clone: Path) -> None:
    with running(clone) as (process, _port):
        serve = [line for line in processes_of(clone) if "manage.py serve" in line]
        assert len(serve) == 1
        os.kill(int(serve[0].split(":")[0]), signal.SIGKILL)
        process.wait(30)
        deadline = time.monotonic() + 40
        while (left := processes_of(clone)) and time.monotonic() < deadline:
            time.sleep(0.2)
    assert left == []


def brands(clone: Path) -> str:
    """The active brands as a second terminal sees them while everything runs (the pool of blanks is filled up again)."""
    done = subprocess.run(
        [".venv/bin/python", "manage.py", "brands", "list"],
        cwd=clone,
        env=environment(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return "\n".join(line for line in done.stdout.splitlines() if " active " in line)
