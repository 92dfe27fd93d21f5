"""Standing approvals: the brand's yes in advance to what matches a template. Signing one is for people on the page."""

from api.inputs import Choice, Day, Flag, Id, Maybe, Moment
from api.resource import ID, Field, Resource, Rows
from api.resources.filtering import DIGEST, NUMBER, WORDS, equal, listed
from clients.approvals.models import StandingApproval
from clients.approvals.words import StandingState
from clients.autonomy.vocabulary import ActionKind, Sensitivity
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb


def rows(actor: Actor) -> Rows:
    """All of them, ended ones too: both sides read what was approved in advance."""
    require(actor, Verb.ITEM_READ)
    return StandingApproval.objects.all()


RESOURCES = (
    Resource(
        name="standing-approvals",
        scope="items",
        kind="approvals.standingapproval",
        missing="standing",
        steady=True,
        rows=rows,
        order=("-proposed_at", "-id"),
        fields=(
            ID,
            Field("title", WORDS),
            Field("state", Choice(StandingState)),
            Field("kind", Choice(ActionKind)),
            Field("sensitivity", Choice(Sensitivity)),
            Field("channels", listed(Id())),
            Field("template", WORDS),
            Field("subject", WORDS),
            Field("link_hosts", listed(WORDS)),
            Field("media_allowed", Flag()),
            Field("until", Maybe(Day())),
            Field("uses_left", Maybe(NUMBER)),
            Field("digest", DIGEST),
            Field("proposed_by", WORDS, ("proposed_by_name",)),
            Field("proposed_at", Moment()),
            Field("signed_by", WORDS, ("signed_by_name",)),
            Field("signed_at", Maybe(Moment())),
            Field("ended_at", Maybe(Moment())),
        ),
        filters=(equal("state", Choice(StandingState)), equal("kind", Choice(ActionKind))),
        about="What the brand has approved in advance, and how often it may still be used.",
    ),
)
