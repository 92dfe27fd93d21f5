"""One person's word on one mention: I have it, later, nobody answers this, this is not about us, take it up again."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from clients.mentions.access import access_mention
from clients.mentions.models import Mention
from clients.outbox.registry import Later
from clients.people.access import require, require_process
from clients.people.actor import Actor
from clients.people.rules import Verb
from clients.triage.models import Ruling
from clients.triage.rules import Place, Step, checked_reason, checked_until, checked_words, place_of
from clients.triage.steps import require_no_collision, rule, take_back, wake_at
from tenants.errors import Conflict
from tenants.walls.scope import durable


def hold_mention(actor: Actor, *, mention_id: UUID, seen_holder: str = "") -> Ruling:
    """'I have it': others are warned. Raises Conflict('held_by_another') unless one has been shown who holds it."""
    require(actor, Verb.MENTION_TRIAGE)
    with durable(actor.brand):
        mention = _locked(actor, mention_id, seen_holder)
        return rule(actor, mention, Step.HOLD)


def let_mention_go(actor: Actor, *, mention_id: UUID) -> Ruling:
    """Nobody has it any longer. Raises Conflict('not_in_your_hands') for who does not hold it."""
    require(actor, Verb.MENTION_TRIAGE)
    with durable(actor.brand):
        mention = access_mention(actor, mention_id, lock=True)
        if mention.held_by != actor.somebody:
            raise Conflict("not_in_your_hands")
        return rule(actor, mention, Step.LET_GO)


def snooze_mention(actor: Actor, *, mention_id: UUID, until: datetime, seen_holder: str = "") -> Ruling:
    """Out of the inbox until a moment. Raises Invalid('time_past' | 'too_far', 'until') and as `dismiss_mention`."""
    require(actor, Verb.MENTION_TRIAGE)
    checked_until(until, timezone.now())
    with durable(actor.brand):
        mention = _locked(actor, mention_id, seen_holder)
        ruling = rule(actor, mention, Step.SNOOZE, until=until)
        wake_at(mention, until)
        return ruling


def dismiss_mention(actor: Actor, *, mention_id: UUID, reason: str, words: str = "", seen_holder: str = "") -> Ruling:
    """No reply needed, and why.

    Raises Refused('not_allowed'), Missing('mention'), Conflict('mention_not_in_this_state' | 'held_by_another') and what
    `rules.checked_reason` does.
    """
    require(actor, Verb.MENTION_TRIAGE)
    code, clean = checked_reason(reason, words)
    with durable(actor.brand):
        mention = _locked(actor, mention_id, seen_holder)
        return rule(actor, mention, Step.NO_REPLY, reason=code, words=clean)


def mark_mention_wrong(actor: Actor, *, mention_id: UUID, words: str = "", seen_holder: str = "") -> Ruling:
    """Not about this brand: found by mistake. Raises as `dismiss_mention`."""
    require(actor, Verb.MENTION_TRIAGE)
    clean = checked_words(words)
    with durable(actor.brand):
        mention = _locked(actor, mention_id, seen_holder)
        return rule(actor, mention, Step.WRONG, words=clean)


def reopen_mention(actor: Actor, *, mention_id: UUID, words: str = "") -> Ruling:
    """Take up again what had its outcome. Raises Conflict('mention_not_in_this_state') and as `dismiss_mention`."""
    require(actor, Verb.MENTION_TRIAGE)
    clean = checked_words(words)
    with durable(actor.brand):
        return rule(actor, access_mention(actor, mention_id, lock=True), Step.REOPEN, words=clean)


def undo_ruling(actor: Actor, *, mention_id: UUID) -> Ruling:
    """Take one's own last step back, within a few minutes. Raises Conflict('too_late_to_undo')."""
    require(actor, Verb.MENTION_TRIAGE)
    with durable(actor.brand):
        mention = access_mention(actor, mention_id, lock=True)
        ruling = take_back(actor, mention)
        if mention.snoozed_until:
            wake_at(mention, mention.snoozed_until)
        return ruling


def wake_mention(actor: Actor, *, mention_id: UUID) -> None:
    """For a worker: a snooze is over. Nothing where somebody was quicker. Raises Refused('not_allowed'), `Later`."""
    require_process(actor)
    with durable(actor.brand):
        mention = Mention.objects.select_for_update(no_key=True).filter(pk=mention_id).first()
        if mention is None or place_of(mention.state, mention.outcome) is not Place.SNOOZED:
            return
        if mention.snoozed_until and mention.snoozed_until > timezone.now():
            raise Later(mention.snoozed_until)
        rule(actor, mention, Step.WAKE)


def _locked(actor: Actor, mention_id: UUID, seen_holder: str) -> Mention:
    mention = access_mention(actor, mention_id, lock=True)
    require_no_collision(actor, mention, seen_holder)
    return mention
