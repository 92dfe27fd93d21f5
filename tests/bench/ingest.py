"""From what a source hands over to stored mentions: match 2,000 watched phrases, sort, tell copies apart, store, count hours.

Ours through the public action, in the brand's walls with its log; the usual way beside it in the same run, on texts of the
same make: a loop with `in`, and `get_or_create`. Mentions a second, and processor time of both ends. One in four is watched for:
`all_new` keeps everything (addressed to the brand), `watched` what matches, `known` is the poll that brings nothing new. Then
growth: from 10 to 1,000 phrases, and with 10,000 to 1,000,000 stored (100,000 at small scale), with what the inbox and the search
for copies take there.
"""

import math
import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import Any

from django.db import connection, connections
from django.utils import timezone

from clients.briefings.actions import publish_briefing
from clients.mentions import storing
from clients.mentions.actions import take_in
from clients.mentions.models import Mention
from clients.mentions.raw import RawMention
from tenants.ids import uuid7
from tenants.walls.backend.base import OWNER
from tenants.walls.scope import brand_scope
from tests.bench._measuring import Series, interleaved
from tests.bench._mentions import Corpus
from tests.database import brand_with
from tests.proof._scene import quiet, scene
from tests.world import SECTIONS, World

ROUNDS = {"small": 5, "full": 15}
STORED = {"small": (10_000, 100_000), "full": (10_000, 100_000, 1_000_000)}
ENTRIES = (10, 100, 1_000)
WATCHED, BATCH, SLOW = 2_000, 500, 50
_FILL = """
    INSERT INTO mentions_mention (
        id, info_class, named, owner_side, source, medium, key, title, text, author, author_handle, url, language, marks,
        found_at, remote_id, kind, kind_why, sorted_by, matched, sensitivity, priority, priority_why, state, outcome)
    SELECT
        gen_random_uuid(), 'shared', '[]', 'brand', gen_random_uuid(), 'feed', md5(n::text), 'Titre ' || n, repeat('mot ', 100),
        '', '', '', 'fr', ARRAY(SELECT (random() * 4e9)::bigint + n - n FROM generate_series(1, 4)), now() - n * interval '5 s',
        '', 'other', '[]', 'rules', '[]', 'routine', n %% 100, '[]',
        CASE WHEN n %% 20 = 0 THEN 'open' ELSE 'done' END, CASE WHEN n %% 20 = 0 THEN '' ELSE 'no_reply' END
    FROM generate_series(%s, %s) n
"""


def run(scale: str) -> dict[str, Any]:
    """The figures and the goals they stand for."""
    corpus, numbers = Corpus(random.Random(5)), count()
    phrases = corpus.phrases(WATCHED)
    with quiet():
        world = scene()
        _watch(world, phrases)
        pace = _pace(world, corpus, phrases, numbers, ROUNDS[scale])
        by_entries = {size: _rate(_taking(_watch(world, phrases[:size]), corpus, numbers)) for size in ENTRIES}
        _watch(world, phrases)
        by_stored = {size: _at(world, size, corpus, numbers) for size in STORED[scale]}
        plans = _plans(world)
    usual, new = pace["usual"], pace["all_new"]
    first, last = min(by_stored), max(by_stored)
    exponent = math.log(by_stored[first]["rate"] / by_stored[last]["rate"]) / math.log(last / first)
    return {
        "unit": "mentions a second (wall); milliseconds of processor time a mention, both ends",
        "entries": WATCHED,
        "batch": BATCH,
        "figures": pace,
        "by_entries": by_entries,
        "by_stored": by_stored,
        "plans": plans,
        "ratios": {"ours_to_usual": round(new["rate"] / usual["rate"], 1)},
        "exponent_in_entries": round(math.log(by_entries[10] / by_entries[1_000]) / math.log(100), 3),
        "exponent_in_stored": round(exponent, 3),
        "goals": {
            "5000_a_second": new["rate"] >= 5_000,
            "40_times_the_usual_way": new["rate"] >= 40 * usual["rate"],
            "20000_known_a_second": pace["known"]["rate"] >= 20_000,
            "inbox_and_copies_use_their_indexes": all(plans.values()),
        },
    }


def _pace(world: World, corpus: Corpus, phrases: list[str], numbers: Iterator[int], rounds: int) -> dict[str, Any]:
    again = _raws(corpus, BATCH, numbers)
    source = uuid7()
    take_in(world.brand, source, "mastodon", again, all_kept=True)
    fresh = _taking(world, corpus, numbers)
    fresh()
    _known_to_the_planner()
    contenders: dict[str, tuple[int, Callable[[], Any]]] = {
        "all_new": (BATCH, fresh),
        "watched": (BATCH, _taking(world, corpus, numbers, all_kept=False)),
        "known": (BATCH, lambda: take_in(world.brand, source, "mastodon", again, all_kept=True)),
        "usual": (SLOW, _usual(world, corpus, phrases, numbers)),
    }
    series = interleaved({name: act for name, (_, act) in contenders.items()}, rounds)
    return {name: _figures(series[name], contenders[name][0]) for name in contenders}


def _known_to_the_planner() -> None:
    """What autovacuum does within a minute of a table's first rows. Before that the search for copies reads the whole table."""
    brand = brand_with("maison-a")
    with connections[OWNER].cursor() as cursor:
        cursor.execute(f'ANALYZE "{brand.schema_name}".mentions_mention')


