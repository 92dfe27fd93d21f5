"""`GET /<resource>/<id>`: one row with its tag; PATCH, PUT and DELETE where they are declared."""

from typing import Any, ClassVar

from django.http import HttpResponse

from api import etags
from api.acting import perform
from api.endpoint import AskedAhead, answer
from api.rows import ONE, RowsEndpoint


class OneEndpoint(RowsEndpoint):
    """`GET /<resource>/<id>`; PATCH, PUT and DELETE where they are declared."""

    confirms = True
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
