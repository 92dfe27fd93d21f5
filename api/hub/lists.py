"""Three lists over brands: which these keys open, what waits in them, and their open conversations. Pointers, no words.

One page, soonest first: what there is to say about a thing is asked where it is, at its brand's own address.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from heapq import nlargest
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse

from api import fields, pages
from api.endpoint import answer
from api.hub.several import HEADER, Closed, Opened, opened, readers
from api.inputs import Fault
from api.problems import Problem, answered, invalid, problem_of
from api.registry import resource_called
from clients.disclosure.rules import ORDER, InfoClass, classes_open_to, strictness
from clients.people.rules import Verb
from tenants.errors import RelaisError
from tenants.waiting import items_waiting
from tenants.walls.scope import ask_each, hub_scope

Rows = tuple[list[dict[str, Any]], list[Closed], bool]
_TALKS = """
    SELECT id, last_said_at, state, holder_side, held_since, info_class FROM custody_conversation
    WHERE merged_into_id IS NULL AND state = 'open' AND info_class = ANY(%s)
    ORDER BY last_said_at DESC, id DESC LIMIT %s
"""
_TOLD = ("last_said_at", "state", "holder_side", "held_since")


def brands(found: list[Opened], limit: int) -> Rows:
    """What each key says of itself; nothing of a brand."""
    rows = [
        {
            "brand": one.brand.slug,
            "name": one.brand.name,
            "url": _address(one),
            "side": str(one.actor.side),
            "role": str(one.actor.role),
            "scopes": sorted(one.grant.scopes),
        }
        for one in found
    ]
    return rows[:limit], [], len(rows) > limit


def work(found: list[Opened], limit: int) -> Rows:
    """Items that wait for one side or the other. One query over all brands."""
    items = resource_called("items")
    inside, closed = readers(found, items, Verb.ITEM_READ)
    by_brand = {one.brand.id: one for one in inside}
    with hub_scope():
        pointers = items_waiting(list(by_brand), limit + 1)
    rows = []
    for pointer in pointers[:limit]:
        one = by_brand[pointer.brand_id]
        may = frozenset(one.grant.policy.fields[items.kind])
        row: dict[str, Any] = {"brand": one.brand.slug, "id": str(pointer.object_id)}
        row["url"] = _address(one, "items", pointer.object_id)
        if "state" in may:
            row |= {"state": pointer.state, "side": pointer.side}
        if {"decide_by", "not_before"} <= may:
            row |= {"due_at": pointer.due_at}
        rows.append(row)
    for one in inside:
        one.tell(items.kind, items.info_class, [p.object_id for p in pointers[:limit] if p.brand_id == one.brand.id])
    return rows, closed, len(pointers) > limit


def conversations(found: list[Opened], limit: int) -> Rows:
    """Open ones, the newest words first. Each brand is asked inside its own walls, all of them in one round trip.

    Nothing stricter than `shared`: what is kept for named people is read in the brand, where its reading is written down first.
    """
    talks = resource_called("conversations")
    inside, closed = readers(found, talks, Verb.CONVERSATION_READ)
    with hub_scope():
        asked = ask_each(_TALKS, [(one.brand, [_classes(one), limit + 1]) for one in inside])
    every = [(row[1], row[0], one, row) for one, some in zip(inside, asked, strict=True) for row in some]
    chosen = nlargest(limit, every, key=lambda each: each[:2])
    for one in inside:
        mine = [row for *_, whose, row in chosen if whose is one]
        for info_class in {row[-1] for row in mine}:
            one.tell(talks.kind, InfoClass(info_class), [row[0] for row in mine if row[-1] == info_class])
    return [_talk(one, row) for *_, one, row in chosen], closed, len(every) > limit


def _talk(one: Opened, row: Any) -> dict[str, Any]:
    may = frozenset(fields.allowed(resource_called("conversations"), one.grant.policy))
    told = {name: value for name, value in zip(_TOLD, row[1:], strict=False) if name in may}
    return {"brand": one.brand.slug, "id": str(row[0]), "url": _address(one, "conversations", row[0]), **told}


def _classes(one: Opened) -> list[str]:
    most = min(strictness(one.grant.policy.most_class), strictness(InfoClass.SHARED))
    open_to = classes_open_to(one.actor.side, one.actor.role)
    return [str(each) for each in ORDER if strictness(each) <= most and each in open_to]


def _address(one: Opened, *parts: object) -> str:
    """Of a thing in the API of its own brand, where the same key reads it."""
    below = "".join(f"/{part}" for part in parts)
    return f"{settings.PUBLIC_SCHEME}://{one.brand.slug}.{settings.PUBLIC_AUTHORITY}/api/v1{below}"


def endpoint(listed: Callable[[list[Opened], int], Rows]) -> Callable[..., HttpResponse]:
    """`GET` of one list, with `limit`."""

    def view(request: HttpRequest) -> HttpResponse:
        try:
            response = _told(request, listed)
        except RelaisError as wrong:
            response = answered(request, problem_of(wrong))
        except OperationalError:
            response = answered(request, Problem(503, "too_busy", headers={"Retry-After": "2"}))
        except Problem as problem:
            response = answered(request, problem)
        response.headers["Cache-Control"], response.headers["Vary"] = "no-store", HEADER
        return response

    view.machine = True  # type: ignore[attr-defined]  # answered before sessions and cookies: see api.middleware
    return view


def _told(request: HttpRequest, listed: Callable[[list[Opened], int], Rows]) -> HttpResponse:
    if request.method not in {"GET", "HEAD"}:
        raise Problem(405, "method_unknown", headers={"Allow": "GET, HEAD"}, allowed="GET, HEAD")
    if unknown := sorted(set(request.GET) - {"limit"}):
        faults = [Fault(name[:80], "parameter_unknown", {"name": name[:80]}) for name in unknown[:20]]
        raise invalid(faults, status=400, code="parameters_invalid")
    limit = pages.limit_of(request.GET.get("limit"))
    found, shut = opened(request)
    rows, closed, more = listed(found, limit)
    told = [{"brand": one.brand, "code": one.code} for one in sorted([*shut, *closed], key=lambda one: one.brand)]
    return answer({"data": rows, "closed": told, "more": more, "at": datetime.now(UTC).isoformat()})
