"""What was approved is what goes out, to the byte: somebody edits while somebody approves and a worker sends.

Each round one item on two channels, one of them with its own wording, waits for the brand; then at once, in threads
with random starts: the author edits the text, the variant or both, and mostly submits again; the brand approves what it
had read, approves its own wording, or presses a batch; a worker sends whatever is due. Afterwards every post on a wall
must be, character by character, what the version says for that channel whose digest has a brand's yes and stands on the
receipt; an item is on both walls or on none.

Seen to fall short when: the gate took any yes for a yes to this digest; `approve_item` did not compare what was seen; a
dispatch left unasked with the item's newest text. (Taking the newest text alone is not seen: nothing else lets such a
dispatch come that far.)
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from clients.approvals.actions import set_policy
from clients.approvals.models import Verdict
from clients.approvals.words import OnLapse, VerdictKind
from clients.channels.actions import connect_channel
from clients.channels.models import MemoryPost
from clients.gate.actions import approve_batch, approve_item, approve_with_edit, submit_item, withdraw_item
from clients.gate.models import Receipt
from clients.items.actions import edit_item
from clients.items.content import Content
from clients.items.models import Item, ItemVersion
from tenants.errors import RelaisError
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.proof._scene import at_once, code_of, digest, due_rows, failed_rows, scene, surprises, work_off
from tests.world import World

ROUNDS = {"small": 40, "full": 10_000}
SPREAD = 0.03
"""Seconds over which the rivals start."""


@dataclass(slots=True)
class Tally:
    first: int = 0  # the content approved at first went out
    other: int = 0  # a later one, approved as such, at least on one channel
    kept: int = 0  # nothing went out
    refused: int = 0  # answers 'no' on the way
    differences: int = 0
    errors: int = 0


def run(scale: str) -> tuple[str, bool]:
    """Play the rounds and look at the walls after each."""
    world = scene(level=2)
    set_policy(world.owner, needs=[], decide_minutes=None, on_lapse=OnLapse.HOLD, veto_minutes=60, undo_seconds=0)
    other = connect_channel(actor=world.owner, kind="memory", name="Le deuxième mur")
    world.extra["channels"] = (str(world.wall.pk), str(other.pk))
    tally = Tally()
    for number in range(ROUNDS[scale]):
        _round(world, tally, number)
    errors = tally.errors + len(failed_rows(world))
    figures = (
        f"{ROUNDS[scale]:,} interleavings: {tally.first:,} sent as first approved, {tally.other:,} as approved later, "
        f"{tally.kept:,} not sent, {tally.refused:,} clear refusals; {tally.differences} differ from what was approved, "
        f"{errors} errors"
    )
    met = tally.first + tally.other > 0 and tally.kept > 0 and tally.refused > 0
    return figures, met and not tally.differences and not errors


def _round(world: World, tally: Tally, number: int) -> None:
    item = world.submitted(**_wording(world, number, "A"))
    rivals = [
        partial(_soon, partial(_edit, world, item, number), random.choice((1, 1, 4, 12))),
        partial(random.choice((_approve, _approve, _approve_own_wording, _press_batch)), world, item, number),
        *(partial(_keep_working, world) for _ in range(2)),
    ]
    results = at_once([partial(_soon, rival) for rival in rivals])
    tally.errors += len(surprises(results))
    tally.refused += sum(isinstance(result, RelaisError) for result in results)
    _work(world)
    _work(world)
    _judge(world, tally, item)
    code_of(partial(withdraw_item, world.cm, item_id=item.pk))


def _judge(world: World, tally: Tally, item: Item) -> None:
    """Compare the walls with the versions that somebody of the brand said yes to."""
    with brand_scope(world.brand):
        approved = set(Verdict.objects.filter(item_id=item.pk, kind=VerdictKind.YES).values_list("digest", flat=True))
        # The approver has read the first content and no other: a yes of theirs to another was said unseen.
        yeses = Verdict.objects.filter(person_id=world.people[Role.APPROVER].pk, item_id=item.pk, kind=VerdictKind.YES)
        unseen = yeses.exclude(digest=digest(item)).count()
        versions = {v.digest: v.exact_content() for v in ItemVersion.objects.filter(item=item.pk)}
        receipts = list(Receipt.objects.filter(item_id=item.pk))
        posted = {str(p.pk): p for p in MemoryPost.objects.filter(key__in=[str(r.dispatch_id) for r in receipts])}
        strays = MemoryPost.objects.filter(text__startswith=item.title[:8]).count() - len(posted)
    good = [
        r.content_digest in approved
        and posted[r.remote_id].text == versions[r.content_digest].text_for(str(r.channel_id))
        and str(posted[r.remote_id].channel_id) == str(r.channel_id)
        for r in receipts
    ]
    once = len({r.channel_id for r in receipts}) == len(receipts)
    if strays or unseen or not (all(good) and once):
        tally.differences += 1
        sent, yes = [(r.channel_name, r.content_digest[:8]) for r in receipts], sorted(d[:8] for d in approved)
        print(f"  differs: {item.title}: {sent}, approved {yes}, {strays} strays, {unseen} unseen")
    if not receipts:
        tally.kept += 1
    elif all(r.content_digest == digest(item) for r in receipts):
        tally.first += 1
    else:
        tally.other += 1


def _wording(world: World, number: int, mark: str, variant: str = "") -> dict[str, Any]:
    first, second = world.extra["channels"]
    text = f"N{number:07d}-{mark}"
    return {"text": text, "channels": (first, second), "variants": {second: f"{text[:8]} {variant or mark}*"}}


def _content(world: World, number: int, mark: str, variant: str = "") -> Content:
    return world.content(**_wording(world, number, mark, variant))


def _soon(act: Callable[[], Any], slower: int = 1) -> Any:
    time.sleep(random.random() * SPREAD * slower)
    return act()


def _keep_working(world: World) -> None:
    for _ in range(4):
        _work(world)
        time.sleep(random.random() * SPREAD)


def _edit(world: World, item: Item, number: int) -> None:
    """Another text, or only another variant (hole P5), and mostly brought to the gate again."""
    content = random.choice((_content(world, number, "B"), _content(world, number, "A", "B")))
    version = edit_item(world.cm, item_id=item.pk, seen_digest=digest(item), content=content)
    if random.random() < 0.7:
        submit_item(world.cm, item_id=item.pk, seen_digest=version.digest)
        if random.random() < 0.5:
            approve_item(world.owner, item_id=item.pk, seen_digest=version.digest)


def _approve(world: World, item: Item, number: int) -> None:
    approve_item(world.approver, item_id=item.pk, seen_digest=digest(item))


def _approve_own_wording(world: World, item: Item, number: int) -> None:
    mine = _content(world, number, "C", random.choice("AC"))
    approve_with_edit(world.actor(Role.BRAND_MANAGER), item_id=item.pk, seen_digest=digest(item), content=mine)


def _press_batch(world: World, item: Item, number: int) -> None:
    approve_batch(world.approver, items=[(item.pk, digest(item))])


def _work(world: World) -> None:
    work_off(world, due_rows(world, "gate.batch"))
    work_off(world, due_rows(world, "gate.send"))
