"""Pictures of a brand: storing them, and the words that stand for them."""

import hashlib

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from clients.audit.actions import record
from clients.channels.media import Picture, clean_picture
from clients.items.models import Media, MediaNote
from clients.items.rules import storable
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Invalid, Missing
from tenants.walls.scope import durable

LONGEST_ALT = 1500


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
