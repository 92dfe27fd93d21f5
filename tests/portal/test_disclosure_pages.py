"""The ledger as people see it: what left and for whom, ended on the spot, and nothing that left without a line (attack 19)."""

import ast
import csv
import io
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from clients.disclosure.actions import allow_integration, make_link
from clients.disclosure.models import Disclosure, IntegrationPolicy
from clients.disclosure.rules import InfoClass
from clients.people.rules import MAY, Verb
from portal.brand import disclosure
from portal.brand.long_table import long_table
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.house.sources import sources
from tests.portal.conftest import Browse
from tests.portal.test_lists import queries_of
from tests.world import World

OWNER, MANAGER, CM = Role.BRAND_OWNER, Role.BRAND_MANAGER, Role.COMMUNITY_MANAGER


def link(world: World, recipient: str) -> Any:
    return make_link(
        world.owner,
        kind="items.item",
        object_id=world.mandate.pk,
        digest="d" * 64,
        info_class=InfoClass.SHARED,
        recipient=recipient,
        until=timezone.now() + timedelta(days=1),
        most_views=5,
        reason="because",
    ).link


def system(world: World, name: str = "CRM") -> IntegrationPolicy:
    return allow_integration(
        world.owner,
        name=name,
        system="api",
        purpose="contacts",
        fields={"items.item": ["title"]},
        most_class=InfoClass.SHARED,
        until=timezone.now() + timedelta(days=9),
    )


@pytest.mark.parametrize("role", list(Role))
def test_who_reads_the_ledger(world: World, browse: Browse, role: Role) -> None:
    link(world, "La presse")
    answer = browse(world.people[role], world.brand).get("/disclosures/")
    may = role in MAY[Verb.DISCLOSURE_READ]
    assert answer.status_code == (200 if may else 403)
    assert ("La presse" in answer.content.decode()) == may
    assert browse(world.people[role], world.brand).get("/disclosures/export.csv").status_code == answer.status_code


def test_three_lines_cost_what_one_costs_and_nothing_of_next_door(world: World, other: World, browse: Browse) -> None:
    link(other, "SECRET press")
    system(other, "SECRET system")
    client = browse(world.people[OWNER], world.brand)
    link(world, "One")
    system(world)
    one, page = queries_of(client, "/disclosures/")
    for name in ("Two", "Three"):
        link(world, name)
        system(world, name)
    three, full = queries_of(client, "/disclosures/")
    assert one == three
    assert "Three" in full and "SECRET" not in page + full


def test_ended_on_the_spot(world: World, other: World, browse: Browse) -> None:
    made, policy, theirs = link(world, "La presse"), system(world), link(other, "x")
    auditor, manager = (browse(world.people[role], world.brand) for role in (Role.AUDITOR, MANAGER))
    paths = (f"/disclosures/{made.disclosure_id}/end", f"/disclosures/systems/{policy.pk}/end")
    assert "End it now" not in auditor.get("/disclosures/").content.decode()
    for path in paths:
        assert auditor.post(path).status_code == 403
        assert path in manager.get("/disclosures/").content.decode()
        assert manager.post(path).status_code == 303
        assert manager.post(path).status_code == 409
        assert path not in manager.get("/disclosures/").content.decode()
    assert manager.post(f"/disclosures/{theirs.disclosure_id}/end").status_code == 404


def test_filtered_and_paged(world: World, browse: Browse) -> None:
    client = browse(world.people[OWNER], world.brand)
    client.get("/calendar/export.csv")
    link(world, "La presse")
    by_link = client.get("/disclosures/?way=link").content.decode()
    assert "shared by hand" in by_link and "taken by hand" not in by_link
    by_table = client.get("/disclosures/?way=csv&class=shared&to=person").content.decode()
    assert "taken by hand" in by_table and "shared by hand" not in by_table
    assert "taken by hand" in client.get("/disclosures/?way=planet").content.decode()
    assert client.get("/disclosures/?before=planet").status_code == 404
    with brand_scope(world.brand):
        newest = Disclosure.objects.first()
        assert newest is not None
    assert "shared by hand" not in client.get(f"/disclosures/?before={newest.pk}").content.decode()


def test_the_table_of_the_ledger_is_a_line_of_it(world: World, browse: Browse) -> None:
    link(world, "=HYPERLINK(1)")
    client = browse(world.people[MANAGER], world.brand)
    answer = client.get("/disclosures/export.csv")
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig")), delimiter=";"))
    assert [(row["way"], row["recipient"], row["class"]) for row in rows] == [("link", "'=HYPERLINK(1)", "shared")]
    again = list(
        csv.DictReader(io.StringIO(client.get("/disclosures/export.csv").getvalue().decode("utf-8-sig")), delimiter=";")
    )
    assert [row["what"] for row in again] == ["disclosure.disclosure", "items.item"]
    assert again[0]["digest"]


