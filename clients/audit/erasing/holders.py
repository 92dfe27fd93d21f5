"""Who holds words about members: each feature's own declaration, in its `holders` module.

A holder names columns of one model. `holds_nothing` names columns that never hold a member's data, each with its reason.
INVARIANT: every column of the brand's schema that could hold a text or a file is in one of the two (tests/community).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.module_loading import autodiscover_modules

from clients.audit.erasing.values import Sought

Row = dict[str, Any]
Rewrite = Callable[[Row, Sought], Row]


@dataclass(frozen=True)
class Holder:
    """Columns of one model that may hold words about a member.

    Words are taken out of the columns, by `rewrite` where more than the values must go. `whole` instead: the row itself goes.
    `which` says by another way than its own words which rows are meant; `files` are the names of the files that go with them.
    """

    kind: str
    model: type[models.Model]
    fields: tuple[str, ...]
    rewrite: Rewrite | None = None
    whole: bool = False
    which: Callable[[Sought], list[UUID]] | None = None
    files: Callable[[list[UUID]], list[str]] | None = None


@dataclass(frozen=True)
class Outside:
    """Something that is no table of the brand and may hold words all the same: letters on the disk. Undone by no rollback."""

    kind: str
    count: Callable[[Sought], int]
    erase: Callable[[Sought], int]


@dataclass
class _Declared:
    holders: list[Holder] = field(default_factory=list)
    outside: dict[str, Outside] = field(default_factory=dict)
    nothing: dict[tuple[str, str], str] = field(default_factory=dict)


_declared = _Declared()


def holds(kind: str, model: type[models.Model], *fields: str, **more: Any) -> None:
    """Declare a holder; `kind` is the word of `portal.wording.members.KINDS` for what is held."""
    _declared.holders.append(Holder(kind, model, fields, **more))


def holds_nothing(reason: str, model: type[models.Model], *fields: str) -> None:
    """Declare that these columns never hold a member's data, and why."""
    _declared.nothing.update({(model._meta.label, name): reason for name in fields})


def holds_outside(kind: str, count: Callable[[Sought], int], erase: Callable[[Sought], int]) -> None:
    """Declare a holder that is no table."""
    _declared.outside[kind] = Outside(kind, count, erase)


def holders() -> tuple[Holder, ...]:
    _load()
    return tuple(_declared.holders)


def outside() -> tuple[Outside, ...]:
    _load()
    return tuple(_declared.outside.values())


def nothing_held() -> dict[tuple[str, str], str]:
    """(model, column) -> why it holds nothing."""
    _load()
    return dict(_declared.nothing)


def _load() -> None:
    """A feature that has none is found by the test, column by column."""
    autodiscover_modules("holders")
