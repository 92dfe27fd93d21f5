"""People: who has a place in this brand, on which side, in which role."""

from api.inputs import Choice, Id, Maybe
from api.resource import Field, Resource, Rows
from api.resources.filtering import WORDS, equal
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.queries import people_of_brand
from clients.people.rules import Verb
from tenants.vocabulary import Role, Side


def rows(actor: Actor) -> Rows:
    """Everybody with a place here now, as the page of people shows them."""
    require(actor, Verb.ITEM_READ)
    return people_of_brand()


RESOURCES = (
    Resource(
        name="people",
        kind="people.person",
        missing="person",
        steady=True,
        rows=rows,
        id_column="person_id",
        order=("name", "person_id"),
        fields=(
            Field("id", Id(), ("person_id",), always=True),
            Field("name", WORDS),
            Field("email", WORDS),
            Field("side", Choice(Side)),
            Field("role", Choice(Role)),
            Field("agency", Maybe(Id()), ("agency_id",)),
            Field("agency_name", WORDS),
        ),
        filters=(equal("side", Choice(Side)), equal("role", Choice(Role))),
        about="The people of the brand and of its agency who may come in here now.",
    ),
)
