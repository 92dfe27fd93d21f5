"""Channels: where something of the brand can go out, what each can do, and whether it works."""

from api.inputs import Choice, Maybe, Moment
from api.resource import ID, Field, Resource, Rows
from api.resources.filtering import NUMBER, WORD, WORDS, equal, listed
from clients.autonomy.vocabulary import ActionKind
from clients.channels.queries import channels_of_brand, declared_by
from clients.channels.rules import ChannelState
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb


def rows(actor: Actor) -> Rows:
    """All that were not ended. No credential is a column of any answer."""
    require(actor, Verb.ITEM_READ)
    return channels_of_brand()


def _kinds(kind: str) -> list[str]:
    return sorted(map(str, declared_by(kind).kinds))


def _longest(kind: str) -> int:
    return declared_by(kind).max_length


RESOURCES = (
    Resource(
        name="channels",
        scope="items",
        kind="channels.channel",
        missing="channel",
        steady=True,
        rows=rows,
        order=("created_at", "id"),
        fields=(
            ID,
            Field("name", WORDS),
            Field("kind", WORDS),
            Field("handle", WORDS),
            Field("url", WORDS),
            Field("state", Choice(ChannelState)),
            Field("health", WORDS, about="The code of what is wrong; empty when nothing is."),
            Field("health_since", Moment()),
            Field("kinds", listed(Choice(ActionKind)), ("kind",), _kinds, about="The kinds of act that it takes."),
            Field("max_length", NUMBER, ("kind",), _longest, about="Of a text; 0 for none."),
            Field("expires_at", Maybe(Moment()), about="When its credential ends, where that is known."),
            Field("created_at", Moment()),
        ),
        filters=(equal("kind", WORD), equal("state", Choice(ChannelState))),
        about="The brand's accounts on networks. Connecting and ending them is for people on the page.",
    ),
)
