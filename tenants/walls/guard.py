"""Which SQL the application's login may send at all.

The login role is a member of every brand's role, so one `SET ROLE` in a stray raw query would walk through the database's own
wall. This guard sits on the psycopg cursor itself, under Django's wrappers, and lets through single statements of a
short list. It is a fence against our own mistakes and injected fragments, not against somebody who runs Python here.

Allowed is a list, refused is the rest: a new kind of statement is closed until somebody thinks about it.
"""

import re
from functools import lru_cache

from tenants.walls.place import RefusedStatement

_READS_AND_WRITES = frozenset({"select", "insert", "update", "delete", "with", "values", "table", "merge", "explain"})
_OPENING = re.compile(r"[\s(]*([a-z_]+)", re.IGNORECASE)
_HARMLESS = re.compile(
    r"""\s*(?: set\s+constraints\s .*
             | set\s+local\s+(?:lock_timeout|statement_timeout|synchronous_commit|work_mem|jit|enable_\w+)\b .*
             | lock\s+table\s .*
             | copy\s .* \b(?:from\s+stdin|to\s+stdout)\b .*
             | show\s+\w+ )\s*\Z""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_ON_THE_HUB_ONLY = re.compile(r"\s*(?:listen|unlisten|notify)\b", re.IGNORECASE)
# Functions and views that change settings, or that run SQL handed to them as text.
_DANGEROUS = re.compile(
    r"\b(?:set_config|pg_settings|pg_file_settings|query_to_xml\w*|cursor_to_xml\w*|(?:table|schema|database)_to_xml\w*"
    r"|ts_stat|ts_rewrite|dblink\w*|lo_\w+|pg_read_\w+|pg_ls_\w+|pg_terminate_backend|pg_cancel_backend|pg_sleep\w*"
    r"|into\s+temp(?:orary)?)\b|\bu&",
    re.IGNORECASE,
)
# A session's advisory lock outlives the transaction, and a channel is heard by every brand.
_NOT_IN_BRANDS = re.compile(r"\b(?:pg_notify|pg_(?:try_)?advisory_(?:lock|unlock)\w*)\b", re.IGNORECASE)
_TOKEN = re.compile(
    r"""(?P<line>--[^\n]*)
      | (?P<block>/\*)
      | (?P<escaped>\be'(?:[^'\\]|\\.|'')*')
      | (?P<plain>'(?:[^']|'')*')
      | (?P<dollar>(?<![\w$])\$(?P<tag>(?:[a-z_]\w*)?)\$.*?\$(?P=tag)\$)
      | (?P<name>"(?:[^"]|"")*")""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)


@lru_cache(maxsize=4096)
def refuse_or_pass(sql: str, in_brand: bool) -> None:
    """Raises RefusedStatement unless `sql` is one statement of the allowed list. Cached: statement texts repeat."""
    bare = without_literals(sql)
    if ";" in bare.strip().rstrip(";"):
        raise RefusedStatement("stacked_statements")
    if _DANGEROUS.search(bare) or (in_brand and _NOT_IN_BRANDS.search(bare)):
        raise RefusedStatement("function_refused")
    opening = _OPENING.match(bare)
    if opening and opening[1].lower() in _READS_AND_WRITES:
        if opening[1].lower() == "explain" and not _explains_a_query(bare):
            raise RefusedStatement("statement_refused")
        return
    if _HARMLESS.match(bare.strip().rstrip(";")) or (not in_brand and _ON_THE_HUB_ONLY.match(bare)):
        return
    raise RefusedStatement("statement_refused")


def without_literals(sql: str) -> str:
    """`sql` with comments turned into a space, strings emptied and quoted names kept without quotes."""
    kept: list[str] = []
    position = 0
    while found := _TOKEN.search(sql, position):
        kept.append(sql[position : found.start()])
        position = found.end()
        match found.lastgroup:
            case "line":
                kept.append(" ")
            case "block":
                position = _end_of_comment(sql, found.end())
                kept.append(" ")
            case "name":
                kept.append(re.sub(r"[^\w]", "_", found["name"][1:-1]))
            case _:
                kept.append("''")
    kept.append(sql[position:])
    return "".join(kept)


def _end_of_comment(sql: str, position: int) -> int:
    """Block comments nest in PostgreSQL; the end of the text closes one that is left open."""
    depth = 1
    for mark in re.finditer(r"/\*|\*/", sql[position:]):
        depth += 1 if mark[0] == "/*" else -1
        if depth == 0:
            return position + mark.end()
    return len(sql)


def _explains_a_query(bare: str) -> bool:
    rest = re.sub(r"^\s*explain\s*(?:\([^)]*\)|(?:analyze|verbose)\s+)*", "", bare, flags=re.IGNORECASE)
    opening = _OPENING.match(rest)
    return bool(opening and opening[1].lower() in _READS_AND_WRITES - {"explain"})
