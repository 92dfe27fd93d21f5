"""What an item is called where it is listed: its title, or the first words of exactly what went out.

INVARIANT: words to one person stand in no listing, nor do those of a conversation that the reader may not read: whoever reads an
answer hears the question.
"""

from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Left, NullIf

from clients.autonomy.vocabulary import ActionKind
from clients.conversations.models import Reply
from clients.disclosure.rules import InfoClass, strictest
from clients.items.models import Item, ItemVersion
from reports.facts.sight import Sight

TO_ONE = (str(ActionKind.DIRECT_MESSAGE), str(ActionKind.PHONE_CALL))
BEGINNING = 140
"""Signs of the first words."""


def with_words(rows: QuerySet[Any], sight: Sight, digest: str, item: str = "item_id") -> QuerySet[Any]:
    """Rows with the id of an item in column `item` and, in column `digest`, the digest of what is meant; each with three columns
    more.

    `words`: None where they are not to be told. `words_class`: that of the conversation in which they were said; None for none.
    `is_shut`: whether that conversation is one that the reader may not read.
    """
    version = ItemVersion.objects.filter(item_id=OuterRef(item), digest=OuterRef(digest)).order_by("-number")
    begun = version.annotate(begun=Left(KeyTextTransform("text", "content"), BEGINNING)).values("begun")[:1]
    to_one = Q(content__kind__in=TO_ONE) | ~Q(content__recipient="") & Q(content__recipient__isnull=False)
    called = Item.objects.filter(pk=OuterRef(item)).values("title")[:1]
    reply = Reply.objects.filter(item_id=OuterRef(item))
    is_shut = Exists(reply.exclude(sight.readable("conversation__")))
    told = Coalesce(NullIf(Subquery(called), Value("")), Subquery(begun), Value(""), output_field=CharField())
    return rows.annotate(
        words=Case(
            When(Exists(version.filter(to_one)) | is_shut, then=Value(None)), default=told, output_field=CharField()
        ),
        is_shut=is_shut,
        words_class=Subquery(reply.values("conversation__info_class")[:1]),
    )


def items_worded(items: QuerySet[Item], sight: Sight) -> QuerySet[Any]:
    """Items as they stand now, as `with_words`."""
    return with_words(items, sight, "version__digest", "pk")


def class_of(row: dict[str, Any]) -> InfoClass:
    """The class of a line that says these words; of one that keeps them the usual one."""
    return strictest([InfoClass.SHARED, row["words_class"] or InfoClass.SHARED]) if row["words"] else InfoClass.SHARED
