"""Tables that people bring: what another tool has collected, as CSV, looked at before anything of it is kept."""

from datetime import datetime

from clients.channels.port import SettingField, SettingType
from clients.mentions.raw import RawMention
from clients.sources.moments import told_moment
from clients.sources.plain import LONGEST_TITLE, from_html, language_of, line_of, web_link
from clients.sources.port import Kind
from clients.sources.rules import believable

COLUMNS = ("id", "title", "text", "author", "author_handle", "url", "language", "published_at")
# What people call them.
NAMES = {name: name for name in COLUMNS} | {
    "titre": "title",
    "headline": "title",
    "texte": "text",
    "content": "text",
    "contenu": "text",
    "auteur": "author",
    "name": "author",
    "nom": "author",
    "handle": "author_handle",
    "compte": "author_handle",
    "link": "url",
    "lien": "url",
    "langue": "language",
    "date": "published_at",
    "published": "published_at",
    "publié": "published_at",
}
MOST_ROWS = 1_000


def raw_of(cells: dict[str, str], digest: str, now: datetime) -> RawMention | None:
    """One row; None where it says nothing. Without an id it is called by a digest of all that it says."""
    title, text = line_of(from_html(cells.get("title", "")), LONGEST_TITLE), from_html(cells.get("text", ""))
    if not title and not text:
        return None
    return RawMention(
        own_id=line_of(cells.get("id", ""), 500) or digest,
        title=title,
        text=text,
        author=line_of(cells.get("author", "")),
        author_handle=line_of(cells.get("author_handle", "")),
        url=web_link(cells.get("url", "")),
        language=language_of(cells.get("language", "")),
        published_at=believable(told_moment(cells.get("published_at", "")), now),
    )


KIND = Kind(
    name="table",
    icon="calendar",
    fields=(SettingField("keep", SettingType.CHOICE, default="all", choices=("all", "matching")),),
    keeps_all=lambda settings: settings["keep"] == "all",
)