def test_a_ledger_that_is_cut_says_where_the_rest_is(
    world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("Une", "Deux", "Trois"):
        link(world, name)
    monkeypatch.setattr(disclosure, "long_table", partial(long_table, most=2))
    client = browse(world.people[MANAGER], world.brand)
    first = client.get("/disclosures/export.csv?way=link").getvalue().decode("utf-8-sig").splitlines()
    assert len(first) == 4 and first[3].startswith("1 older line is not in this file.") and "Une" not in "".join(first)
    rest = client.get("/disclosures/export.csv?" + first[3].partition("?")[2]).getvalue().decode("utf-8-sig")
    assert "Une" in rest and "older" not in rest and "Deux" not in rest


@pytest.mark.parametrize("role", [OWNER, CM])
def test_the_table_of_the_calendar_is_in_the_ledger(world: World, other: World, browse: Browse, role: Role) -> None:
    from hashlib import sha256

    item = world.draft("Texte", not_before=timezone.now() + timedelta(hours=1))
    answer = browse(world.people[role], world.brand).get("/calendar/export.csv")
    with brand_scope(world.brand):
        row = Disclosure.objects.get()
    assert (row.way, row.info_class, row.leave_person) == ("csv", "shared", world.people[role].pk)
    assert row.digest == sha256(answer.content).hexdigest()
    assert row.object_ids == [str(item.pk)]
    with brand_scope(other.brand):
        assert not Disclosure.objects.exists()


def test_a_letter_tells_the_title_and_not_the_words_and_is_in_the_ledger(world: World) -> None:
    mail.outbox.clear()
    item = world.submitted("The words that stay here", title="Fraises")
    world.run_outbox("approvals.notice")
    letters = [letter for letter in mail.outbox if "Fraises" in letter.subject]
    assert letters
    for letter in letters:
        whole = str(letter.message())
        assert "words that stay" not in whole and "words that stay" not in letter.body
    with brand_scope(world.brand):
        rows = list(Disclosure.objects.filter(way="mail"))
    assert len(rows) == len(letters)
    assert {(row.leave_policy, row.why, tuple(row.object_ids)) for row in rows} == {("asking", "told", (str(item.pk),))}
    assert {row.recipient_id for row in rows} <= {person.pk for person in world.people.values()}


# --- Allowing another system -------------------------------------------------------------------------------------------

FORM = {"name": "CRM", "system": "api", "purpose": "contacts", "class": "shared", "field": ["items.item:title"]}


def test_the_owner_allows_a_system_field_by_field(world: World, browse: Browse) -> None:
    until = {"until": f"{timezone.localdate() + timedelta(days=30):%Y-%m-%d}"}
    owner = browse(world.people[OWNER], world.brand, proved=True)
    assert (
        "checked" not in owner.get("/disclosures/systems").content.decode().split("Which fields")[1].split("At most")[0]
    )
    for wrong in ({"field": []}, {"field": ["items.item:secret"]}, {"class": "brand"}, {"purpose": ""}, {"until": "x"}):
        assert owner.post("/disclosures/systems", FORM | until | wrong).status_code == 422
    assert owner.post("/disclosures/systems", FORM | until).status_code == 303
    with brand_scope(world.brand):
        assert IntegrationPolicy.objects.get().fields == {"items.item": ["title"]}
    assert "contacts" in owner.get("/disclosures/").content.decode()


@pytest.mark.parametrize("role", [MANAGER, CM, Role.AUDITOR])
def test_nobody_else_allows(world: World, browse: Browse, role: Role) -> None:
    client = browse(world.people[role], world.brand)
    assert client.get("/disclosures/systems").status_code == 403
    assert client.post("/disclosures/systems", FORM | {"until": "2031-01-01"}).status_code == 403


# --- No way out without a line -----------------------------------------------------------------------------------------


def ways_out(tree: ast.Module) -> set[str]:
    """Functions that hand out a file: what they say has an attachment's header or a table's or archive's type."""
    signs = ("attachment", "text/csv", "application/pdf", "application/zip", "application/json")
    return {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and any(isinstance(n, ast.Constant) and str(n.value).startswith(signs) for n in ast.walk(node))
    }


def disclosing(tree: ast.Module) -> set[str]:
    return {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and any(isinstance(n, ast.Call) and getattr(n.func, "id", "") == "disclose" for n in ast.walk(node))
    }


IN_ITS_ACTION = {
    "portal/brand/log_pdf.py": "portal/brand/log_files.py",
    "portal/brand/members_erasing.py": "clients/community/actions/telling.py",
    "portal/brand/press_pdf.py": "clients/press/actions/sending.py",
    "portal/brand/reports_one.py": "reports/sharing/actions/releasing.py",
    "portal/brand/reports_shared.py": "reports/sharing/actions/viewing.py",
}
"""Pages whose action, or whose only caller, writes the line."""
NOTHING_OF_THE_BRAND = {"portal/brand/look.py": "the house's own example, in colours that were typed a moment ago"}


@pytest.mark.parametrize("source", [s for s in sources() if s.in_package("portal/brand")], ids=lambda s: s.name)
def test_what_hands_out_a_file_discloses_it(source: Any) -> None:
    """In the function itself or in one of the same module: a new download without its line fails here."""
    if ways_out(source.tree) and source.name not in NOTHING_OF_THE_BRAND:
        told = [source, *(each for each in sources() if each.name == IN_ITS_ACTION.get(source.name))]
        assert any(disclosing(each.tree) for each in told), f"{source.name} hands out a file and calls no disclose()"


def test_the_rule_sees_what_it_forbids() -> None:
    silent = ast.parse("def export(r):\n    r['Content-Disposition'] = f'attachment; filename={r}'")
    assert ways_out(silent) == {"export"} and not disclosing(silent)
    assert {s.name for s in sources() if s.in_package("portal/brand") and ways_out(s.tree)} >= {
        "portal/brand/csv_import.py",
        "portal/brand/disclosure.py",
    }
