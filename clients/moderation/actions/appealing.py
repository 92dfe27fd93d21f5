"""Appeals: what the member says against it, and the answer of somebody who had no part in it."""

from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.disclosure.rules import may_read
from clients.gate.actions.submitting import withdraw_locked
from clients.items.life import Event, ItemState, after
from clients.items.steps import lock_item, require_no_meddling
from clients.moderation.access import access_appeal, access_case, require_moderation
from clients.moderation.actions.asking import unhide_locked
from clients.moderation.models import Appeal, Case
from clients.moderation.queries import UNDER_WAY, people_who_acted
from clients.moderation.rules import (
    DELETE,
    HIDE,
    LONGEST_APPEAL,
    UNHIDE,
    AppealState,
    CaseState,
    checked_words,
    require_another,
)
from clients.moderation.steps import LETTER, reckon, standing_now
from clients.outbox.actions import enqueue
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from tenants.errors import Conflict, Invalid, Missing
from tenants.models import BrandPerson
from tenants.vocabulary import Role, Side
from tenants.walls.scope import durable


def eligible(case: Case) -> list[BrandPerson]:
    """Who may answer an appeal of this case: they may act upon it, may read it, and had no part in it."""
    acted = people_who_acted(case)
    return [
        person
        for person in BrandPerson.objects.filter(live=True).order_by("side", "name")
        if person.person_id not in acted and _may_answer(person, case)
    ]


def record_appeal(actor: Actor, *, case_id: UUID, words: str, to_person: UUID) -> Appeal:
    """Write down what the member says, and who is to answer.

    Raises Missing('case' | 'person'), Refused('not_allowed' | 'own_act'), Conflict('appeal_open'), Invalid('words_missing' |
    'too_long', 'words').
    """
    require_moderation(actor)
    clean = checked_words(words, "words", most=LONGEST_APPEAL)
    with durable(actor.brand):
        case = access_case(actor, case_id, lock=True)
        if case.appeals.filter(state=AppealState.OPEN).exists():
            raise Conflict("appeal_open")
        person = _who_may_answer(case, to_person)
        appeal = Appeal.objects.create(
            case=case,
            words=clean,
            to_person=person.person_id,
            to_name=person.name,
            by_person=actor.somebody,
            by_name=actor.name,
        )
        record(actor, "moderation.appealed", case, appeal=str(appeal.pk), to=str(to_person))
        enqueue(LETTER, {"appeal": str(appeal.pk)}, key=str(appeal.pk))
        return appeal


def give_appeal(actor: Actor, *, appeal_id: UUID, to_person: UUID) -> Appeal:
    """Hand an open appeal to somebody else, where whoever was to answer it can no longer: they have left, or took part since.

    Raises Missing('appeal' | 'person'), Refused('not_allowed' | 'own_act'), Conflict('appeal_closed' | 'appeal_in_hand').
    """
    require_moderation(actor)
    with durable(actor.brand):
        appeal, case = access_appeal(actor, appeal_id)
        if appeal.state != AppealState.OPEN:
            raise Conflict("appeal_closed")
        if is_in_hand(appeal, eligible(case)):
            raise Conflict("appeal_in_hand")
        person, was = _who_may_answer(case, to_person), appeal.to_person
        appeal.to_person, appeal.to_name = person.person_id, person.name
        appeal.save(update_fields=("to_person", "to_name"))
        record(actor, "moderation.appeal_given", case, appeal=str(appeal.pk), to=str(to_person), was=str(was))
        enqueue(LETTER, {"appeal": str(appeal.pk)}, key=str(appeal.pk))
        return appeal


def is_in_hand(appeal: Appeal, people: Iterable[BrandPerson]) -> bool:
    """Whether the person it waits for is among those who may answer it."""
    return any(one.person_id == appeal.to_person for one in people)


def decide_appeal(actor: Actor, *, appeal_id: UUID, verdict: str, answer: str) -> Appeal:
    """The act stands, or it is undone: what is hidden is shown again, and what still waits to be deleted is taken back.

    Raises Missing('appeal'), Refused('not_allowed' | 'own_act' | 'other_sides_item'), Conflict('appeal_closed'),
    Invalid('unknown_choice', 'verdict'), Invalid('words_missing' | 'too_long', 'answer'), Conflict('not_in_this_state') for a
    deletion that is leaving.
    """
    require_moderation(actor)
    words = checked_words(answer, "answer")
    if verdict not in {AppealState.UPHELD, AppealState.UNDONE}:
        raise Invalid("unknown_choice", "verdict")
    with durable(actor.brand):
        appeal, case = access_appeal(actor, appeal_id)
        if appeal.state != AppealState.OPEN:
            raise Conflict("appeal_closed")
        require_another(actor.person_id, people_who_acted(case))
        if verdict == AppealState.UNDONE:
            _undo(actor, case, words)
        appeal.state, appeal.answer = AppealState(verdict), words
        appeal.decided_name, appeal.decided_at = actor.name, timezone.now()
        appeal.save(update_fields=("state", "answer", "decided_name", "decided_at"))
        record(actor, "moderation.appeal_decided", case, appeal=str(appeal.pk), verdict=str(appeal.state))
        return appeal


def _who_may_answer(case: Case, person_id: UUID) -> BrandPerson:
    require_another(person_id, people_who_acted(case))
    person = next((one for one in eligible(case) if one.person_id == person_id), None)
    if person is None:
        raise Missing("person")
    return person


def _undo(actor: Actor, case: Case, why: str) -> None:
    """Raises Refused('other_sides_item') for an agency: what the brand brought is the brand's to take back."""
    for act in case.acts.filter(kind__in=(HIDE, DELETE), item__state__in=UNDER_WAY).order_by("number"):
        item = lock_item(act.item_id)
        require_no_meddling(actor, item)
        if after(ItemState(item.state), Event.WITHDRAW) is None:
            raise Conflict("not_in_this_state", state=str(item.state), event="withdraw")
        withdraw_locked(actor, item)
    reckon(actor, case)
    if case.state == CaseState.HIDDEN and UNHIDE not in standing_now(case).under_way:
        unhide_locked(actor, case, why)


def _may_answer(person: BrandPerson, case: Case) -> bool:
    role = Role(person.role)
    reads = may_read(Side(person.side), role, person.person_id, case.info_class, case.named)
    return reads and may(role, Verb.MENTION_TRIAGE) and may(role, Verb.ITEM_SUBMIT)
