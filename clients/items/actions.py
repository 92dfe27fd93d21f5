"""Writing items: a draft, the next content of an item, a picture. What goes out is the gate's business."""

import hashlib
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from clients.audit.actions import record
from clients.channels.media import clean_picture
from clients.items.content import Content
from clients.items.life import Event
from clients.items.models import Item, ItemVersion, Media
from clients.items.rules import problems_of_shape
from clients.items.steps import lock_item, move, require_no_meddling, write_version
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Invalid
from tenants.walls.scope import durable


def create_item(actor: Actor, *, content: Content, note: str = "") -> Item:
    """A new draft. Its content may still be unfit for its channels: that is told when it is submitted."""
    require(actor, Verb.ITEM_CREATE)
    _check_shape(content)
    with durable(actor.brand):
        item = Item.objects.create(
            kind=content.kind,
            sensitivity=content.sensitivity,
            author_id=actor.somebody,
            author_name=actor.name,
            author_side=str(actor.side),
        )
        version = write_version(item, actor, content, note)
        record(actor, "item.created", item, digest=version.digest)
        return item


def edit_item(actor: Actor, *, item_id: UUID, seen_digest: str, content: Content, note: str = "") -> ItemVersion:
    """The next content of an item, which becomes a draft again: every yes of before spoke of another content.

    Raises Conflict('stale_version', digest=...) when somebody else edited it since it was seen; nothing is overwritten.
    """
    require(actor, Verb.ITEM_EDIT)
    _check_shape(content)
    with durable(actor.brand):
        item = lock_item(item_id)
        if item.version is None or item.version.digest != seen_digest:
            raise Conflict("stale_version", item=str(item.pk), digest=item.version.digest if item.version else "")
        require_no_meddling(actor, item)
        move(item, Event.EDIT)
        version = write_version(item, actor, content, note)
        record(actor, "item.edited", item, from_digest=seen_digest, digest=version.digest)
        return version


def add_media(actor: Actor, *, data: bytes, declared: str) -> Media:
    """Store a picture, cleaned and decoded. The same picture twice is stored once. Raises Invalid('media_...', 'media')."""
    require(actor, Verb.ITEM_EDIT)
    picture = clean_picture(data, declared)
    digest = hashlib.sha256(picture.data).hexdigest()
    with durable(actor.brand):
        known = Media.objects.filter(digest=digest).first()
        if known is not None:
            return known
        media = Media(
            digest=digest, mime=picture.mime, size=len(picture.data), width=picture.width, height=picture.height
        )
        media.uploaded_by = actor.somebody
        media.file.save("picture", ContentFile(picture.data), save=False)
        try:
            with transaction.atomic():
                media.save(force_insert=True)
        except IntegrityError:  # somebody stored the same picture at this very moment
            media.file.delete(save=False)
            return Media.objects.get(digest=digest)
        record(actor, "media.added", media, digest=digest, mime=picture.mime)
        return media


def _check_shape(content: Content) -> None:
    for problem in problems_of_shape(content):
        # A draft may lack its channels; it may not contradict itself.
        if problem.code != "channel_missing":
            raise Invalid(problem.code, field=problem.field, limit=problem.limit, actual=problem.actual)
