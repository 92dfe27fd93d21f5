"""What must hold for every resource there is, asked of all of them: whoever adds one has nothing to add here."""

from typing import Any

import pytest
from django.db import connections

from api.inputs import MOST_FAULTS
from api.registry import resources
from clients.disclosure.rules import FIELDS
from clients.keys.scopes import SCOPES
from tenants.vocabulary import ROLES_OF, Role, Side
from tenants.walls.backend.base import OWNER
from tests.api.calls import Api, allow, answered_by, api_of
from tests.api.walking import DECIDING, every_name, nothing, writings
from tests.proof._api_matrix import expected_of_a_writing, undeclared
from tests.proof._api_routes import ACT, READ, roles
from tests.world import World


def test_every_resource_and_act_is_declared() -> None:
    assert not undeclared(), "give each a line in tests/proof/_api_routes.py: by which right it is read or done"


def test_an_act_without_a_line_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(ACT, "items submit")
    monkeypatch.delitem(READ, "holds")
    assert {"no line for 'holds'", "no line for 'items submit'"} <= set(undeclared())


def test_what_is_told_can_be_named_in_a_policy() -> None:
    for one in resources().values():
        assert {field.name for field in one.fields if not field.always} <= set(FIELDS.get(one.kind, ())), one.name
        assert one.read_scope in SCOPES, one.name
    assert {writing.act.scope for writing in writings()} <= set(SCOPES)


def test_no_body_says_who_acts_or_what_was_decided() -> None:
    """Were one of these an input, whoever asks could be somebody else. `digest` is what was read, never what is."""
    never = DECIDING - {"key", "state", "scopes", "policy", "named"}
    found = {(one.name, said.name) for one in writings() for said in one.act.inputs if said.name in never}
    assert not found


def test_order_ends_with_what_is_unique() -> None:
    assert not [one.name for one in resources().values() if one.order[-1].lstrip("-") != one.id_column]


def _all_rows(world: World) -> dict[str, tuple[int, str]]:
    """A digest of every table of the brand's schema, but for what is written of each reading."""
    left_out = {"keys_keyday", "keys_keynetwork", "disclosure_tally", "audit_rowchange"}
    found: dict[str, tuple[int, str]] = {}
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [world.brand.schema_name])
        for (table,) in cursor.fetchall():
            if table not in left_out:
                named = f'"{world.brand.schema_name}"."{table}" t'
                cursor.execute(f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {named}")
                found[table] = cursor.fetchone()
    return found


def batched(names: list[str]) -> list[list[str]]:
    """As many as one answer names, with room for what else is wrong."""
    size = MOST_FAULTS // 2
    return [names[at : at + size] for at in range(0, len(names), size)]


def test_mass_assignment_changes_nothing(world: World, api: Api) -> None:
    """Every name that any field or column has, in every body that there is: refused by name, and nothing is another."""
    world.submitted("Un.")
    api.get("items")
    before, asked, bulk_left = _all_rows(world), 0, 0
    for one in writings():
        of = nothing(one.resource)
        every = sorted(every_name(one.resource, one.act.shape))
        assert not set(every) & {said.name for said in one.act.inputs}
        asked += len(every)
        for number, names in enumerate(batched(every)):
            body, key = one.body(of, **dict.fromkeys(names, "x")), f"{one.name.replace(' ', '-')}-{number}"
            answer = api(one.method, one.path.format(id=of), body, Idempotency_Key=key, If_Match="*")
            at = "/rows/0" if one.in_bulk else ""
            document = answer.json()["results"][0]["problem"] if one.in_bulk else answer.json()
            bulk_left += one.in_bulk
            told = {fault["pointer"] for fault in document["errors"] if fault["code"] == "field_unknown"}
            assert told == {f"{at}/{name}" for name in names}, one.name
    assert asked > 1_000
    after = _all_rows(world)
    kept = {table for table in after if after[table] != before[table]}
    # An answer to many rows is kept for a repeat, though each row was refused.
    assert kept <= {"repeats_repeat"} and after["repeats_repeat"][0] == bulk_left


def test_each_kind_is_closed_to_a_policy_that_does_not_name_it(world: World) -> None:
    items = api_of(world, policy=allow(world, {"items.item": ("title",)}))
    for one in resources().values():
        if one.listed and one.kind != "items.item":
            answer = items.get(one.name)
            assert (answer.status_code, answer.json()["code"]) == (403, "policy_forbids"), one.name


def test_each_scope_opens_its_own_and_nothing_else(world: World) -> None:
    policy = allow(world)
    none = api_of(world, scopes=("changes:read",), policy=policy)
    for one in resources().values():
        assert none.get(f"{one.name}/{nothing(one)}").json()["code"] == "scope_missing", one.name
    for one in writings():
        of = nothing(one.resource)
        answer = none(
            one.method, one.path.format(id=of), one.body(of), Idempotency_Key=one.name.replace(" ", "-"), If_Match="*"
        )
        assert answer.json()["code"] == "scope_missing", one.name


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.DEPARTMENT_CONTACT])
def test_a_role_that_may_not_is_refused(world: World, role: Role) -> None:
    """The whole table is played by the proof `api-matrix`; here are the two roles that may least."""
    assert role in ROLES_OF[Side.BRAND]
    api = answered_by(world, api_of(world), role)
    wrong: list[Any] = []
    for one in writings():
        of, words = nothing(one.resource), f"{one.name}{one.in_bulk}".replace(" ", "-")
        answer = api(one.method, one.path.format(id=of), one.body(of), Idempotency_Key=words, If_Match="*")
        if one.in_bulk:
            assert role in roles(ACT[one.name]) or {row["status"] for row in answer.json()["results"]} <= {403, 404}
            continue
        if answer.status_code not in expected_of_a_writing(one, role):
            wrong.append((one.name, answer.status_code, answer.json().get("code")))
    assert not wrong
