"""What somebody may be told of the feed of changes: the class of each object decides, as it is now.

- What a reader may read has *changed*: they read it as it is now.
- What is no more is *gone*, if they were allowed to read it when it went.
- What they may no longer read, because its class was raised, is *gone* for those who could read it before: they keep no copy
  of it. Whoever never could is told nothing: not that it is there, nor that it changed.
- What was changed and is no more by now is passed over: that it is gone comes later in the same feed.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.apps import apps

from clients.changes.models import Change
from clients.changes.registry import table_of
from clients.disclosure.models import Reclassified
from clients.disclosure.rules import InfoClass, classes_open_to, may_read, strictness
from clients.people.actor import Actor
from clients.webhooks.rules import Told

Access = tuple[str, Sequence[str]]
"""The class of something, and whom it names."""


class Seen(NamedTuple):
    """A change as a reader may know of it. `info_class` is the class of what they are told."""

    change: Change
    told: Told
    info_class: str


def told_to(actor: Actor, changes: Sequence[Change]) -> list[Seen]:
    """What a person, or a key that acts for one, is told. Whether their role reads the resource is the caller's to know."""

    def is_open(access: Access) -> bool:
        return may_read(actor.side, actor.role, actor.person_id, *access)

    return _told(changes, is_open, lambda ids: _open_before(actor, ids))


def told_to_system(
    changes: Sequence[Change], most: InfoClass, known: Callable[[Collection[UUID]], set[UUID]]
) -> list[Seen]:
    """What a receiver is told that reads up to class `most`; `known` says of which objects it was told before."""

    def is_open(access: Access) -> bool:
        return strictness(access[0]) <= strictness(most)

    return _told(changes, is_open, known)


def class_now(resource: str, object_id: UUID) -> str | None:
    """The class of one object; None where it is no more."""
    found = _access_now(resource, [object_id]).get(object_id)
    return found[0] if found else None


@cache
def model_of(resource: str) -> Any:
    """The model of a resource's objects."""
    return {model._meta.db_table: model for model in apps.get_models()}[table_of(resource)]


def _told(
    changes: Sequence[Change], is_open: Callable[[Access], bool], known: Callable[[Collection[UUID]], set[UUID]]
) -> list[Seen]:
    there = _all_access(changes)
    found = {change.position: _seen(change, there.get(change.object_id), is_open) for change in changes}
    shut = {change.object_id for change in changes if found[change.position] is None and _may_be_known(change, there)}
    knew = known(shut) if shut else set()
    return [
        seen or Seen(change, Told.GONE, InfoClass.SHARED)
        for change in changes
        if (seen := found[change.position]) or change.object_id in knew
    ]


def _seen(change: Change, access: Access | None, is_open: Callable[[Access], bool]) -> Seen | None:
    if change.gone:
        then: Access = (change.info_class or _unknown(change.resource), change.named or ())
        return Seen(change, Told.GONE, then[0]) if is_open(then) else None
    if access is not None and is_open(access):
        return Seen(change, Told.CHANGED, access[0])
    return None


def _may_be_known(change: Change, there: dict[UUID, Access]) -> bool:
    """What only changed and is no more by now is told later, as gone."""
    return change.gone or change.object_id in there


def _all_access(changes: Iterable[Change]) -> dict[UUID, Access]:
    ids: dict[str, set[UUID]] = defaultdict(set)
    for change in changes:
        if not change.gone:
            ids[change.resource].add(change.object_id)
    return {pk: access for resource, some in ids.items() for pk, access in _access_now(resource, some).items()}


def _access_now(resource: str, ids: Collection[UUID]) -> dict[UUID, Access]:
    """One query for a resource. What has no class of its own, nor of what it points to, is shared by both sides."""
    model = model_of(resource)
    rows, at = model.objects.filter(pk__in=ids), getattr(model, "class_at", None)
    if at is None:
        return dict.fromkeys(rows.values_list("pk", flat=True), (InfoClass.SHARED, ()))
    columns = rows.values_list("pk", f"{at}info_class", f"{at}named")
    return {pk: (info_class, named) for pk, info_class, named in columns}


def _unknown(resource: str) -> InfoClass:
    """The class of what is no more and had that of what it pointed to: nobody knows it, so whoever reads of people is told."""
    return InfoClass.NAMED if getattr(model_of(resource), "class_at", "") else InfoClass.SHARED


def _open_before(actor: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Of these, what had a class, before it was given another, under which this actor could read it."""
    open_to = classes_open_to(actor.side, actor.role)
    rows = Reclassified.objects.filter(object_id__in=ids).values_list("object_id", "was", "named")
    return {pk for pk, was, named in rows if was in open_to or str(actor.person_id) in named}
