"""The cells of the route matrix: every route x method x who x brand, asked for with Django's client and judged by the table.

Each cell is played in a transaction of its own that is rolled back, so every one meets the same stage: a press that is let
through changes nothing for the next.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from importlib import import_module
from itertools import cycle
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from django.utils import translation

from tenants.vocabulary import Role
from tests.proof._chosen import Chosen, let_through
from tests.proof._routes import BRAND, HUB, SHARED, Declared, Ids
from tests.proof._stage import NO_MEMBERS, NOBODY, OPERATOR, STRANGER, WORD, Stage, host_of

URLS_BRAND, URLS_HUB = "portal.urls_brand", "portal.urls_hub"
METHODS = ("GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")
LET_THROUGH = frozenset({200, 303, 409, 422})
"""What a press answers to somebody whom the table lets through: done, or something about what was typed or has moved on."""

THEIR_WORD = f"{WORD}-maison-b".encode()
REFUSED = frozenset({403, 404})
NOTHING = "00000000-0000-4000-8000-000000000000"
"""Stands in an address for a thing that the stage has none of."""

_CSRF = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": ?"\w+"')


@dataclass
class Tally:
    """What was asked, and every answer that the table does not expect."""

    asked: Counter[str] = field(default_factory=Counter)
    unexpected: list[str] = field(default_factory=list)

    def note(self, axis: str, cell: str, answer: HttpResponse, expected: frozenset[int] | set[int]) -> None:
        self.asked[axis] += 1
        if answer.status_code not in expected:
            self.unexpected.append(f"{axis}: {cell}: {answer.status_code}, expected {sorted(expected)}")


# --- Which routes there are, and whether each is declared -----------------------------------------------------------------


def routes_of(urlconf: str) -> dict[str, str]:
    """Every named address of a urlconf, those of its included ones too: name -> pattern as written."""
    return dict(_patterns(import_module(urlconf).urlpatterns, ""))


def undeclared() -> list[str]:
    """Routes without a line in the table, lines without a route."""
    brand, hub = set(routes_of(URLS_BRAND)), set(routes_of(URLS_HUB))
    found = [f"no line for the brand's route {name!r}" for name in sorted(brand - set(BRAND) - SHARED)]
    found += [f"no line for the hub's route {name!r}" for name in sorted(hub - set(HUB))]
    found += [f"no route for the brand's line {name!r}" for name in sorted(set(BRAND) - brand)]
    return found + [f"no route for the hub's line {name!r}" for name in sorted(set(HUB) - hub)]


def _patterns(patterns: list[Any], before: str) -> Iterator[tuple[str, str]]:
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _patterns(each.url_patterns, route)
        elif isinstance(each, URLPattern):
            yield each.name or route, route


def _body(answer: HttpResponse) -> bytes:
    """What is read off a file is read once."""
    return answer.getvalue() if answer.streaming else answer.content


# --- The brand's routes -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Route:
    """One route of a brand with its line."""

    name: str
    pattern: str
    line: Declared

    @property
    def parts(self) -> list[str]:
        return re.findall(r"<\w+:(\w+)>", self.pattern)

    def path(self, ids: Ids) -> str:
        wanted = {part: self.line.parts.get(part, part) for part in self.parts}
        nothing = {part: NOTHING for kind, part in re.findall(r"<(\w+):(\w+)>", self.pattern) if kind == "uuid"}
        parts = {part: ids.get(name, nothing.get(part, name)) for part, name in wanted.items()}
        return str(reverse(self.name, urlconf=URLS_BRAND, kwargs=parts))

    def names_things(self, ids: Ids, method: str) -> bool:
        """Whether its address or what it sends says an id, so that another brand's could be said instead."""
        said = self.path(ids) + (repr(self.line.typed(ids)) if method == "POST" else "")
        return any(value in said for value in ids.values())


def brand_routes() -> list[Route]:
    return [Route(name, pattern, BRAND[name]) for name, pattern in routes_of(URLS_BRAND).items() if name in BRAND]


def play(stage: Stage, *, methods: Sequence[str] = METHODS, everybody: bool = True) -> Tally:
    """All cells of all routes; see `Chosen` for those of fewer people. Each route meets one of the methods left out, in turn."""
    tally = Tally()
    others = cycle(sorted(set(METHODS) - set(methods)) or [None])
    for turn, (route, role, other) in enumerate(zip(brand_routes(), cycle(Role), others, strict=False)):
        play_route(stage, tally, route, methods, Chosen(everybody, turn))
        if other:
            _own(stage, tally, route, other, (role,))
    for name, pattern in routes_of(URLS_HUB).items():
        if name in HUB:
            _hub(stage, tally, name, pattern, Chosen(everybody).hub())
    translation.deactivate()
    return tally