def _figures(series: Series, mentions: int) -> dict[str, Any]:
    low, middle, high = statistics.quantiles(series.wall, n=4)
    client, server = (statistics.median(each) / mentions if each else 0 for each in (series.client, series.server))
    return {
        "rate": round(mentions / middle * 1000),
        "rate_by_processor": round(1000 / (client + server)),
        "rate_quartiles": [round(mentions / high * 1000), round(mentions / low * 1000)],
        "client_cpu_ms": round(client, 4),
        "server_cpu_ms": round(server, 4),
    }


def _raws(corpus: Corpus, size: int, numbers: Iterator[int]) -> list[RawMention]:
    return [
        RawMention(
            f"tag:example.org,2026:{next(numbers)}",
            title=text[:60],
            text=text,
            author="Inès",
            published_at=timezone.now(),
        )
        for text in corpus.mentions(size)
    ]


def _taking(world: World, corpus: Corpus, numbers: Iterator[int], *, all_kept: bool = True) -> Callable[[], Any]:
    """Texts are made before the clock runs: a few batches ahead, handed out in turn."""
    ahead = iter([_raws(corpus, BATCH, numbers) for _ in range(20)])
    source = uuid7()
    return lambda: take_in(world.brand, source, "mastodon", next(ahead), all_kept=all_kept)


def _usual(world: World, corpus: Corpus, phrases: list[str], numbers: Iterator[int]) -> Callable[[], Any]:
    """As most would begin: every phrase against every text, one look and one insert for each mention."""
    lowered, ahead, source = (
        [phrase.lower() for phrase in phrases],
        iter([_raws(corpus, SLOW, numbers) for _ in range(20)]),
        uuid7(),
    )

    def take() -> None:
        for raw in next(ahead):
            text = f"{raw.title} {raw.text}".lower()
            matched = [phrase for phrase in lowered if phrase in text]
            with brand_scope(world.brand):
                values = {
                    "title": raw.title,
                    "text": raw.text,
                    "matched": matched,
                    "info_class": "shared",
                    "owner_side": "brand",
                }
                Mention.objects.get_or_create(source=source, key=raw.own_id[:64], medium="mastodon", defaults=values)

    return take


def _watch(world: World, phrases: list[str]) -> World:
    """A new version of the briefing that watches for these."""
    number = world.extra.get("number", 1)
    lines = [
        {"key": f"k{start}", "label": f"Mot {start}", "phrases": "; ".join(phrases[start : start + 20])}
        for start in range(0, len(phrases), 20)
    ]
    publish_briefing(actor=world.owner, after=number, sections=SECTIONS | {"watch_list": lines}, calendar={})
    world.extra["number"] = number + 1
    return world


def _rate(act: Callable[[], Any], rounds: int = 5) -> float:
    act()
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        act()
        took.append(time.perf_counter() - began)
    return round(BATCH / statistics.median(took))


def _at(world: World, size: int, corpus: Corpus, numbers: Iterator[int]) -> dict[str, Any]:
    """With so many stored: what is taken in a second, and what the inbox and the search for copies take, in milliseconds."""
    with brand_scope(world.brand):
        stored = Mention.objects.count()
    with connections[OWNER].cursor() as cursor:  # without the log's triggers: these rows are scenery
        cursor.execute(f'SET search_path TO "{world.brand.schema_name}"; SET session_replication_role = replica')
        if stored < size:
            cursor.execute(_FILL, [stored + 1, size])
        cursor.execute("VACUUM ANALYZE mentions_mention")
        cursor.execute("RESET search_path; RESET session_replication_role")
    return {
        "rate": _rate(_taking(world, corpus, numbers)),
        "inbox_ms": _ms(world, _inbox),
        "copies_ms": _ms(world, _told),
    }


def _inbox() -> Any:
    return list(Mention.objects.filter(state="open", copy_of=None).order_by("-priority", "-found_at", "-id")[:50])


def _told() -> Any:
    chance = random.Random(1)
    marks = [chance.randrange(2**32) for _ in range(4 * BATCH)]
    return list(storing.told_before(marks, timezone.now() - timedelta(days=7)))


def _ms(world: World, look: Callable[[], Any], rounds: int = 9) -> float:
    took = []
    for _ in range(rounds):
        with brand_scope(world.brand):
            began = time.perf_counter()
            look()
            took.append((time.perf_counter() - began) * 1000)
    return round(statistics.median(took), 2)


def _plans(world: World) -> dict[str, bool]:
    """Whether each look goes through its index, at the largest size."""
    with brand_scope(world.brand), connection.cursor() as cursor:
        inbox = (
            Mention.objects.filter(state="open", copy_of=None).order_by("-priority", "-found_at", "-id")[:50].explain()
        )
        cursor.execute(f"EXPLAIN {storing.TOLD}", [[1, 2, 3, 4], timezone.now() - timedelta(days=7)])
        told = "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute(f"EXPLAIN {storing.KNOWN}", [uuid7(), ["a", "b"]])
        known = "\n".join(line for (line,) in cursor.fetchall())
    return {"inbox": "mention_inbox" in inbox, "copies": "mention_by_marks" in told, "known": "mention_once" in known}
