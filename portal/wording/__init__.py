"""The sentences for the codes: everything below the portal speaks in codes, and only here do they become words.

A code without a sentence is a gap, not a crash: the reader gets a general sentence that carries the code.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from portal.wording.acts import KINDS, LEVEL_MEANINGS, LEVELS, SENSITIVITIES, WEEKDAYS
from portal.wording.errors import ERRORS
from portal.wording.reasons import BASES, OUTCOMES, REASONS
from portal.wording.roles import ROLES, SECOND_FACTORS, SIDES
from portal.wording.states import (
    BRAND_STATES,
    CHANNEL_STATES,
    CHARTER_STATES,
    ITEM_STATES,
    MANDATE_STATES,
    STANDING_STATES,
)

Table = Mapping[str, str | Promise]
Tones = Mapping[str, tuple[str, str, str | Promise]]


@dataclass(frozen=True, slots=True)
class Badge:
    """A state as the reader sees it: tone and icon repeat what the word says, and never stand alone."""

    tone: str
    icon: str
    word: str


def error_sentence(code: str, **facts: object) -> str:
    """What went wrong, for the person in front of the page."""
    found = ERRORS.get(code)
    if found is None:
        return _("That was not possible (%(code)s).") % {"code": code}
    try:
        return str(found) % {name: localize(fact) if isinstance(fact, float) else fact for name, fact in facts.items()}
    except (KeyError, ValueError, TypeError):
        return str(found).split("%(")[0].rstrip(" \u00a0\u202f:(") + "."


def word(table: Table, code: object) -> str:
    """The word for a code; an unknown one is shown as it is, for that is what the log says too."""
    return str(table.get(str(code), code))


def badge(tones: Tones, code: object) -> Badge:
    tone, icon, label = tones.get(str(code), ("calm", "info", str(code)))
    return Badge(tone, icon, str(label))


def level_word(level: int) -> str:
    return word(LEVELS, int(level))


def level_meaning(level: int) -> str:
    return word(LEVEL_MEANINGS, int(level))


def kind_word(kind: object) -> str:
    """An action kind as a noun: 'publication'. The empty kind of a grant is any kind."""
    return word(KINDS, kind)


def reason_sentence(code: object) -> str:
    return word(REASONS, code)


__all__ = [
    "BASES",
    "BRAND_STATES",
    "CHANNEL_STATES",
    "CHARTER_STATES",
    "ITEM_STATES",
    "MANDATE_STATES",
    "OUTCOMES",
    "ROLES",
    "SECOND_FACTORS",
    "SENSITIVITIES",
    "SIDES",
    "STANDING_STATES",
    "WEEKDAYS",
    "Badge",
    "badge",
    "error_sentence",
    "kind_word",
    "level_meaning",
    "level_word",
    "reason_sentence",
    "word",
]
