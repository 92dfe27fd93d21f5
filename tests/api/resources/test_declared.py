"""Every resource as it is declared: its columns exist, its policy fields are named, its description fits what it tells."""

import importlib
import pkgutil
from typing import Any

import pytest

import api.resources as package
from api.resource import Resource
from clients.disclosure.rules import FIELDS
from clients.keys.scopes import SCOPES
from tenants.vocabulary import Role
from tenants.walls.scope import BrandRef, brand_scope
from tests.conftest import make_person
from tests.world import World, make_world


def declared() -> list[Resource]:
    modules = [
        importlib.import_module(f"api.resources.{found.name}") for found in pkgutil.iter_modules(package.__path__)
    ]
    return [one for module in modules for one in getattr(module, "RESOURCES", ())]


EACH = pytest.mark.parametrize("resource", declared(), ids=lambda resource: resource.name)


@pytest.fixture
def world(brand_a: BrandRef) -> World:
    return make_world(brand_a, make_person)


@EACH
def test_its_columns_are_there(world: World, resource: Resource) -> None:
    """Every field, filter column, state and order at once, as the widest policy would select them."""
    columns = [path for one in resource.fields for path in one.paths]
    with brand_scope(world.brand):
        rows = resource.rows(world.actor(Role.BRAND_OWNER)).order_by(*resource.order)
        order = [name.removeprefix("-") for name in resource.order]
        list(rows.values_list(resource.id_column, *columns, *resource.etag, *order)[:3])


@EACH
def test_a_policy_can_name_its_fields_and_a_key_its_scopes(resource: Resource) -> None:
    named = {one.name for one in resource.fields if not one.always}
    assert named <= set(FIELDS[resource.kind]), resource.kind
    verbs: tuple[Any, ...] = (resource.create, resource.update, resource.replace, resource.delete, *resource.acts)
    assert {resource.read_scope, *(act.scope for act in verbs if act)} <= set(SCOPES)
