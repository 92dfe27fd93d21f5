"""The only door to one item: refused equals absent."""

from collections.abc import Iterable
from uuid import UUID

from clients.disclosure.access import require_readable
from clients.disclosure.steps import Reading, note_reads
from clients.items.models import Item, ItemImport, ItemNote, Media, MediaClass, Series
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Missing


def access_item(actor: Actor, item_id: UUID) -> Item:
    """One item of the actor's brand for reading. Missing('item') otherwise."""
    require(actor, Verb.ITEM_READ)
    item = Item.objects.select_related("version").filter(pk=item_id).first()
    if item is None:
        raise Missing("item")
    return item


def access_media(actor: Actor, digest: str) -> Media:
    """One picture that `actor` may see; from `named` upward its being seen is written down. Missing('media') otherwise."""
    require(actor, Verb.ITEM_READ)
    mark = require_readable(
        actor, MediaClass.objects.select_related("media").filter(media__digest=digest).first(), "media"
    )
    note_media_reads(actor, [mark])
    found: Media = mark.media
    return found


def note_media_reads(actor: Actor, marks: Iterable[MediaClass]) -> None:
    """Before pictures or their words are shown: those of class `named` and upward, in one line."""
    kind = Media._meta.label_lower
    note_reads(actor, [Reading(kind, mark.media_id, mark.media.digest, mark.info_class) for mark in marks])


def access_media_class(actor: Actor, mark_id: UUID, *, lock: bool = False) -> MediaClass:
    """The mark of one picture that `actor` may see. Missing('media') otherwise."""
    require(actor, Verb.ITEM_READ)
    rows = MediaClass.objects.select_for_update(of=("self",)) if lock else MediaClass.objects
    found: MediaClass | None = rows.select_related("media").filter(pk=mark_id).first()
    return require_readable(actor, found, "media")


def access_note(actor: Actor, note_id: UUID, *, lock: bool = False) -> ItemNote:
    """One remark that `actor` may read. Missing('note') otherwise."""
    require(actor, Verb.ITEM_READ)
    rows = ItemNote.objects.select_for_update(of=("self",)) if lock else ItemNote.objects
    found: ItemNote | None = rows.filter(pk=note_id).first()
    return require_readable(actor, found, "note")


def access_import(actor: Actor, import_id: UUID, *, lock: bool = False) -> ItemImport:
    """A table that this very person brought. Missing('import') otherwise."""
    require(actor, Verb.ITEM_CREATE)
    tables = ItemImport.objects.select_for_update() if lock else ItemImport.objects.all()
    found = tables.filter(pk=import_id, author_id=actor.somebody).first()
    if found is None:
        raise Missing("import")
    return found


def access_series(actor: Actor, series_id: UUID) -> Series:
    require(actor, Verb.ITEM_READ)
    found = Series.objects.filter(pk=series_id).first()
    if found is None:
        raise Missing("series")
    return found
