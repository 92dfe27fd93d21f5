"""PgBouncer in transaction mode as a process of the proof: its own port, its own folder, three connections to the server."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connections

SERVER_CONNECTIONS = 3
PROGRAM = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")


@contextmanager
def through_a_pooler() -> Iterator[dict[str, Any]]:
    """`default` goes through the pooler inside, `direct` past it; yields the address past it."""
    default = connections.settings["default"]
    direct = dict(default)
    with tempfile.TemporaryDirectory() as name, _running(Path(name), direct) as port:
        connections.close_all()
        connections.settings["direct"] = direct
        default.update(HOST="127.0.0.1", PORT=str(port))
        try:
            yield direct
        finally:
            connections.close_all()
            default.update(HOST=direct["HOST"], PORT=direct["PORT"])
            del connections.settings["direct"]


@contextmanager
def _running(folder: Path, server: dict[str, Any]) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    file = _configured(folder, port, server)
    as_root = ["-u", _account(folder)] if os.geteuid() == 0 else []
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([str(PROGRAM), *as_root, str(file)], stdout=log, stderr=log)
        try:
            _wait_for(process, port, folder / "log")
            yield port
        finally:
            process.terminate()
            process.wait(timeout=10)


def _configured(folder: Path, port: int, server: dict[str, Any]) -> Path:
    (folder / "users").write_text(f'"{server["USER"]}" "{server["PASSWORD"]}"\n')
    file = folder / "pgbouncer.ini"
    host, at = server["HOST"] or "127.0.0.1", f" port={server['PORT']}" if server["PORT"] else ""
    file.write_text(f"""[databases]
* = host={host}{at}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder / "users"}
pool_mode = transaction
default_pool_size = {SERVER_CONNECTIONS}
max_client_conn = 200
server_reset_query =
""")
    return file


def _account(folder: Path) -> str:
    """PgBouncer does not run as root: an account that is there, which can read the folder."""
    import pwd

    name = next(each for each in ("postgres", "nobody") if any(one.pw_name == each for one in pwd.getpwall()))
    for path in (folder, *folder.iterdir()):
        shutil.chown(path, user=name)
    return name


def _wait_for(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"the pooler does not answer: {log.read_text(errors='replace')[-2000:]}")
