"""The only door to one item: refused equals absent."""

from uuid import UUID

from clients.items.models import Item, ItemImport, Media, Series
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
    require(actor, Verb.ITEM_READ)
    media = Media.objects.filter(digest=digest).first()
    if media is None:
        raise Missing("media")
    return media


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
