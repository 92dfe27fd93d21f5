"""A world that rolls back, with a customer system; and a second brand beside it whose people could be taken for ours."""

from collections.abc import Callable
from typing import Any

import pytest

from clients.community.actions import add_member
from clients.community.models import Member
from clients.community.rules import About
from clients.crm.actions import bring_contacts, change_system, connect_system, set_fields
from clients.crm.models import Contact, Fact, System
from clients.crm.planning import Row
from clients.crm.reading import Said, read_row
from clients.crm.rules import FieldRule, policy_of
from clients.disclosure.rules import InfoClass
from tenants.models import Person
from tenants.walls.scope import BrandRef, brand_scope
from tests.world import World, make_world


@pytest.fixture
def world(brand_a: BrandRef, person_factory: Callable[..., Person]) -> World:
    return make_world(brand_a, person_factory)


@pytest.fixture
def other(brand_b: BrandRef, person_factory: Callable[..., Person]) -> World:
    return make_world(brand_b, person_factory)


def connected(
    world: World, by_email: str = "ask", by_handle: str = "ask", brings: str = "shared", **rules: FieldRule
) -> System:
    """A system that recognises people as given; the fields of `first_policy` and `rules` besides."""
    system = connect_system(world.owner, name="Clients", brings=brings)
    system = change_system(
        world.owner, system_id=system.pk, name="Clients", kind="generic", key_id=None, brings=brings,
        matching={"email": by_email, "handle": by_handle},
    )  # fmt: skip
    policy = policy_of(system.fields) | {name.replace("__", ":"): rule for name, rule in rules.items()}
    return set_fields(world.owner, system_id=system.pk, policy=policy)


def inward(theirs: str, info_class: str = "shared", differs: Any = "ask", *, outward: bool = False) -> FieldRule:
    return FieldRule(theirs, True, outward, info_class, differs)


def said(system: System, external_id: str, claims: str = "", **raw: Any) -> Said:
    return read_row(policy_of(system.fields), raw, external_id, claims)


def bring(world: World, system: System, *rows: Said) -> list[Row]:
    return bring_contacts(world.owner, system_id=system.pk, rows=rows)


def member(world: World, name: str = "Léa Martin", **about: Any) -> Member:
    return add_member(world.owner, about=About(name, **about), info_class=InfoClass.SHARED)


def counts(world: World) -> tuple[int, int, int]:
    """Members, contacts, facts."""
    with brand_scope(world.brand):
        return Member.objects.count(), Contact.objects.count(), Fact.objects.count()
