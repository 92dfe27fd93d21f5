"""An answer: the mention is answered when the item is on its way, never by the press, and open again when it does not get out."""

import pytest

from clients.autonomy.vocabulary import ActionKind, EntryPoint
from clients.gate.actions import approve_item, submit_item, withdraw_item
from clients.items.models import Item
from clients.outbox.registry import Later
from clients.people.actor import process_of
from clients.triage.actions import answer_lost_or_sent, begin_answer, dismiss_mention, hand_mention
from clients.triage.models import Answer
from tenants.errors import Missing, Refused
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.triage.conftest import said, standing
from tests.world import World


def answered(world: World, mention_id: object) -> Item:
    content = world.content("Oui, du jeudi au samedi.", kind=ActionKind.ANSWER, target="42")
    return begin_answer(world.cm, mention_id=mention_id, content=content)  # type: ignore[arg-type]


def look(world: World, item: Item) -> bool:
    """One look at the answer of an item; whether it is over."""
    with brand_scope(world.brand):
        answer = Answer.objects.get(item=item)
    try:
        answer_lost_or_sent(process_of(world.brand, EntryPoint.WORKER, "triage"), answer_id=answer.pk)
    except Later:
        return False
    return True


def submit(world: World, item: Item) -> str:
    assert item.version is not None
    submit_item(world.cm, item_id=item.pk, seen_digest=item.version.digest)
    return item.version.digest


def test_neither_the_draft_nor_the_press_answers_but_the_yes_of_the_gate_does(world: World) -> None:
    mention = said(world.brand, "Ouverts samedi ?")
    item = answered(world, mention.pk)
    assert not look(world, item)
    digest = submit(world, item)
    assert not look(world, item)
    assert standing(world.brand, mention) == ("open", "")
    approve_item(world.approver, item_id=item.pk, seen_digest=digest)
    assert not look(world, item)
    assert standing(world.brand, mention) == ("done", "answered")


def test_an_answer_that_is_withdrawn_after_all_leaves_the_mention_open(world: World) -> None:
    mention = said(world.brand, "Ouverts samedi ?")
    item = answered(world, mention.pk)
    approve_item(world.approver, item_id=item.pk, seen_digest=submit(world, item))
    look(world, item)
    withdraw_item(world.cm, item_id=item.pk)
    assert look(world, item)
    assert standing(world.brand, mention) == ("open", "")


def test_what_became_something_else_meanwhile_stays_that(world: World) -> None:
    mention = said(world.brand, "Ouverts samedi ?")
    item = answered(world, mention.pk)
    dismiss_mention(world.cm, mention_id=mention.pk, reason="already")
    approve_item(world.approver, item_id=item.pk, seen_digest=submit(world, item))
    look(world, item)
    assert standing(world.brand, mention) == ("done", "no_reply")


def test_whoever_it_was_handed_to_may_have_it_answered(world: World) -> None:
    mention = said(world.brand, "Ouverts samedi ?")
    hand_mention(world.cm, mention_id=mention.pk, to_person=world.people[Role.APPROVER].pk, note="Vous ?")
    item = answered(world, mention.pk)
    approve_item(world.approver, item_id=item.pk, seen_digest=submit(world, item))
    look(world, item)
    assert standing(world.brand, mention) == ("done", "answered")


def test_who_may_not(world: World, other: World) -> None:
    mention, theirs = said(world.brand, "Ouverts samedi ?"), said(other.brand, "SECRET")
    content = world.content("Oui.", kind=ActionKind.ANSWER)
    with pytest.raises(Refused, match="not_allowed"):
        begin_answer(world.actor(Role.AUDITOR), mention_id=mention.pk, content=content)
    with pytest.raises(Missing, match="mention"):
        begin_answer(world.cm, mention_id=theirs.pk, content=content)
    item = answered(world, mention.pk)
    with brand_scope(world.brand):
        answer = Answer.objects.get(item=item)
    with pytest.raises(Refused, match="not_allowed"):
        answer_lost_or_sent(world.cm, answer_id=answer.pk)
