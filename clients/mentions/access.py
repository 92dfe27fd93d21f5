"""The door to one mention: refused equals absent."""

from collections.abc import Collection
from uuid import UUID

from clients.disclosure.access import require_readable
from clients.disclosure.steps import Reading, note_reads
from clients.mentions.models import Mention
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Missing


def access_mention(actor: Actor, mention_id: UUID, *, lock: bool = False) -> Mention:
    """One mention that `actor` may read; from `named` upward that is written down. Missing('mention') otherwise.

    `lock`: INVARIANT: before any conversation, whoever locks both; what only points to a mention does not wait.
    """
    require(actor, Verb.MENTION_READ)
    rows = Mention.objects.select_for_update(no_key=True) if lock else Mention.objects
    mention: Mention = require_readable(actor, rows.filter(pk=mention_id).first(), "mention")
    if not lock:
        note_reads(actor, [reading(mention)], subject=mention)
    return mention


def lock_mentions(actor: Actor, ids: Collection[UUID]) -> list[Mention]:
    """Several that `actor` may read, each locked, always in the same order. Missing('mention') if one is not there."""
    require(actor, Verb.MENTION_READ)
    wanted = set(ids)
    found = list(Mention.objects.readable_by(actor).filter(pk__in=wanted).order_by("pk").select_for_update(no_key=True))
    if len(found) != len(wanted):
        raise Missing("mention")
    return found


def reading(mention: Mention) -> Reading:
    """A mention, as the log names what was read."""
    return Reading(Mention._meta.label_lower, mention.pk, "", mention.info_class)
