"""A table that many write at once, and somebody who keeps a copy of it by the feed of changes alone; for `changes_feed`."""

import random
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

from django.db import DatabaseError, connections

from clients.changes.actions import settle_changes
from clients.changes.queries import changes_after, head
from clients.changes.rules import Cursor
from clients.items.models import Item
from tenants.brandref import BrandRef
from tenants.errors import Conflict
from tenants.ids import uuid7
from tenants.walls.scope import brand_scope, durable

RESOURCE = "items"


class Undone(Exception):
    """Somebody changed their mind before the commit."""


class Stopped(Exception):
    """The follower dies here: what it did not keep is lost to it."""


@dataclass
class Writers:
    """Eight of them: one row or many, new, changed and gone; some undone, some with their transaction open for a while."""

    brand: BrandRef
    count: int = 8
    committed: int = 0
    undone: int = 0
    _over: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _crew: list[threading.Thread] = field(default_factory=list)

    def start(self, seed: int) -> None:
        self._over.clear()
        self._crew = [threading.Thread(target=self._write, args=(seed + number,)) for number in range(self.count)]
        for thread in self._crew:
            thread.start()

    def stop(self) -> None:
        self._over.set()
        for thread in self._crew:
            thread.join()

    def _write(self, seed: int) -> None:
        chance = random.Random(seed)
        try:
            while not self._over.is_set():
                try:
                    with durable(self.brand):
                        self._act(chance)
                except Undone:
                    self.undone += 1
                    continue
                except DatabaseError:  # two that wait for one another: one of them is undone
                    self.undone += 1
                    continue
                with self._lock:
                    self.committed += 1
        finally:
            connections.close_all()

    def _act(self, chance: random.Random) -> None:
        for _ in range(chance.choice((1, 1, 2, 3))):
            _one_write(chance)
            if chance.random() < 0.04:
                time.sleep(chance.uniform(0.05, 0.5))
        if chance.random() < 0.1:
            raise Undone


def _one_write(chance: random.Random) -> None:
    what = chance.random()
    if what < 0.3:
        Item.objects.bulk_create([_item(chance) for _ in range(chance.choice((1, 1, 4)))])
        return
    some = list(Item.objects.order_by("?").values_list("pk", flat=True)[:2])
    if what < 0.8:
        Item.objects.filter(pk__in=some).update(title=str(chance.random()))
    else:
        Item.objects.filter(pk__in=some[:1]).delete()


def _item(chance: random.Random) -> Item:
    return Item(
        title=str(chance.random()), kind="publish", sensitivity="routine", author_id=uuid7(), author_side="agency"
    )


@dataclass
class Follower:
    """`kept`: the cursor and the copy as they were last stored, together. It dies at random and begins again from there."""

    brand: BrandRef
    kept: tuple[Cursor | None, dict[UUID, str]] = (None, {})
    told: int = 0
    died: int = 0
    began_anew: int = 0
    slowest: float = 0.0
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._over.clear()
        self._thread = threading.Thread(target=self._follow)
        self._thread.start()

    def stop(self) -> None:
        assert self._thread is not None
        self._over.set()
        self._thread.join()

    def _follow(self) -> None:
        chance = random.Random(7)
        try:
            while not self._over.is_set():
                with suppress(Stopped, DatabaseError):
                    self.step(chance)
                time.sleep(chance.uniform(0, 0.05))
        finally:
            connections.close_all()

    def step(self, chance: random.Random | None = None) -> bool:
        """One answer of the feed, brought into the copy. Whether there was anything."""
        cursor, copy = self.kept[0], dict(self.kept[1])
        if cursor is None:
            self.kept = self._whole()
            return True
        began = time.monotonic()
        settle_changes(self.brand)
        try:
            with brand_scope(self.brand):
                stretch = changes_after(cursor, (RESOURCE,), 50)
        except Conflict:
            self.kept = (None, {})
            self.began_anew += 1
            return True
        self.slowest = max(self.slowest, time.monotonic() - began)
        ids = [change.object_id for change in stretch.changes]
        with brand_scope(self.brand):
            now = dict(Item.objects.filter(pk__in=ids).values_list("pk", "title"))
        for pk in ids:
            copy.pop(pk, None)
        copy |= now
        self.told += len(ids)
        if chance and chance.random() < 0.2:
            self.died += 1
            raise Stopped
        self.kept = (stretch.cursor, copy)
        return bool(ids) or stretch.more

    def _whole(self) -> tuple[Cursor, dict[UUID, str]]:
        """Where the feed stands first, then everything: what changes in between comes once more."""
        settle_changes(self.brand)
        with brand_scope(self.brand):
            cursor = head()
        with brand_scope(self.brand):
            return cursor, dict(Item.objects.values_list("pk", "title"))

    def differences(self) -> int:
        """When nobody writes any more and it has read on to the end."""
        while self.step():
            pass
        with brand_scope(self.brand):
            there = dict(Item.objects.values_list("pk", "title"))
        return len(set(there.items()) ^ set(self.kept[1].items()))
