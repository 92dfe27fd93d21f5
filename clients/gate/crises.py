"""What crises mean for one act: which words of the brand were said without knowing of one, and what of its own it holds.

A yes given before a crisis does not count while it lasts. It counts again afterwards, but not for an act whose moment passed
meanwhile: that is asked anew, for who said yes to a Saturday meant that Saturday. What the brand's own people had scheduled
before a crisis stays here when its moment comes, until the brand says that it goes on as planned.
"""

from collections.abc import Sequence
from datetime import datetime

from clients.crisis.queries import Lately
from clients.crisis.rules import OwnActs


def is_in_force(crises: Sequence[Lately]) -> bool:
    """Whether one is on."""
    return any(crisis.over_at is None for crisis in crises)


def knew(crises: Sequence[Lately], said_at: datetime, planned: datetime) -> bool:
    """Whether a word was said knowing of every crisis that matters to an act planned for then."""
    return all(said_at >= one.declared_at for one in crises if _matters(one, planned))


def holds_own(crises: Sequence[Lately], decided_at: datetime) -> tuple[str, ...]:
    """The crisis in force that holds an act of the brand's own, decided then, as the name of a brake."""
    on = (one for one in crises if one.over_at is None and one.own_acts != OwnActs.GO_ON)
    return tuple(str(one.id) for one in on if decided_at < one.declared_at)


def _matters(crisis: Lately, planned: datetime) -> bool:
    return crisis.over_at is None or crisis.declared_at <= planned < crisis.over_at
