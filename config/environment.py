"""The one reader of the environment: every setting is declared here once, with its type, default and help.

A wrong value never raises at import. It is collected as a `Problem`, the default stands in, and the system checks
(`config.checks`) report it with a number and a sentence that says what to set.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from cryptography.fernet import Fernet

from tenants.vocabulary import SecondFactor

T_co = TypeVar("T_co", covariant=True)
ROOT = Path(__file__).resolve().parent.parent

# Known to everybody who can read this file: good enough for one's own machine, refused in production (relais.E003).
DEVELOPMENT_SECRET = "development-only-" + "not-a-secret-" * 4
DEVELOPMENT_FIELD_KEY = "cmVsYWlzLWRldmVsb3BtZW50LW9ubHkta2V5LTAwMDA="


class Mode(StrEnum):
    """What this process is for. The entry points for people choose `development`; all others are `production`."""

    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class Setting(Generic[T_co]):
    """One name of the environment. `needed` means: production does not start without it."""

    name: str
    read: Callable[[str], T_co]
    default: T_co
    help: str
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one value; `id` is the number of the system check that reports it."""

    id: str
    name: str
    message: str
    hint: str


def text(value: str) -> str:
    """Any text, without the blanks around it."""
    return value.strip()


def flag(value: str) -> bool:
    """yes/no, true/false, on/off or 1/0."""
    word = value.strip().lower()
    if word in {"1", "true", "yes", "on"}:
        return True
    if word in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError("must be yes or no")


def number(value: str, *, least: int = 0, most: int = 2**31) -> int:
    """A whole number within its bounds."""
    if not value.strip().isdecimal():
        raise ValueError("must be a whole number")
    if not least <= (found := int(value)) <= most:
        raise ValueError(f"must lie between {least} and {most}")
    return found


def names(value: str) -> tuple[str, ...]:
    """Several values, separated by commas."""
    return tuple(part.strip() for part in value.split(",") if part.strip())


def folder(value: str) -> Path:
    """A folder; relative ones start at the project."""
    return ROOT / value.strip()


def file(value: str) -> Path:
    """A file that is there; relative ones start at the project."""
    if not (found := ROOT / value.strip()).is_file():
        raise ValueError("must name a file that is there")
    return found


def host(value: str) -> str:
    """A host name in lower case, without scheme and port."""
    found = value.strip().lower().rstrip(".")
    if not found or any(sign in found for sign in "/:@ ") or found.startswith("."):
        raise ValueError("must be a host name alone, without https:// and without a port")
    return found


def url(value: str, *, schemes: tuple[str, ...]) -> str:
    """An address of one of these schemes. Empty means: not set."""
    if value.strip() and urlsplit(value.strip()).scheme not in schemes:
        raise ValueError(f"must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}")
    return value.strip()


def internal_path(value: str) -> str:
    """A path that begins and ends with a slash. Empty means: not set."""
    found = value.strip()
    if found and not (len(found) > 2 and found.startswith("/") and found.endswith("/") and ".." not in found):
        raise ValueError("must be a path such as /files/")
    return found


def field_keys(value: str) -> tuple[str, ...]:
    """Fernet keys, separated by commas: the first encrypts, all decrypt, so that a key can be rotated."""
    found = names(value)
    for key in found:
        try:
            Fernet(key)
        except ValueError:
            raise ValueError("must hold keys of 32 random bytes in URL-safe base64, separated by commas") from None
    return found


NONE: tuple[str, ...] = ()
postgresql = partial(url, schemes=("postgresql", "postgres"))
broker = partial(url, schemes=("redis", "rediss", "redis+socket", "amqp", "amqps", "memory"))

