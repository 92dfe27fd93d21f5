"""Whose agreement a change of the briefing needs. Pure.

The brand always agrees. The agency agrees to new words in what both share: a section that it could read already. What only the
brand decides (its topics, embargoes, answers given in its name, licences, working hours) needs nobody else, shared or not: a
brake must never wait for whom it brakes.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum

from clients.briefings.rules import Section
from clients.disclosure.rules import InfoClass
from tenants.vocabulary import Side

THE_BRANDS = frozenset(
    {
        Section.APPROVED_ANSWERS,
        Section.FORBIDDEN_TOPICS,
        Section.SENSITIVE_TOPICS,
        Section.EMBARGOES,
        Section.PRESS_LICENCES,
    }
)
BOTH_READ = frozenset({InfoClass.PUBLIC, InfoClass.SHARED})


class Said(StrEnum):
    """What somebody said of a proposal: one yes a side, or one word that ends it."""

    AGREE = "agree"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


ENDS = frozenset({Said.REFUSE, Said.WITHDRAW})


def shared(sections: Collection[str], classes: Mapping[str, str], proposer: Side = Side.BRAND) -> list[Section]:
    """Those of the sections that both sides answer for. `classes`: of the version in force, before the change.

    What is not there yet is the writer's: an agency's first words are shared with the brand.
    """
    first = InfoClass.SHARED if proposer is Side.AGENCY else InfoClass.BRAND
    return [s for s in Section if s in sections and s not in THE_BRANDS and classes.get(s, first) in BOTH_READ]


def needed(
    sections: Collection[str], classes: Mapping[str, str], proposer: Side, *, has_agency: bool
) -> frozenset[Side]:
    """The sides whose yes puts a change in force. Without an agency there is nobody to ask."""
    if has_agency and shared(sections, classes, proposer):
        return frozenset(Side)
    return frozenset({Side.BRAND})
