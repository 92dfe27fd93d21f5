"""WordPress as Debian brings it, on a MariaDB of its own and PHP's own web server, with application passwords."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.systems import SystemFailed, answers, debian, free_port, missing_programs, own_folder, program

THEME = "twentytwentythree"  # what this WordPress takes by itself; without one its pages are empty
PACKAGES = (
    "wordpress", f"wordpress-theme-{THEME}", "mariadb-server", "php-cli", "php-mysql", "php-xml", "php-mbstring", "php-curl",
    "php-gd", "php-intl", "php-zip",
)  # fmt: skip
PROGRAMS = ("php", "/usr/sbin/mariadbd", "mariadb-install-db", "mariadb")
SOURCE = Path("/usr/share/wordpress")
FILES = Path(__file__).parent / "wordpress_files"
QUICK = True


@dataclass(frozen=True, slots=True)
class Site:
    """A running site. `passwords`: application passwords by user name (chief, editor, author, contributor, subscriber)."""

    url: str
    passwords: Mapping[str, str]
    version: str


def available() -> str:
    """'' or what is missing."""
    parts = {"wordpress": SOURCE / "wp-load.php", "its theme": SOURCE / "wp-content" / "themes" / THEME / "style.css"}
    lacking = [f"{name} is not installed" for name, file in parts.items() if not file.exists()]
    return missing_programs(*PROGRAMS) or next(iter(lacking), "")


def install() -> None:
    """The Debian packages, where we may."""
    if available():
        debian(*PACKAGES)


@contextmanager
def running() -> Iterator[Site]:
    """A new, empty site."""
    with ExitStack() as stack:
        folder = stack.enter_context(own_folder("wp"))
        stack.enter_context(_database(folder))
        shutil.copytree(SOURCE, folder / "site", ignore=shutil.ignore_patterns("wp-config.php"))
        for file in FILES.iterdir():
            shutil.copy(file, folder / "site" / file.name)
        port = free_port()
        site = f"http://127.0.0.1:{port}"
        facts = json.dumps({"site": site, "socket": str(folder / "db.sock")})
        # One worker: the others would outlive a killed test.
        environment = {"RELAIS_WORDPRESS": facts}
        passwords = _make(folder / "site", environment)
        (folder / "site" / "wp-content" / "uploads").mkdir(exist_ok=True)
        command = ["php", *_settings(), "-S", f"127.0.0.1:{port}", "-t", ".", "router.php"]
        stack.enter_context(
            program(
                command,
                lambda: answers(port),
                folder / "php.log",
                cwd=folder / "site",
                environment=environment,
            )
        )
        yield Site(site, passwords, _version())


@contextmanager
def _database(folder: Path) -> Iterator[None]:
    """An own MariaDB, reachable through a socket only. `--no-defaults`: the machine's settings are another server's."""
    data, account = folder / "data", ["--user=root"] if os.geteuid() == 0 else []
    made = subprocess.run(
        ["mariadb-install-db", "--no-defaults", *account, f"--datadir={data}", "--skip-test-db",
         "--auth-root-authentication-method=normal", "--innodb-log-file-size=8M"],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    if made.returncode:
        raise SystemFailed(f"mariadb-install-db: {(made.stdout + made.stderr)[-800:]}")
    socket = folder / "db.sock"
    command = [
        "/usr/sbin/mariadbd", "--no-defaults", *account, f"--datadir={data}", f"--socket={socket}", "--skip-networking",
        f"--pid-file={folder / 'db.pid'}", "--innodb-log-file-size=8M", "--innodb-flush-log-at-trx-commit=0",
        "--character-set-server=utf8mb4",
    ]  # fmt: skip
    ask = ["mariadb", "--no-defaults", "-uroot", f"--socket={socket}", "-e"]

    def ready() -> bool:
        return socket.exists() and subprocess.run([*ask, "SELECT 1"], capture_output=True, check=False).returncode == 0

    with program(command, ready, folder / "mariadb.log"):
        subprocess.run([*ask, "CREATE DATABASE wordpress CHARACTER SET utf8mb4"], check=True, capture_output=True)
        yield


def _make(site: Path, environment: Mapping[str, str]) -> dict[str, str]:
    told = subprocess.run(
        ["php", *_settings(), "install.php"],
        cwd=site,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    for line in told.stdout.splitlines():
        if line.startswith("MADE "):
            return dict(json.loads(line.removeprefix("MADE ")))
    raise SystemFailed(f"wordpress: {(told.stdout + told.stderr)[-1500:]}")


def _settings() -> list[str]:
    values = ("upload_max_filesize=32M", "post_max_size=40M", "memory_limit=256M", "display_errors=stderr")
    return [part for value in values for part in ("-d", value)]


def _version() -> str:
    text = (SOURCE / "wp-includes" / "version.php").read_text()
    return text.partition("$wp_version = '")[2].partition("'")[0]
