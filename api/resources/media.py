"""Pictures, films and documents of the brand's library, as they are described. Their bytes are on the page alone."""

from django.db.models import OuterRef, Subquery, TextField, Value
from django.db.models.functions import Coalesce

from api.inputs import Choice, Maybe, Moment, Text
from api.resource import ID, Field, Resource, Rows
from api.resources.filtering import DIGEST, NUMBER, WORDS, equal, since, until
from clients.disclosure.rules import InfoClass
from clients.items.models import Media, MediaNote
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb


def rows(actor: Actor) -> Rows:
    """What the actor may see, with the words that were last given to it."""
    require(actor, Verb.ITEM_READ)
    words = MediaNote.objects.filter(media=OuterRef("pk")).order_by("-created_at", "-id").values("alt")[:1]
    return Media.objects.readable_by(actor).annotate(
        told_alt=Coalesce(Subquery(words), Value(""), output_field=TextField())
    )


RESOURCES = (
    Resource(
        name="media",
        scope="items",
        kind="items.media",
        missing="media",
        rows=rows,
        class_column="classing__info_class",
        fields=(
            ID,
            Field("digest", DIGEST, about="SHA-256 of the bytes: what an item names."),
            Field("mime", WORDS),
            Field("size", NUMBER),
            Field("width", Maybe(NUMBER)),
            Field("height", Maybe(NUMBER)),
            Field("alt", WORDS, ("told_alt",), about="The words that were last given to it."),
            Field("info_class", Choice(InfoClass), ("classing__info_class",)),
            Field("created_at", Moment()),
        ),
        filters=(equal("digest", Text(64)), equal("mime", Text(60)), since("created_at"), until("created_at")),
        about="The library of the brand.",
    ),
)
