"""Exactly one effect whatever dies: everything is killed with SIGKILL while acts of every class leave.

A number of items of each class are cleared and sent. At random moments something is killed and comes back. On the full scale
that is everything that runs in production (`_kill_programs`): processes of the web server, which is pressed over real HTTP,
the relay, Celery's pool, the broker, backends of the database and the database itself; and the networks are the real programs
where they are installed (`_kill_systems`). On the small scale workers are forked and take rows by themselves, one backend
of the database dies, and the networks are the memory wall and fakes: nothing has to be installed, and nothing waits.

The networks are never killed, and are left with half requests. Afterwards everything public is counted against items and
receipts. Beside them, on the same machine in the same run and killed alike, two naive senders upon a fake: one marks after
the call, one before it.

The database is a cluster of this part's own, and not a careless one: with `synchronous_commit` off a server that dies
forgets marks that it had called committed. On the small scale class C waits for seconds instead of a minute: its
constants are shortened to what these fakes can take; on the full scale they are the real ones. RELAIS_KILLS_ITEMS asks
for another number of items, and after RELAIS_KILLS_MINUTES nothing more is submitted; the figures say how many there were.

Seen to fall short when: the database ran with `synchronous_commit` off (class C sent twice).
"""

import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.db import connections

from clients.channels.actions import connect_channel
from clients.channels.models import Channel
from clients.gate.actions import failing, sending, submit_item
from clients.gate.models import Dispatch, Receipt
from config.embedded.postgres import Cluster
from tenants.walls.scope import brand_scope
from tests.database import throwaway
from tests.proof._kill_crew import ForkedWorkers, Jobs
from tests.proof._kill_database import wait_for_it
from tests.proof._kill_networks import ask, register, serving
from tests.proof._kill_presses import Drafts, Presses
from tests.proof._kill_programs import RealPrograms
from tests.proof._kill_systems import Network, networks
from tests.proof._naive import judged, send_all
from tests.proof._programs import programs
from tests.proof._scene import quiet, scene
from tests.world import World

NEEDS_DATABASE = False
ALONE = True  # acts must settle between kills by the clock
WANTED, MINUTES = "RELAIS_KILLS_ITEMS", "RELAIS_KILLS_MINUTES"
ITEMS = {"small": 28, "full": 1000}
NAIVE = {"small": 250, "full": 20_000}
KILLS = {"small": 30, "full": 400}
"""Spread over the acts as they settle, so that a slow machine is struck no harder than a quick one."""
AT_ONCE = 5
"""Kills before anything needs to have settled."""
PAUSE = {"small": 0.1, "full": 1.0}
"""Seconds between two kills at least, on average: the moment is random."""
LIMIT = {"small": 25.0, "full": 7200.0}
LEAST_KILLS = {"small": 8, "full": 300}
ENDED = ("sent", "failed", "uncertain")
WAITED = timedelta(seconds=30)
Killers = ForkedWorkers | RealPrograms


@dataclass(slots=True)
class Outcome:
    """What a run left behind."""

    names: dict[str, str]
    real: bool
    items: int = 0
    acts: int = 0
    settled: bool = False
    ended: int = 0
    seconds: float = 0.0
    killed: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    classes: dict[str, dict[str, int]] = field(default_factory=dict)
    naive: dict[str, dict[str, Any]] = field(default_factory=dict)


def run(scale: str) -> tuple[str, bool]:
    """Clear, kill until everything has settled, count."""
    cluster = Cluster(Path(settings.BASE_DIR) / ".relais" / "kills")
    cluster.start()
    try:
        address = {"DATABASE_OWNER_URL": cluster.addresses("postgres").owner}
        with patch.dict(os.environ, address), throwaway(), quiet():
            found = _run(scale, cluster)
    finally:
        connections.close_all()
        cluster.stop()
    return _figures(found), _clean(found) and found.killed.total() >= LEAST_KILLS[scale]


