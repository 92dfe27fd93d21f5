"""Ghost from npm, on SQLite, with a key of its Admin API."""

import json
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from tests.systems import HOME, SystemFailed, answers, free_port, missing_programs, own_folder, program

VERSION = "5.130.6"  # 6.x does not install from npm alone
FOLDER = HOME / "ghost" / "package"
QUICK = True


@dataclass(frozen=True, slots=True)
class Site:
    """A running site and the key of an integration: '<id>:<secret>'."""

    url: str
    key: str
    version: str = VERSION


def available() -> str:
    """'' or what is missing."""
    lacking = missing_programs("node", "npm")
    installed = (FOLDER / "node_modules" / "sqlite3" / "build" / "Release" / "node_sqlite3.node").exists()
    return lacking or ("" if installed else f"ghost {VERSION} is not installed (npm, six to nine minutes)")


def install() -> None:
    """Without its development packages: one of them comes from no registry."""
    if not available() or missing_programs("node", "npm"):
        return
    home = FOLDER.parent
    home.mkdir(parents=True, exist_ok=True)
    _run(["npm", "pack", f"ghost@{VERSION}", "--silent"], home)
    _run(["tar", "xzf", f"ghost-{VERSION}.tgz"], home)
    stated = json.loads((FOLDER / "package.json").read_text())
    for unneeded in ("devDependencies", "scripts"):
        stated.pop(unneeded, None)
    (FOLDER / "package.json").write_text(json.dumps(stated))
    (FOLDER / "yarn.lock").unlink(missing_ok=True)
    _run(["npm", "install", "--omit=dev", "--legacy-peer-deps", "--no-audit", "--no-fund"], FOLDER)


@contextmanager
def running() -> Iterator[Site]:
    """A new site with its owner and one integration."""
    with ExitStack() as stack:
        folder = stack.enter_context(own_folder("ghost"))
        shutil.copytree(FOLDER / "content", folder / "content")
        port = free_port()
        site = f"http://127.0.0.1:{port}"
        environment = {
            "NODE_ENV": "production",
            "url": site,
            "server__host": "127.0.0.1",
            "server__port": str(port),
            "database__client": "sqlite3",
            "database__connection__filename": str(folder / "ghost.db"),
            "database__useNullAsDefault": "true",
            "paths__contentPath": str(folder / "content"),
            "privacy__useTinfoil": "true",
            "security__staffDeviceVerification": "false",
            "sendWelcomeEmail": "false",
            "logging__transports": '["stdout"]',
        }
        start = program(
            ["node", "ghost.js"],
            lambda: answers(port) and _is_up(site),
            folder / "ghost.log",
            cwd=FOLDER,
            environment=environment,
            within=120,
        )
        stack.enter_context(start)
        yield Site(site, _key(site))


def _is_up(site: str) -> bool:
    try:
        with urllib.request.urlopen(f"{site}/ghost/api/admin/site/", timeout=5) as reply:
            return bool(reply.status == 200)
    except OSError:
        return False


def _key(site: str) -> str:
    """What the owner does by hand in Ghost's settings: set the site up, sign in, make an integration."""
    cookie = ""

    def ask(path: str, body: dict[str, Any] | None = None) -> Any:
        nonlocal cookie
        headers = {"Content-Type": "application/json", "Origin": site, "Accept-Version": "v5.0"}
        headers.update({"Cookie": cookie} if cookie else {})
        data = json.dumps(body).encode() if body else None
        request = urllib.request.Request(f"{site}/ghost/api/admin/{path}", data, headers)
        with urllib.request.urlopen(request, timeout=30) as reply:
            cookie = (reply.headers.get("set-cookie") or cookie).partition(";")[0]
            said = reply.read()  # to its end: the session is kept only then
            return json.loads(said) if "json" in reply.headers.get("content-type", "") else None

    name, word = "owner@example.org", "a correct horse battery"
    ask(
        "authentication/setup/",
        {"setup": [{"name": "Camille", "email": name, "password": word, "blogTitle": "Maison A"}]},
    )
    ask("session/", {"username": name, "password": word})
    made = ask("integrations/?include=api_keys", {"integrations": [{"name": "Relais"}]})
    keys = made["integrations"][0]["api_keys"]
    return str(next(key["secret"] for key in keys if key["type"] == "admin"))


def _run(command: list[str], where: Any) -> None:
    done = subprocess.run(command, cwd=where, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemFailed(f"{' '.join(command[:3])}: {done.stderr[-800:]}")
