"""What the brand wants its figures to be: lines of its briefing's objectives, versioned and agreed like all of it.

A goal is a line of its own: `field.ratio: 30 %`, `acts.done = 12`, `clocks.in_time;clock=answer: 90 %`. Shares are written in
percent, times in minutes. Prose around it, and lines about what takes no goal, say nothing here. Objectives that the brand keeps
to itself set no goal: the number would tell of them.
"""

import re
from collections.abc import Iterable

from clients.briefings.access import words_shared
from clients.briefings.rules import Section
from clients.disclosure.rules import InfoClass
from reports.facts.definitions import DEFINITIONS
from reports.facts.shapes import Unit
from reports.facts.sight import Sight

_LINE = re.compile(
    r"[\s\-*\u2022]*(?P<code>[a-z_]+\.[a-z_]+)(?P<by>(?:;[a-z]+=[\w-]+)*)\s*[:=]\s*(?P<whole>\d{1,9})(?:[.,](?P<part>\d{1,2}))?"
    r"\s*(?P<sign>%?)[\s.]*"
)


def goals_for(sight: Sight) -> dict[str, int]:
    """By a figure's key, in the figure's own unit, as the briefing in force says."""
    if not sight.reads(InfoClass.SHARED):
        return {}
    words = words_shared().get(str(Section.OBJECTIVES)) or ""
    return goals_in(words.splitlines() if isinstance(words, str) else ())


def goals_in(lines: Iterable[str]) -> dict[str, int]:
    """The goals among some lines. Of two for one figure the last counts."""
    found: dict[str, int] = {}
    for line in lines:
        match = _LINE.fullmatch(line)
        definition = DEFINITIONS.get(match["code"]) if match else None
        if match is None or definition is None or not definition.takes_goal:
            continue
        dimensions = dict(part.split("=", 1) for part in match["by"].split(";") if part)
        is_share = definition.unit is Unit.SHARE
        if not definition.opens(dimensions) or (match["sign"] and not is_share) or (match["part"] and not is_share):
            continue
        whole, part = int(match["whole"]), int((match["part"] or "").ljust(2, "0"))
        found[match["code"] + match["by"]] = whole * 100 + part if is_share else whole
    return found
