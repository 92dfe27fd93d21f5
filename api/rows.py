"""Rows of a declared resource as a key may see them: which, told how, and written into the ledger before they are told.

Reading happens in one transaction of the brand, the look-up of the key included: see `api.endpoint`. What follows from what is
already known is asked ahead (`api.ahead`), everything else by a statement that the ORM writes.
"""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings

from api import ahead, door, etags, fields, statements
from api.endpoint import SAFE, Endpoint
from api.ledger import tell
from api.problems import Problem
from api.resource import Resource, Rows
from clients.disclosure.rules import InfoClass, is_logged
from tenants.errors import Missing, RelaisError
from tenants.walls.backend.together import Answer
from tenants.walls.scope import walls

ONE = "one"


def _at(made: Any, path: str) -> Any:
    """What the path of a field leads to, from the row itself: through its relations, and into JSON."""
    for part in path.split("__"):
        made = made.get(part) if isinstance(made, dict) else getattr(made, part)
    return made


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

    def as_written(self, request: Any, made: Any) -> tuple[Any, str] | None:
        """`one_row` of what an act has just written. None where that is to be read, or refused, the ordinary way."""
        try:
            pick = self.picked(request)
            self.resource.rows(request.actor)
        except (RelaisError, Problem):
            return None
        if pick.class_at is not None or not fields.is_within(self.resource, request.grant.policy):
            return None
        values = [_at(made, path) for path in pick.columns]
        self.told(request, [(made.pk,)], pick)
        etag = values[pick.etag_from : pick.etag_from + len(self.resource.etag)]
        return pick.drawn(values), etags.etag_of(request.brand, self.resource, made.pk, etag) if etag else ""

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