MODE = Setting("MODE", Mode, Mode.PRODUCTION, "development, test or production.")
DEBUG = Setting("DEBUG", flag, False, "Django's error pages; never in production.")
SECRET_KEY = Setting("SECRET_KEY", text, DEVELOPMENT_SECRET, "At least 50 random characters.", needed=True)
SECRET_KEY_FALLBACKS: Setting[tuple[str, ...]] = Setting(
    "SECRET_KEY_FALLBACKS", names, NONE, "Former values of SECRET_KEY that still verify, separated by commas."
)
FIELD_ENCRYPTION_KEYS: Setting[tuple[str, ...]] = Setting(
    "FIELD_ENCRYPTION_KEYS",
    field_keys,
    (DEVELOPMENT_FIELD_KEY,),
    "Fernet keys for credentials at rest, separated by commas; the first encrypts, all decrypt.",
    needed=True,
)
HUB_HOST = Setting(
    "HUB_HOST", host, "relais.localhost", "Host of the hub; brands live at <slug>.<this host>.", needed=True
)
PUBLIC_PORT = Setting("PUBLIC_PORT", partial(number, most=65535), 0, "Port in links; 0 when it is the scheme's own.")
EXTRA_HOSTS: Setting[tuple[str, ...]] = Setting(
    "EXTRA_HOSTS", names, NONE, "Further hosts that may be asked for, such as the brands' own domains, with commas."
)
DATABASE_URL = Setting(
    "DATABASE_URL", postgresql, "", "postgresql://<login role>:<password>@<host>/<database>.", needed=True
)
DATABASE_OWNER_URL = Setting(
    "DATABASE_OWNER_URL", postgresql, "", "The same database as its owner: only where brands are made and migrated."
)
DATABASE_DIRECT_URL = Setting(
    "DATABASE_DIRECT_URL",
    postgresql,
    "",
    "The login role past the pooler: needed where DATABASE_URL goes through PgBouncer, because LISTEN does not.",
)
CONNECTION_SECONDS = Setting(
    "CONNECTION_SECONDS", partial(number, most=300), 120, "How long a database connection is kept, at most 300 s."
)
IDLE_HOURS = Setting(
    "IDLE_HOURS", partial(number, least=1, most=336), 12, "After so many hours without a page, a session ends."
)
SECOND_FACTOR = Setting(
    "SECOND_FACTOR",
    SecondFactor,
    SecondFactor.DECIDERS,
    "nobody, deciders or everybody: who needs a second factor to come into any brand. A brand may ask for more, never for less. "
    "Unless it is set, nobody on one's own machine.",
)
ORIGIN_DAYS = Setting(
    "ORIGIN_DAYS",
    partial(number, least=30, most=3650),
    90,
    "After so many days the hub's own log keeps no network address and no browser any more; its lines stay.",
)
PAGE_SECONDS = Setting(
    "PAGE_SECONDS", partial(number, least=1, most=600), 15, "How long one statement for a page may take, in seconds."
)
WORK_SECONDS = Setting(
    "WORK_SECONDS", partial(number, least=1, most=3600), 60, "The same for workers and commands, in seconds."
)
BRAND_STORAGE_MB = Setting(
    "BRAND_STORAGE_MB",
    partial(number, least=1, most=10**8),
    5000,
    "How many megabytes of files one brand may keep, unless `manage.py brands limit` says otherwise for it.",
)
BROKER_URL = Setting(
    "BROKER_URL",
    broker,
    "",
    "redis://… or amqp://…: where workers are woken. Without one, and while it is away, the relay does their work.",
)
WORKERS = Setting(
    "WORKERS", partial(number, least=1, most=10_000), 4, "How many rows of work are done at once, over all machines."
)
WORKERS_PER_BRAND = Setting(
    "WORKERS_PER_BRAND",
    partial(number, least=1, most=10_000),
    2,
    "How many of them may work for one brand; fewer than WORKERS, so that a network that hangs holds up one brand alone.",
)
CACHE_URL = Setting(
    "CACHE_URL", partial(url, schemes=("redis", "rediss")), "", "redis://…; without it each process keeps its own."
)
EMAIL_URL = Setting(
    "EMAIL_URL",
    partial(url, schemes=("smtp", "smtp+tls", "smtps")),
    "",
    "smtp://<user>:<password>@<host>:<port>, smtp+tls:// or smtps://: the post of Relais itself.",
    needed=True,
)
EMAIL_FROM = Setting("EMAIL_FROM", text, "Relais <relais@relais.localhost>", "Sender of Relais's own post.")
ALLOW_PRIVATE_SMTP = Setting(
    "ALLOW_PRIVATE_SMTP", flag, False, "Whether brands may name mail servers in private networks, and without TLS."
)
ALLOW_PRIVATE_HOSTS = Setting(
    "ALLOW_PRIVATE_HOSTS", flag, False, "Whether brands may name web servers in private networks, and without TLS."
)
META_CLIENT_ID = Setting(
    "META_CLIENT_ID",
    text,
    "",
    "This installation's app at Meta, for Facebook Pages and Instagram; its redirect address ends in /channels/back/meta.",
)
META_CLIENT_SECRET = Setting("META_CLIENT_SECRET", text, "", "The secret of that app.")
LINKEDIN_CLIENT_ID = Setting(
    "LINKEDIN_CLIENT_ID",
    text,
    "",
    "This installation's app at LinkedIn; its redirect address ends in /channels/back/linkedin.",
)
LINKEDIN_CLIENT_SECRET = Setting("LINKEDIN_CLIENT_SECRET", text, "", "The secret of that app.")
GOOGLE_CLIENT_ID = Setting(
    "GOOGLE_CLIENT_ID",
    text,
    "",
    "This installation's app at Google, for YouTube; its redirect address ends in /channels/back/google.",
)
GOOGLE_CLIENT_SECRET = Setting("GOOGLE_CLIENT_SECRET", text, "", "The secret of that app.")
STATE_DIR = Setting("STATE_DIR", folder, ROOT / ".relais", "Folder for files and for what make run keeps.")
FILES_ACCEL = Setting(
    "FILES_ACCEL",
    internal_path,
    "",
    "An internal location of nginx over STATE_DIR/media, such as /files/: it then sends the pictures, told by X-Accel-Redirect.",
)
LEAKED_PASSWORDS: Setting[Path | None] = Setting(
    "LEAKED_PASSWORDS",
    file,
    None,
    "Pwned Passwords as one file, lines of SHA-1 and count ordered by hash: no password of it is taken. "
    "Without it, none of the 20,000 most common of them.",
)
TRUSTED_PROXIES = Setting("TRUSTED_PROXIES", partial(number, most=10), 0, "How many proxies stand in front.")
LOG_LEVEL = Setting("LOG_LEVEL", text, "INFO", "DEBUG, INFO, WARNING or ERROR.")

