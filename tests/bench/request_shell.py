"""The shell of a request: host, brand, role, transaction and one query, in process, beside plain Django and stock django-tenants.

Plain Django with one schema, no middleware and the same query is the limit. `with_membership` also asks where the person
stands: inside the brand, through its window on its people, and at the peer in the public schema. All keep their connections.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, connections
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path

from tenants.actions import create_brand
from tenants.memberships import standing_of
from tenants.models import Brand, Membership, Person
from tenants.vocabulary import BrandState, Role, Side
from tenants.walls.backend.base import OWNER
from tenants.walls.scope import brand_scope
from tests.bench._measuring import interleaved, timed
from tests.bench._peers import Peer
from tests.bench._shell import serve
from tests.bench._shell_page import title
from tests.bench._tenancy import brands_until, fill

BRANDS = {"small": 10, "full": 50}
REQUESTS = 200
ROUNDS = {"small": 9, "full": 21}
_person: list[Person] = []


def run(scale: str) -> dict[str, Any]:
    """Milliseconds a request."""
    brands = _brands(BRANDS[scale])
    hosts = [f"{brand.slug}.{settings.HUB_HOST}" for brand in brands]
    with ExitStack() as stack:
        contenders = {
            "limit": _asking(stack.enter_context(_peer(brands, stock=False))),
            "peer": _asking(stock := stack.enter_context(_peer(brands, stock=True))),
            "peer_with_membership": _asking(stock, "/member"),
        }
        stack.enter_context(_as_in_production())
        contenders |= {"ours": _ours(hosts, page), "with_membership": _ours(hosts, page_of_a_member)}
        found = {name: series.figures() for name, series in interleaved(contenders, ROUNDS[scale], alias=None).items()}
    cpu = {name: figures["cpu_ms"] for name, figures in found.items()}
    return {
        "name": "shell of a request",
        "unit": "milliseconds a request",
        "ours": found["ours"] | {"with_membership": found["with_membership"]},
        "peer": found["peer"] | {"with_membership": found["peer_with_membership"]},
        "limit": found["limit"],
        "ratios": {
            "ours_to_peer": round(cpu["ours"] / cpu["peer"], 2),
            "ours_to_limit": round(cpu["ours"] / cpu["limit"], 2),
            "with_membership": round(cpu["with_membership"] / cpu["peer_with_membership"], 2),
        },
        "goals": {
            "one_ms_cpu_with_membership": cpu["with_membership"] <= 1,
            "six_tenths_of_stock": cpu["ours"] <= 0.6 * cpu["peer"],
        },
        "notes": f"{len(brands)} brands in turn, {REQUESTS} requests a round; peer: django-tenants 4.0 with its main middleware",
    }


def page(request: HttpRequest) -> HttpResponse:
    """Ours: the same page inside the brand's scope."""
    with brand_scope(request.brand):  # type: ignore[attr-defined]
        return HttpResponse(f"<p>{title()}</p>")


def page_of_a_member(request: HttpRequest) -> HttpResponse:
    """The same for somebody whose place in the brand is looked up."""
    with brand_scope(request.brand):  # type: ignore[attr-defined]
        assert standing_of(_person[0].pk, request.brand) is not None  # type: ignore[attr-defined]
        return HttpResponse(f"<p>{title()}</p>")


def routed(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A middleware behind ours that sends every request to the page being measured."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.urlconf = _Routes  # type: ignore[assignment]
        return get_response(request)

    return middleware


class _Routes:
    urlpatterns: ClassVar[list[Any]] = []


def _ours(hosts: list[str], view: Callable[[HttpRequest], HttpResponse]) -> Callable[[], Any]:
    handler = WSGIHandler()
    routes = type("Routes", (), {"urlpatterns": [path("", view)]})

    def round_of_requests() -> Any:
        _Routes.urlpatterns = routes.urlpatterns  # type: ignore[attr-defined]
        from django.urls import clear_url_caches

        clear_url_caches()
        serve(handler, hosts, 1)
        return _each(timed(lambda: serve(handler, hosts, REQUESTS), "default"))

    serve_once = round_of_requests
    serve_once()
    return round_of_requests


def _asking(peer: Peer, page: str = "/") -> Callable[[], Any]:
    return lambda: _each(tuple(peer.ask(requests=[REQUESTS, page])))


def _each(took: Any) -> tuple[float, float, float]:
    wall, client, server = took
    return wall / REQUESTS, client / REQUESTS, (server or 0.0) / REQUESTS


@contextmanager
def _as_in_production() -> Iterator[None]:
    """Our two middlewares alone, and a connection that is kept."""
    connection.close()
    kept = connection.settings_dict
    before = {name: kept[name] for name in ("CONN_MAX_AGE", "CONN_HEALTH_CHECKS")}
    kept.update(CONN_MAX_AGE=None, CONN_HEALTH_CHECKS=False)
    names = ["tenants.middleware.BrandHostMiddleware", "tests.bench.request_shell.routed"]
    try:
        with override_settings(MIDDLEWARE=names):
            yield
    finally:
        kept.update(before)
        connection.close()


@contextmanager
def _peer(brands: list[Brand], *, stock: bool) -> Iterator[Peer]:
    address = connections.settings[OWNER]
    database = {name: address[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    first = {
        "path": str(settings.BASE_DIR),
        "stock": stock,
        "database": database,
        "schemas": [b.schema_name for b in brands],
    }
    program = str(Path(__file__).with_name("_shell.py"))
    process = subprocess.Popen([sys.executable, program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(json.dumps(first) + "\n")
        process.stdin.flush()
        if json.loads(process.stdout.readline() or "null") != "ready":
            raise RuntimeError("the peer did not start")
        yield Peer(process)
    finally:
        process.terminate()
        process.wait()


def _brands(size: int) -> list[Brand]:
    brands_until(size + 3)
    for blank in Brand.objects.filter(state=BrandState.BLANK):
        name = blank.schema_name.replace("_", "-")
        create_brand(name, name)
    brands = list(Brand.objects.filter(state=BrandState.ACTIVE)[:size])
    person = Person.objects.create_user(f"shell-{time.time_ns()}@example.org", name="Visitor")
    _person[:] = [person]
    for brand in brands:
        Membership.objects.create(person=person, brand=brand, side=Side.BRAND.value, role=Role.APPROVER.value)
        fill(brand.ref(), 1)
    return brands
