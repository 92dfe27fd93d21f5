"""What the hub's tables refuse by themselves, and the numbered checks of the walls."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import DatabaseError, IntegrityError, connections, models, transaction
from django.test import override_settings

from clients.audit.models import Entry
from tenants.brandref import BrandRef
from tenants.checks import apps_on_one_side, tables_on_one_side
from tenants.errors import Conflict, Invalid, Missing, Refused, RelaisError
from tenants.models import Agency, Brand, HubEntry, Membership, Person
from tenants.server import brand_role, common_role, database_tag, login_role
from tenants.vocabulary import ROLES_OF, BrandState, Role, Side
from tenants.walls.backend.base import OWNER
from tenants.walls.router import WallsRouter


@pytest.mark.parametrize("kind", [Refused, Missing, Conflict, Invalid])
def test_errors_are_told_by_code(kind: type[RelaisError]) -> None:
    error = kind("too_long", "text", most=280)
    assert (str(error), error.code, error.field, error.facts) == ("too_long", "too_long", "text", {"most": 280})
    assert Refused("not_allowed", decision="why").decision == "why"


def test_every_role_belongs_to_one_side() -> None:
    assert ROLES_OF[Side.BRAND] | ROLES_OF[Side.AGENCY] == set(Role)
    assert not ROLES_OF[Side.BRAND] & ROLES_OF[Side.AGENCY]


def test_roles_of_two_databases_do_not_collide() -> None:
    names = [
        make("one", *more) for make, more in ((login_role, ()), (common_role, ()), (brand_role, ("b_aaaaaaaaaaaa",)))
    ]
    assert all(name.startswith(database_tag("one")) and len(name) < 63 for name in names)
    assert database_tag("one") != database_tag("two")


def test_an_address_is_one_person_in_any_spelling(db: None) -> None:
    person = Person.objects.create_user("Ana@Example.org", name="Ana Lima")
    assert Person.objects.get(email="ANA@example.ORG") == person == Person.objects.get_by_natural_key("aNa@example.org")
    assert (person.get_short_name(), person.has_usable_password()) == ("Ana", False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create_user("ANA@EXAMPLE.ORG", name="Again")


@pytest.mark.parametrize(
    ("side", "role", "with_agency", "fine"),
    [
        (Side.BRAND, Role.APPROVER, False, True),
        (Side.AGENCY, Role.ANALYST, True, True),
        (Side.BRAND, Role.APPROVER, True, False),
        (Side.AGENCY, Role.ANALYST, False, False),
        (Side.BRAND, Role.ANALYST, False, False),
        (Side.AGENCY, Role.APPROVER, True, False),
    ],
)
def test_side_role_and_agency_fit(
    side: Side, role: Role, with_agency: bool, fine: bool, brand_a: BrandRef, person_factory: Callable[..., Person]
) -> None:
    agency = Agency.objects.create(name="A", slug="a") if with_agency else None
    facts: dict[str, Any] = {
        "person": person_factory(),
        "brand_id": brand_a.id,
        "side": side,
        "role": role,
        "agency": agency,
    }
    if fine:
        Membership.objects.create(**facts)
        return
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(**facts)


def test_one_live_membership_but_many_ended(brand_a: BrandRef, member: Callable[..., Membership]) -> None:
    first = member(brand_a, Role.APPROVER)
    with pytest.raises(IntegrityError), transaction.atomic():
        member(brand_a, Role.AUDITOR, first.person)
    first.ended_at = first.created_at
    first.save()
    member(brand_a, Role.AUDITOR, first.person)


def test_the_hubs_log_is_append_only(db: None) -> None:
    entry = HubEntry.objects.create(verb="signed_in")
    for change in (lambda: HubEntry.objects.filter(pk=entry.pk).update(verb="x"), entry.delete):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            change()


def test_a_brand_row_is_no_context_manager(db: None) -> None:
    brand = Brand.objects.get(slug="maison-a")
    with pytest.raises(TypeError, match="brand_scope"), brand:  # type: ignore[attr-defined]
        pass
    with pytest.raises(TypeError, match="brand_scope"):
        brand.activate()
    assert brand.ref().state == BrandState.ACTIVE


def test_the_checks_of_the_walls_are_content() -> None:
    assert [found for found in run_checks() if str(found.id).startswith("tenants.")] == []


def test_the_checks_find_what_would_be_unsafe(monkeypatch: pytest.MonkeyPatch) -> None:
    class Loose(models.Model):
        owner = models.ForeignKey(Person, models.CASCADE)

        class Meta:
            app_label = "audit"
            managed = False
            db_table = "tenants_person"

    monkeypatch.setattr("tenants.checks.apps.get_models", lambda **kwargs: [Loose, Person, Entry])
    assert [found.id for found in tables_on_one_side(None)] == ["tenants.E001", "tenants.E002", "tenants.E003"]
    with override_settings(SHARED_APPS=["tenants", "clients.audit"], TENANT_APPS=["clients.audit"]):
        assert [found.id for found in apps_on_one_side(None)] == ["tenants.E004"]
    Loose._meta.apps.all_models["audit"].pop("loose")


def test_where_tables_may_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = WallsRouter().allow_migrate
    owner: Any = type("Owner", (), {"walled": False, "schema": None})()
    login: Any = type("Login", (), {"walled": True, "schema": None})()
    monkeypatch.setattr("tenants.walls.router.connections", {OWNER: owner, "default": login})
    assert (allowed(OWNER, "tenants"), allowed(OWNER, "audit")) == (True, False)
    owner.schema = "b_aaaaaaaaaaaa"
    assert (allowed(OWNER, "tenants"), allowed(OWNER, "audit")) == (False, True)
    assert (allowed("default", "tenants"), allowed("default", "audit")) == (False, False)
    assert connections is not None
