"""Where a conversation stands: the table is total, every step beside its refusal, and what comes of the member's words."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.custody.actions import (
    accept,
    close,
    lock,
    merge,
    merging,
    part,
    pass_on,
    reopen,
    snooze,
    take,
    take_back,
    unlock,
    wait_for_member,
    wake,
    wake_when_due,
)
from clients.custody.models import Conversation
from clients.custody.queries import Held, holder_for
from clients.custody.rules import (
    LIFE,
    WHO,
    Asker,
    Holder,
    Medium,
    Situation,
    State,
    Step,
    Voice,
    after,
    plain_handle,
    why_not,
)
from clients.custody.steps import Said, hear, open_conversation
from clients.disclosure.rules import InfoClass
from clients.people.actor import process_of
from tenants.vocabulary import Role, Side
from tenants.walls.scope import brand_scope, durable
from tests.custody.conftest import begin, standing
from tests.custody.test_passing import refused
from tests.world import World

SOON = timedelta(hours=1)


def test_every_step_has_its_guard_and_every_state_its_row() -> None:
    assert set(WHO) == set(Step)
    assert set(LIFE) == set(State)
    assert {step for row in LIFE.values() for step in row} == set(Step) - {Step.OPEN}


def test_nobody_takes_a_step_that_the_other_side_alone_may() -> None:
    """Of every step that changes hands, at most one of the two sides may take it, whatever the situation."""
    for holder in (Holder(Side.BRAND), Holder(Side.AGENCY)):
        for locked in (False, True):
            for held in (False, True):
                it = Situation(holder, locked, held, None, Holder(Side.AGENCY))
                for step in (Step.TAKE, Step.LET_GO, Step.PASS, Step.TAKE_BACK, Step.RETURN, Step.CLOSE, Step.SNOOZE):
                    may = [side for side in Side if not why_not(step, Asker(side), it)]
                    assert len(may) <= 1, (step, it)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("@Lea@Social.Example", "lea@social.example"),
        (" Lea.bsky.social ", "lea.bsky.social"),
        ("+33 6 12-34.56/78", "+33612345678"),
        ("LEA@example.org", "lea@example.org"),
        ("2024", "2024"),
        ("lea@Élan.example.", "lea@xn--lan-9la.example"),
        ("lea@xn--lan-9la.example", "lea@xn--lan-9la.example"),
        ("", ""),
    ],
)
def test_a_handle_is_compared_in_one_spelling(typed: str, plain: str) -> None:
    assert plain_handle(typed) == plain


def test_only_who_holds_it_puts_it_off_or_closes_it(world: World) -> None:
    one, until = begin(world), timezone.now() + SOON
    for act, more in ((snooze, {"until": until}), (wait_for_member, {}), (close, {})):
        assert refused(act, world.owner, conversation_id=one.pk, **more) == "held_by_other_side"
        assert refused(act, world.actor(Role.AUDITOR), conversation_id=one.pk, **more) == "not_allowed"
    snooze(world.cm, conversation_id=one.pk, until=until)
    assert standing(world, one).state == State.SNOOZED
    assert refused(wake, world.owner, conversation_id=one.pk) == "held_by_other_side"
    wake(world.cm, conversation_id=one.pk)
    assert refused(wake, world.cm, conversation_id=one.pk) == "conversation_not_in_this_state"
    close(world.cm, conversation_id=one.pk)
    assert refused(close, world.cm, conversation_id=one.pk) == "conversation_not_in_this_state"
    assert refused(reopen, world.owner, conversation_id=one.pk) == "held_by_other_side"
    reopen(world.cm, conversation_id=one.pk)
    assert standing(world, one).state == State.OPEN
    assert refused(snooze, world.cm, conversation_id=one.pk, until=timezone.now()) == "time_past"
    assert refused(snooze, world.cm, conversation_id=one.pk, until=until + timedelta(400)) == "too_far"


def test_a_snooze_that_is_over_ends_by_itself_and_once(world: World) -> None:
    one, house = begin(world), process_of(world.brand, EntryPoint.WORKER, "worker")
    snooze(world.cm, conversation_id=one.pk, until=timezone.now() + SOON)
    assert refused(wake_when_due, world.cm, conversation_id=one.pk) == "not_allowed"
    world.run_outbox("custody.wake")
    assert standing(world, one).state == State.SNOOZED
    with brand_scope(world.brand):
        Conversation.objects.filter(pk=one.pk).update(until=timezone.now())
    wake_when_due(house, conversation_id=one.pk)
    wake_when_due(house, conversation_id=one.pk)
    assert standing(world, one).state == State.OPEN


def test_closing_takes_back_what_was_offered(world: World) -> None:
    one = begin(world)
    pass_on(world.cm, conversation_id=one.pk, to=Holder(Side.BRAND), note="x")
    close(world.cm, conversation_id=one.pk)
    assert refused(accept, world.owner, conversation_id=one.pk) == "nothing_offered"


@pytest.mark.parametrize("rest", [wait_for_member, close, None])
def test_the_members_words_open_it_again_and_leave_it_in_the_same_hands(world: World, rest: Any) -> None:
    one = begin(world, Side.BRAND)
    if rest:
        rest(world.owner, conversation_id=one.pk)
    with durable(world.brand):
        row = Conversation.objects.select_for_update().get(pk=one.pk)
        hear(process_of(world.brand, EntryPoint.WORKER, "worker"), row, Said(Voice.MEMBER, "Encore moi."))
    assert (standing(world, one).state, standing(world, one).holder) == (State.OPEN, Holder(Side.BRAND))


def test_a_thread_is_one_conversation_whoever_brings_it_first(world: World) -> None:
    with durable(world.brand):
        held = {"medium": Medium.COMMENT, "thread": "t" * 64, "handle": "@lea"}
        first = open_conversation(world.cm, holder=Holder(Side.AGENCY), **held)
        again = open_conversation(world.owner, holder=Holder(Side.BRAND), **held)
        assert (again.pk, again.holder_side, first.handle) == (first.pk, Side.AGENCY, "lea")
        apart = [open_conversation(world.cm, medium=Medium.PHONE, holder=Holder(Side.AGENCY)).pk for _ in range(2)]
        assert len(set(apart)) == 2
    assert after(State.CLOSED, Step.SAID) is State.OPEN


def test_two_that_one_side_holds_become_one_and_are_taken_apart(world: World) -> None:
    one, two, three, theirs = begin(world, remote_id="one"), begin(world), begin(world), begin(world, Side.BRAND)
    kept = begin(world, info_class=InfoClass.NAMED, named=[str(world.cm.somebody)])
    merging = {"conversation_id": one.pk}
    assert refused(merge, world.cm, **merging, into_id=one.pk) == "merge_with_itself"
    assert refused(merge, world.cm, **merging, into_id=theirs.pk) == "held_by_other_side"
    assert refused(merge, world.owner, **merging, into_id=theirs.pk) == "held_by_other_side"
    assert refused(merge, world.cm, **merging, into_id=kept.pk) == "merge_across_classes"
    assert refused(part, world.cm, **merging) == "not_merged"
    merge(world.cm, **merging, into_id=two.pk)
    assert refused(merge, world.cm, conversation_id=three.pk, into_id=one.pk) == "merge_with_closed"
    merge(world.cm, conversation_id=two.pk, into_id=three.pk)
    take_back(world.owner, conversation_id=three.pk)
    with brand_scope(world.brand):
        assert holder_for(world.wall.pk, "one", "") == Held(three.pk, world.wall.pk, Side.BRAND)
    assert refused(part, world.cm, **merging) == "held_by_other_side"
    part(world.owner, **merging)
    assert standing(world, one).holder == standing(world, three).holder
    assert standing(world, one).state == State.OPEN


def test_it_goes_into_others_so_often_and_no_oftener(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "MERGES_AT_MOST", 2)
    one, two = begin(world), begin(world)
    for _ in range(2):
        merge(world.cm, conversation_id=one.pk, into_id=two.pk)
        part(world.cm, conversation_id=one.pk)
    assert refused(merge, world.cm, conversation_id=one.pk, into_id=two.pk) == "merged_too_often"
    merge(world.cm, conversation_id=two.pk, into_id=one.pk)


def test_merging_and_parting_keep_the_lock_of_the_brand(world: World) -> None:
    one, two = begin(world), begin(world)
    for conversation in (one, two):
        take_back(world.owner, conversation_id=conversation.pk)
    lock(world.owner, conversation_id=one.pk)
    for guest, host in ((one, two), (two, one)):
        assert refused(merge, world.owner, conversation_id=guest.pk, into_id=host.pk) == "merge_across_locks"
    unlock(world.owner, conversation_id=one.pk)
    merge(world.owner, conversation_id=one.pk, into_id=two.pk)
    lock(world.owner, conversation_id=two.pk)
    part(world.owner, conversation_id=one.pk)
    assert (standing(world, one).locked, standing(world, two).locked) == (True, True)
    assert refused(take_back, world.cm, conversation_id=one.pk) == "locked_by_brand"
    merge(world.owner, conversation_id=one.pk, into_id=two.pk)
    part(world.owner, conversation_id=one.pk)
    unlock(world.owner, conversation_id=one.pk)
    take_back(world.cm, conversation_id=one.pk)
    assert standing(world, one).holder.side is Side.AGENCY


def test_parted_from_what_nobody_locked_it_is_free(world: World) -> None:
    one, two = begin(world), begin(world)
    merge(world.cm, conversation_id=one.pk, into_id=two.pk)
    take_back(world.owner, conversation_id=two.pk)
    part(world.owner, conversation_id=one.pk)
    assert not standing(world, one).locked


def test_nothing_comes_before_a_department_that_was_handed_another(world: World) -> None:
    one, two = begin(world), begin(world)
    pass_on(world.cm, conversation_id=two.pk, to=Holder(Side.BRAND, world.people[Role.DEPARTMENT_CONTACT].pk), note="x")
    assert refused(merge, world.cm, conversation_id=one.pk, into_id=two.pk) == "merge_with_department"
    accept(world.actor(Role.DEPARTMENT_CONTACT), conversation_id=two.pk)
    take_back(world.owner, conversation_id=one.pk)
    assert refused(merge, world.owner, conversation_id=one.pk, into_id=two.pk) == "merge_with_department"
    take(world.owner, conversation_id=two.pk)
    merge(world.owner, conversation_id=one.pk, into_id=two.pk)
