"""Many rows in one request: each is done or refused by itself, and the answer says which, in the order in which they were sent.

One transaction with a savepoint for each row, so that the whole answer is kept for a repeat as any other. Rows are worked on in
the order of their ids, whatever order they came in: two programs that send the same ones never wait for each other crosswise.
"""

from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.utils import translation

from api import door, fields, once
from api.acting import as_it_is_now
from api.bodies import body_of
from api.endpoint import answer
from api.inputs import MOST_FAULTS, AnObject, Fault, Id, Input, ListOf, Shape
from api.problems import Problem, document_of, invalid, language_of, problem_of
from api.resource import Act
from api.rows import RowsEndpoint
from tenants.errors import RelaisError

MOST = 100
ROWS = Shape((Input("rows", ListOf(AnObject(), most=MOST, least=1), required=True),))


def row_shape(act: Act, *, makes: bool) -> Shape:
    """One row: what the act takes, and the id of what it is done to."""
    return Shape(act.inputs if makes else (Input("id", Id(), required=True), *act.inputs), act.partial)


class BulkEndpoint(RowsEndpoint):
    """`POST /<resource>/bulk/<act>` with `{"rows": [...]}`."""

    act: Act
    parameters: ClassVar[frozenset[str]] = frozenset({"fields"})
    methods = ["POST"]  # noqa: RUF012

    def post(self, request: Any) -> HttpResponse:
        door.require_scope(request.grant, self.act.scope)
        faults: list[Fault] = []
        sent = ROWS.read(body_of(request), "", faults)
        if faults:
            raise invalid(faults)
        if "fields" in request.GET:
            self.picked(request)
        with once.effect(request, needed=self.act.once) as effect:
            if effect.answer is None:
                with translation.override(language_of(request)):
                    effect.keep(answer({"results": self._results(request, effect, sent["rows"])}))
        assert effect.answer is not None
        return effect.answer

    def _results(self, request: Any, effect: once.Once, rows: list[Any]) -> list[dict[str, Any]]:
        makes = self.act is self.resource.create
        shape = row_shape(self.act, makes=makes)
        results: list[dict[str, Any]] = [{}] * len(rows)
        read: list[tuple[int, UUID | None, dict[str, Any]]] = []
        left = MOST_FAULTS
        for place, row in enumerate(rows):
            faults: list[Fault] = []
            body = shape.read(row, f"/rows/{place}", faults)
            if faults:
                told = faults[: max(left, 1)]  # every row that is refused says why
                left -= len(told)
                results[place] = _refused(invalid(told))
            else:
                read.append((place, None if makes else body.pop("id"), body))
        for place, of, body in sorted(read, key=lambda one: (str(one[1]), one[0])):
            results[place] = self._one(request, effect, of, body)
        return results

    def _one(self, request: Any, effect: once.Once, of: UUID | None, body: dict[str, Any]) -> dict[str, Any]:
        effect.effect.left = 1
        told = len(getattr(request, "told", []))
        try:
            with transaction.atomic():
                made = self.act.run(request.actor, of, body)
                said = self.act.said(made, body) if self.act.said else {}
                row, _ = as_it_is_now(self, request, fields.id_of(made) or of, said)
        except (Problem, RelaisError) as wrong:
            del getattr(request, "told", [])[told:]
            return _refused(wrong if isinstance(wrong, Problem) else problem_of(wrong))
        return {"status": self.act.status, "data": row}


def _refused(problem: Problem) -> dict[str, Any]:
    return {"status": problem.status, "problem": document_of(problem)}
