"""Deciding to go slow, or to let members talk: recorded, with a reason and an end."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.custody.access import access_conversation, wait_for_leaving
from clients.custody.models import Conversation, Turn
from clients.mentions.access import access_mention
from clients.mentions.models import Mention
from clients.moderation.access import access_calm, may_end
from clients.moderation.models import Calm
from clients.moderation.queries import with_hosts
from clients.moderation.rules import CalmKind, checked_until, checked_words
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Invalid, Refused
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
    """About one mention or one conversation. Everybody who opens the thing reads it, and the gate asks: while members are let
    talk no answer of either side goes out there, and while we go slow one an hour does. Once this has returned, that is so.

    Raises Missing('mention' | 'conversation'), Refused('not_allowed'), Invalid('unknown_choice', 'calm'), Invalid('words_missing'
    | 'too_long', 'reason'), Conflict('answer_is_leaving') and what `rules.checked_until` does.
    """
    require(actor, Verb.MENTION_TRIAGE)
    with durable(actor.brand):
        mention = access_mention(actor, mention_id) if mention_id else None
        conversation = access_conversation(actor, conversation_id) if conversation_id else None
        if kind not in set(CalmKind):
            raise Invalid("unknown_choice", "calm")
        words, end = checked_words(reason, "reason"), checked_until(until, timezone.now())
        wait_for_leaving(with_hosts(_talks(mention, conversation)))
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
    """Before its end. What the brand decided is no agency's to end. Raises Missing('calm'), Refused('not_allowed')."""
    require(actor, Verb.MENTION_TRIAGE)
    with durable(actor.brand):
        calm = access_calm(actor, calm_id)
        if not may_end(actor, calm):
            raise Refused("not_allowed")
        calm.ended_at, calm.ended_by = timezone.now(), actor.name
        calm.save(update_fields=("ended_at", "ended_by"))
        record(actor, "moderation.calm_ended", calm, calm=str(calm.kind))
        return calm


def _talks(mention: Mention | None, conversation: Conversation | None) -> set[UUID]:
    if conversation is not None:
        return {conversation.pk}
    heard = Turn.objects.filter(mention=mention.pk) if mention else Turn.objects.none()
    return set(heard.values_list("conversation", flat=True))
