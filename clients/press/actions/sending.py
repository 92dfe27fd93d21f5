"""Letting a review out: to readers by mail, as a file; by hand, or by its rhythm through the outbox."""

from collections.abc import Collection
from datetime import time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from clients.audit.actions import record
from clients.disclosure.rules import InfoClass, Way
from clients.disclosure.steps import Matter, Recipient, disclose, people_named
from clients.outbox.actions import cancel, enqueue
from clients.people.access import require, require_process
from clients.people.actor import Actor
from clients.people.rules import Verb
from clients.press.access import access_review
from clients.press.models import PressRule, Review
from clients.press.queries import rule_in_force
from clients.press.rules import Rhythm, due_after
from clients.press.steps import DRAW_UP, draw_up, let_out, require_draft
from tenants.errors import Conflict, Invalid
from tenants.walls.scope import durable

KEY = "rhythm"
DAYS = {Rhythm.DAILY: 1, Rhythm.WEEKLY: 7}
LAST_WEEKDAY = 6


def send_review(actor: Actor, *, review_id: UUID, readers: Collection[UUID]) -> Review:
    """Out, and to these people, as far as each may read it. From now on it changes no more.

    Raises Refused('not_allowed'), Missing('review' | 'person'), Conflict('review_out' | 'review_empty').
    """
    require(actor, Verb.PRESS_WRITE)
    with durable(actor.brand):
        review = access_review(actor, review_id, lock=True)
        require_draft(review)
        if not review.entries.exists():
            raise Conflict("review_empty")
        let_out(actor, review, people_named(readers))
        return review


def hand_out_review(actor: Actor, *, review_id: UUID, digest: str) -> None:
    """Write down that somebody takes it home as a file. Raises Missing('review'), Refused('class_forbids')."""
    require(actor, Verb.MENTION_READ)
    with durable(actor.brand):
        review = access_review(actor, review_id, lock=True)
        what = Matter(Review._meta.label_lower, (review.pk,), InfoClass(review.info_class), digest)
        disclose(actor, way=Way.PDF, to=Recipient.person(actor), what=what, why="downloaded")


def set_press_rule(
    actor: Actor, *, rhythm: str, at: time, weekday: int, readers: Collection[UUID], held: bool
) -> PressRule:
    """When one is drawn up by itself, for whom, and whether somebody looks at it before it goes.

    Raises Refused('not_allowed'), Missing('person'), Invalid('unknown_rhythm', 'rhythm'), Invalid('unknown_weekday', 'weekday').
    """
    require(actor, Verb.PRESS_RULE)
    if rhythm not in set(Rhythm):
        raise Invalid("unknown_rhythm", "rhythm")
    if not 0 <= weekday <= LAST_WEEKDAY:
        raise Invalid("unknown_weekday", "weekday")
    with durable(actor.brand):
        named = [str(one) for one in people_named(readers)]
        rule = rule_in_force() or PressRule()
        rule.rhythm, rule.at, rule.weekday, rule.readers, rule.held = rhythm, at, weekday, named, held
        rule.save()
        record(actor, "press.rule_set", rule, rhythm=rhythm, readers=len(named), held=held)
        _date(actor, rule)
    return rule


def draw_up_due(actor: Actor) -> Review | None:
    """For a worker, when the rhythm says so: a draft, which goes out by itself unless it is held or empty.

    Raises Refused('not_allowed').
    """
    require_process(actor)
    with durable(actor.brand):
        rule = rule_in_force()
        if rule is None or rule.rhythm == Rhythm.NEVER:
            return None
        now = timezone.now()
        review = draw_up(actor, now - timedelta(days=DAYS[Rhythm(rule.rhythm)]), now)
        if not rule.held and review.entries.exists():
            let_out(actor, review, [UUID(one) for one in rule.readers])
        _date(actor, rule)
        return review


def _date(actor: Actor, rule: PressRule) -> None:
    """Write the next one down, on the brand's clocks."""
    now = timezone.now().astimezone(ZoneInfo(actor.brand.time_zone))
    due = due_after(now, Rhythm(rule.rhythm), rule.at, rule.weekday)
    if due is None:
        cancel(DRAW_UP, key=KEY)
        return
    enqueue(DRAW_UP, {}, key=KEY, due_at=due)
