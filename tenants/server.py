"""Facts about the PostgreSQL server and the names we use on it. Pure: read before there is any table."""

import hashlib

_FIRST_SOUND = {15: 9, 16: 5, 17: 1}
_OLDEST_MAJOR = 15


def too_old(version: int) -> bool:
    """Whether a server version number (such as 150008) has the SET ROLE fault, CVE-2024-10978, or is out of support for us."""
    major, minor = divmod(version, 10000)
    return major < _OLDEST_MAJOR or minor < _FIRST_SOUND.get(major, 0)


def database_tag(database: str) -> str:
    """Roles belong to the whole cluster, schemas to one database: the tag in a role's name keeps two databases apart."""
    return "r" + hashlib.sha256(database.encode()).hexdigest()[:8]


def login_role(database: str) -> str:
    """The role the application logs in as when we make it ourselves."""
    return f"{database_tag(database)}_login"


def common_role(database: str) -> str:
    """The role that every brand's role belongs to: SELECT on the brand's window on its people."""
    return f"{database_tag(database)}_common"


def brand_role(database: str, schema_name: str) -> str:
    """The role of one brand."""
    return f"{database_tag(database)}_{schema_name}"