def play_route(stage: Stage, tally: Tally, route: Route, methods: Sequence[str], chosen: Chosen) -> None:
    for method in methods:
        _own(stage, tally, route, method, chosen.own(route.line, method))
        _strangers(stage, tally, route, method)
        _suspended(stage, tally, route, method, chosen.others())
    for method in ("GET", "POST"):
        _foreign(stage, tally, route, method, chosen.foreign(route.line, method))
    _unproved(stage, tally, route)


def expected(route: Route, method: str, role: Role) -> set[int]:
    """What the table says about somebody with a role, asking for something of their own brand."""
    line = route.line
    if line.public:
        return _public(route, method)
    let = let_through(line, method)
    if let is None:
        return {405}
    if role not in let:
        return set(REFUSED)
    if line.alone not in {None, role}:
        return {404}
    if line.empty and (method == "POST" or line.act is None):
        return {line.empty}
    return {200} if method in {"GET", "HEAD"} else set(LET_THROUGH)


def _public(route: Route, method: str) -> set[int]:
    return {(route.line.public or {}).get(method, 405)}


def _own(stage: Stage, tally: Tally, route: Route, method: str, roles: Iterable[Role]) -> None:
    for role in roles:
        answer = ask(stage.who[str(role)], method, stage.ours.brand.slug, route, stage.ids["own"])
        cell = f"{method} {route.name} as {role}"
        tally.note("own", cell, answer, _readable(route, method, role))
        if "/account/" in answer.get("Location", ""):
            tally.unexpected.append(f"own: {cell}: sent away to {answer['Location'][:60]}")
        _nothing_of_theirs(tally, cell, answer)


def _nothing_of_theirs(tally: Tally, cell: str, answer: HttpResponse) -> None:
    if THEIR_WORD in _body(answer):
        tally.unexpected.append(f"{cell}: a word of the other brand")


def _readable(route: Route, method: str, role: Role) -> set[int]:
    """A lonely thing has a page that others of the brand may still read, where the page is not about the thing."""
    line = route.line
    if line.alone and method in {"GET", "HEAD"} and route.parts[0] not in READ_BY_ID:
        return {200} if role in (line.read or ()) else set(REFUSED)
    return expected(route, method, role)


READ_BY_ID = {"import_id", "handing_id", "asking_id"}


def _strangers(stage: Stage, tally: Tally, route: Route, method: str) -> None:
    """Nobody is sent to sign in; whoever has no place here finds nothing; a method that is not there is not there."""
    known = let_through(route.line, method) is not None
    if route.line.public:
        for who in (*NO_MEMBERS, NOBODY):
            answer = ask(stage.who[who], method, stage.ours.brand.slug, route, stage.ids["own"])
            tally.note("no place here", f"{method} {route.name} as {who}", answer, _public(route, method))
        return
    for who in (*NO_MEMBERS, NOBODY):
        answer = ask(stage.who[who], method, stage.ours.brand.slug, route, stage.ids["own"])
        wanted = {405} if not known else {302} if who == NOBODY else {404}
        tally.note("no place here", f"{method} {route.name} as {who}", answer, wanted)
        if known and who == NOBODY and "/account/login/?next=" not in answer.get("Location", ""):
            tally.unexpected.append(f"no place here: {method} {route.name}: not sent to sign in")
        if stage.ours.brand.name.encode() in _body(answer):
            tally.unexpected.append(f"no place here: {method} {route.name} as {who}: the brand is named")


def _suspended(stage: Stage, tally: Tally, route: Route, method: str, people: Sequence[str]) -> None:
    """For its own members too, and to the byte as a host that nobody has."""
    nowhere = ask(stage.who[NOBODY], method, "nobody-has-this", route, stage.ids["own"])
    for who in people:
        answer = ask(stage.who[who], method, stage.shut.brand.slug, route, stage.ids["own"])
        tally.note("suspended", f"{method} {route.name} as {who}", answer, {404})
        if (_body(answer), str(answer.headers)) != (_body(nowhere), str(nowhere.headers)):
            tally.unexpected.append(f"suspended: {method} {route.name} as {who}: not as a host that nobody has")


