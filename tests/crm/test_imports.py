"""A table is looked at, written, and undone: exactly as it was, but for what somebody has changed since."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.community.actions import change_member
from clients.community.models import Member, MemberHandle
from clients.community.rules import About
from clients.crm.actions import confirm_contacts, empty_imports, read_contacts, undo_contacts
from clients.crm.actions.imports import preview_import
from clients.crm.models import Clash, Contact, ContactImport, Fact, ImportedRow, PurposeConsent, System, Trace
from clients.people.actor import process_of
from tenants.errors import Conflict, Invalid, Refused
from tenants.walls.scope import brand_scope
from tests.crm.conftest import bring, connected, counts, inward, member, said
from tests.custody.conftest import begin
from tests.world import World

TABLE = """external_id;name;email;letter
1;Anne;anne@example.org;oui
2;Bruno;bruno;non
3;Chloé;chloe@example.org;
1;Anne encore;;
4;Léa M.;lea@example.org;oui
"""


def read(world: World, system: System, table: str = TABLE) -> ContactImport:
    return read_contacts(world.owner, system_id=system.pk, data=table.encode(), name="clients.csv")


def state(world: World) -> dict[str, Any]:
    """Everything that an import may touch."""
    with brand_scope(world.brand):
        return {
            "members": sorted(Member.objects.values_list("id", "name", "email", "phone", "notes")),
            "handles": sorted(MemberHandle.objects.values_list("member", "network", "handle")),
            "contacts": sorted(Contact.objects.values_list("id", "external_id", "member")),
            "facts": sorted(Fact.objects.values_list("contact", "field", "value", "info_class")),
            "consents": sorted(PurposeConsent.objects.values_list("member", "purpose", "state")),
            "traces": sorted(Trace.objects.filter(unlinked=None).values_list("digest", "contact")),
            "open": sorted(Clash.objects.filter(decided_at=None).values_list("external_id", flat=True)),
        }


def test_looked_at_and_nothing_is_written(world: World) -> None:
    member(world, email="lea@example.org")
    system = connected(world, consent__letter=inward("letter"))
    found, before = read(world, system), state(world)
    with brand_scope(world.brand):
        rows = preview_import(ContactImport.objects.select_related("system").get(pk=found.pk))
    told = [(row.number, str(row.outcome), [p.code for p in row.said.problems]) for row in rows]
    assert told == [
        (2, "made", []), (3, "invalid", ["bad_email"]), (4, "made", []), (5, "invalid", ["twice_here"]), (6, "asked", []),
    ]  # fmt: skip
    assert state(world) == before


def test_undone_everything_stands_as_before(world: World) -> None:
    lea = member(world, email="lea@example.org", handles=(("mastodon", "@lea"),))
    system = connected(world, by_email="link", consent__letter=inward("letter"), name=inward("name", differs="theirs"))
    bring(world, system, said(system, "3", name="Chloé D.", email="c@example.org", letter=False))
    before = state(world)
    found = read(world, system)
    counted = confirm_contacts(world.owner, import_id=found.pk)
    assert counted == {"made": 1, "invalid": 2, "linked": 1, "changed": 1}
    after = state(world)
    assert after != before
    assert any(pk == lea.pk and name == "Léa M." for pk, name, *_ in after["members"])
    with pytest.raises(Conflict, match="import_confirmed"):
        confirm_contacts(world.owner, import_id=found.pk)
    assert set(undo_contacts(world.owner, import_id=found.pk)) == {"back"}
    assert state(world) == before
    with pytest.raises(Conflict, match="import_undone"):
        undo_contacts(world.owner, import_id=found.pk)
    again = read(world, system)
    confirm_contacts(world.owner, import_id=again.pk)
    assert sorted(m[1:] for m in state(world)["members"]) == sorted(m[1:] for m in after["members"])


def test_what_somebody_changed_or_uses_since_stays(world: World) -> None:
    system = connected(world)
    found = read(world, system, "external_id,name\n1,Anne\n2,Bruno\n3,Chloé\n4,David\n")
    confirm_contacts(world.owner, import_id=found.pk)
    with brand_scope(world.brand):
        by_name = {one.name: one.pk for one in Member.objects.all()}
    change_member(world.owner, member_id=by_name["Anne"], about=About("Anne Petit"))
    begin(world, member=by_name["Bruno"])
    with brand_scope(world.brand):
        Member.objects.get(pk=by_name["Chloé"]).delete()
    assert undo_contacts(world.owner, import_id=found.pk) == {"changed": 1, "used": 1, "gone": 1, "back": 1}
    with brand_scope(world.brand):
        assert sorted(Member.objects.values_list("name", flat=True)) == ["Anne Petit", "Bruno"]
        assert dict(ImportedRow.objects.values_list("number", "undone"))[2] == "changed"


def test_an_undo_takes_its_questions_away(world: World) -> None:
    member(world, email="lea@example.org")
    system = connected(world)
    found = read(world, system)
    confirm_contacts(world.owner, import_id=found.pk)
    assert state(world)["open"] == ["4"]
    undo_contacts(world.owner, import_id=found.pk)
    assert state(world)["open"] == []


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ("", "table_empty"),
        ("external_id;name\n", "table_empty"),
        ("name;email\nA;b\n", "table_without_ids"),
        ("external_id;name;name\n1;A;B\n", "table_column_twice"),
        ("external_id;name\n1;\0\n", "table_unreadable"),
        ('external_id;name\n1;"open\n', "table_unreadable"),
        ("external_id;name\n" + "1;A\n" * 2001, "table_too_long"),
    ],
)
def test_a_table_that_cannot_be_read(world: World, table: str, code: str) -> None:
    system = connected(world)
    with pytest.raises(Invalid, match=code):
        read(world, system, table)


def test_nothing_to_write_and_no_right_to(world: World) -> None:
    system = connected(world)
    found = read(world, system, "external_id;name\n1;\n")
    with pytest.raises(Refused):
        confirm_contacts(world.cm, import_id=found.pk)
    with pytest.raises(Invalid, match="import_nothing"):
        confirm_contacts(world.owner, import_id=found.pk)
    with pytest.raises(Conflict, match="import_not_confirmed"):
        undo_contacts(world.owner, import_id=found.pk)
    assert counts(world) == (0, 0, 0)


def test_an_old_table_loses_its_cells_and_can_no_longer_be_undone(world: World) -> None:
    system = connected(world)
    found = read(world, system)
    confirm_contacts(world.owner, import_id=found.pk)
    house = process_of(world.brand, EntryPoint.WORKER, "test")
    assert empty_imports(house) == 0
    with brand_scope(world.brand):
        long_ago = timezone.now() - timedelta(days=91)
        ContactImport.objects.update(created_at=long_ago, confirmed_at=long_ago)
    with pytest.raises(Conflict, match="import_too_old"):
        undo_contacts(world.owner, import_id=found.pk)
    with pytest.raises(Refused):
        empty_imports(world.owner)
    assert empty_imports(house) == 1
    with brand_scope(world.brand):
        kept = ContactImport.objects.get()
        assert (kept.rows, kept.name, ImportedRow.objects.count()) == ([], "", 0)
