"""What was decided to be let be where an act would speak. The decisions lie above the gate, so what knows them tells it.

Asked about acts that speak in public alone: one statement where nothing is let be.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from clients.autonomy.calm import IN_PUBLIC
from clients.items.content import Content
from clients.items.models import Item


class Calmness(NamedTuple):
    """As fields of a question."""

    let_talk: bool = False
    slow_until: datetime | None = None


NO_CALM = Calmness()
Teller = Callable[[Item, Content, Mapping[UUID, str]], Mapping[UUID, Calmness]]
_TELLERS: list[Teller] = []


def tells(teller: Teller) -> Teller:
    """Who is asked: the item, its content, and of each channel the host at which its members are at home."""
    _TELLERS.append(teller)
    return teller


def calm_over(item: Item, content: Content, homes: Mapping[UUID, str]) -> Mapping[UUID, Calmness]:
    """By channel. INVARIANT: without anybody who could tell, nothing is answered: a gate that asks nobody is broken."""
    if content.kind not in IN_PUBLIC or not (content.target or content.recipient):
        return {}
    (teller,) = _TELLERS
    return teller(item, content, homes)
