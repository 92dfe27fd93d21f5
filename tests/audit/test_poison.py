"""Raw SQL of a brand's role that would keep everything behind it from being sealed; and whom else it would hurt."""

import json
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from clients.audit import recomputing, sealing
from clients.audit.actions import record
from clients.audit.lines import act_line
from clients.audit.models import LogKey
from clients.audit.tasks import look_round, note_fault, seal_round
from clients.audit.verifier.verify import entry_of
from clients.autonomy.vocabulary import EntryPoint
from clients.people.actor import process_of
from tenants.ids import uuid7
from tenants.models import LogHead, Unsealed
from tenants.walls.scope import BrandRef, brand_scope, durable
from tests.audit.test_lines import OneAct

_RAW = """INSERT INTO audit_entry (id, at, side, role, via, verb, subject_kind, facts, request_id, commitment)
    VALUES (%s, {at}, '', '', 'command', 'raw', '', %s, '', '')"""


def raw_line(facts: str = "{}", at: str = "now()") -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_RAW.format(at=at), [uuid7(), facts])


def write(brand: BrandRef) -> None:
    with durable(brand):
        record(process_of(brand, EntryPoint.COMMAND, "test"), "test.line", None)


@pytest.mark.parametrize(
    ("facts", "at"),
    [
        ('{"n": 1e30}', "now()"),
        ('{"n": [{"m": -9007199254740992}]}', "now()"),
        (f'{{"n": 1{"0" * 5000}}}', "now()"),
        ('{"a":' * 300 + "1" + "}" * 300, "now()"),
        ("{}", "'infinity'"),
        ("{}", "'-infinity'"),
        ("{}", "'20000-01-01'"),
        ("{}", "'0044-03-15 BC'"),
    ],
)
def test_what_could_not_be_read_back_is_not_taken(brand_a: BrandRef, facts: str, at: str) -> None:
    with brand_scope(brand_a):
        with pytest.raises(DatabaseError, match="unsealable"):
            raw_line(facts, at)
        raw_line('{"n": [9007199254740991, "1e30", 0.5, {"deep": {"er": [[1]]}}]}', "'1999-12-31'")
    assert seal_round() == 1


def test_what_the_owner_makes_of_a_line_has_a_digest_still() -> None:
    odd: list[dict[str, Any]] = [{"n": 10**30}, {"n": 10**31}, {"n": json.loads("[" * 300 + "]" * 300)}]
    found = [json.loads(act_line(replace(OneAct(), facts=facts)))["facts"]["unsealable"] for facts in odd]
    assert found == [sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest() for facts in odd]


def test_a_word_of_code_that_is_composed_otherwise_has_one_spelling_still() -> None:
    odd: dict[str, Any] = dict.fromkeys(("verb", "side", "role", "via", "subject_kind", "request_id"), "e\u0301")
    assert entry_of(act_line(replace(OneAct(), **odd)))["act"] == "\u00e9"  # type: ignore[no-untyped-call]


def test_a_brand_that_fails_in_whatever_way_stops_no_other(
    brand_a: BrandRef, brand_b: BrandRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(brand_a)  # has waited longest, and is taken first
    write(brand_b)
    honest = sealing._read_back

    def spoilt(queued: list[int]) -> Any:
        if _here() == brand_a.schema_name:
            raise RecursionError
        return honest(queued)

    with monkeypatch.context() as patched:
        patched.setattr(sealing, "_read_back", spoilt)
        assert seal_round() == 1
    assert LogHead.objects.get(pk=brand_a.id).fault == "seal: RecursionError"
    assert LogHead.objects.get(pk=brand_b.id).fault == ""
    assert Unsealed.objects.filter(brand_id=brand_a.id).exists()
    assert seal_round()
    assert LogHead.objects.get(pk=brand_a.id).fault == ""


def test_nor_does_it_keep_the_other_logs_from_being_looked_at(
    brand_a: BrandRef, brand_b: BrandRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(brand_a)
    write(brand_b)
    assert seal_round() == 2
    honest = recomputing.fault_in_part

    def spoilt(brand: BrandRef) -> str:
        if brand.id == brand_a.id:
            raise ValueError
        return honest(brand)

    monkeypatch.setattr("clients.audit.tasks.fault_in_part", spoilt)
    assert look_round() == 3
    assert LogHead.objects.get(pk=brand_a.id).fault == "check: ValueError"
    assert LogHead.objects.get(pk=brand_b.id).part_checked_at is not None


def test_a_seal_that_fails_for_a_moment_takes_nothing_back_that_checking_found(
    brand_a: BrandRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(brand_a)
    note_fault(brand_a, "check: changed 1")
    with monkeypatch.context() as patched:
        patched.setattr(sealing, "_read_back", _fails)
        assert seal_round() == 0
    assert seal_round() == 1
    assert LogHead.objects.get(pk=brand_a.id).fault == "check: changed 1"


def _fails(_queued: list[int]) -> Any:
    raise ValueError


@pytest.mark.parametrize("statement", ["DELETE FROM audit_logkey", "UPDATE audit_logkey SET public = ''"])
def test_a_key_of_the_log_stays_what_it_was(brand_a: BrandRef, statement: str) -> None:
    write(brand_a)
    seal_round()
    with brand_scope(brand_a):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)
        key = LogKey.objects.select_for_update().get()
        key.save(update_fields=("secret",))


def _here() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        return str(cursor.fetchone()[0])
