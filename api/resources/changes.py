"""Following what changes: `GET /changes`. Where the feed stands, then everything once by the lists, then what changed since.

In the order in which it was committed, without gaps, whoever writes meanwhile; a reader waits for nobody. It says which object,
never what it is now: that is read where it always is, under the same scope, policy and class. What may no longer be read, or is
no more, is *gone*.
"""

from collections import defaultdict
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.urls import path

from api import door, fields, registry
from api.endpoint import Endpoint, answer
from api.inputs import Fault
from api.ledger import tell
from api.problems import Problem, invalid
from api.resource import Resource
from api.schema_parts import answers, language
from clients.changes.cursors import LONGEST, opened, sealed
from clients.changes.models import Change
from clients.changes.queries import changes_after, head
from clients.changes.registry import resources
from clients.changes.rules import MOST, Cursor
from clients.changes.steps import settle
from clients.disclosure.rules import InfoClass, strictest
from clients.webhooks.rules import Told
from clients.webhooks.telling import Seen, told_to
from tenants.errors import Conflict, Invalid

SCOPE = "changes:read"
A_PAGE = 200
AWAY = frozenset({"changes_restarted", "changes_forgotten"})


class ChangesEndpoint(Endpoint):
    """Without `after`: where the feed stands. With it: what changed since, and the cursor to go on from."""

    about: ClassVar[str] = "What changed since a cursor, in order and without gaps."
    parameters: ClassVar[frozenset[str]] = frozenset({"after", "resource", "limit"})

    def get(self, request: Any) -> HttpResponse:
        door.require_scope(request.grant, SCOPE)
        wanted, limit = _wanted(request), _limit(request.GET.get("limit"))
        after = request.GET.get("after")
        cursor = _cursor(after) if after is not None else None
        settle()
        if cursor is None:
            return answer({"data": [], "cursor": sealed(head()), "more": False})
        try:
            stretch = changes_after(cursor, [one.name for one in wanted], limit)
        except Conflict as error:
            if error.code not in AWAY:
                raise
            raise _away(error) from None
        seen = _seen(request, {one.name: one for one in wanted}, told_to(request.actor, stretch.changes))
        _disclose(request, seen)
        data = [_told(one, stretch.cursor.course) for one in seen]
        return answer({"data": data, "cursor": sealed(stretch.cursor), "more": stretch.more})


def followable() -> tuple[str, ...]:
    """The resources of the API whose changes are told."""
    known = registry.resources()
    return tuple(name for name in resources() if name in known)


def _wanted(request: Any) -> list[Resource]:
    """The resources that are asked for; without a word all that this key may read. Raises Problem(400 | 403)."""
    names = [name for name in request.GET.get("resource", "").split(",") if name]
    if set(names) - set(followable()):
        fault = Fault("resource", "unknown_choice", {"known": ", ".join(followable())})
        raise invalid([fault], status=400, code="parameters_invalid")
    chosen = [registry.resource_called(name) for name in names or followable()]
    if names:
        for one in chosen:
            door.require_scope(request.grant, one.read_scope)
            fields.require_policy(one, request.grant.policy)
        return chosen
    return [one for one in chosen if one.read_scope in request.grant.scopes and _has_policy(request, one)]


def _has_policy(request: Any, resource: Resource) -> bool:
    try:
        fields.require_policy(resource, request.grant.policy)
    except Problem:
        return False
    return True


def _seen(request: Any, wanted: dict[str, Resource], seen: list[Seen]) -> list[Seen]:
    """What the lists show has changed; what they do not show, or a policy does not let out, is gone for this key.

    INVARIANT: of what is and was another reader's own nothing is told, neither that it changed nor that it is gone.
    """
    seen = _own(request, wanted, seen)
    ids: dict[str, set[UUID]] = defaultdict(set)
    for one in seen:
        if one.told is Told.CHANGED:
            ids[one.change.resource].add(one.change.object_id)
    shown = {name: _shown(request, wanted[name], some) for name, some in ids.items()}
    return [
        one
        if one.told is Told.GONE or one.change.object_id in shown[one.change.resource]
        else one._replace(told=Told.GONE, info_class=InfoClass.SHARED)
        for one in seen
        if _is_let_out(request, one)
    ]


