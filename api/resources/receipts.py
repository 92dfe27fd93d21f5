"""Receipts: what went out in the brand's name, when, by what right and under which rule. One for each act."""

from api.inputs import Anything, Choice, Id, Moment
from api.resource import ID, Field, Resource, Rows
from api.resources.filtering import DIGEST, NUMBER, WORDS, equal, listed, since, until
from clients.autonomy.vocabulary import ActionKind, Basis
from clients.gate.models import Receipt
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.vocabulary import Side


def rows(actor: Actor) -> Rows:
    """All of them: both sides read what went out."""
    require(actor, Verb.RECEIPTS_READ)
    return Receipt.objects.all()


RESOURCES = (
    Resource(
        name="receipts",
        kind="gate.receipt",
        missing="receipt",
        steady=True,
        rows=rows,
        order=("-sent_at", "-id"),
        fields=(
            ID,
            Field("item", Id(), ("item_id",)),
            Field("title", WORDS),
            Field("channel", Id(), ("channel_id",)),
            Field("channel_name", WORDS),
            Field("kind", Choice(ActionKind)),
            Field("digest", DIGEST, ("content_digest",), about="SHA-256 of the exact content."),
            Field("person", Id(), ("person_id",)),
            Field("person_name", WORDS),
            Field("side", Choice(Side)),
            Field("basis", Choice(Basis), about="By what right it went out."),
            Field("level", Anything({"type": "integer", "minimum": 0, "maximum": 6})),
            Field("charter_version", NUMBER),
            Field("briefing_version", NUMBER),
            Field("approved_by", listed(Id())),
            Field("sent_at", Moment()),
            Field("remote_id", WORDS),
            Field("url", WORDS),
            Field("reasons", listed(WORDS), ("decision__reasons",)),
        ),
        filters=(
            equal("item", Id(), "item_id"),
            equal("channel", Id(), "channel_id"),
            equal("kind", Choice(ActionKind)),
            equal("basis", Choice(Basis)),
            since("sent_at"),
            until("sent_at"),
        ),
        about="Proof of each act in the brand's name.",
    ),
)