def _run(scale: str, cluster: Cluster) -> Outcome:
    items = int(os.environ.get(WANTED, ITEMS[scale]))
    texts = [f"Texte {n}" for n in range(items)]
    with ExitStack() as stack:
        there = stack.enter_context(networks(scale))
        real = scale == "full"
        found = Outcome({letter: network.name for letter, network in there.items()}, real)
        stack.enter_context(_short_waits()) if not real else None
        fakes = {each.kind: int(each.settings["port"]) for each in there.values() if each.kind.startswith("fake_")}
        register(fakes)
        books = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ports = {name: stack.enter_context(serving()) for name in ("after", "before")}
        naive = _naive(ports, books, [f"Autre {n}" for n in range(NAIVE[scale])])
        world = scene(level=6)
        channels = {letter: _connect(world, letter, network) for letter, network in there.items()}
        drafts = _draft(world, channels, there, texts)
        _under_fire(stack, world, cluster, found, drafts, naive, fakes, scale)
        for place, (letter, channel) in enumerate(channels.items()):
            submitted = texts[: (found.acts - place + len(channels) - 1) // len(channels)]
            found.classes[letter] = _judge(world, channel, there[letter].told(world), submitted)
        found.items = found.acts // len(channels)
        found.naive = {name: judged(ask(ports[name], "told")["texts"], books / name) for name in ports}
    return found


@contextmanager
def _short_waits() -> Iterator[None]:
    """The fakes answer within milliseconds, and these workers begin a call within two seconds or not at all."""
    fresh = timedelta(seconds=2)
    with patch.multiple(failing, FRESH=fresh, LONGEST_CALL_SECONDS=1.0), patch.object(sending, "FRESH", fresh):
        yield


def _naive(ports: Mapping[str, int], books: Path, texts: list[str]) -> Jobs:
    return {
        name: partial(send_all, port, books / name, texts, mark_first=name == "before") for name, port in ports.items()
    }


def _connect(world: World, letter: str, network: Network) -> Channel:
    if network.kind == world.wall.kind:
        return world.wall
    given = {} if network.kind.startswith("fake_") else network.settings
    return connect_channel(actor=world.owner, kind=network.kind, name=f"Réseau {letter}", settings=given)


def _draft(world: World, channels: Mapping[str, Channel], there: Mapping[str, Network], texts: list[str]) -> Drafts:
    """One item of each class for each text, class after class."""
    drafts: Drafts = []
    for text in texts:
        for letter, channel in channels.items():
            more = dict(there[letter].more) | ({"title": text} if there[letter].titled else {})
            item = world.draft(text, channels=(str(channel.pk),), **more)
            assert item.version is not None
            drafts.append((item.pk, item.version.digest))
    return drafts


# --- Under fire --------------------------------------------------------------------------------------------------------


def _under_fire(
    stack: ExitStack,
    world: World,
    cluster: Cluster,
    found: Outcome,
    drafts: Drafts,
    naive: Jobs,
    fakes: dict[str, int],
    scale: str,
) -> None:
    """Small: everything is submitted before the first kill. Full: people submit while everything dies."""
    presses: Presses | None = None
    killers: Killers
    if found.real:
        killers = RealPrograms(stack.enter_context(programs()), cluster, fakes, naive)
        stack.callback(killers.end)
        presses = Presses(world, killers.port, drafts)
        stack.callback(presses.end)
    else:
        for item_id, digest in drafts:
            submit_item(world.cm, item_id=item_id, seen_digest=digest)
        killers = ForkedWorkers(world, cluster, naive)
        stack.callback(killers.end)
    began = time.monotonic()
    found.acts, found.settled = _kill_until_settled(world, killers, presses, len(drafts), scale)
    killers.end()
    wait_for_it(cluster)
    found.seconds, found.killed = time.monotonic() - began, killers.killed
    found.answers, found.ended = presses.answers if presses else Counter(), killers.ended


def _kill_until_settled(
    world: World, killers: Killers, presses: Presses | None, total: int, scale: str
) -> tuple[int, bool]:
    """How many acts there were, and whether all settled in time. The last few are left in peace, so that there is an end."""
    began = told = time.monotonic()
    enough = began + 60 * float(os.environ.get(MINUTES, "inf"))
    struck, settled = 0.0, 0
    while (now := time.monotonic()) < began + LIMIT[scale]:
        time.sleep(0.05)
        if now > told + 0.5:
            told, settled = now, _settled(world, settled)
            killers.tend()
        if presses is not None:
            presses.settled, total = settled, presses.total
            if now > enough:
                presses.begin_no_more()
        if settled == total:
            return total, True
        wanted = AT_ONCE + KILLS[scale] * settled / total
        if settled < total * 0.95 and killers.killed.total() < wanted and now > struck:
            killers.strike()
            struck = time.monotonic() + random.random() * 2 * PAUSE[scale]
    return total, False


def _settled(world: World, before: int) -> int:
    """How many acts have settled; as many as before while the database is away."""
    try:
        with brand_scope(world.brand):
            return Dispatch.objects.filter(state__in=ENDED).count()
    except Exception:
        return before
    finally:
        connections.close_all()


# --- Counting ----------------------------------------------------------------------------------------------------------


def _judge(world: World, channel: Channel, told: list[str], texts: list[str]) -> dict[str, int]:
    """Laid side by side: what is public, what our books say of it, and which receipts there are."""
    with brand_scope(world.brand):
        dispatches = list(Dispatch.objects.filter(channel_id=channel.pk).select_related("version"))
        receipts = Receipt.objects.filter(channel_id=channel.pk).count()
    states = {d.version.exact_content().text: d.state for d in dispatches if d.state != "cancelled"}
    public = set(told)
    return {
        "public": len(public),
        "twice": len(told) - len(public),
        "doubts": sum(state == "uncertain" for state in states.values()),
        "lost": sum(text not in public and states.get(text) != "uncertain" for text in texts),
        "wrong": sum((states.get(text) == "sent") > (text in public) for text in texts)
        + sum(text in public and states.get(text) not in ("sent", "uncertain") for text in texts),
        "unreceipted": sum(state == "sent" for state in states.values()) - receipts,
        "struck": sum(map(_was_struck, dispatches)),
    }


def _was_struck(dispatch: Dispatch) -> bool:
    """Whether a kill met it between its mark and its end, as far as its row still shows it."""
    waited = dispatch.started_at and dispatch.ended_at and dispatch.ended_at - dispatch.started_at > WAITED
    return dispatch.attempts > 1 or dispatch.state == "uncertain" or bool(waited)


def _clean(found: Outcome) -> bool:
    wrong = ("twice", "lost", "wrong", "unreceipted")
    none_wrong = not any(counts[name] for counts in found.classes.values() for name in wrong)
    certain = not any(found.classes[letter]["doubts"] for letter in "ABC")
    return found.settled and none_wrong and certain


def _figures(found: Outcome) -> str:
    total = found.killed.total()
    kills = ", ".join(f"{count} {name}" for name, count in found.killed.items() if count)
    each = "; ".join(
        f"class {letter} ({found.names[letter]}): {counts['twice']} twice, {counts['lost']} lost, {counts['doubts']} doubts, "
        f"{counts['wrong'] + abs(counts['unreceipted'])} receipts wrong, {counts['struck']} struck on their way"
        for letter, counts in found.classes.items()
    )
    naive = "; ".join(
        f"naive, marks {name}: {counts['twice']} twice, {counts['lost']} lost of {counts['items']:,}"
        for name, counts in found.naive.items()
    )
    pressed = (
        f", {found.answers['']} presses of Submit cut off, {found.ended} programs ended by themselves"
        if found.real
        else ""
    )
    return (
        f"{total} kills ({kills}) in {found.seconds:.0f} s over {found.items:,} items a class{pressed}; {each}; {naive}"
        f"{'' if found.settled else '; not all settled in time'}"
    )
