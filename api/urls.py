"""Addresses below `/api/v1/`: made from what is declared."""

from typing import Any

from django.urls import path

import api.resources  # noqa: F401  they collect themselves
from api.acting import ActEndpoint
from api.bulk import BulkEndpoint
from api.docs.urls import urlpatterns as documents
from api.inputs import Id, Whole
from api.lists import ListEndpoint
from api.ones import OneEndpoint
from api.registry import addresses, bulk_acts, resources
from api.resource import Resource


def _of(resource: Resource) -> list[Any]:
    name = resource.name
    kind = {Id: "uuid", Whole: "int"}.get(type(resource.id_type), "str")
    found = [
        path(f"{name}/bulk/{act.name}", _view(BulkEndpoint, resource, act), name=f"api:{name}:bulk:{act.name}")
        for act in bulk_acts(resource)
    ]
    if resource.listed or resource.create:
        found.append(path(name, _view(ListEndpoint, resource), name=f"api:{name}"))
    found.append(path(f"{name}/<{kind}:id>", _view(OneEndpoint, resource), name=f"api:{name}:one"))
    row = f"{name}/<{kind}:id>"
    found.extend(
        path(f"{row}/{act.name}", _view(ActEndpoint, resource, act), name=f"api:{name}:{act.name}")
        for act in resource.acts
    )
    return found


def _view(kind: Any, resource: Resource, act: Any = None) -> Any:
    return kind.as_view(resource=resource, act=act)


urlpatterns = [*documents, *addresses(), *(route for resource in resources().values() for route in _of(resource))]
