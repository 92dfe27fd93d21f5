"""The only writes to a mention's own row after it was taken in. They need an open transaction and the row locked.

INVARIANT: where a mention stands changes nowhere else. Who decided it, when and why is `clients.triage`'s to keep.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from clients.mentions.models import Mention
from clients.mentions.rules import MentionState, Outcome

_STANDING = ("state", "outcome", "snoozed_until", "held_by")


def settle(mention: Mention, outcome: Outcome) -> None:
    """The mention has its one outcome. Nobody holds it any longer."""
    _stand(mention, MentionState.DONE, outcome=outcome)


def snooze(mention: Mention, until: datetime) -> None:
    """Out of the inbox until a moment."""
    _stand(mention, MentionState.SNOOZED, until=until, held_by=mention.held_by)


def reopen(mention: Mention, held_by: UUID | None = None) -> None:
    """Back into the inbox."""
    _stand(mention, MentionState.OPEN, held_by=held_by)


def hold(mention: Mention, person: UUID | None) -> None:
    """Who has it in hand; None: nobody any longer."""
    mention.held_by = person
    mention.save(update_fields=("held_by",))


def fold(mention: Mention, into: Mention | None) -> list[UUID]:
    """Make it a copy of another, with what were its own copies; None: it stands on its own again. Ids of what came along."""
    mention.copy_of = into
    mention.save(update_fields=("copy_of",))
    if into is None:
        return []
    along = list(Mention.objects.filter(copy_of=mention).values_list("pk", flat=True))
    Mention.objects.filter(pk__in=along).update(copy_of=into)
    return along


def unfold(mention: Mention, along: Collection[UUID]) -> None:
    """Undo `fold`: on its own again, with the copies that had come along."""
    fold(mention, None)
    Mention.objects.filter(pk__in=list(along)).update(copy_of=mention)


def _stand(
    mention: Mention,
    state: MentionState,
    *,
    outcome: Outcome | str = "",
    until: datetime | None = None,
    held_by: UUID | None = None,
) -> None:
    mention.state, mention.outcome, mention.snoozed_until, mention.held_by = state, outcome, until, held_by
    mention.save(update_fields=_STANDING)
