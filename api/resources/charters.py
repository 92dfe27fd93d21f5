"""Charters: what the brand granted, version by version, with who signed it. Signing and lowering are for people on the page."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from api.inputs import Anything, Choice, Id, Maybe, Moment
from api.resource import ID, Field, Resource, Rows
from api.resources.filtering import DIGEST, NUMBER, WORDS, equal
from clients.mandates.access import charters_open_to
from clients.mandates.models import GrantRow
from clients.mandates.rules import CharterState
from clients.people.actor import Actor
from tenants.vocabulary import Side

GRANT = {
    "channel": "channel_id", "kind": "kind", "sensitivity": "sensitivity", "level": "level", "hours_start": "hours_start",
    "hours_end": "hours_end", "weekdays": "weekdays", "daily_cap": "daily_cap", "until": "until",
}  # fmt: skip
_NULLABLE = {"type": ["integer", "null"]}
GRANTS = Anything(
    {
        "type": "array",
        "items": {
            "type": "object",
            "required": list(GRANT),
            "additionalProperties": False,
            "properties": {
                "channel": {"type": ["string", "null"], "format": "uuid", "description": "None: any channel."},
                "kind": {"type": "string", "description": "Empty: any kind."},
                "sensitivity": {"type": "string"},
                "level": {"type": "integer", "minimum": 0, "maximum": 6},
                "hours_start": {**_NULLABLE, "description": "Minutes after midnight, on the brand's clocks."},
                "hours_end": _NULLABLE,
                "weekdays": {"type": "string", "description": "Digits, Monday is 0."},
                "daily_cap": _NULLABLE,
                "until": {"type": ["string", "null"], "format": "date"},
            },
        },
    }
)


def rows(actor: Actor) -> Rows:
    """Every version of the mandates that the actor may see, each with its grants in one query."""
    return annotated(charters_open_to(actor))


def annotated(found: Rows) -> Rows:
    """Each with its grants."""
    grants = GrantRow.objects.filter(charter=OuterRef("pk")).order_by("kind", "sensitivity", "channel_id")
    return found.annotate(told_grants=ArraySubquery(grants.values(told=JSONObject(**GRANT))))


RESOURCES = (
    Resource(
        name="charters",
        scope="charter",
        kind="mandates.charterversion",
        missing="charter",
        rows=rows,
        annotated=annotated,
        order=("-proposed_at", "-id"),
        fields=(
            ID,
            Field("number", NUMBER, always=True),
            Field("mandate", Id(), ("mandate_id",)),
            Field("state", Choice(CharterState)),
            Field("state_since", Moment()),
            Field("digest", DIGEST, about="What the owner signs: SHA-256 over the grants."),
            Field("note", WORDS),
            Field("base", Maybe(NUMBER), ("base__number",), about="The version that it was written upon."),
            Field("proposed_by", WORDS, ("proposed_by_name",)),
            Field("proposed_side", Choice(Side)),
            Field("proposed_at", Moment()),
            Field("signed_by", Maybe(WORDS), ("signature__person_name",)),
            Field("signed_at", Maybe(Moment()), ("signature__signed_at",)),
            Field("grants", GRANTS, ("told_grants",)),
        ),
        filters=(equal("state", Choice(CharterState)), equal("mandate", Id(), "mandate_id")),
        about="What the brand granted its agency, version by version. The one in force is what the gate asks.",
    ),
)
