"""Items ready to draw: every string and address prepared, so that a template only puts them down."""

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from clients.channels.queries import channels_of_brand
from clients.community.queries import erasure_of_row
from clients.items.content import Content
from clients.items.models import Item, ItemVersion
from portal.times import when
from portal.wording import ITEM_STATES, SENSITIVITIES, Badge, badge, kind_word, word

EXCERPT = 140


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One line of a list of items."""

    id: UUID
    url: str
    title: str
    excerpt: str
    state: Badge
    kind: str
    channels: str
    author: str
    sensitivity: str
    when: str


def channel_names() -> dict[str, str]:
    """The brand's channels by id as text, revoked ones included: receipts and old items still name them."""
    return {str(pk): name for pk, name in channels_of_brand(revoked=True).values_list("pk", "name")}


def item_row(item: Item, names: dict[str, str]) -> ItemRow:
    content = item.version.content if item.version else {}
    return ItemRow(
        id=item.pk,
        url=reverse("item", args=[item.pk]),
        title=item.title or _("Untitled"),
        excerpt=shortened(content.get("text", "")),
        state=badge(ITEM_STATES, item.state),
        kind=kind_word(item.kind),
        channels=names_of(content.get("channels", ()), names),
        author=item.author_name,
        sensitivity=sensitivity_word(item.sensitivity),
        when=when(item.not_before),
    )


def names_of(channels: "list[str] | tuple[str, ...]", names: dict[str, str]) -> str:
    return ", ".join(names.get(channel, "?") for channel in channels)


def sensitivity_word(sensitivity: str) -> str:
    """The word for what is not routine; routine goes without saying."""
    return "" if sensitivity == "routine" else word(SENSITIVITIES, sensitivity)


def shortened(text: str, most: int = EXCERPT) -> str:
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + "…"


def media_url(digest: str) -> str:
    return reverse("media", args=[digest])


def content_of(item: Item) -> Content:
    """The item's content for a page. ValueError('content_altered') when the database no longer holds what was digested."""
    assert item.version is not None
    return shown_content(item.version)


def shown_content(version: ItemVersion) -> Content:
    """The exact content, or what an erasure has left of it: to be read, and never to be sent. ValueError otherwise."""
    try:
        return version.exact_content()
    except ValueError:
        if erasure_of_row(version.pk) is None:
            raise
        return Content.from_data(version.content)
