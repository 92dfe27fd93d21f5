"""The answer as a value: outcome, by what right, under which grant, and why, in codes."""

import hashlib
from collections.abc import Collection
from dataclasses import fields
from operator import attrgetter
from typing import NamedTuple

import orjson

from clients.autonomy.levels import Level
from clients.autonomy.question import Question
from clients.autonomy.vocabulary import Basis, Outcome, Reason


class Decision(NamedTuple):
    """`level` is the one that held after all limits; `grant` is the key of the grant that gave it ('' where none).

    INVARIANT: the order of the fields is part of every digest. A tuple, because it is made once a decision and a frozen
    dataclass takes twice as long to make.
    """

    outcome: Outcome
    reasons: tuple[Reason, ...]
    level: Level = Level.CLOSED
    grant: str = ""
    basis: Basis | None = None

    @property
    def sends(self) -> bool:
        return self.outcome is Outcome.SEND


def canonical(value: object) -> bytes:
    """One value, one spelling: JSON with sorted keys, times in ISO 8601 with their offset."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


_of_question = attrgetter(*(f.name for f in fields(Question)))
_NOTHING_YET = hashlib.sha256()
"""Copied for each digest: a fifth quicker than asking for the algorithm by name."""


def record_digest(question: Question, decision: Decision, charter_digest: str, known: Collection[str] = ()) -> str:
    """SHA-256 in hex over question, charter and answer: what a receipt replays and compares.

    `known` names the fields that a question had when it was kept. INVARIANT: a new field of Question comes last and has a
    default, so that an old question keeps its digest for ever.
    """
    values = (
        [getattr(question, f.name) for f in fields(Question) if f.name in known] if known else _of_question(question)
    )
    digest = _NOTHING_YET.copy()
    digest.update(canonical((values, charter_digest, tuple(decision))))
    return digest.hexdigest()