ALL: tuple[Setting[object], ...] = tuple(found for found in vars().values() if isinstance(found, Setting))


class Environment:
    """The values of one process. `problems` grows with what was read; nothing here raises."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.problems: list[Problem] = []
        self.mode = self(MODE)

    def __call__(self, setting: Setting[T_co]) -> T_co:
        """The value of a setting, or its default with a problem noted."""
        given = self._values.get(setting.name, "")
        if not given.strip():
            if setting.needed and self.mode is Mode.PRODUCTION:
                self._note("relais.E002", setting, f"{setting.name} is not set.")
            return setting.default
        try:
            return setting.read(given)
        except ValueError as error:
            # A StrEnum's own message repeats the value, and a value may be a secret: only our readers' words are shown.
            why = "is none of its words" if setting in (MODE, SECOND_FACTOR) else str(error)
            self._note("relais.E001", setting, f"{setting.name} {why}.")
            return setting.default

    def given(self, setting: Setting[object]) -> bool:
        """Whether the environment says anything about this setting."""
        return bool(self._values.get(setting.name, "").strip())

    def _note(self, number: str, setting: Setting[object], message: str) -> None:
        problem = Problem(number, setting.name, message, f"Set {setting.name}: {setting.help}")
        if problem not in self.problems:
            self.problems.append(problem)


def of_this_process() -> Environment:
    """The environment this process was started in."""
    return Environment(os.environ)
