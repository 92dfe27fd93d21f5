"""Guessed tokens, and whether what is refused can be told apart: by its answer, by its questions to the database, by its time."""

import os
import random
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clients.disclosure.actions import exchange
from clients.disclosure.models import ShareLink
from clients.disclosure.rules import MOST_MISSES
from clients.disclosure.tokens import token_digest
from tenants.walls.scope import brand_scope
from tests.proof._scene import quiet
from tests.proof._share_served import Visitor
from tests.proof._stage import host_of
from tests.proof._workers import worker_processes
from tests.world import World

BY_ONE = MOST_MISSES // 2
"""Guesses of one address over the network: fewer than after which the door makes it wait."""
AT_ONCE = 4
VOLATILE = {"date", "x-request-id", "content-security-policy", "server-timing"}
_visitor = count(1)


class Fits(Exception):
    """A guessed token has opened something."""


def guessed_within(world: World, number: int) -> int:
    """How many shares of so many random tokens opened anything, asked of the very check that the door makes.

    By as many processes as the machine has hands. To be called before there are threads.
    """
    hands = os.cpu_count() or 1
    with worker_processes(world, hands, _guess) as crew:
        assert crew is not None
        crew.start([number // hands] * hands)
        return len(crew.finish())


def _guess(world: World, shares: Sequence[Any]) -> None:
    for share in shares:
        for _ in range(share):
            if exchange(world.brand, token=secrets.token_urlsafe(32), code="") is not None:
                raise Fits


def near_misses(token: str) -> set[str]:
    """What is almost a token: each sign changed, left out, twice, in the other case or changed with its neighbour, cut at
    every place, and what a look-up that is too kind would take for it."""
    nearly = {token[:at] for at in range(len(token))} | {token[at:] for at in range(1, len(token))}
    for at, sign in enumerate(token):
        before, after = token[:at], token[at + 1 :]
        others = {
            "a" if sign != "a" else "b",
            sign.swapcase(),
            "",
            sign * 2,
            "%",
            "_",
            "\u0430",
            chr(ord(sign) + 0xFEE0),
        }
        nearly |= {before + other + after for other in others} | {before + after[:1] + sign + after[1:]}
    around = {
        "{}=",
        "={}",
        "{}\0",
        "{}\n{}",
        "{0}{0}",
        "'{}'",
        "{}' OR '1'='1",
        "%{}%",
        "{}*",
        "{}?",
        "{},",
        "../{}",
        "{}.pdf",
    }
    nearly |= {form.format(token, token) for form in around} | {
        token[::-1],
        token.lower(),
        token.upper(),
        token_digest(token),
    }
    return nearly - {token}


def fitting(world: World, tokens: Iterable[str]) -> int:
    """How many of these opened something, asked of the check that the door makes."""
    return sum(exchange(world.brand, token=token, code="") is not None for token in tokens)


def guessed_outside(world: World, ports: Sequence[int], number: int) -> tuple[int, int]:
    """Of so many random tokens that were posted to real servers: how many were answered at all, and otherwise than by 404."""

    def some(place: int) -> int:
        visitor, otherwise = Visitor(world.brand.slug), 0
        for _ in range(BY_ONE):
            answer = visitor.post(ports[place % len(ports)], "/s/", token=secrets.token_urlsafe(32), code="")
            otherwise += answer.status != 404 or "relais-shared" in str(visitor.cookies)
        return otherwise

    with ThreadPoolExecutor(AT_ONCE) as crew:
        return number // BY_ONE * BY_ONE, sum(crew.map(some, range(number // BY_ONE)))


def throttled(world: World, ports: Sequence[int]) -> int:
    """After how many wrong tokens of one address the door makes it wait, whichever process it asks."""
    visitor = Visitor(world.brand.slug)
    for tried in range(MOST_MISSES * 2):
        if visitor.post(ports[tried % len(ports)], "/s/", token="wrong", code="").status == 429:
            return tried
    return 0


def client(world: World) -> Client:
    """A visitor without a network, from an address of their own."""
    number = next(_visitor)
    address = f"10.{number // 65536 % 256}.{number // 256 % 256}.{number % 256}"
    return Client(headers={"host": host_of(world.brand.slug), "accept-language": "en"}, REMOTE_ADDR=address)


def knock(world: World, token: str) -> HttpResponse:
    return client(world).post("/s/", {"token": token, "code": ""})


def over(world: World, link_id: object) -> None:
    """Its time is over. By hand: nobody waits a day for a proof."""
    with brand_scope(world.brand):
        ShareLink.objects.filter(pk=link_id).update(expires_at=timezone.now() - timedelta(seconds=1))


def told_apart(world: World, tokens: dict[str, Callable[[], str]]) -> set[str]:
    """Kinds of refused token whose answer, headers or questions to the database are not those of the first."""
    seen = {name: _looks(world, token()) for name, token in tokens.items()}
    first = next(iter(seen.values()))
    return {name for name, looks in seen.items() if looks != first}


def _looks(world: World, token: str) -> tuple[Any, ...]:
    asking = client(world)
    with CaptureQueriesContext(connection) as asked:
        answer = asking.post("/s/", {"token": token, "code": ""})
    headers = {name: value for name, value in answer.headers.items() if name.lower() not in VOLATILE}
    return answer.status_code, answer.content, headers, [one["sql"].split(" ")[0] for one in asked]


def by_time(world: World, tokens: dict[str, Callable[[], str]], tries: int) -> float:
    """How well the kind of a refused token is told from an unknown one by how long its answer took: 0 not at all, 1 always.

    Played in any order, so that what else the machine does falls on all alike: twice the distance of the Mann-Whitney
    statistic from a half, of the kind that is told best.
    """
    order = [name for name in tokens for _ in range(tries)]
    random.shuffle(order)
    took: dict[str, list[float]] = {name: [] for name in tokens}
    with quiet():
        for name in order:
            token, asking = tokens[name](), client(world)
            began = time.perf_counter()
            asking.post("/s/", {"token": token, "code": ""})
            took[name].append(time.perf_counter() - began)
    base, *others = took.values()
    return max(abs(2 * _later(base, other) - 1) for other in others)


def _later(ones: Sequence[float], others: Sequence[float]) -> float:
    """The share of pairs in which the second took longer."""
    pairs = [(other > one) + (other == one) / 2 for one in ones for other in others]
    return sum(pairs) / len(pairs)
