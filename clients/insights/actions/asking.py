"""Asking a department for its word: a person with an account, or somebody by a link; with a due date, until it is given."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from clients.disclosure.rules import InfoClass, link_lasts
from clients.disclosure.steps import Matter, lend_link
from clients.insights.access import access_insight, require_receivable
from clients.insights.handed import KIND, handed_from
from clients.insights.models import Asking, Insight
from clients.insights.queries import open_asking, sources_of
from clients.insights.rules import LINK_AFTER_DUE, LINK_VIEWS, LONGEST_NOTE, About, Step, checked_due, checked_words
from clients.insights.steps import department_called, end_asking, move, note_due, set_due, write_letters
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Missing, Refused
from tenants.ids import uuid7
from tenants.models import BrandPerson
from tenants.walls.scope import durable


@dataclass(frozen=True, slots=True)
class MadeAsking:
    """What is asked, and the token of its link, which is told this once and never again."""

    asking: Asking
    token: str


def ask_department(
    actor: Actor,
    *,
    insight_id: UUID,
    department: str,
    to_person: UUID,
    due: datetime | None,
    note: str = "",
    quoted: Collection[UUID] = (),
    once: bool = False,
) -> Asking:
    """Ask somebody who has a place here. They get a letter, and it waits on their work.

    `quoted`: voices under it whose words they read. `once`: their first answer ends it.
    Raises Refused('not_allowed' | 'may_not_receive'), Missing('insight' | 'department' | 'person' | 'source'),
    Invalid('due_missing' | 'time_past' | 'too_far', 'due'), Invalid('too_long', 'note'), Conflict('insight_not_in_this_state').
    """
    require(actor, Verb.INSIGHT_WRITE)
    words, moment = checked_words(note, LONGEST_NOTE, "note"), checked_due(due, timezone.now())
    with durable(actor.brand):
        insight = access_insight(actor, insight_id, lock=True)
        person = BrandPerson.objects.filter(live=True, person_id=to_person).first()
        if person is None:
            raise Missing("person")
        require_receivable(person, insight)
        whom = {"to_person": person.person_id, "to_name": person.name}
        asking = _ask(
            actor, insight, department, moment, once=once, note=words, quoted=_chosen(insight, quoted), **whom
        )
        write_letters(asking, About.ASKED, [person.person_id])
        return asking


def ask_by_link(
    actor: Actor,
    *,
    insight_id: UUID,
    department: str,
    recipient: str,
    due: datetime | None,
    note: str = "",
    quoted: Collection[UUID] = (),
    once: bool = False,
    code: str = "",
) -> MadeAsking:
    """Ask somebody without an account. The link takes an answer for some days more than it is due, and is shown once.

    Raises as `ask_department`, and Refused('class_forbids'), Invalid('name_empty', 'recipient'), Invalid('code_missing', 'code'),
    Invalid('link_too_long', 'days').
    """
    require(actor, Verb.INSIGHT_WRITE)
    require(actor, Verb.LINK_SHARE)
    words, now = checked_words(note, LONGEST_NOTE, "note"), timezone.now()
    moment = checked_due(due, now)
    with durable(actor.brand):
        insight = access_insight(actor, insight_id, lock=True)
        chosen, key = _chosen(insight, quoted), uuid7()
        info_class = InfoClass(insight.info_class)
        shown = handed_from(insight, words, chosen, info_class, now)
        longest = link_lasts(info_class)
        if shown is None or longest is None:
            raise Refused("class_forbids", info_class=str(info_class), way="link")
        made = lend_link(
            actor,
            Matter(KIND, (key,), info_class, shown.digest),
            recipient=recipient,
            until=max(moment, min(moment + LINK_AFTER_DUE, now + longest)),
            most_views=LINK_VIEWS,
            code=code,
        )
        whom: dict[str, Any] = {"pk": key, "link": made.link, "to_name": recipient.strip()[:200], "at": now}
        asking = _ask(actor, insight, department, moment, once=once, note=words, quoted=chosen, **whom)
        return MadeAsking(asking, made.token)


def extend_asking(actor: Actor, *, insight_id: UUID, due: datetime | None) -> Asking:
    """More time. Raises Missing('insight' | 'asking'), Invalid as `rules.checked_due`, Conflict('link_ends_before' |
    'insight_not_in_this_state')."""
    require(actor, Verb.INSIGHT_WRITE)
    moment = checked_due(due, timezone.now())
    with durable(actor.brand):
        insight = access_insight(actor, insight_id, lock=True)
        asking = _open(insight)
        if asking.link is not None and asking.link.expires_at < moment:
            raise Conflict("link_ends_before")
        asking.due_at = moment
        asking.save(update_fields=("due_at",))
        set_due(insight, moment)
        move(actor, insight, Step.EXTEND, asking=str(asking.pk))
        note_due(asking)
        return asking


def withdraw_asking(actor: Actor, *, insight_id: UUID) -> Asking:
    """Nobody is asked any more; a link leads nowhere. Raises Missing('insight' | 'asking'),
    Conflict('insight_not_in_this_state')."""
    require(actor, Verb.INSIGHT_WRITE)
    with durable(actor.brand):
        insight = access_insight(actor, insight_id, lock=True)
        asking = _open(insight)
        end_asking(actor, insight)
        move(actor, insight, Step.WITHDRAW, asking=str(asking.pk))
        return asking


def _ask(actor: Actor, insight: Insight, department: str, due: datetime, **facts: Any) -> Asking:
    """The one that was answered and went on until now is over with it."""
    there = department_called(department)
    end_asking(actor, insight)
    asking: Asking = Asking.objects.create(
        insight=insight, department=there, due_at=due, by_person=actor.somebody, by_name=actor.name, **facts
    )
    insight.department, insight.due_at = there, due
    insight.save(update_fields=("department", "due_at"))
    move(
        actor, insight, Step.ASK, asking=str(asking.pk), department=str(there.code), by_link=asking.link_id is not None
    )
    note_due(asking)
    return asking


def _chosen(insight: Insight, quoted: Collection[UUID]) -> list[str]:
    known = {one.pk for one in sources_of(insight)}
    if set(quoted) - known:
        raise Missing("source")
    return [str(pk) for pk in sorted(quoted)]


def _open(insight: Insight) -> Asking:
    asking = open_asking(insight)
    if asking is None:
        raise Missing("asking")
    return asking
