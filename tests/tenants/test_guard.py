"""Which single statements the guard lets through. What it must refuse is in the list of attacks."""

import pytest

from tenants.walls.guard import refuse_or_pass, without_literals
from tenants.walls.place import RefusedStatement

PASSES = [
    "SELECT 1",
    "  select 1 ; ",
    "(SELECT 1) UNION (SELECT 2)",
    "WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x RETURNING id",
    "INSERT INTO t VALUES ('; SET ROLE x')",
    "SELECT 'it''s; DROP TABLE x'",
    "SELECT E'it\\'s; DROP TABLE x'",
    "SELECT $$; SET ROLE x$$",
    "SELECT $tag$; SET ROLE x$tag$",
    "SELECT 1 -- ; SET ROLE x",
    "SELECT 1 /* ; SET ROLE /* x */ */",
    'SELECT "odd; name" FROM t',
    "UPDATE t SET role = %s WHERE id = %s",
    "SELECT reset, discard, grant_id, set_config_id FROM t",
    "SELECT id FROM t FOR UPDATE SKIP LOCKED",
    "DELETE FROM t",
    "EXPLAIN SELECT 1",
    "EXPLAIN (ANALYZE, BUFFERS) DELETE FROM t",
    "SET CONSTRAINTS ALL IMMEDIATE",
    "SET LOCAL lock_timeout = '3s'",
    "LOCK TABLE t IN SHARE MODE",
    "COPY t (a, b) FROM STDIN",
    "COPY (SELECT 1) TO STDOUT (FORMAT csv)",
    "SELECT pg_advisory_xact_lock(1)",
    "SELECT pg_advisory_xact_lock_shared(1)",
    "VALUES (1)",
    "MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE",
    "SHOW timezone",
]

REFUSED = [
    "",
    ";",
    "SET LOCAL role = x",
    "SET LOCAL search_path = x",
    "SET lock_timeout = '3s'",
    "SHOW search_path; SELECT 1",
    "EXPLAIN (ANALYZE) CREATE TABLE x AS SELECT 1",
    "EXPLAIN EXECUTE p",
    "SELECT 1; SELECT 2",
    "SELECT 1 /* unclosed",
    "COPY t TO '/tmp/x'",
    "COPY t FROM PROGRAM 'x'",
    "VACUUM",
    "SECURITY LABEL ON TABLE t IS 'x'",
    "REASSIGN OWNED BY x TO y",
    "SELECT dblink_connect('x')",
    "SELECT pg_sleep(5)",
]


@pytest.mark.parametrize("sql", PASSES)
def test_passes(sql: str) -> None:
    refuse_or_pass(sql, True)


@pytest.mark.parametrize("sql", [sql for sql in REFUSED if "unclosed" not in sql])
def test_refused(sql: str) -> None:
    with pytest.raises(RefusedStatement):
        refuse_or_pass(sql, True)


def test_listening_is_for_the_hub() -> None:
    refuse_or_pass("LISTEN relais_pending", False)
    refuse_or_pass("NOTIFY relais_pending", False)
    with pytest.raises(RefusedStatement):
        refuse_or_pass("LISTEN relais_pending", True)


@pytest.mark.parametrize(
    ("sql", "bare"),
    [
        ("a'b'c", "a''c"),
        ("a -- b\nc", "a  \nc"),
        ("a /* b /* c */ d */ e", "a   e"),
        ("a$$b$$c", "a$$b$$c"),
        ("a $x$ b $$ $x$ c", "a '' c"),
        ('"Mixed Name"', "Mixed_Name"),
        ("'open", "'open"),
    ],
)
def test_literals_and_comments_are_taken_out(sql: str, bare: str) -> None:
    assert without_literals(sql) == bare
