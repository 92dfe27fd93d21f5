"""Pictures of a brand: storing them, the words that stand for them, and who may see them."""

import hashlib
from collections.abc import Collection
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from clients.audit.actions import record
from clients.channels.media import Picture, clean_picture
from clients.disclosure.access import can_read
from clients.disclosure.rules import InfoClass, default_class
from clients.disclosure.steps import people_named, reclassify
from clients.items.access import access_media_class
from clients.items.files import require_room
from clients.items.models import Media, MediaClass, MediaNote
from clients.items.rules import storable
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Invalid, Missing
from tenants.walls.scope import durable

LONGEST_ALT = 1500


def add_media(actor: Actor, *, data: bytes, declared: str, alt: str = "", info_class: InfoClass | None = None) -> Media:
    """Store a picture, cleaned and decoded, and words for it if there are any. The same picture twice is stored once.

    Without `info_class` it has that of its side: the brand's stay with the brand. Raises Invalid('media_...', 'media');
    Invalid('media_kept') where the brand keeps the very same picture for itself, and its words with it.
    """
    require(actor, Verb.ITEM_EDIT)
    words, picture = _words(alt), clean_picture(data, declared)
    digest = hashlib.sha256(picture.data).hexdigest()
    with durable(actor.brand):
        media = _stored(actor, picture, digest, info_class or default_class(actor.side))
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
        media: Media | None = Media.objects.readable_by(actor).filter(digest=digest).first()
        if media is None:
            raise Missing("media")
        _describe(actor, media, words)
        return media


def classify_media(
    actor: Actor, *, mark_id: UUID, info_class: InfoClass, named: Collection[UUID] = (), reason: str = ""
) -> MediaClass:
    """Change who may see a picture. An item that carries it and has not left yet does not leave once the brand keeps it.

    Raises Missing('media' | 'person'), Refused('not_allowed' | 'wrong_side'), Invalid('reason_missing', 'reason').
    """
    with durable(actor.brand):
        mark = access_media_class(actor, mark_id, lock=True)
        reclassify(actor, mark, to=info_class, named=people_named(named), reason=reason)
    return mark


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


def _stored(actor: Actor, picture: Picture, digest: str, info_class: InfoClass) -> Media:
    known = MediaClass.objects.select_related("media").filter(media__digest=digest).first()
    if known is not None:
        return _seen(actor, known)
    require_room(actor.brand, len(picture.data))
    media = Media(digest=digest, mime=picture.mime, size=len(picture.data), width=picture.width, height=picture.height)
    media.uploaded_by = actor.somebody
    media.file.save("picture", ContentFile(picture.data), save=False)
    try:
        with transaction.atomic():
            media.save(force_insert=True)
            MediaClass.objects.create(media=media, info_class=info_class, owner_side=str(actor.side))
    except IntegrityError:  # somebody stored the same picture at this very moment
        media.file.delete(save=False)
        return _seen(actor, MediaClass.objects.select_related("media").get(media__digest=digest))
    record(actor, "media.added", media, digest=digest, mime=picture.mime, info_class=str(info_class))
    return media


def _seen(actor: Actor, known: MediaClass) -> Media:
    """Whoever brings the same bytes has them, but not the brand's words for them."""
    if not can_read(actor, known):
        raise Invalid("media_kept", "media")
    found: Media = known.media
    return found
