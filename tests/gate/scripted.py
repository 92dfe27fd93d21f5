"""A network of each class that does what a test tells it, and workers that die where a test tells them.

The network knows the truth: what is public there and since when. It works late, as networks do: what a dying worker had
asked for may land up to fourteen seconds afterwards, and of class C nobody sees it for another five.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any
from unittest.mock import patch

from django.utils import timezone

from clients.autonomy.vocabulary import ActionKind
from clients.channels import registry
from clients.channels.delivery import Port
from clients.channels.port import Capabilities, Idempotency, Outbound, Seen, SendFailed, Sent, SentState, SettingField
from clients.channels.secret import Secrets
from clients.gate.actions import sending
from clients.outbox import actions as outbox
from clients.outbox.actions import perform
from clients.outbox.models import OutboxRow
from tenants.walls.scope import BrandRef, brand_scope

SETTLE = 5.0
POINTS = ("marked", "before_prepare", "after_prepare", "prepared", "before_call", "after_call", "committed")
FIND_POINTS = ("before_find", "after_find")


class Crash(BaseException):
    """The worker is gone: nothing of ours catches this, and the open transaction is undone."""


@dataclass
class Network:
    """What is there. `plan`: what each further call meets: an error before or ('lost') after its effect, or None."""

    kind: str
    fields: tuple[SettingField, ...] = ()
    declares: Capabilities = field(init=False)
    drafts: dict[str, str] = field(default_factory=dict)
    landed: list[tuple[str, datetime]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    begun: list[datetime | None] = field(
        default_factory=list
    )  # what each of `send` and `find` was told of earlier calls
    plan: list[Any] = field(default_factory=list)
    finds: list[Any] = field(default_factory=list)
    late: timedelta = timedelta(0)
    seen: Seen = field(default_factory=lambda: Seen(SentState.PUBLISHED))

    def __post_init__(self) -> None:
        self.pace(0.0)

    def pace(self, gap: float) -> None:
        letter = Idempotency(self.kind[-1].upper())
        settle = SETTLE if letter is Idempotency.LOOK_UP else 0.0
        kinds = frozenset({ActionKind.PUBLISH, ActionKind.CORRECT, ActionKind.DELETE})
        self.declares = Capabilities(
            kinds=kinds, idempotency=letter, max_length=500, gap_seconds=gap, settle_seconds=settle,
            target_for=frozenset({ActionKind.CORRECT, ActionKind.DELETE}),
        )  # fmt: skip

    def check_settings(self, settings: Mapping[str, Any], secret: Secrets) -> None:
        """It has none."""

    def prepare(self, outbound: Outbound, until: float) -> str:
        self.calls.append("prepare")
        return self.drafts.setdefault(outbound.key, f"draft {outbound.key}")

    def send(self, outbound: Outbound, until: float) -> Sent:
        self.calls.append("send")
        self.begun.append(outbound.begun)
        step = self.plan.pop(0) if self.plan else None
        if isinstance(step, SendFailed) and not step.maybe_sent:
            raise step
        if self.declares.idempotency is Idempotency.TWO_PHASE:
            assert outbound.draft == self.drafts[outbound.key]
        self._land(outbound.key)
        if isinstance(step, SendFailed):
            raise step
        return Sent(remote_id=f"post {outbound.key}", url=f"https://example.org/{outbound.key}")

    def find(self, outbound: Outbound, until: float) -> Sent | None:
        self.calls.append("find")
        self.begun.append(outbound.begun)
        step = self.finds.pop(0) if self.finds else None
        if isinstance(step, SendFailed):
            raise step
        if self.declares.idempotency is Idempotency.NONE:
            raise SendFailed("cannot_look_up", permanent=True, maybe_sent=False)
        blind = timedelta(seconds=self.declares.settle_seconds)
        found = any(key == outbound.key and at + blind <= timezone.now() for key, at in self.landed)
        return Sent(remote_id=f"post {outbound.key}") if found else None

    def look(self, outbound: Outbound, until: float) -> Seen:
        self.calls.append("look")
        step = self.finds.pop(0) if self.finds else None
        if isinstance(step, SendFailed):
            raise step
        return self.seen

    def _land(self, key: str) -> None:
        """With a key or a draft a repeat is no second effect; without, it is."""
        harmless = self.declares.idempotency in (Idempotency.REMOTE_KEY, Idempotency.TWO_PHASE)
        if not (harmless and key in self.public):
            self.landed.append((key, timezone.now() + self.late))

    @property
    def public(self) -> list[str]:
        """The keys of everything that anybody will ever see."""
        return [key for key, _ in self.landed]


@contextmanager
def network(letter: str) -> Iterator[Network]:
    """A network of class `letter`, to be connected as kind `scripted_<letter>`."""
    kind = f"scripted_{letter.lower()}"
    there, module = Network(kind), ModuleType(f"tests.gate.{kind}.connector")
    module.CONNECTOR = there  # type: ignore[attr-defined]
    with (
        patch.dict(sys.modules, {module.__name__: module, f"tests.gate.{kind}": ModuleType(f"tests.gate.{kind}")}),
        patch.dict(registry.FOLDERS, {kind: f"tests.gate.{kind}"}),
    ):
        yield there


@contextmanager
def dying_at(point: str, there: Network | None = None, late: float = 0.0) -> Iterator[None]:
    """Inside, a worker is gone when it comes to `point`. What it had asked for lands `late` seconds afterwards."""
    real = {name: getattr(Port, name) for name in ("prepare", "send", "find")}

    def around(name: str, word: str) -> Any:
        def call(self: Port, outbound: Outbound) -> Any:
            _die(point, f"before_{word}")
            if there is not None and point == "after_call":
                there.late = timedelta(seconds=late)
            try:
                answer = real[name](self, outbound)
            finally:
                if there is not None:
                    there.late = timedelta(0)
            _die(point, f"after_{word}")
            return answer

        return call

    mark, leave = sending.mark, sending.leave

    def marking(*args: Any) -> Any:
        marked = mark(*args)
        _die(point, "marked")
        return marked

    def leaving(actor: Any, marked: Any) -> None:
        _die(point, "prepared")
        leave(actor, marked)

    with (
        patch.multiple(
            Port, prepare=around("prepare", "prepare"), send=around("send", "call"), find=around("find", "find")
        ),
        patch.multiple(sending, mark=marking, leave=leaving),
        patch.object(outbox, "_end", lambda *args, **kwargs: _die(point, "committed")),
    ):
        yield


def work(brand: BrandRef, *, at: str = "", there: Network | None = None, late: float = 0.0) -> int:
    """Every due sending is tried by a worker of its own, that dies at `at`. How many were due."""
    with brand_scope(brand):
        due = OutboxRow.objects.filter(kind="gate.send", done_at=None, due_at__lte=timezone.now())
        rows = list(due.order_by("due_at", "id").values_list("id", flat=True))
    for row in rows:
        if not at:
            perform(brand, row)
            continue
        try:
            with dying_at(at, there, late):
                perform(brand, row)
        except Crash:
            continue
        # It did not come to that point: its row ends as usual.
        perform(brand, row)
    return len(rows)


def _die(point: str, here: str) -> None:
    if point == here:
        raise Crash(here)
