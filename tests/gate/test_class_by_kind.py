"""A network whose posts have drafts and whose answers have none: such a kind of act follows the protocol of class C."""

from collections import defaultdict
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from clients.autonomy.vocabulary import ActionKind
from clients.channels.port import Capabilities, Idempotency
from clients.gate.actions import stop
from tests.gate.scripted import POINTS, SETTLE
from tests.gate.test_protocol import Scene, scenes

__all__ = ["scenes"]


def without_drafts(scene: Scene, *, looked_for: bool) -> Scene:
    """The network makes a second post of a second call, whatever is declared of it."""
    there = scene.there
    kinds = frozenset({ActionKind.PUBLISH}) if looked_for else frozenset()
    there.declares = replace(there.declares, looked_for=kinds, settle_seconds=SETTLE)
    there.drafts = defaultdict(str)
    there._land = lambda key: there.landed.append((key, timezone.now() + there.late))  # type: ignore[method-assign]
    return scene


@pytest.mark.parametrize("point", POINTS)
def test_after_a_crash_it_is_looked_for_and_never_sent_in_order_to_know(scenes: Any, point: str) -> None:
    scene = without_drafts(scenes("B"), looked_for=True)
    scene.work(point, late=14)
    scene.to_the_end()
    assert scene.outcome == ("sent", 1, 1) and "prepare" not in scene.there.calls


def test_taken_for_class_b_it_would_leave_twice(scenes: Any) -> None:
    """What the declaration is for: the same network, the same crash."""
    scene = without_drafts(scenes("B"), looked_for=False)
    scene.there.prepare = lambda outbound, until: scene.there.drafts.setdefault(outbound.key, "draft")  # type: ignore[method-assign]
    scene.work("after_call")
    scene.to_the_end()
    assert len(scene.there.public) == 2


@pytest.mark.parametrize("point", ["marked", "before_call", "after_call"])
def test_after_a_crash_and_a_stop_nothing_new_leaves_and_what_left_is_found(scenes: Any, point: str) -> None:
    scene = without_drafts(scenes("B"), looked_for=True)
    scene.work(point, late=14)
    left = len(scene.there.public)
    stop(scene.world.owner)
    scene.to_the_end()
    assert scene.outcome == (("sent", 1, 1) if left else ("held", 0, 0))


@pytest.mark.parametrize("letter", ["A", "C", "D"])
@pytest.mark.parametrize("what", [{"looked_for": frozenset({ActionKind.ANSWER})}, {"fetches_media": True}])
def test_only_a_network_with_drafts_can_say_so(letter: str, what: dict[str, Any]) -> None:
    kinds = frozenset({ActionKind.ANSWER})
    Capabilities(kinds=kinds, idempotency=Idempotency.TWO_PHASE, **what)
    with pytest.raises(ValueError, match="only_with_drafts"):
        Capabilities(kinds=kinds, idempotency=Idempotency(letter), **what)
