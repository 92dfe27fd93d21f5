"""Writing items: a draft, the next content of an item, a picture. What goes out is the gate's business."""

import hashlib
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from clients.audit.actions import record
from clients.channels.media import Picture, clean_picture
from clients.items.content import Content
from clients.items.life import Event
from clients.items.models import Item, ItemVersion, Media, MediaNote
from clients.items.rules import problems_of_shape, storable
from clients.items.steps import lock_item, move, require_no_meddling, write_version
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Invalid, Missing
from tenants.walls.scope import durable

LONGEST_ALT = 1500


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
        _seen_version(item, seen_digest)
        require_no_meddling(actor, item)
        move(item, Event.EDIT)
        version = write_version(item, actor, content, note)
        record(actor, "item.edited", item, from_digest=seen_digest, digest=version.digest)
        return version


def reschedule_item(
    actor: Actor, *, item_id: UUID, seen_digest: str, not_before: datetime | None, note: str = ""
) -> ItemVersion:
    """The same content at another moment, or at none: the next version, for a yes to a time is no yes to another.

    Raises Invalid('time_past', 'not_before'), Invalid('end_before_start', 'not_after'), Conflict('stale_version'),
    Conflict('not_in_this_state') for what is leaving or has left; the version there is, unchanged, for the same moment.
    """
    require(actor, Verb.ITEM_EDIT)
    if not_before is not None and not_before <= timezone.now():
        raise Invalid("time_past", "not_before")
    with durable(actor.brand):
        item = lock_item(item_id)
        version = _seen_version(item, seen_digest)
        require_no_meddling(actor, item)
        former = version.exact_content()
        if former.not_before == not_before:
            return version
        content = replace(former, not_before=not_before)
        _check_shape(content)
        move(item, Event.EDIT)
        moved = write_version(item, actor, content, note)
        record(actor, "item.rescheduled", item, from_digest=seen_digest, digest=moved.digest)
        return moved


def add_media(actor: Actor, *, data: bytes, declared: str, alt: str = "") -> Media:
    """Store a picture, cleaned and decoded, and words for it if there are any. The same picture twice is stored once.

    Raises Invalid('media_...', 'media').
    """
    require(actor, Verb.ITEM_EDIT)
    words, picture = _words(alt), clean_picture(data, declared)
    digest = hashlib.sha256(picture.data).hexdigest()
    with durable(actor.brand):
        media = _stored(actor, picture, digest)
        if words:
            _describe(actor, media, words)
        return media


def describe_media(actor: Actor, *, digest: str, alt: str) -> Media:
    """Words for a picture, offered whenever it is used again. What was written with it stays as it was approved.

    Raises Missing('media'), Invalid('alt_too_long' | 'control_characters', 'alt').
    """
    require(actor, Verb.ITEM_EDIT)
    words = _words(alt)
    with durable(actor.brand):
        media = Media.objects.filter(digest=digest).first()
        if media is None:
            raise Missing("media")
        _describe(actor, media, words)
        return media


def _words(alt: str) -> str:
    words = alt.strip()
    if len(words) > LONGEST_ALT:
        raise Invalid("alt_too_long", "alt", limit=LONGEST_ALT, actual=len(words))
    if not storable(words):
        raise Invalid("control_characters", "alt")
    return words


def _describe(actor: Actor, media: Media, words: str) -> None:
    newest = MediaNote.objects.filter(media=media).order_by("-created_at", "-id").first()
    if words == (newest.alt if newest else ""):
        return
    MediaNote.objects.create(media=media, alt=words, author_id=actor.somebody, author_name=actor.name)
    record(actor, "media.described", media, digest=media.digest)


def _stored(actor: Actor, picture: Picture, digest: str) -> Media:
    known = Media.objects.filter(digest=digest).first()
    if known is not None:
        return known
    media = Media(digest=digest, mime=picture.mime, size=len(picture.data), width=picture.width, height=picture.height)
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


def _seen_version(item: Item, seen_digest: str) -> ItemVersion:
    """The item's version, if it is the one that was seen. Conflict('stale_version', digest=...) otherwise."""
    if item.version is None or item.version.digest != seen_digest:
        raise Conflict("stale_version", item=str(item.pk), digest=item.version.digest if item.version else "")
    return item.version


def _check_shape(content: Content) -> None:
    for problem in problems_of_shape(content):
        # A draft may lack its channels; it may not contradict itself.
        if problem.code != "channel_missing":
            raise Invalid(problem.code, field=problem.field, limit=problem.limit, actual=problem.actual)