def _foreign(stage: Stage, tally: Tally, route: Route, method: str, roles: Sequence[Role]) -> None:
    """Another brand's ids, in the address and in what is sent, are answered to the byte as ids that nobody has."""
    own = stage.ids["own"]
    if route.line.public or not route.names_things(own, method):
        return
    for role in roles:
        cell = f"{method} {route.name} as {role}"
        foreign, absent = (
            ask(stage.who[str(role)], method, stage.ours.brand.slug, route, stage.ids[whose])
            for whose in ("foreign", "absent")
        )
        let = route.line.read if method == "GET" else route.line.act
        wanted = {405} if let is None else set(REFUSED) if role not in let else _gone(route, method, own)
        tally.note("foreign", cell, foreign, wanted)
        _nothing_of_theirs(tally, cell, foreign)
        bodies = _plain(foreign, stage.ids["foreign"]), _plain(absent, stage.ids["absent"])
        if foreign.status_code != absent.status_code or bodies[0] != bodies[1]:
            tally.unexpected.append(f"foreign: {cell}: {foreign.status_code}, not as absent ({absent.status_code})")


def _gone(route: Route, method: str, ids: Ids) -> set[int]:
    """Nothing is there; a page that stands above the thing is shown all the same, and a form says what is wrong with it."""
    by_id = route.names_things(ids, "GET")
    if method == "GET":
        return {200, 404} if by_id else {200}
    if route.line.empty:
        return {route.line.empty}
    return {404} if by_id else {404, *LET_THROUGH}


def _unproved(stage: Stage, tally: Tally, route: Route) -> None:
    """Whoever is let through but has not just proved who they are is sent to do so, where the line says so."""
    if not route.line.proof:
        return
    for role in route.line.act or ():
        answer = ask(stage.unproved[str(role)], "POST", stage.ours.brand.slug, route, stage.ids["own"])
        tally.note("unproved", f"POST {route.name} as {role}", answer, {303})
        if "/account/reauthenticate/" not in answer.get("Location", ""):
            tally.unexpected.append(f"unproved: POST {route.name} as {role}: not sent to prove who they are")


# --- The hub's routes -------------------------------------------------------------------------------------------------------

_HUB_PARTS = {"pk": "0", "token": "nothing", "uidb36": "1", "key": "a-b", "issuer": "meta"}


def _hub(stage: Stage, tally: Tally, name: str, pattern: str, people: Sequence[str]) -> None:
    """On the hub as the table says, for everybody with an account alike; on a brand's host there is no such address."""
    parts = re.findall(r"<(?:\w+:)?(\w+)>", pattern)
    path = str(reverse(name, urlconf=URLS_HUB, kwargs={part: _HUB_PARTS[part] for part in parts}))
    for who, client in ((who, stage.who[who]) for who in people):
        line = HUB[name].nobody if who == NOBODY else HUB[name].somebody
        for method, status in zip(("GET", "POST"), line, strict=True):
            answer = _asked(client, method, path, settings.HUB_HOST, {} if method == "POST" else None)
            tally.note("hub", f"{method} {name} as {who}", answer, {status})
            for world in (stage.ours, stage.theirs, stage.shut):
                if who in {NOBODY, STRANGER, OPERATOR} and world.brand.name.encode() in _body(answer):
                    tally.unexpected.append(f"hub: {method} {name} as {who}: names {world.brand.slug}")
            if name not in SHARED and path not in _ALSO_A_BRANDS and who in {NOBODY, STRANGER, str(Role.BRAND_OWNER)}:
                here = _asked(client, method, path, host_of(stage.ours.brand.slug), {} if method == "POST" else None)
                tally.note("hub's on a brand's host", f"{method} {name} as {who}", here, {404})


_ALSO_A_BRANDS = {"/"}


# --- Asking -----------------------------------------------------------------------------------------------------------------


def ask(client: Client, method: str, slug: str, route: Route, ids: Ids) -> HttpResponse:
    """One request, whose whole effect is rolled back."""
    sent = route.line.typed(ids) if method == "POST" else None
    return _asked(client, method, route.path(ids), host_of(slug), sent)


def _asked(client: Client, method: str, path: str, host: str, sent: dict[str, Any] | None) -> HttpResponse:
    call: Callable[..., Any] = getattr(client, method.lower())
    typed = {} if sent is None else {"data": sent}
    cookies = copy(client.cookies)
    cache.clear()  # allauth counts attempts there, and a cache is not rolled back
    with rolled_back():
        answer: HttpResponse = call(path, headers={"host": host}, **typed)
    client.cookies = cookies
    return answer


@contextmanager
def rolled_back() -> Iterator[None]:
    """As Django's TestCase does it: actions may open their durable transaction inside, and nothing of it stays."""
    outer = transaction.atomic()
    outer._from_testcase = True  # type: ignore[attr-defined]
    with outer:
        yield
        transaction.set_rollback(True)


def _plain(answer: HttpResponse, ids: Ids) -> bytes:
    """The body without the token of the form, which is another each time, and without the ids that were asked for."""
    body = _CSRF.sub(b"", _body(answer))
    for value in sorted(ids.values(), key=len, reverse=True):
        body = body.replace(value.encode(), b"ID")
    return body
