"""Which side holds the conversation that an act would speak in: the other side's answer does not go out beside it.

It is found by what the act is aimed at, whether or not somebody tied the item to a conversation.
"""

from collections.abc import Mapping
from uuid import UUID

from clients.autonomy.vocabulary import ANSWERING
from clients.custody.queries import held_where
from clients.items.content import Content
from clients.items.models import Item
from clients.people.actor import Actor
from tenants.vocabulary import Side


def held_by(doer: Actor, item: Item, content: Content, homes: Mapping[UUID, str], *, leaving: bool) -> dict[str, str]:
    """Per channel the side that holds it and is not the one that speaks. No query for kinds that answer nothing.

    Where both sides hold something with the same member, each speaks in its own; who holds what the act is aimed at does not
    thereby write to somebody else's member. `homes`: by channel, see `held_where`.
    `leaving`: nobody takes it back before the act has left, and who has is seen.
    """
    if content.kind not in ANSWERING or not (content.target or content.recipient):
        return {}
    speaks = _speaking(doer, item)
    not_theirs: dict[str, str] = {}
    for found in held_where(homes, content.target, content.recipient, lock=leaving):
        own = {held.channel for held in found if held.side in speaks}
        not_theirs |= {str(held.channel): str(held.side) for held in found if held.channel not in own}
    return not_theirs


def _speaking(doer: Actor, item: Item) -> set[str]:
    """Whose answer it is. What the brand performs that the agency prepared (level 1) is still the agency's answer, too."""
    return {str(doer.side), item.author_side} if doer.side is Side.BRAND else {str(doer.side)}
