"""Many writers on few objects of one brand, some of whom change their mind, and one who keeps a transaction open: used by a test
and by the proof `audit-stress`. Each act counts its object up, so that what is lost, doubled or out of order can be told."""

import json
import random
import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connections

from clients.audit import lines, tree
from clients.audit.actions import record
from clients.audit.models import Checkpoint, Entry, Leaf, RowChange
from clients.autonomy.vocabulary import EntryPoint
from clients.items.models import Item
from clients.people.actor import process_of
from tenants.brandref import BrandRef
from tenants.ids import uuid7
from tenants.models import Unsealed
from tenants.walls.scope import brand_scope, durable

VERB = "stress.counted"


class _Undone(Exception):
    pass


@dataclass
class Stress:
    """`committed`: acts that are done, so that each must be in the log exactly once."""

    brand: BrandRef
    objects: list[Any] = field(default_factory=list)
    committed: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _until: float = 0.0

    def run(self, seconds: float, *, writers: int = 8, objects: int = 12, held: float = 0.0) -> None:
        """Write for so long; `held` seconds one transaction of another object stays open, beginning at once."""
        with durable(self.brand):
            self.objects = [_item().pk for _ in range(objects)]
        self._until = time.monotonic() + seconds
        crew = [threading.Thread(target=self._write, args=(number,)) for number in range(writers)]
        crew.append(threading.Thread(target=self._hold, args=(held,)))
        for thread in crew:
            thread.start()
        for thread in crew:
            thread.join()

    def _write(self, number: int) -> None:
        chance = random.Random(number)
        try:
            while time.monotonic() < self._until:
                try:
                    self._act(chance.choice(self.objects), chance)
                except _Undone:
                    continue
                with self._lock:
                    self.committed += 1
        finally:
            connections.close_all()

    def _act(self, pk: Any, chance: random.Random) -> None:
        with durable(self.brand):
            item = Item.objects.select_for_update().get(pk=pk)
            count = int(item.title) + 1
            Item.objects.filter(pk=pk).update(title=str(count))
            record(process_of(self.brand, EntryPoint.WORKER, "stress"), VERB, item, count=count)
            if chance.random() < 0.03:
                time.sleep(0.2)
            if chance.random() < 0.15:
                raise _Undone

    def _hold(self, seconds: float) -> None:
        """A line with a low number, and the object is there before it and after."""
        try:
            with durable(self.brand):
                item = _item()
                record(process_of(self.brand, EntryPoint.WORKER, "stress"), VERB, item, count=1)
                time.sleep(seconds)
            self.committed += 1
        finally:
            connections.close_all()

    def faults(self) -> dict[str, int]:
        """What is wrong when all is sealed. Every value must be 0."""
        with brand_scope(self.brand):
            found = {e.seq: lines.act_line(e) for e in Entry.objects.all()}
            found |= {r.seq: lines.change_line(r) for r in RowChange.objects.all()}
            leaves = list(Leaf.objects.order_by("idx"))
            head = Checkpoint.objects.order_by("-size").first()
        sealed = [leaf.seq for leaf in leaves]
        said = [json.loads(found[seq]) for seq in sealed if seq in found]
        acts = [line for line in said if line["act"] == VERB]
        grown = tree.CompactRange()
        grown.extend(bytes(leaf.hash) for leaf in leaves)
        return {
            "acts without a line": abs(self.committed - len(acts)),
            "lines not sealed": len(set(found) - set(sealed)) + Unsealed.objects.filter(brand_id=self.brand.id).count(),
            "lines sealed twice": len(sealed) - len(set(sealed)),
            "leaves that are no line": len(set(sealed) - set(found)),
            "gaps": sum(leaf.idx != place for place, leaf in enumerate(leaves)),
            "leaves of other bytes": sum(
                bytes(leaf.hash) != tree.leaf_hash(found[leaf.seq]) for leaf in leaves if leaf.seq in found
            ),
            "out of order": _out_of_order(acts),
            "another root": int(head is None or bytes(head.root) != grown.root()),
        }


def _item() -> Item:
    return Item.objects.create(
        title="0", kind="publish", sensitivity="routine", author_id=uuid7(), author_side="agency"
    )


def _out_of_order(acts: Iterable[dict[str, Any]]) -> int:
    """Acts that do not follow their object's last one in the order of the tree."""
    last: dict[str, int] = defaultdict(int)
    wrong = 0
    for act in acts:
        wrong += act["facts"]["count"] != last[act["obj"]["id"]] + 1
        last[act["obj"]["id"]] = act["facts"]["count"]
    return wrong
