"""How every address below `/api/v1/` is answered: the key, its scope, its policy; then rows as they are declared, or one act.

Reading happens in one transaction of the brand, the look-up of the key included. An act is one action inside `one_effect`: what
the answer tells is read, written into the ledger and kept for a repeat in the transaction of the effect.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

import orjson
from django.conf import settings
from django.http import HttpResponse

from api import ahead, door, etags, fields, once, pages, statements
from api.bodies import body_of
from api.endpoint import SAFE, AskedAhead, Endpoint, answer
from api.inputs import Fault, Shape
from api.ledger import tell
from api.problems import Problem, invalid
from api.resource import Act, Resource, Rows
from clients.disclosure.rules import InfoClass, is_logged
from tenants.errors import Missing, RelaisError
from tenants.walls.backend.together import Answer
from tenants.walls.scope import walls

__all__ = [
    "ActEndpoint",
    "Endpoint",
    "ListEndpoint",
    "OneEndpoint",
    "RowsEndpoint",
    "answer",
    "as_it_is_now",
    "perform",
]

ONE = "one"


class RowsEndpoint(Endpoint):
    """What the addresses of a declared resource share."""

    resource: Resource

    def picked(self, request: Any) -> fields.Picked:
        door.require_scope(request.grant, self.resource.read_scope)
        fields.require_policy(self.resource, request.grant.policy)
        return fields.picked(self.resource, request.grant.policy, request.GET.get("fields"))

    def rows(self, request: Any) -> Any:
        return fields.within_class(self.resource, self.resource.rows(request.actor), request.grant.policy)

    def asked(
        self,
        request: Any,
        pick: fields.Picked,
        which: str,
        narrow: Callable[..., Rows],
        values: Sequence[Any],
        page: int = 0,
    ) -> list[tuple[Any, ...]]:
        """The ids and columns of `narrow(rows, *values)`; `which` says all that `narrow` depends on besides.

        The door of `clients` is passed on each request, whether the statement behind it is known or not.
        """
        rows = self.rows(request)
        return statements.rows_of(
            self._named(request, pick, which) if self.resource.steady else None,
            lambda *now: narrow(rows, *now),
            values,
            as_text=[1 + at for at in pick.as_text],
            shape=self._shape(pick, page),
        )

    def _named(self, request: Any, pick: fields.Picked, which: str) -> tuple[Any, ...]:
        """All that a statement depends on besides its values."""
        actor = request.actor
        who = (actor.brand, actor.person_id, actor.side, actor.role, actor.agency_id)
        return (self.resource.name, which, pick.columns, request.grant.policy.most_class, *who)

    def _shape(self, pick: fields.Picked, page: int) -> ahead.Shape | None:
        """How the database tells the rows as JSON; None for what is drawn here, or stands in the ledger with its reading."""
        is_gathered = pick.class_at is None and not is_logged(self.resource.info_class) and settings.API_LEDGER_SECONDS
        if not is_gathered or any(one.draw or len(one.paths) != 1 for one in pick.fields):
            return None
        order = len(self.resource.order) if page else 0
        return ahead.Shape(tuple(one.name for one in pick.fields), len(self.resource.etag), page, order)

    def _question(self, request: Any, pick: fields.Picked, which: str, values: Sequence[Any]) -> ahead.Ahead | None:
        """The question behind a reading, once its statement was written. The door of `clients` is passed as ever."""
        if not self.resource.steady or not settings.API_LEDGER_SECONDS:
            return None
        known = ahead.known(statements.name_of(self._named(request, pick, which), values))
        if known is not None:
            self.resource.rows(request.actor)
        return known

    def _told_ahead_of(self, request: Any, ids: Sequence[str]) -> None:
        """Into the ledger: rows of the one class that all have."""
        self.note_told(request, self.resource.info_class, ids)
        tell(request.actor, request.grant, self.resource.kind, self.resource.info_class, ids)

    def one_row(self, request: Any, of: Any, pick: fields.Picked) -> tuple[Any, str]:
        """The row as it is told, and its tag; in the ledger before it is told. Raises Missing."""
        known = self._question(request, pick, ONE, [of])
        if known is not None:
            return self.row_ahead(request, walls().ask_together(request.brand, [known.asked([of])])[0])
        key = self.resource.id_column

        def narrow(rows: Rows, id_: Any) -> Rows:
            return rows.filter(**{key: id_}).order_by().values_list(key, *pick.columns)[:1]

        found = self.asked(request, pick, ONE, narrow, [of])
        if not found:
            raise Missing(self.resource.missing)
        row = found[0]
        self.told(request, [row], pick)
        rest = row[1:]
        etag = rest[pick.etag_from : pick.etag_from + len(self.resource.etag)]
        return pick.drawn(rest), etags.etag_of(request.brand, self.resource, row[0], etag) if etag else ""

    def row_ahead(self, request: Any, rows: Answer) -> tuple[Any, str]:
        """The same of what the database has told as JSON."""
        if not rows:
            raise Missing(self.resource.missing)
        row, of, *tags = (one or b"null" for one in rows[0])
        self._told_ahead_of(request, [of.decode()])
        etag = etags.etag_from(request.brand, self.resource, of.decode(), b"[%b]" % b",".join(tags)) if tags else ""
        return orjson.Fragment(row), etag

    def told(self, request: Any, rows: list[tuple[Any, ...]], pick: fields.Picked) -> None:
        """Into the ledger, by class."""
        ids: dict[InfoClass, list[UUID]] = {}
        for row in rows:
            mark = self.resource.info_class if pick.class_at is None else InfoClass(row[1 + pick.class_at])
            ids.setdefault(mark, []).append(row[0])
        for info_class, which in ids.items():
            self.note_told(request, info_class, which)
            tell(request.actor, request.grant, self.resource.kind, info_class, which)

    def note_told(self, request: Any, info_class: InfoClass, ids: Sequence[UUID | str]) -> None:
        """Beside the ledger: for the answer that is kept for a repeat."""
        if request.method in SAFE:
            return
        request.told = [*getattr(request, "told", []), [self.resource.kind, str(info_class), [str(one) for one in ids]]]


@dataclass(frozen=True, slots=True)
class _Asked:
    """One page of a list, as its parameters ask for it."""

    pick: fields.Picked
    limit: int
    chosen: dict[str, Any]
    bound: str
    behind: list[Any]

    @property
    def which(self) -> str:
        return f"list {self.bound} {self.limit}"


class ListEndpoint(RowsEndpoint):
    """`GET /<resource>` a page at a time; `POST` makes one, where there is `create`."""

    def _handler(self, method: str) -> Callable[..., HttpResponse] | None:
        return super()._handler(method) if method in self.methods else None

    @property
    def methods(self) -> list[str]:
        return (["GET", "HEAD"] if self.resource.listed else []) + (["POST"] if self.resource.create else [])

    def parameters_of(self, method: str) -> frozenset[str]:
        if method == "POST":
            return frozenset({"fields"})
        return frozenset({"fields", "limit", "cursor", *(one.name for one in self.resource.filters)})

    def get(self, request: Any) -> HttpResponse:
        asked = self._asked(request)
        resource, pick, limit = self.resource, asked.pick, asked.limit
        columns = pages.order_columns(resource)

        def narrow(rows: Rows, *last: Any) -> Rows:
            rows = self._narrowed(rows, asked.chosen)
            rows = pages.after(rows, resource.order, last) if last else rows
            return rows.order_by(*resource.order).values_list(resource.id_column, *pick.columns, *columns)[: limit + 1]

        found = self.asked(request, pick, asked.which, narrow, asked.behind, limit)
        page = found[:limit]
        following = pages.cursor_after(asked.bound, page[-1][-len(columns) :]) if len(found) > limit else None
        self.told(request, page, pick)
        return answer({"data": [pick.drawn(row[1:]) for row in page], "next": following})

    def ahead(self, request: Any) -> AskedAhead | None:
        asked = self._asked(request)
        known = self._question(request, asked.pick, asked.which, asked.behind)
        if known is None:
            return None

        def told(rows: Answer) -> HttpResponse:
            page = known.page(rows, asked.limit)
            following = None if page.behind is None else pages.cursor_after(asked.bound, page.behind)
            if page.ids:
                self._told_ahead_of(request, page.ids)
            return answer(b'{"data":[%b],"next":%b}' % (page.told, orjson.dumps(following)))

        return known.asked(asked.behind), told

    def _asked(self, request: Any) -> "_Asked":
        """What the parameters say. Raises Problem(400 | 403)."""
        resource, pick, limit = self.resource, self.picked(request), pages.limit_of(request.GET.get("limit"))
        chosen = self._filters(request)
        bound = pages.bound_to(request.brand, resource.name, chosen)
        cursor = request.GET.get("cursor")
        behind = pages.opened(cursor, bound, len(resource.order)) if cursor else []
        return _Asked(pick, limit, chosen, bound, behind)

    def _narrowed(self, rows: Rows, chosen: dict[str, Any]) -> Rows:
        rows = self.resource.listing(rows) if self.resource.listing else rows
        for one in self.resource.filters:
            if one.name in chosen:
                rows = one.narrow(rows, chosen[one.name])
        return rows

    def _filters(self, request: Any) -> dict[str, Any]:
        faults: list[Fault] = []
        chosen = {}
        for one in self.resource.filters:
            values = request.GET.getlist(one.name)
            if len(values) > 1:
                faults.append(Fault(one.name, "parameter_twice"))
            elif values:
                chosen[one.name] = one.type.read(as_value(one.type, values[0]), one.name, faults)
        if faults:
            raise invalid(faults, status=400, code="parameters_invalid")
        fields.require_told(self.resource, request.grant.policy, chosen)
        return chosen

    def post(self, request: Any) -> HttpResponse:
        assert self.resource.create is not None
        return perform(self, request, self.resource.create, None)


class OneEndpoint(RowsEndpoint):
    """`GET /<resource>/<id>`; PATCH, PUT and DELETE where they are declared."""

    parameters: ClassVar[frozenset[str]] = frozenset({"fields"})

    @property
    def methods(self) -> list[str]:
        verbs = {"PUT": self.resource.replace, "PATCH": self.resource.update, "DELETE": self.resource.delete}
        return ["GET", "HEAD", *(name for name, act in verbs.items() if act)]

    def get(self, request: Any, id: Any) -> HttpResponse:  # noqa: A002  the name in the address
        return _told_one(request, *self.one_row(request, id, self.picked(request)))

    def ahead(self, request: Any, id: Any) -> AskedAhead | None:  # noqa: A002
        known = self._question(request, self.picked(request), ONE, [id])
        if known is None:
            return None

        return known.asked([id]), lambda rows: _told_one(request, *self.row_ahead(request, rows))

    def patch(self, request: Any, id: Any) -> HttpResponse:  # noqa: A002
        assert self.resource.update is not None
        return perform(self, request, self.resource.update, id)

    def put(self, request: Any, id: Any) -> HttpResponse:  # noqa: A002
        assert self.resource.replace is not None
        return perform(self, request, self.resource.replace, id)

    def delete(self, request: Any, id: Any) -> HttpResponse:  # noqa: A002
        assert self.resource.delete is not None
        return perform(self, request, self.resource.delete, id)


def _told_one(request: Any, row: Any, etag: str) -> HttpResponse:
    if etag and etags.is_known(request, etag):
        return answer(None, status=304, etag=etag)
    return answer(row, etag=etag)


class ActEndpoint(RowsEndpoint):
    """`POST /<resource>/<id>/<act>`."""

    act: Act
    parameters: ClassVar[frozenset[str]] = frozenset({"fields"})
    methods = ["POST"]  # noqa: RUF012

    def post(self, request: Any, id: Any) -> HttpResponse:  # noqa: A002
        return perform(self, request, self.act, id)


def perform(view: RowsEndpoint, request: Any, act: Act, of: Any) -> HttpResponse:
    """One act: the body read, the state compared, the action called, its answer kept; all in one transaction."""
    door.require_scope(request.grant, act.scope)
    body = _body(request, act.shape)
    if "fields" in request.GET:
        view.picked(request)
    with once.effect(request, needed=act.once) as effect:
        if effect.answer is None:
            etags.require_match(request, view.resource, request.actor, of, needed=act.matched)
            effect.keep(done(view, request, act, of, body))
    assert effect.answer is not None
    return effect.answer


def done(view: RowsEndpoint, request: Any, act: Act, of: Any, body: dict[str, Any]) -> HttpResponse:
    """The action called, and what there is now as the key may see it: inside the effect's transaction."""
    made = act.run(request.actor, of, body)
    if act.status == 204:
        return answer(None, status=204)
    which = fields.id_of(made) or of
    row, etag = as_it_is_now(view, request, which, act.said(made, body) if act.said else {})
    response = answer(row, status=act.status, etag=etag)
    if act.status == 201:
        response.headers["Location"] = f"/api/v1/{view.resource.name}/{which}"
    return response


