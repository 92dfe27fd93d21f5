"""What the brand makes of it: will do, done or no, and why; when it is over; and what it lets out for 'you said, we did'."""

from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.insights.access import access_insight
from clients.insights.models import Insight, Released
from clients.insights.rules import LONGEST_NOTE, LONGEST_SAID, Step, checked_decision, checked_line, checked_words
from clients.insights.steps import end_asking, move
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Missing
from tenants.walls.scope import durable


def decide_insight(actor: Actor, *, insight_id: UUID, decision: str, why: str) -> Insight:
    """The brand's word. Nobody else is asked any more. Raises Refused('not_allowed'), Missing('insight'),
    Invalid('unknown_choice', 'decision'), Invalid('words_missing' | 'too_long', 'why'), Conflict('insight_not_in_this_state').
    """
    require(actor, Verb.INSIGHT_DECIDE)
    chosen, words = checked_decision(decision), checked_words(why, LONGEST_NOTE, "why", needed=True)
    with durable(actor.brand):
        insight = access_insight(actor, insight_id, lock=True)
        end_asking(actor, insight)
        taken = move(actor, insight, Step.DECIDE, words, decision=str(chosen))
        insight.decision, insight.why = chosen, words
        insight.decided_at, insight.decided_name = taken.at, actor.name
        insight.save(update_fields=("decision", "why", "decided_at", "decided_name"))
        return insight


def close_insight(actor: Actor, *, insight_id: UUID, note: str = "") -> Insight:
    """Nothing more is to come of it. One that nobody decided on needs a reason: Invalid('words_missing', 'note')."""
    require(actor, Verb.INSIGHT_WRITE)
    words = checked_words(note, LONGEST_NOTE, "note")
    with durable(actor.brand):
        insight = access_insight(actor, insight_id, lock=True)
        checked_words(words, LONGEST_NOTE, "note", needed=not insight.decision)
        move(actor, insight, Step.CLOSE, words)
        return insight


def reopen_insight(actor: Actor, *, insight_id: UUID) -> Insight:
    """Take it up again, from the beginning: what was decided stands in its history."""
    require(actor, Verb.INSIGHT_WRITE)
    with durable(actor.brand):
        insight = access_insight(actor, insight_id, lock=True)
        move(actor, insight, Step.REOPEN)
        insight.decision, insight.why, insight.decided_at, insight.decided_name = "", "", None, ""
        insight.save(update_fields=("decision", "why", "decided_at", "decided_name"))
        return insight


def release_insight(actor: Actor, *, insight_id: UUID, said: str, did: str) -> Released:
    """A line of 'you said, we did', in the brand's own words; again, it is the same line in other words.

    Raises Refused('not_allowed'), Missing('insight'), Conflict('decide_first'),
    Invalid('name_empty' | 'too_long', 'said' | 'did').
    """
    require(actor, Verb.INSIGHT_RELEASE)
    words = {"said": checked_line(said, LONGEST_SAID, "said"), "did": checked_line(did, LONGEST_SAID, "did")}
    with durable(actor.brand):
        insight = access_insight(actor, insight_id, lock=True)
        if not insight.decision:
            raise Conflict("decide_first")
        facts = {**words, "by_person": actor.somebody, "by_name": actor.name, "at": timezone.now()}
        released, _ = Released.objects.update_or_create(insight=insight, defaults=facts)
        record(actor, "insight.released", insight)
        return released


def take_off_list(actor: Actor, *, insight_id: UUID) -> None:
    """Off 'you said, we did'. Raises Missing('insight' | 'released')."""
    require(actor, Verb.INSIGHT_RELEASE)
    with durable(actor.brand):
        insight = access_insight(actor, insight_id, lock=True)
        if not Released.objects.filter(insight=insight).delete()[0]:
            raise Missing("released")
        record(actor, "insight.unreleased", insight)
