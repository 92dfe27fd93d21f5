"""Goals as they were written before they were a section: lines among a briefing's objectives, as `field.ratio: 30 %`. Pure.

Versions are sealed and never changed, so what older ones say is read where they are read. Nothing new is written so: the figures
are those that took a goal then. A line named no period; it counts per month, as the report did that told of goals.
"""

import re
from collections.abc import Iterator, Mapping

from clients.briefings.goals import Direction, Per

_LINE = re.compile(
    r"[\s\-*\u2022]*(?P<code>[a-z_]+\.[a-z_]+)(?P<by>(?:;[a-z]+=[\w-]+)*)\s*[:=]\s*(?P<whole>\d{1,9})(?:[.,](?P<part>\d{1,2}))?"
    r"\s*(?P<sign>%?)[\s.]*"
)
_SHARES = frozenset({"field.ratio", "clocks.in_time"})
_APART: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "acts.done": ((), ("kind", "channel")),
    "field.acts": ((),),
    "field.ratio": ((),),
    "mentions.found": ((), ("medium",)),
    "members.active": ((),),
    "insights.noted": ((),),
    "clocks.in_time": (("clock",),),
}


def goals_among(objectives: object) -> list[dict[str, str]]:
    """The goals among the lines of some objectives, as lines of the section. Of two for one figure the last counts."""
    text = objectives if isinstance(objectives, str) else ""
    return list(dict(_found(text)).values())


def _found(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    for line in text.splitlines():
        match = _LINE.fullmatch(line)
        if match is None or match["code"] not in _APART:
            continue
        by = tuple(part.partition("=")[0] for part in match["by"].split(";") if part)
        is_share = match["code"] in _SHARES
        if by not in _APART[match["code"]] or (not is_share and (match["sign"] or match["part"])):
            continue
        whole, part = int(match["whole"]), int((match["part"] or "").ljust(2, "0"))
        key = match["code"] + match["by"]
        value = str(whole * 100 + part if is_share else whole)
        line_of = {"figure": key, "direction": str(Direction.AT_LEAST), "value": value}
        yield key, {**line_of, "per": str(Per.MONTH), "since": ""}
