"""`GET /<resource>`: a page of what is declared, as its parameters ask for it; `POST` there makes one more."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from django.http import HttpResponse

from api import fields, pages
from api.acting import perform
from api.endpoint import AskedAhead, answer
from api.inputs import Fault
from api.problems import invalid
from api.resource import Rows
from api.rows import RowsEndpoint
from tenants.walls.backend.together import Answer


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

    confirms = True

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


def as_value(type_: Any, text: str) -> Any:
    """A parameter is text: what looks for a number or yes or no is given one."""
    kind = type_.schema().get("type")
    if kind == "integer" and text.removeprefix("-").isdecimal() and text.isascii() and len(text) < 17:
        return int(text)
    return {"true": True, "false": False}.get(text, text) if kind == "boolean" else text
