"""The SQL that notes changes, for one brand: one function for each column that leads to an object, triggers that call them.

Statement triggers with the rows of the statement, as the log's: one INSERT for each statement, however many rows it touched.
INVARIANT: the brand's role reads the feed and asks for `changes_settle` and `changes_compact`; it writes nothing by itself.
"""

from collections.abc import Collection, Iterator
from pathlib import Path
from uuid import UUID

from clients.changes.registry import FEEDS, Feed
from tenants.dressing import also_dressed

_SQL = Path(__file__).parent / "changes.sql"
_CLASS = ("info_class", "named")

_NOTE = """CREATE OR REPLACE FUNCTION {space}.{name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO {space}.changes_noted (resource, object_id, gone{kept}) {rows};
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION {space}.{name}() FROM PUBLIC;"""

_NEW, _OLD = "REFERENCING NEW TABLE AS changed", "REFERENCING OLD TABLE AS changed"
_BOTH = "REFERENCING OLD TABLE AS was NEW TABLE AS changed"


@also_dressed
def dress(space: str, who: str, brand_id: UUID, columns: dict[str, Collection[str]]) -> str:
    """What a brand's schema needs to tell its changes. `columns` are those of each table; `space` and `who` are quoted."""
    if "changes_noted" not in columns:
        return ""
    feeds = [feed for feed in FEEDS if feed.table in columns]
    functions = [_functions(space, feed, columns[feed.table]) for feed in feeds]
    wishes = ", ".join(wish for feed in feeds for wish in _wishes(feed, columns[feed.table]))
    text = _SQL.read_text().replace(":space", space).replace(":bare", space).replace(":role", who)
    return "\n".join(dict.fromkeys(functions)) + text.replace(":wishes", wishes)


def _functions(space: str, feed: Feed, columns: Collection[str]) -> str:
    return "\n".join(
        _NOTE.format(space=space, name=name, kept="".join(f", {one}" for one in kept), rows=rows)
        for name, kept, rows in _bodies(feed, columns)
    )


def _bodies(feed: Feed, columns: Collection[str]) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """(name, what is noted besides, the rows to note) of the functions that a feed calls."""
    what = f"SELECT DISTINCT TG_ARGV[0], {feed.column}, false FROM"
    if feed.is_own:
        yield "changes_note", (), "SELECT TG_ARGV[0], id, false FROM changed"
        kept = _kept(feed, columns)
        said = "".join(f", {column}" for column in kept.values())
        yield _gone(feed, columns), tuple(kept), f"SELECT TG_ARGV[0], id, true{said} FROM changed"  # noqa: S608
        return
    there = f"WHERE {feed.column} IS NOT NULL"
    yield f"changes_note_{feed.column}", (), f"{what} changed {there}"
    # A child may have moved: then two objects have changed.
    both = f"(SELECT {feed.column} FROM was UNION SELECT {feed.column} FROM changed) AS moved"  # noqa: S608  our own names
    yield f"changes_note_{feed.column}_moved", (), f"{what} {both} {there}"


def _kept(feed: Feed, columns: Collection[str]) -> dict[str, str]:
    """What is kept of an object that goes: by the column of the feed, the column of its own table."""
    classed = {name: name for name in _CLASS} if set(_CLASS) <= set(columns) else {}
    return classed | ({"whose": feed.whose} if feed.whose else {})


def _gone(feed: Feed, columns: Collection[str]) -> str:
    """The function that notes what goes: one for each set of columns that it keeps."""
    kept = _kept(feed, columns)
    classed = "_classed" if _CLASS[0] in kept else ""
    return f"changes_note_gone{classed}{f'_of_{feed.whose}' if feed.whose else ''}"


def _wishes(feed: Feed, columns: Collection[str]) -> Iterator[str]:
    """(table, trigger, timing, function, argument) as rows of VALUES."""
    if feed.is_own:
        calls = {"INSERT": (_NEW, "changes_note"), "UPDATE": (_NEW, "changes_note")}
        calls["DELETE"] = (_OLD, _gone(feed, columns))
    else:
        name = f"changes_note_{feed.column}"
        calls = {"INSERT": (_NEW, name), "UPDATE": (_BOTH, f"{name}_moved"), "DELETE": (_OLD, name)}
    calls["TRUNCATE"] = ("", "changes_begin_anew")
    for event, (rows, function) in calls.items():
        timing = f"AFTER {event} ON @ {rows}".strip()
        yield f"('{feed.table}', 'told_{event.lower()}', '{timing}', '{function}', '{feed.resource}')"
