"""Every resource there is: what the addresses, the description, the matrices and the proofs are made from."""

from collections.abc import Iterable, Iterator
from typing import Any

from api.resource import Act, Resource

_modules: list[Any] = []
_resources: dict[str, Resource] = {}


def collect(modules: Iterable[Any]) -> None:
    """Called once by `api.resources`, which knows its modules; they may ask here for each other."""
    _modules[:] = modules
    found = [one for module in _modules for one in getattr(module, "RESOURCES", ())]
    assert len({one.name for one in found}) == len(found), "two resources of one name"
    _resources.update({one.name: one for one in found})


def resources() -> dict[str, Resource]:
    """By name, in the order in which they are documented. Whoever asks has `api.resources` imported somewhere."""
    assert _resources, "api.resources was not imported"
    return _resources


def resource_called(name: str) -> Resource:
    return resources()[name]


def addresses() -> list[Any]:
    """Addresses that a module adds by itself (`urlpatterns`), for what is no plain resource."""
    return [one for module in _modules for one in getattr(module, "urlpatterns", ())]


def acts() -> Iterator[tuple[Resource, Act, str, str]]:
    """Everything that writes: (resource, act, method, address below /api/v1/)."""
    for one in resources().values():
        row = f"{one.name}/{{id}}"
        verbs = (
            ("POST", one.create, one.name),
            ("PATCH", one.update, row),
            ("PUT", one.replace, row),
            ("DELETE", one.delete, row),
        )
        yield from ((one, act, method, address) for method, act, address in verbs if act)
        yield from ((one, act, "POST", f"{row}/{act.name}") for act in one.acts)
        yield from ((one, act, "POST", f"{one.name}/bulk/{act.name}") for act in bulk_acts(one))


def bulk_acts(resource: Resource) -> list[Act]:
    """Acts of which many may be sent at once, the making of rows among them."""
    return [act for act in (resource.create, *resource.acts) if act is not None and act.bulk]
