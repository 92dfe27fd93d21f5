"""The port: what every kind of source looks like from inside. A kind is a module of `kinds` that declares itself as `KIND`.

Types only: no Django, no clock, no network. Which kinds there are is in `registry`; who asks them, how often and what happens
when they break is in `polling`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from clients.channels.port import SettingField
from clients.channels.secret import NO_SECRETS, Secrets
from clients.mentions.raw import RawMention

LONGEST_ASK = 20.0
"""Seconds for one look at a source, whatever it is: a worker that is at one holds a lease of 90."""

Cursor = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One look at one source. `cursor` is what the last one left; `since`: nothing older is wanted."""

    settings: Mapping[str, Any] = field(repr=False)
    secret: Secrets = field(default=NO_SECRETS, repr=False)
    channel: UUID | None = None
    own_handle: str = ""  # of the connected channel: what the brand itself says is no mention
    cursor: Cursor = field(default_factory=dict, repr=False)
    since: datetime
    now: datetime
    until: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one look brought. `shape`: what its entries have, None where that says nothing. `problem`: a code for what was wrong
    although it could be read. `more`: it has more than one look takes."""

    raws: Sequence[RawMention] = field(default=(), repr=False)
    cursor: Cursor = field(default_factory=dict, repr=False)
    shape: frozenset[str] | None = None
    problem: str = ""
    more: bool = False


Read = Callable[[Ask], Found]
Check = Callable[[Mapping[str, Any]], None]
"""Raises Invalid(code, field) for what no single setting can know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of source. Without `read` it is not asked: things are brought to it, by people or by a program.

    `opens`: it reads what only the brand's own credential opens, so the brand says yes to it. `keeps_all`: what it brings is
    addressed to the brand, and is kept whether it matches the watch list or not; a function where a setting decides.
    """

    name: str
    icon: str
    fields: tuple[SettingField, ...] = ()
    channels: tuple[str, ...] = ()
    opens: bool = False
    keeps_all: bool | Callable[[Mapping[str, Any]], bool] = False
    every: timedelta = timedelta(minutes=15)
    look_back: timedelta = timedelta(days=30)
    check: Check | None = None
    read: Read | None = None
    arrives: bool = False  # a program brings things: its silence can be told all the same

    @property
    def watched(self) -> bool:
        """Whether it is looked after again and again."""
        return self.read is not None or self.arrives

    @property
    def by_people(self) -> bool:
        return not self.watched

    def keeps(self, settings: Mapping[str, Any]) -> bool:
        """Whether all that it brings is kept."""
        return self.keeps_all(settings) if callable(self.keeps_all) else self.keeps_all
