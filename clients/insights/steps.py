"""Taking one step with an insight, inside an open transaction and with its row locked: the step, the row, the line of the log.

INVARIANT: nobody else writes steps, and none is written without the insight being where it says.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.conversations.steps import own_hands, taken_into
from clients.custody.access import access_conversation
from clients.custody.models import Conversation
from clients.disclosure.rules import InfoClass, strictness
from clients.disclosure.steps import close_links
from clients.insights.models import Asking, Department, Insight, InsightSource, InsightStep, Theme
from clients.insights.queries import open_asking, theme_called
from clients.insights.rules import (
    LETTER_AFTER,
    LONGEST_NAME,
    MOST_SOURCES,
    MOST_THEMES,
    About,
    DepartmentCode,
    State,
    Step,
    after,
    checked_line,
    remind_at,
)
from clients.mentions.access import access_mention
from clients.mentions.models import Mention
from clients.outbox.actions import enqueue
from clients.people.actor import Actor
from tenants.errors import Conflict, Invalid, Missing

LAPSE, LETTER = "insights.lapse", "insights.letter"
"""Kinds of outbox rows: a due date that may be over, a letter about what is asked."""
Origin = Conversation | Mention


def move(actor: Actor, insight: Insight, step: Step, note: str = "", **facts: Any) -> InsightStep:
    """Take one step of the table. `facts` go into the log: codes and ids. Conflict('insight_not_in_this_state') otherwise."""
    now = State.NOTED if step is Step.NOTE else after(insight.state, step)
    if now is None:
        raise Conflict("insight_not_in_this_state", state=str(insight.state), step=str(step))
    was = "" if step is Step.NOTE else insight.state
    last = InsightStep.objects.filter(insight=insight).order_by("-number").values_list("number", flat=True).first()
    taken = InsightStep.objects.create(
        insight=insight,
        number=(last or 0) + 1,
        step=step,
        was=was,
        now=now,
        note=note,
        by_person=actor.person_id,
        by_name=actor.name,
        side=str(actor.side or ""),
    )
    record(actor, f"insight.{step}", insight, was=str(was), now=str(now), **facts)
    insight.state = now
    insight.closed_at = taken.at if now is State.CLOSED else None
    insight.save(update_fields=("state", "closed_at"))
    return taken


def origin_of(actor: Actor, mention_id: UUID | None, conversation_id: UUID | None) -> Origin:
    """What was said, through its own door. Raises Invalid('nothing_chosen', 'source'), Missing('mention' | 'conversation')."""
    if conversation_id is not None:
        return access_conversation(actor, conversation_id)
    if mention_id is None:
        raise Invalid("nothing_chosen", "source")
    return access_mention(actor, mention_id)


def put_under(actor: Actor, insight: Insight, origin: Origin, *, wants_word: bool) -> InsightSource:
    """Another voice under it. Conflict('kept_more_strictly' | 'already_under_it' | 'too_many_sources').

    INVARIANT: an insight is never read by anybody who may not read all that it comes from.
    """
    if not holds_class(insight, origin):
        raise Conflict("kept_more_strictly")
    talk = isinstance(origin, Conversation)
    which: dict[str, Any] = {"conversation" if talk else "mention": origin}
    under = InsightSource.objects.filter(insight=insight)
    if under.filter(**which).exists():
        raise Conflict("already_under_it")
    if under.count() >= MOST_SOURCES:
        raise Conflict("too_many_sources", most=MOST_SOURCES)
    made: InsightSource = InsightSource.objects.create(
        insight=insight, **which, wants_word=wants_word, by_person=actor.somebody, by_name=actor.name
    )
    return made


def holds_class(row: Insight, origin: Origin) -> bool:
    """Whether the insight is kept at least as strictly as what was said, and by no other names."""
    if row.info_class == origin.info_class == InfoClass.NAMED:
        return set(row.named) <= set(origin.named)
    return strictness(row.info_class) >= strictness(origin.info_class)


def theme_named(name: str) -> Theme | None:
    """The theme that goes by this name, a new one where none does; None for no name. Raises as `checked_line`."""
    if not name.strip():
        return None
    clean = checked_line(name, LONGEST_NAME, "theme")
    key = theme_key(clean)
    known = theme_called(key)
    if known is None and Theme.objects.filter(merged_into=None).count() >= MOST_THEMES:
        raise Conflict("too_many_themes", most=MOST_THEMES)
    # Somebody else may write the same name at this moment: then it is theirs.
    made: Theme = known or Theme.objects.get_or_create(key=key, merged_into=None, defaults={"name": clean})[0]
    return made


def theme_key(name: str) -> str:
    """A name as it is compared."""
    return name.casefold()[:160]


def department_called(key: str) -> Department:
    """One that every brand has, or one that this one named. Raises Missing('department')."""
    if key in set(DepartmentCode):
        usual: Department = Department.objects.get_or_create(key=key, defaults={"code": key})[0]
        return usual
    found = Department.objects.filter(key=key, ended_at=None).first()
    if found is None:
        raise Missing("department")
    return found


def note_due(asking: Asking) -> None:
    """What happens by itself until it is answered: a letter before it is due, and the lapse. Asked again, it moves."""
    due, now = asking.due_at, timezone.now()
    enqueue(LAPSE, {"asking": str(asking.pk)}, key=str(asking.pk), due_at=due)
    write_letters(asking, About.SOON, [asking.to_person or asking.by_person], at=remind_at(now, due))


def write_letters(asking: Asking, about: About, people: Sequence[UUID], at: datetime | None = None) -> None:
    """One letter each; the same one again is the same letter, at another moment."""
    moment = at or timezone.now() + LETTER_AFTER
    for person in dict.fromkeys(people):
        payload = {"asking": str(asking.pk), "about": str(about), "person": str(person)}
        enqueue(LETTER, payload, key=f"{asking.pk}:{about}:{person}", due_at=moment)


def end_asking(actor: Actor, insight: Insight) -> Asking | None:
    """Nobody's word is owed any more; a link leads nowhere from now on. What was asked, if anything was."""
    asking = open_asking(insight)
    if asking is None:
        return None
    close_asking(actor, asking)
    set_due(insight, None)
    return asking


def close_asking(actor: Actor, asking: Asking) -> None:
    asking.closed_at = timezone.now()
    asking.save(update_fields=("closed_at", "answered_at"))
    if asking.link is not None:
        close_links(actor, [asking.link])


def set_due(insight: Insight, due: datetime | None) -> None:
    insight.due_at = due
    insight.save(update_fields=("due_at",))


def conversation_for(actor: Actor, source: InsightSource) -> Conversation:
    """Where its author is spoken to, locked: the conversation, or the one that their mention belongs to or begins."""
    if source.conversation is not None:
        into = source.conversation.merged_into_id or source.conversation_id
        assert into is not None
        return access_conversation(actor, into, lock=True)
    assert source.mention_id is not None
    mention = access_mention(actor, source.mention_id, lock=True)
    return access_conversation(actor, taken_into(actor, mention, own_hands(actor)).pk, lock=True)
