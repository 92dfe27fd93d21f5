"""What every address below `/api/v1/` has in common: the key, how often it may ask, what may be sent, how a refusal is told."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, ClassVar

import orjson
from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse
from rest_framework.views import APIView

from api import door, limits
from api.inputs import Fault
from api.once import KeyChanged
from api.problems import Problem, answered, invalid, problem_of
from api.resource import Act, Resource
from clients.keys.access import Foreseen
from tenants.errors import RelaisError
from tenants.walls.backend.together import Answer, Question
from tenants.walls.scope import brand_scope, gathering

AskedAhead = tuple[tuple[Question, Sequence[Any]], Callable[[Answer], HttpResponse]]
SAFE = frozenset({"GET", "HEAD"})


class Endpoint(APIView):
    """One address. Subclasses have `get`, `post` ... that return an HttpResponse, and raise Problem or an error of the house.

    `request.actor` and `request.grant` are set. GET and HEAD run inside the brand's scope; the others open their own.
    """

    machine: ClassVar[bool] = True
    resource: Resource | None = None
    act: Act | None = None
    parameters: ClassVar[frozenset[str]] = frozenset()
    confirms: ClassVar[bool] = False
    """Whatever it writes, it writes inside `once.effect`, which confirms a key that was foreseen."""
    tells: ClassVar[frozenset[str]] = frozenset()
    """In which form it answers, besides JSON."""
    costs: ClassVar[int] = 1
    """As how many requests of its key it counts, where one takes long."""

    def dispatch(self, request: HttpRequest, *args: Any, **parts: Any) -> HttpResponse:
        """Without DRF's own wrapping: its parsers and renderers would read and write a second time."""
        self.request: Any = request
        self.args, self.kwargs = args, parts
        try:
            response = self._entered(request, parts)
            self._noted(request)
        except (Problem, RelaisError, OperationalError, DataError) as wrong:
            response = self._refused(request, wrong)
        self._counted(request)
        limits.say(request, response)
        for named in (self.resource, self.act):
            if named is not None and named.retired is not None:
                for header, value in named.retired.headers().items():
                    response.headers[header] = value
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Vary", "Authorization")
        return response

    def _counted(self, request: Any) -> None:
        """When the transaction of the reading is over: nobody waits for the row of the count meanwhile."""
        if getattr(request, "grant", None) is not None:
            with suppress(Problem):  # none is left: the next one is refused
                for _ in range(self.costs - 1):
                    limits.count(request)

    def _refused(self, request: Any, wrong: Exception) -> HttpResponse:
        try:
            problem = _as_problem(wrong)
            if problem.code == "key_invalid":
                door.note_wrong(request, request.brand)
            self._noted(request)
        except Problem as instead:
            problem = instead
        return answered(request, problem)

    def _noted(self, request: Any) -> None:
        if grant := getattr(request, "grant", None):
            door.note(request, request.brand, grant)

    def _entered(self, request: Any, parts: dict[str, Any]) -> HttpResponse:
        handler: Callable[..., HttpResponse] | None = self._handler(request.method)
        if handler is None:
            allowed = ", ".join(self.methods)
            raise Problem(405, "method_unknown", headers={"Allow": allowed}, allowed=allowed)
        _acceptable(request, self.tells)
        return (self._read if request.method in SAFE else self._written)(request, parts, handler)

    def _written(self, request: Any, parts: dict[str, Any], handler: Callable[..., HttpResponse]) -> HttpResponse:
        """The key looked up with the first question of the effect, where it is known and counted; else before it.

        INVARIANT: nothing is written and nothing told by memory: `once.effect` asks for the key first of all, and whatever ends
        before it asks here.
        """
        counted, foreseen = False, door.foreseen(request, request.brand) if self.confirms else None
        if foreseen:
            request.actor, request.grant = foreseen.actor, foreseen.grant
            if counted := limits.is_counted(request):
                request.foreseen = foreseen
                with suppress(KeyChanged):
                    return self._confirmed(request, parts, handler)
            del request.actor, request.grant
        request.actor, request.grant = door.enter(request, request.brand)
        if not counted:
            limits.count(request)
        return self._handled(request, parts, handler)

    def _confirmed(self, request: Any, parts: dict[str, Any], handler: Callable[..., HttpResponse]) -> HttpResponse:
        try:
            return self._handled(request, parts, handler)
        finally:
            if request.foreseen is not None:  # refused before the effect: told to nobody whose key is no more
                request.foreseen = None
                request.actor, request.grant = door.enter(request, request.brand)

    def _read(self, request: Any, parts: dict[str, Any], handler: Callable[..., HttpResponse]) -> HttpResponse:
        """In one message with the look-up of the key where all of it is known ahead, else in one transaction.

        INVARIANT: what is counted is committed before anything is read: a reading that fails was counted all the same, and none
        holds the row of the count. Where this process has no counted request left, the key is looked up again after it took some.
        """
        counted = False
        if foreseen := door.foreseen(request, request.brand):
            request.actor, request.grant = foreseen.actor, foreseen.grant
            counted = limits.is_counted(request)
            told = self._told_ahead(request, parts, foreseen) if counted else None
            if told is not None:
                return told
            del request.actor, request.grant  # who was foreseen, and perhaps is nobody any more
        rate, request.rate = getattr(request, "rate", None), None
        with brand_scope(request.brand), gathering():
            request.actor, request.grant = door.enter(request, request.brand)
            request.rate = rate
            if counted or limits.is_counted(request):
                return self._handled(request, parts, handler)
        limits.count(request)
        with brand_scope(request.brand), gathering():
            request.actor, request.grant = door.enter(request, request.brand)
            return self._handled(request, parts, handler)

    def _told_ahead(self, request: Any, parts: dict[str, Any], foreseen: Foreseen) -> HttpResponse | None:
        """None for what has to be asked the ordinary way, a refusal among it: that is told from there."""
        try:
            ahead = None if set(request.GET) - self.parameters_of(request.method) else self.ahead(request, **parts)
        except (Problem, RelaisError):
            return None
        confirmed = foreseen.confirmed([ahead[0]]) if ahead else None
        if ahead is None or confirmed is None:
            return None
        request.grant, (answer,) = confirmed
        return ahead[1](answer)

    def ahead(self, request: Any, *args: Any, **parts: Any) -> AskedAhead | None:
        """What a reading will ask, and how its answer is told, where both follow from what is known. Asks nothing itself."""
        return None

    def _handled(self, request: Any, parts: dict[str, Any], handler: Callable[..., HttpResponse]) -> HttpResponse:
        if unknown := sorted(set(request.GET) - self.parameters_of(request.method)):
            faults = [Fault(name[:80], "parameter_unknown", {"name": name[:80]}) for name in unknown[:20]]
            raise invalid(faults, status=400, code="parameters_invalid")
        return handler(request, **parts)

    def _handler(self, method: str) -> Callable[..., HttpResponse] | None:
        return getattr(self, method.lower()) if method in self.methods else None

    @property
    def methods(self) -> list[str]:
        """Those that this address knows; HEAD wherever there is GET."""
        known = [name for name in ("GET", "POST", "PUT", "PATCH", "DELETE") if hasattr(self, name.lower())]
        return [*known[:1], "HEAD", *known[1:]] if "GET" in known else known

    @property
    def head(self) -> Callable[..., HttpResponse]:
        return self.get

    def parameters_of(self, method: str) -> frozenset[str]:
        return self.parameters


