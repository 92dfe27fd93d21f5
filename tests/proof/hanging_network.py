"""A network that hangs for one brand holds up that brand alone: the others' items leave as promptly as before.

Relay, Celery worker and broker are real processes. Another brand's items are cleared and due one after the other, first
alone (half of its normal), then while the network of the first brand's channel takes every call and says nothing for 60
seconds, many items of it due all the time, then alone again (the other half: what else the machine does is in both). Seconds
from due to the wall of every item of the other brand; p95 must stay below twice its normal. Shown beside: how many calls
were hanging, and how many rows waited.

Seen to fall short when: no brand had a share (every worker hung within seconds, and the others waited for minutes).
"""

import time
from collections.abc import Iterable
from statistics import quantiles

from clients.channels.models import MemoryPost
from clients.gate.models import Dispatch
from clients.outbox.models import OutboxRow
from tenants.models import Pending
from tenants.walls.scope import brand_scope
from tests.proof._programs import Programs, programs, wait_for
from tests.proof._scene import quiet, scene
from tests.stand_ins import HANGS
from tests.world import World

ALONE = True  # it measures
ITEMS = {"small": 25, "full": 400}
HANGING = {"small": 20, "full": 300}
APART = {"small": 0.1, "full": 0.2}
SILENCE = 60
WORKERS = 4


def run(scale: str) -> tuple[str, bool]:
    """Normal, then beside a silent network."""
    silent, other = scene(level=6, slug="maison-a"), scene(level=6, slug="maison-b")
    told = {HANGS: f"{silent.wall.pk}:{SILENCE}", "WORKERS": str(WORKERS), "WORKERS_PER_BRAND": str(WORKERS // 2)}
    with programs() as found, quiet():
        found.start_broker()
        _start(found, told)
        _leave(other, 8, 0.05, "Échauffement")  # each of the workers has done something
        normal = _leave(other, ITEMS[scale] // 2, APART[scale], "Avant")
        for number in range(HANGING[scale]):
            silent.submitted(f"Silence {number}")
        wait_for(lambda: _hanging(silent) >= WORKERS // 2, "calls hang")
        hanging = _leave(other, ITEMS[scale], APART[scale], "À côté")
        at_once = _hanging(silent)
        waiting = Pending.objects.filter(brand_id=silent.brand.id, kind="gate.send").count()
        out = len(silent.on_the_wall())
        _kill(found)  # it still sleeps in its calls
        with brand_scope(silent.brand):
            OutboxRow.objects.filter(done_at=None).delete()
        _start(found, told)
        _leave(other, 8, 0.05, "Reprise")
        normal += _leave(other, ITEMS[scale] // 2, APART[scale], "Après")
        _kill(found)
    before, beside = (quantiles(seconds, n=20)[-1] for seconds in (normal, hanging))
    middle = [quantiles(seconds, n=2)[0] for seconds in (normal, hanging)]
    figures = (
        f"{SILENCE} s of silence for one brand with {HANGING[scale]} items due, {at_once} of {WORKERS} workers in its calls, "
        f"{waiting} of its rows waiting, {out} out; the other brand's {ITEMS[scale]} items from due to the wall: "
        f"p50 {middle[0] * 1000:.0f} ms normal, {middle[1] * 1000:.0f} ms beside it; "
        f"p95 {before * 1000:.0f} ms normal, {beside * 1000:.0f} ms beside it ({beside / before:.2f} times)"
    )
    return figures, beside < 2 * before and waiting > 0 and 0 < at_once <= WORKERS // 2


def _kill(found: Programs) -> None:
    for name in ("relay", "worker"):
        found.kill(name)
    found.empty_broker()


def _start(found: Programs, told: dict[str, str]) -> None:
    found.start_worker(WORKERS, **told)
    found.start_relay(**told)


def _leave(world: World, count: int, apart: float, name: str) -> list[float]:
    """Items cleared one after the other and due at once; seconds from due to the wall of each."""
    items = {}
    for number in range(count):
        items[f"{name} {number}"] = world.submitted(f"{name} {number}").pk
        time.sleep(apart)
    wait_for(lambda: _on_the_wall(world, items) == count, f"{name}: all are out", 120)
    with brand_scope(world.brand):
        dues = dict(Dispatch.objects.filter(item_id__in=items.values()).values_list("item_id", "due_at"))
        posts = MemoryPost.objects.filter(text__in=items).values_list("text", "at")
        return [(at - dues[items[text]]).total_seconds() for text, at in posts]


def _on_the_wall(world: World, texts: Iterable[str]) -> int:
    with brand_scope(world.brand):
        return MemoryPost.objects.filter(text__in=list(texts)).count()


def _hanging(world: World) -> int:
    """Calls that have begun and not ended."""
    with brand_scope(world.brand):
        return Dispatch.objects.filter(state="sending", error="").count()
