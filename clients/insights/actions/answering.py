"""A department's word, by somebody with an account or by a link; and what happens where none comes in time."""

from uuid import UUID

from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.disclosure.models import ShareLink
from clients.insights.access import access_asking, lock_asked
from clients.insights.handed import KIND
from clients.insights.models import Asking, Insight, InsightAnswer
from clients.insights.rules import LONGEST_ANSWER, MOST_ANSWERS, About, State, Step, checked_words
from clients.insights.steps import close_asking, move, set_due, write_letters
from clients.outbox.registry import Later
from clients.people.access import require, require_process
from clients.people.actor import Actor, process_of
from clients.people.rules import Verb
from tenants.errors import Conflict, Missing
from tenants.walls.scope import BrandRef, durable


def answer_asking(actor: Actor, *, asking_id: UUID, text: str) -> InsightAnswer:
    """One's own word on what one was asked. Raises Missing('asking'), Conflict('asking_closed' | 'too_many_answers'),
    Invalid('words_missing' | 'too_long', 'text')."""
    require(actor, Verb.HANDED_READ)
    words = checked_words(text, LONGEST_ANSWER, "text", needed=True)
    with durable(actor.brand):
        access_asking(actor, asking_id)
        found = lock_asked(asking_id)
        if found is None:
            raise Missing("asking")
        return _answered(actor, *found, words, actor.name)


def answer_by_link(brand: BrandRef, *, link_id: UUID, text: str, name: str = "") -> InsightAnswer:
    """The same by whoever holds the link and has read what it shows. `name`: what they call themselves, if anything.

    INVARIANT: the link is asked again, locked, in the transaction of the answer: revoked or over, it takes none.
    Raises Missing('asking') where it leads nowhere (any more), else as `answer_asking`.
    """
    words = checked_words(text, LONGEST_ANSWER, "text", needed=True)
    called = checked_words(" ".join(name.split()), 200, "name")
    with durable(brand):
        visitor = process_of(brand, EntryPoint.PAGE, "link")
        link = ShareLink.objects.filter(pk=link_id, object_kind=KIND).first()
        found = lock_asked(link.object_id) if link else None
        kept = ShareLink.objects.select_for_update().filter(pk=link_id).first()
        if found is None or kept is None or not kept.goes_on(timezone.now()):
            raise Missing("asking")
        return _answered(visitor, *found, words, called or found[1].to_name)


def lapse_asking(actor: Actor, *, asking_id: UUID) -> None:
    """For a worker: its due date is over. Nothing where it was answered or withdrawn. Raises Refused('not_allowed'), `Later`."""
    require_process(actor)
    with durable(actor.brand):
        found = lock_asked(asking_id)
        if found is None:
            return
        insight, asking = found
        if asking.closed_at or asking.answered_at or insight.state != State.ASKED:
            return
        if asking.due_at > timezone.now():
            raise Later(asking.due_at)
        move(actor, insight, Step.LAPSE, asking=str(asking.pk))
        people = [asking.to_person, asking.by_person] if asking.to_person else [asking.by_person]
        write_letters(asking, About.LATE, people, at=timezone.now())


def _answered(actor: Actor, insight: Insight, asking: Asking, text: str, name: str) -> InsightAnswer:
    if asking.closed_at is not None:
        raise Conflict("asking_closed")
    if InsightAnswer.objects.filter(asking=asking).count() >= MOST_ANSWERS:
        raise Conflict("too_many_answers", most=MOST_ANSWERS)
    answer = InsightAnswer.objects.create(asking=asking, text=text, name=name[:200], by_person=actor.person_id)
    move(actor, insight, Step.ANSWER, asking=str(asking.pk), answer=str(answer.pk))
    asking.answered_at = asking.answered_at or answer.at
    if asking.once:
        close_asking(actor, asking)
    else:
        asking.save(update_fields=("answered_at",))
    set_due(insight, None)
    write_letters(asking, About.ANSWERED, [asking.by_person])
    return answer
