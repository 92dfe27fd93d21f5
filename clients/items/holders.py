"""Where items may hold words about a member: versions, titles, remarks, tables, series, pictures and what describes them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from clients.audit.erasing.holders import holds, holds_nothing
from clients.audit.erasing.values import GONE, Sought
from clients.items.models import Item, ItemImport, ItemNote, ItemVersion, Media, MediaClass, MediaNote, Series
from clients.items.queries import pictures_that_show

WORDS = ("text", "title", "link", "topic", "first_comment")
LISTED: dict[str, Callable[[Any], Any]] = {
    "variants": lambda by_channel: dict.fromkeys(by_channel, GONE),
    "parts": lambda posts: [GONE for _ in posts],
    "media": lambda refs: [ref | {"alt": GONE} if "alt" in ref else ref for ref in refs],
}


def _content(content: dict[str, Any], sought: Sought) -> dict[str, Any]:
    """What is addressed to somebody alone is about them as a whole; of what others read, only the values go."""
    if sought.found_in(str(content.get("recipient", ""))):
        content = content | {name: GONE for name in WORDS if content.get(name)}
        content |= {name: gone(content[name]) for name, gone in LISTED.items() if content.get(name)}
    return {name: sought.without(value) for name, value in content.items()}


def _rewrite(row: dict[str, Any], sought: Sought) -> dict[str, Any]:
    return {
        name: _content(value, sought) if name == "content" else sought.without(value) for name, value in row.items()
    }


def _files(marks: list[UUID]) -> list[str]:
    return list(Media.objects.filter(classing__in=marks).values_list("file", flat=True))


# First, while the words that say whom a picture shows are still there. A picture without its mark is seen by nobody.
holds("pictures", MediaClass, whole=True, which=pictures_that_show, files=_files)
holds("pictures", MediaNote, "alt")
holds("texts", ItemVersion, "content", "note", rewrite=_rewrite)
holds("texts", Item, "title")
holds("texts", Series, "title", "content", rewrite=_rewrite)
holds("notes", ItemNote, "text")
holds("tables", ItemImport, "name", "rows")

CODES, OURS = "codes, ids and digests", "ids or names of people who work here"
holds_nothing(CODES, Item, "state", "move_of", "kind", "sensitivity", "author_side", "doer_side")
holds_nothing(OURS, Item, "author_name")
holds_nothing(CODES, ItemVersion, "digest", "author_side")
holds_nothing(OURS, ItemVersion, "author_name")
holds_nothing(
    "the digest and the random name of a file; the file goes with the picture's mark", Media, "digest", "file"
)
holds_nothing(CODES, Media, "mime")
holds_nothing(CODES, MediaClass, "info_class", "owner_side")
holds_nothing(OURS, MediaClass, "named")
holds_nothing(CODES, ItemNote, "info_class", "owner_side")
holds_nothing(OURS, ItemNote, "named", "author_name")
holds_nothing(OURS, MediaNote, "author_name")
holds_nothing(CODES, ItemImport, "digest")
holds_nothing(OURS, ItemImport, "author_name")
holds_nothing("rules of the calendar, and days", Series, "rule", "skipped")
holds_nothing(OURS, Series, "author_name")