def as_it_is_now(
    view: RowsEndpoint, request: Any, which: Any, said: dict[str, Any] | None = None
) -> tuple[dict[str, Any], str]:
    """The row as a reading would tell it; for a key that may not read it, its id and what it `said` itself."""
    try:
        return view.one_row(request, which, view.picked(request))
    except (RelaisError, Problem):
        wanted = request.GET.get("fields")
        named = (said or {}) if wanted is None else {n: v for n, v in (said or {}).items() if n in wanted.split(",")}
        return {"id": str(which), **named}, ""


def as_value(type_: Any, text: str) -> Any:
    """A parameter is text: what looks for a number or yes or no is given one."""
    kind = type_.schema().get("type")
    if kind == "integer" and text.removeprefix("-").isdecimal() and text.isascii() and len(text) < 17:
        return int(text)
    return {"true": True, "false": False}.get(text, text) if kind == "boolean" else text


def _body(request: Any, shape: Shape) -> dict[str, Any]:
    """The checked body. Raises Problem(422) with every fault at its place."""
    value = body_of(request)
    if value is None:
        if shape.schema().get("required"):
            raise Problem(400, "body_missing")
        value = {}
    faults: list[Fault] = []
    body = shape.read(value, "", faults)
    if faults:
        raise invalid(faults)
    return body