def _own(request: Any, wanted: dict[str, Resource], seen: list[Seen]) -> list[Seen]:
    ids: dict[str, set[UUID]] = defaultdict(set)
    for one in seen:
        ids[one.change.resource].add(one.change.object_id)
    own = {name: of(request.actor, some) for name, some in ids.items() if (of := wanted[name].own)}
    owners = {name: whose(request.actor) for name in own if (whose := wanted[name].owner)}

    def is_own(change: Change) -> bool:
        if change.resource not in own or change.object_id in own[change.resource]:
            return True
        return change.whose is not None and change.whose == owners.get(change.resource)

    return [one for one in seen if is_own(one.change)]


def _shown(request: Any, resource: Resource, ids: set[UUID]) -> set[UUID]:
    rows = fields.within_class(resource, resource.rows(request.actor), request.grant.policy)
    key = resource.id_column
    return set(rows.filter(**{f"{key}__in": ids}).values_list(key, flat=True))


def _is_let_out(request: Any, seen: Seen) -> bool:
    """Whether the policy reaches as far as the class of what would be told."""
    most = request.grant.policy.most_class
    return strictest((seen.info_class, most)) == most


def _disclose(request: Any, seen: list[Seen]) -> None:
    by_class: dict[tuple[str, InfoClass], list[UUID]] = defaultdict(list)
    for one in seen:
        by_class[one.change.resource, InfoClass(one.info_class)].append(one.change.object_id)
    for (name, info_class), ids in by_class.items():
        tell(request.actor, request.grant, registry.resource_called(name).kind, info_class, dict.fromkeys(ids))


def _told(seen: Seen, course: UUID) -> dict[str, Any]:
    change = seen.change
    return {
        "resource": change.resource,
        "id": str(change.object_id),
        "change": str(seen.told),
        "at": change.at.isoformat(),
        "cursor": sealed(Cursor(course, change.position)),
    }


def _cursor(text: str) -> Cursor:
    try:
        return opened(text)
    except Conflict as error:
        raise _away(error) from None
    except Invalid as error:
        raise invalid([Fault("after", error.code, {})], status=400, code="parameters_invalid") from None


def _away(error: Conflict) -> Problem:
    """It is of another time, and whoever has it begins anew."""
    return Problem(410, error.code, faults=[Fault("after", error.code, {})])


def _limit(given: str | None) -> int:
    if given is None:
        return A_PAGE
    if not given.isdecimal() or not given.isascii() or len(given) > 6 or not 1 <= int(given) <= MOST:
        fault = Fault("limit", "number_not_within", {"least": 1, "most": MOST})
        raise invalid([fault], status=400, code="parameters_invalid")
    return int(given)


urlpatterns = [path("changes", ChangesEndpoint.as_view(), name="api:changes")]

_CHANGE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["resource", "id", "change", "at", "cursor"],
    "properties": {
        "resource": {"type": "string"},
        "id": {"type": "string", "format": "uuid"},
        "change": {"enum": [str(told) for told in Told]},
        "at": {"type": "string", "format": "date-time"},
        "cursor": {"type": "string", "description": "Where the feed stands after this change."},
    },
}
_PAGE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["data", "cursor", "more"],
    "properties": {
        "data": {"type": "array", "items": _CHANGE},
        "cursor": {"type": "string", "description": "Where to go on from; keep it with your copy."},
        "more": {"type": "boolean", "description": "Whether there are more already."},
    },
}


def _parameter(name: str, schema: dict[str, Any], about: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": about}


PATHS = {
    "/changes": {
        "get": {
            "operationId": "list_changes",
            "summary": "Follow what changes",
            "description": "Ask without `after` first, read everything by the lists, then follow from the cursor you were given."
            " An answer 410 says that the cursor is of another time: begin again.",
            "tags": ["changes"],
            "security": [{"key": []}, {"oauth": [SCOPE]}],
            "parameters": [
                _parameter(
                    "after",
                    {"type": "string", "maxLength": LONGEST},
                    "The cursor of the answer before, as it was told.",
                ),
                _parameter(
                    "resource", {"type": "string"}, "Names of resources, with commas; without it, all of yours."
                ),
                _parameter("limit", {"type": "integer", "minimum": 1, "maximum": MOST}, "How many changes at most."),
                language(),
            ],
            "responses": answers({200: (_PAGE, "What changed.", {})}, (400, 401, 403, 406, 410, 429, 503)),
        }
    }
}