def answer(value: Any, *, status: int = 200, etag: str = "") -> HttpResponse:
    """JSON as we write it: UTF-8, times in UTC with their offset. Bytes are JSON already."""
    raw = value if isinstance(value, bytes) else b"" if status in {204, 304} else orjson.dumps(value, default=str)
    response = HttpResponse(raw, status=status, content_type="application/json")
    if etag:
        response.headers["ETag"] = etag
    return response


def _acceptable(request: Any, also: frozenset[str]) -> None:
    """Raises Problem(406) for somebody who wants neither JSON nor what this address answers in."""
    said = request.META.get("HTTP_ACCEPT", "")
    if said and not any(one.split(";")[0].strip() in _OURS | also for one in said.split(",")):
        raise Problem(406, "not_acceptable")


_OURS = frozenset({"*/*", "application/*", "application/json", "application/problem+json"})


def _as_problem(wrong: Exception) -> Problem:
    if isinstance(wrong, Problem):
        return wrong
    if isinstance(wrong, RelaisError):
        return problem_of(wrong)
    if isinstance(wrong, DataError):  # what no column can hold, and no type of ours refused
        return Problem(422, "input_invalid")
    if getattr(getattr(wrong, "__cause__", None), "sqlstate", "") in {"57014", "55P03", "40P01"}:
        return Problem(503, "too_busy", headers={"Retry-After": "2"})
    raise wrong
