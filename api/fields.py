"""Which fields a key is told: those that its policy names, narrowed by what it asks for. What is not told is not selected."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils import timezone

from api.inputs import Fault
from api.problems import Problem, invalid
from api.resource import Field, Resource, Rows
from clients.disclosure.models import IntegrationPolicy
from clients.disclosure.rules import ORDER, strictness
from clients.keys.rules import Grant


@dataclass(frozen=True, slots=True)
class Picked:
    """The fields of one answer, and the columns that they are drawn from; after these the ETag's, and at last the class."""

    fields: tuple[Field, ...]
    columns: tuple[str, ...]
    etag_from: int
    class_at: int | None
    as_text: tuple[int, ...] = ()  # those of the columns that are told as they are

    def drawn(self, row: Sequence[Any]) -> dict[str, Any]:
        """The row as it is told."""
        told, at = {}, 0
        for one in self.fields:
            width = len(one.paths)
            told[one.name] = one.draw(*row[at : at + width]) if one.draw else row[at]
            at += width
        return told


def allowed(resource: Resource, policy: IntegrationPolicy | None) -> tuple[str, ...]:
    """Names of the fields that a policy lets out, and those that are told in any case."""
    named = frozenset(policy.fields.get(resource.kind, ())) if policy else frozenset()
    return tuple(one.name for one in resource.fields if one.always or one.name in named)


def require_policy(resource: Resource, policy: IntegrationPolicy | None) -> None:
    """Raises Problem(403) for a kind of which the brand named nothing, or whose policy is over."""
    if policy is None or not policy.fields.get(resource.kind):
        raise Problem(403, "policy_forbids")
    if not policy.holds(timezone.now()):
        raise Problem(403, "policy_over")


def may_read(resource: Resource, grant: Grant) -> bool:
    """Whether a key may read a resource at all, by its scopes and its policy."""
    try:
        require_policy(resource, grant.policy)
    except Problem:
        return False
    return grant.allows(resource.read_scope)


def require_told(resource: Resource, policy: IntegrationPolicy | None, filters: Collection[str]) -> None:
    """Raises Problem(403) for a filter that answers about a field which the policy does not let out."""
    may = frozenset(allowed(resource, policy))
    outside = [
        Fault(one.name, "field_not_allowed", {"name": name})
        for one in resource.filters
        if one.name in filters
        for name in one.told
        if name not in may
    ]
    if outside:
        raise Problem(403, "field_not_allowed", faults=outside)


def picked(resource: Resource, policy: IntegrationPolicy | None, wanted: str | None) -> Picked:
    """Raises Problem(400) for an unknown name in `fields=`, Problem(403) for one that the policy does not let out."""
    may = allowed(resource, policy)
    if wanted is None:
        return _columns(resource, may)
    names = [name for name in wanted.split(",") if name]
    known = resource.by_name
    if wrong := [name for name in names if name not in known]:
        faults = [Fault("fields", "field_unknown", {"name": name[:80]}) for name in wrong[:20]]
        raise invalid(faults, status=400, code="parameters_invalid")
    if outside := [name for name in names if name not in may]:
        raise Problem(
            403, "field_not_allowed", faults=[Fault("fields", "field_not_allowed", {"name": n}) for n in outside]
        )
    return _columns(resource, tuple(name for name in may if name in names or known[name].always))


@lru_cache(maxsize=512)
def _columns(resource: Resource, fields: tuple[str, ...]) -> Picked:
    chosen = tuple(resource.by_name[one] for one in fields)
    columns = tuple(path for one in chosen for path in one.paths)
    tail = (*resource.etag, *((resource.class_column,) if resource.class_column else ()))
    class_at = len(columns) + len(resource.etag) if resource.class_column else None
    as_they_are = [one.draw is None for one in chosen for _ in one.paths]
    as_text = tuple(at for at, plain in enumerate(as_they_are) if plain)
    return Picked(chosen, (*columns, *tail), len(columns), class_at, as_text)


def within_class(resource: Resource, rows: Rows, policy: IntegrationPolicy | None) -> Rows:
    """Rows that are no stricter than the policy lets out; all have one class where none has one of its own."""
    if resource.class_column:
        most = strictness(policy.most_class) if policy else 0
        return rows.filter(**{f"{resource.class_column}__in": [str(one) for one in ORDER[: most + 1]]})
    return rows if is_within(resource, policy) else rows.none()


def is_within(resource: Resource, policy: IntegrationPolicy | None) -> bool:
    """Of a resource whose rows all have one class: whether the policy lets it out."""
    return strictness(resource.info_class) <= (strictness(policy.most_class) if policy else 0)


def id_of(made: Any) -> Any:
    """The id of what an act returned: a row, what holds one, or an id itself."""
    return getattr(made, "pk", made)
