"""Mandates: between whom, since when, and whether the agency may act at all."""

from api.inputs import Choice, Day, Id, Maybe, Moment
from api.resource import ID, Field, Resource
from api.resources.filtering import NUMBER, WORDS, equal
from clients.autonomy.vocabulary import MandateState
from clients.mandates.access import mandates_open_to

STATE = Choice(tuple(str(state) for state in MandateState if state is not MandateState.NONE))

RESOURCES = (
    Resource(
        name="mandates",
        scope="charter",
        kind="mandates.mandate",
        missing="mandate",
        steady=True,
        rows=mandates_open_to,
        fields=(
            ID,
            Field("agency", Id(), ("agency_id",)),
            Field("agency_name", WORDS),
            Field("state", STATE),
            Field("state_since", Moment()),
            Field("starts_on", Day()),
            Field("ends_on", Maybe(Day())),
            Field("notice_days", NUMBER),
            Field("created_at", Moment()),
        ),
        filters=(equal("state", STATE),),
        about="The agreement by which the brand lets an agency act. Only the brand's people change it, on the page.",
    ),
)
