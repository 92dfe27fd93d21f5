"""PostgreSQL refuses to run as root: who runs it then, and where that account can reach its files.

An existing unprivileged account is used, none is made. A clone in a folder closed to others (`/root`, `mktemp -d`) is no
place that account can enter, so its files then live under `/var/tmp`, in a folder named after the clone.
"""

import hashlib
import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Account:
    """Who a service runs as; `None` ids mean: as whoever started us."""

    uid: int | None = None
    gid: int | None = None

    def spawning(self) -> dict[str, Any]:
        """The arguments of `subprocess` that make a child run as this account."""
        return {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        """Make this account the owner of a file or folder."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def reaches(self, path: Path) -> bool:
        """Whether this account may walk down to the path."""
        if self.uid is None:
            return True
        folders = [folder for folder in path.resolve().parents if folder.exists()]
        return all(stat.st_mode & 0o001 or stat.st_uid == self.uid for stat in map(os.stat, folders))


def service_account() -> Account:
    """Ourselves, or for root the first unprivileged account that exists."""
    if os.geteuid() != 0:
        return Account()
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(found.pw_uid, found.pw_gid)
    message = "PostgreSQL does not run as root and there is no account 'postgres' or 'nobody': set DATABASE_URL."
    raise RuntimeError(message)


def home_of(state: Path, account: Account) -> Path:
    """The folder for a service's files: the state folder, or one under /var/tmp when the account cannot reach it."""
    home = state if account.reaches(state / "any") else Path("/var/tmp") / f"relais-{_tag(state)}"  # noqa: S108
    home.mkdir(mode=0o711, parents=True, exist_ok=True)
    if home.is_symlink() or home.stat().st_uid != os.geteuid():
        message = f"{home} is not ours: remove it or set DATABASE_URL."
        raise RuntimeError(message)
    home.chmod(0o711)
    return home


def socket_folder(home: Path, account: Account) -> Path:
    """A closed folder for sockets. Their path may have 103 bytes, so a deep clone gets a short folder elsewhere."""
    folder = home / "run"
    if len(bytes(folder)) > 70:
        folder = Path("/tmp") / f"relais-{_tag(home)}"  # noqa: S108
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid not in {os.geteuid(), account.uid}:
        message = f"{folder} is not ours: remove it or set DATABASE_URL."
        raise RuntimeError(message)
    folder.chmod(0o700)
    account.give(folder)
    return folder


def within_reach(binaries: Path, home: Path, account: Account) -> Path:
    """The same programs where the account can run them: copied once when they lie in a closed folder.

    A Python package keeps its libraries beside itself (`<package>.libs`) and finds them by relative paths, so the copy
    has the same shape.
    """
    if account.reaches(binaries / "any"):
        return binaries
    installed, package = binaries.parent, binaries.parent.parent
    copied = home / f"programs-{_tag(binaries)}"
    if not copied.exists():
        unfinished = copied.with_suffix(".tmp")
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(installed, unfinished / package.name / installed.name, symlinks=True)
        for libraries in package.parent.glob(f"{package.name}.libs"):
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        unfinished.rename(copied)
    return copied / package.name / installed.name / binaries.name


def _tag(path: Path) -> str:
    return hashlib.sha256(bytes(path.resolve())).hexdigest()[:12]
