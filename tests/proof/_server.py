"""A real web server on the proof's throw-away database: gunicorn as `make run` starts it, on a free port of this machine."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connections


def database_url() -> str:
    """The address under which this process talks to its database, for another process."""
    here = connections["default"].settings_dict
    options = {**here["OPTIONS"], "host": here["HOST"]} | ({"port": here["PORT"]} if here["PORT"] else {})
    plain = {name: value for name, value in options.items() if isinstance(value, str) and value}
    return f"postgresql://{quote(here['USER'])}:{quote(here['PASSWORD'])}@/{quote(here['NAME'])}?{urlencode(plain)}"


@contextmanager
def web_server(
    host: str, *, workers: int = 2, threads: int = 16, settings_module: str = "tests.settings"
) -> Iterator[int]:
    """The port of a server that already answers for `host`; it ends with the block."""
    port = _free_port()
    command = [
        sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--preload", "--backlog", "2048",
        "--worker-class", "gthread", "--workers", str(workers), "--threads", str(threads), "--log-level", "error",
    ]  # fmt: skip
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "DATABASE_OWNER_URL": "",
        "DJANGO_SETTINGS_MODULE": settings_module,
        "SECRET_KEY": settings.SECRET_KEY,
        "MODE": "test",
        "CONNECTION_SECONDS": "60",
    }
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log)
        try:
            _wait_for(process, port)
            yield port
        except Exception:
            log.seek(0)
            sys.stderr.write(log.read().decode()[-3000:])
            raise
        finally:
            process.terminate()
            try:
                process.wait(timeout=40)  # its own patience with connections that are open is thirty seconds
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(process: "subprocess.Popen[bytes]", port: int) -> None:
    until = time.monotonic() + 180
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError("the web server did not start")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the web server does not answer")
