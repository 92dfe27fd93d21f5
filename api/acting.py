"""One act: an action called inside `one_effect`. What the answer tells is read, written into the ledger and kept for a repeat
in the transaction of the effect.
"""

from typing import Any, ClassVar

import orjson
from django.http import HttpResponse

from api import door, etags, fields, once
from api.bodies import body_of
from api.endpoint import answer
from api.inputs import Fault, Shape
from api.problems import Problem, invalid
from api.resource import Act
from api.rows import RowsEndpoint
from tenants.errors import RelaisError


class ActEndpoint(RowsEndpoint):
    """`POST /<resource>/<id>/<act>`."""

    act: Act
    confirms = True
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
    return _with_shown(effect.answer, getattr(request, "shown", {}))


def _with_shown(response: HttpResponse, shown: dict[str, Any]) -> HttpResponse:
    """INVARIANT: added after the answer was kept for a repeat: what is shown once stands in no table."""
    if shown:
        response.content = orjson.dumps(orjson.loads(response.content) | shown)
    return response


def done(view: RowsEndpoint, request: Any, act: Act, of: Any, body: dict[str, Any]) -> HttpResponse:
    """The action called, and what there is now as the key may see it: inside the effect's transaction."""
    made = act.run(request.actor, of, body)
    if act.status == 204:
        return answer(None, status=204)
    which = fields.id_of(made) or of
    request.shown = {one.name: one.draw(made) for one in act.shown if one.draw}
    told = view.as_written(request, made) if act.whole else None
    row, etag = told or as_it_is_now(view, request, which, act.said(made, body) if act.said else {})
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
        return {view.resource.id_column: str(which), **named}, ""


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
