"""What a charter says, as sentences: a code and its slots. The words are portal's, in each language.  Pure.

A matrix is exact and nobody reads it; what an owner signs must be readable aloud. So cells that change in the same way are
told together: 'everything on every channel' is one sentence, not six hundred.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from clients.autonomy.grant import ANY, Charter, Grant, Hours
from clients.autonomy.vocabulary import ActionKind
from clients.mandates.matrix import Change, Holding, channels_named, compare

OTHERS = "*"
"""Among the channels of a change: every channel that neither charter names."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """`slots` hold codes, numbers, dates and channel ids; `limits` are the clauses that follow ('on weekdays from 9 to 18')."""

    code: str
    slots: dict[str, Any] = field(default_factory=dict)
    limits: tuple["Sentence", ...] = ()


def sentences_of(charter: Charter) -> list[Sentence]:
    """One sentence per grant, the widest first, as a person would tell it."""
    return [sentence_of(g) for g in sorted(charter.grants, key=_as_told)]


def sentence_of(grant: Grant) -> Sentence:
    """`grant.0` to `grant.6`, with slots channel ('' is any), kind ('' is any), sensitivity and level."""
    slots = {"channel": grant.channel, "kind": str(grant.kind), "sensitivity": str(grant.sensitivity)}
    hours = (grant.hours,) if grant.hours else ()
    limits = _limits(hours, grant.daily_cap, grant.until)
    return Sentence(f"grant.{int(grant.level)}", slots | {"level": int(grant.level)}, limits)


def sentences_between(old: Charter, new: Charter, on: date, channels: Collection[str] = ()) -> list[Sentence]:
    """What changes from one charter to the next, told together, what permits more first.

    Codes: `change.raises`, `change.lowers`, `change.shifts`. Slots: channels and kinds (tuples; `('',)` is every one, and
    `'*'` among channels all that no grant names), sensitivity, before, after (levels), was (the limits before).
    """
    rows = len(channels_named(old, new, channels)) + 1
    told = sorted(compare(old, new, on, channels), key=_alike)
    found = [_together(list(group), rows) for _, group in groupby(told, key=_alike)]
    return sorted((s for group in found for s in group), key=_by_weight)


def _together(changes: list[Change], rows: int) -> list[Sentence]:
    """Changes that are alike but for where they are, folded: kinds that share their channels make one sentence."""
    kinds_of: dict[tuple[str, ...], list[str]] = {}
    for kind in ActionKind:
        channels = tuple(sorted(c.cell.channel or OTHERS for c in changes if c.cell.kind is kind))
        if channels:
            kinds_of.setdefault(channels, []).append(str(kind))
    return [
        _sentence(changes[0], _every(channels, rows), _every(kinds, len(ActionKind)))
        for channels, kinds in kinds_of.items()
    ]


def _sentence(change: Change, channels: tuple[str, ...], kinds: tuple[str, ...]) -> Sentence:
    slots = {
        "channels": channels,
        "kinds": kinds,
        "sensitivity": str(change.cell.sensitivity),
        "before": int(change.before.level),
        "after": int(change.after.level),
        "was": _limits_of(change.before),
    }
    return Sentence(f"change.{change.direction}", slots, _limits_of(change.after))


def _every(names: Iterable[str], count: int) -> tuple[str, ...]:
    found = tuple(names)
    return (ANY,) if len(found) == count else found


def _limits_of(holding: Holding) -> tuple[Sentence, ...]:
    return _limits(holding.hours, holding.daily_cap, holding.until)


def _limits(hours: Iterable[Hours], daily_cap: int | None, until: date | None) -> tuple[Sentence, ...]:
    """`limit.hours` (start, end in minutes; weekdays), `limit.daily_cap` (count), `limit.until` (day)."""
    found = [
        Sentence("limit.hours", {"start": h.start, "end": h.end, "weekdays": tuple(sorted(h.weekdays))}) for h in hours
    ]
    if daily_cap is not None:
        found.append(Sentence("limit.daily_cap", {"count": daily_cap}))
    if until is not None:
        found.append(Sentence("limit.until", {"day": until}))
    return tuple(found)


def _as_told(grant: Grant) -> tuple[int, str, int, str, str]:
    named = (grant.channel != ANY) + (grant.kind != ANY)
    return named, str(grant.sensitivity), -grant.level, grant.channel, str(grant.kind)


def _alike(change: Change) -> tuple[str, str, str]:
    def spelled(h: Holding) -> str:
        hours = sorted((x.start, x.end, tuple(sorted(x.weekdays))) for x in h.hours)
        return f"{int(h.level)} {hours} {h.daily_cap} {h.until}"

    return f"{change.direction} {change.cell.sensitivity}", spelled(change.before), spelled(change.after)


def _by_weight(sentence: Sentence) -> tuple[int, int, str]:
    order = ("change.raises", "change.shifts", "change.lowers").index(sentence.code)
    gap = abs(sentence.slots["after"] - sentence.slots["before"])
    return order, -gap, str(sentence.slots)
