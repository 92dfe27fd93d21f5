"""In which order people are called: those of the topic, then everybody else the briefing names, then the brand's heads. Pure.

Who is on duty comes before who is not, and nobody is left out: at night the last of the line is still somebody.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+")
_NUMBER = re.compile(r"\+?\d[\d\s().-]{6,}\d")


@dataclass(frozen=True, slots=True)
class Reachable:
    """Somebody to call: how, about which topic ('' for any), and whether they are on duty.

    `of_briefing`: the briefing names them, so who may not read that there does not read it here.
    """

    name: str
    contact: str
    topic: str = ""
    on_duty: bool = True
    of_briefing: bool = False

    @property
    def address(self) -> str:
        """The first e-mail address among the words of `contact`, or ''."""
        return address_in(self.contact)


def in_order(named: Iterable[Reachable], heads: Iterable[Reachable], topic: str) -> list[Reachable]:
    """Of each address or number the first; deputies stand below whom they stand in for, as the briefing lists them."""
    wanted = topic.casefold()
    ranked = [*((one.topic.casefold() != wanted, one) for one in named), *((True, one) for one in heads)]
    first: dict[str, Reachable] = {}
    for _, one in sorted(ranked, key=lambda pair: (not pair[1].on_duty, pair[0])):
        first.setdefault((one.address or one.contact).casefold(), one)
    return list(first.values())


def address_in(contact: str) -> str:
    found = _ADDRESS.search(contact)
    return found[0].strip(".").lower() if found else ""


def number_in(contact: str) -> str:
    """The first telephone number among the words of a contact, as it is dialled, or ''."""
    found = _NUMBER.search(_ADDRESS.sub(" ", contact))
    return re.sub(r"[^\d+]", "", found[0]) if found else ""
