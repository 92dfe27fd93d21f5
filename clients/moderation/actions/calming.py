"""Deciding to go slow, or to let members talk: recorded, with a reason and an end."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.custody.access import access_conversation
from clients.mentions.access import access_mention
from clients.moderation.access import access_calm
from clients.moderation.models import Calm
from clients.moderation.rules import CalmKind, checked_until, checked_words
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Invalid
from tenants.walls.scope import durable


def decide_calm(
    actor: Actor,
    *,
    kind: str,
    reason: str,
    until: datetime | None,
    mention_id: UUID | None = None,
    conversation_id: UUID | None = None,
) -> Calm:
    """About one mention or one conversation. It binds nobody's hands: everybody who opens the thing reads it.

    Raises Missing('mention' | 'conversation'), Refused('not_allowed'), Invalid('unknown_choice', 'calm'), Invalid('words_missing'
    | 'too_long', 'reason') and what `rules.checked_until` does.
    """
    require(actor, Verb.MENTION_TRIAGE)
    with durable(actor.brand):
        mention = access_mention(actor, mention_id) if mention_id else None
        conversation = access_conversation(actor, conversation_id) if conversation_id else None
        if kind not in set(CalmKind):
            raise Invalid("unknown_choice", "calm")
        words, end = checked_words(reason, "reason"), checked_until(until, timezone.now())
        calm: Calm = Calm.objects.create(
            kind=kind,
            mention=mention,
            conversation=conversation,
            reason=words,
            until=end,
            by_person=actor.somebody,
            by_name=actor.name,
            side=str(actor.side),
        )
        record(actor, "moderation.calm", calm, calm=str(calm.kind), until=end.isoformat())
        return calm


def end_calm(actor: Actor, *, calm_id: UUID) -> Calm:
    """Before its end. Raises Missing('calm'), Refused('not_allowed')."""
    require(actor, Verb.MENTION_TRIAGE)
    with durable(actor.brand):
        calm = access_calm(actor, calm_id)
        calm.ended_at, calm.ended_by = timezone.now(), actor.name
        calm.save(update_fields=("ended_at", "ended_by"))
        record(actor, "moderation.calm_ended", calm, calm=str(calm.kind))
        return calm
