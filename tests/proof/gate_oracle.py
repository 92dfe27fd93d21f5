"""The gate beside an independent oracle, cell by cell; and every outbound call of the program, found in its syntax trees.

Three counts. *Core*: levels x kinds x sensitivities x roles x entry points, crossed with what the brand said (verdicts,
windows, holds, standing approvals, briefing, mandate, channel, time): `decide` against `tests.autonomy.oracle`, which
shares no code with it. *Gate*: drafts submitted and sent through the database by every role at every entry point; where
each ended, and what reached the wall, is compared with what the oracle says of a question built here from the cell
alone. *Call sites*: see `_calls`.

Seen to fall short when: the ceiling of irreversible acts was lifted from `rules.level_that_holds`; `approval` counted
the agency's yes; `facts` reported the briefing as read; the questions at sending were skipped; `portal` imported a mail
library.
"""

import math
import random
from functools import cache
from typing import Any

from clients.autonomy.decide import decide
from clients.autonomy.grant import ANY, Charter, Grant
from clients.autonomy.levels import Level
from clients.autonomy.question import Question
from clients.autonomy.vocabulary import ActionKind, EntryPoint, Sensitivity
from tests.autonomy import oracle
from tests.autonomy.strategies import ROLE_PAIRS
from tests.proof import _calls, _cells, _whole_gate

CHANNEL = "wall"
SMALL_STRIDE, FULL_STRIDE = 503, 11
"""Primes that divide no axis, so that each value of each axis meets each of every other."""
AXES: tuple[tuple[Any, ...], ...] = (
    tuple(_cells.variants()),
    tuple(Level),
    tuple(ActionKind),
    tuple(Sensitivity),
    tuple(ROLE_PAIRS),
    tuple(EntryPoint),
)


def run(scale: str) -> tuple[str, bool]:
    """Figures and verdict of the three counts."""
    full = scale == "full"
    core, core_differences = _core(every=FULL_STRIDE if full else SMALL_STRIDE)
    whole = _whole_gate.compare(None if full else 300)
    sites, astray = _calls.count()
    for line in (*core_differences[:5], *whole.differences[:10], *astray):
        print(f"  differs: {line}")
    figures = (
        f"core {core:,} cells, {len(core_differences)} differences; whole gate {whole.cells:,} cells "
        f"({whole.sent:,} sent, {whole.refused:,} refused), {len(whole.differences)} differences; "
        f"{len(sites)} outbound call sites, {len(astray)} outside the gate"
    )
    holds = not (core_differences or whole.differences or astray) and whole.sent > 0 and whole.refused > 0
    return figures, holds and bool(sites)


def _core(every: int) -> tuple[int, list[str]]:
    """Compare every cell, or each `every`th from a random start, with the oracle. (cells, differences)."""
    sizes = [len(axis) for axis in AXES]
    differences, compared = [], 0
    for place in range(random.randrange(every), math.prod(sizes), every):
        rest, here = place, []
        for axis, size in zip(AXES, sizes, strict=True):
            rest, index = divmod(rest, size)
            here.append(axis[index])
        compared += 1
        differences += _differs(*here)
    return compared, differences


def _differs(
    variant: Any, level: Level, kind: ActionKind, sensitivity: Sensitivity, who: Any, via: EntryPoint
) -> list[str]:
    side, role = who
    question = Question(side=side, role=role, via=via, kind=kind, channel=CHANNEL, sensitivity=sensitivity, **variant)
    charter = _charter(level, kind, sensitivity)
    expected, found = oracle.answer(question, charter), decide(question, charter)
    if str(found.outcome) == expected and not _level_differs(question, charter, found.level):
        return []
    return [f"{question} at {charter}: {found} instead of {expected}"]


def _level_differs(question: Question, charter: Charter, level: Level) -> bool:
    """The level matters where the agency was answered by its charter at all."""
    answered = question.side == "agency" and not question.holds and oracle._may_come_at_all(question)
    return answered and oracle.effective_level(question, charter) != level


@cache
def _charter(level: Level, kind: ActionKind, sensitivity: Sensitivity) -> Charter:
    """Gives the level, by turns through a near grant and a far one, among grants that mislead."""
    shapes = ((CHANNEL, kind), (CHANNEL, ANY), (ANY, kind), (ANY, ANY))
    nearest = (level + list(ActionKind).index(kind)) % len(shapes)
    grants = [Grant(*shapes[nearest], sensitivity, level)]
    # Farther grants and grants for others say the opposite; whoever listens to them differs.
    opposite = Level(6 - level)
    if nearest < 3:
        grants.append(Grant(ANY, ANY, sensitivity, opposite))
    grants.append(Grant("mail", ANY, sensitivity, opposite))
    grants += [Grant(CHANNEL, kind, other, opposite) for other in Sensitivity if other is not sensitivity]
    return Charter(1, tuple(grants))
