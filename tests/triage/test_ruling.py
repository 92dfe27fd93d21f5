"""What people do with a mention: allowed and refused from one set-up, kept as rows, undone by whoever did it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.disclosure.rules import InfoClass
from clients.mentions.models import Mention
from clients.outbox.models import OutboxRow
from clients.outbox.registry import Later
from clients.people.actor import process_of
from clients.people.rules import MAY, Verb
from clients.triage.actions import (
    dismiss_mention,
    drop_view,
    hold_mention,
    let_mention_go,
    mark_mention_wrong,
    merge_mention,
    reopen_mention,
    rule_together,
    save_view,
    snooze_mention,
    split_mention,
    undo_ruling,
    undo_together,
    wake_mention,
)
from clients.triage.models import Presence, Ruling, SavedView
from clients.triage.rules import HOLD_LASTS, MOST_TOGETHER, UNDO_WITHIN
from clients.triage.steps import WAKE
from tenants.errors import Conflict, Invalid, Missing, Refused
from tenants.ids import uuid7
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.triage.conftest import said, standing
from tests.world import World

CM, APPROVER, AUDITOR = Role.COMMUNITY_MANAGER, Role.APPROVER, Role.AUDITOR


def age(world: World, mention: Mention, by: timedelta) -> None:
    """As if the newest step had been taken earlier; as the owner of the table, for nobody else may."""
    with brand_scope(world.brand):
        Presence.objects.filter(mention=mention).update(seen_at=timezone.now() - by)


@pytest.mark.parametrize("role", list(Role))
def test_whoever_may_sort_says_no_reply_and_nobody_else(world: World, role: Role) -> None:
    mention = said(world.brand, "Merci pour les fraises !")
    if role in MAY[Verb.MENTION_TRIAGE]:
        dismiss_mention(world.actor(role), mention_id=mention.pk, reason="thanks")
        assert standing(world.brand, mention) == ("done", "no_reply")
        return
    with pytest.raises(Refused, match="not_allowed"):
        dismiss_mention(world.actor(role), mention_id=mention.pk, reason="thanks")
    assert standing(world.brand, mention) == ("open", "")


def test_each_step_is_a_row_with_who_which_side_and_why(world: World) -> None:
    mention = said(world.brand, "Encore eux")
    dismiss_mention(world.cm, mention_id=mention.pk, reason="other", words="Réglé au téléphone")
    reopen_mention(world.approver, mention_id=mention.pk)
    mark_mention_wrong(world.approver, mention_id=mention.pk)
    with brand_scope(world.brand):
        rows = Ruling.objects.filter(mention=mention).order_by("number")
        told = list(rows.values_list("number", "step", "was", "now", "side", "reason", "words"))
    assert told == [
        (1, "no_reply", "open", "no_reply", "agency", "other", "Réglé au téléphone"),
        (2, "reopen", "no_reply", "open", "brand", "", ""),
        (3, "wrong", "open", "wrong", "brand", "", ""),
    ]


@pytest.mark.parametrize("change", ["update", "delete"])
def test_no_row_is_ever_changed(world: World, change: str) -> None:
    mention = said(world.brand, "Encore eux")
    dismiss_mention(world.cm, mention_id=mention.pk, reason="thanks")
    with brand_scope(world.brand), pytest.raises((ProgrammingError, IntegrityError)), transaction.atomic():
        rows = Ruling.objects.filter(mention=mention)
        rows.update(step="wrong") if change == "update" else rows.delete()


def test_a_second_word_on_what_is_done_is_refused(world: World) -> None:
    mention = said(world.brand, "Une question ?")
    dismiss_mention(world.cm, mention_id=mention.pk, reason="already")
    for action in (mark_mention_wrong, hold_mention):
        with pytest.raises(Conflict, match="mention_not_in_this_state"):
            action(world.approver, mention_id=mention.pk)
    with brand_scope(world.brand):
        assert Ruling.objects.filter(mention=mention).count() == 1


def test_undone_by_whoever_did_it_once(world: World) -> None:
    mention = said(world.brand, "Une question ?")
    dismiss_mention(world.cm, mention_id=mention.pk, reason="already")
    with pytest.raises(Conflict, match="too_late_to_undo"):
        undo_ruling(world.approver, mention_id=mention.pk)
    undo_ruling(world.cm, mention_id=mention.pk)
    assert standing(world.brand, mention) == ("open", "")
    with pytest.raises(Conflict, match="too_late_to_undo"):
        undo_ruling(world.cm, mention_id=mention.pk)


def test_not_undone_too_late(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    mention = said(world.brand, "Une question ?")
    dismiss_mention(world.cm, mention_id=mention.pk, reason="already")
    later = timezone.now() + UNDO_WITHIN + timedelta(seconds=1)
    monkeypatch.setattr("clients.triage.steps.timezone.now", lambda: later)
    with pytest.raises(Conflict, match="too_late_to_undo"):
        undo_ruling(world.cm, mention_id=mention.pk)


def test_what_one_may_not_read_is_not_there(world: World, other: World) -> None:
    kept = said(world.brand, "Pour la maison", info_class=InfoClass.BRAND)
    theirs = said(other.brand, "SECRET")
    for mention in (kept, theirs):
        with pytest.raises(Missing, match="mention"):
            dismiss_mention(world.cm, mention_id=mention.pk, reason="spam")
    dismiss_mention(world.owner, mention_id=kept.pk, reason="spam")
    assert standing(other.brand, theirs) == ("open", "")


# --- Holding -----------------------------------------------------------------------------------------------------------


def test_somebody_else_is_warned_once_and_then_may(world: World) -> None:
    mention = said(world.brand, "Une plainte")
    hold_mention(world.cm, mention_id=mention.pk)
    with pytest.raises(Conflict, match="held_by_another"):
        dismiss_mention(world.approver, mention_id=mention.pk, reason="spam")
    dismiss_mention(world.cm, mention_id=mention.pk, reason="spam")
    reopen_mention(world.cm, mention_id=mention.pk)
    hold_mention(world.cm, mention_id=mention.pk)
    seen = str(world.cm.person_id)
    dismiss_mention(world.approver, mention_id=mention.pk, reason="spam", seen_holder=seen)
    assert standing(world.brand, mention) == ("done", "no_reply")


def test_a_hold_without_a_sign_of_life_warns_nobody(world: World) -> None:
    mention = said(world.brand, "Une plainte")
    hold_mention(world.cm, mention_id=mention.pk)
    age(world, mention, HOLD_LASTS + timedelta(minutes=1))
    hold_mention(world.approver, mention_id=mention.pk)
    with brand_scope(world.brand):
        assert Mention.objects.get(pk=mention.pk).held_by == world.approver.person_id


def test_let_go_by_the_holder_alone(world: World) -> None:
    mention = said(world.brand, "Une plainte")
    hold_mention(world.cm, mention_id=mention.pk)
    with pytest.raises(Conflict, match="not_in_your_hands"):
        let_mention_go(world.approver, mention_id=mention.pk)
    let_mention_go(world.cm, mention_id=mention.pk)
    with brand_scope(world.brand):
        assert Mention.objects.get(pk=mention.pk).held_by is None


# --- Later -------------------------------------------------------------------------------------------------------------


def test_snoozed_and_woken_by_the_house_when_it_is_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    mention, until = said(world.brand, "Plus tard"), timezone.now() + timedelta(hours=2)
    snooze_mention(world.cm, mention_id=mention.pk, until=until)
    house = process_of(world.brand, EntryPoint.WORKER, "triage")
    with pytest.raises(Later) as early:
        wake_mention(house, mention_id=mention.pk)
    assert early.value.due_at == until
    assert standing(world.brand, mention) == ("snoozed", "")
    with brand_scope(world.brand):
        assert OutboxRow.objects.get(kind=WAKE).due_at == until
        Mention.objects.filter(pk=mention.pk).update(snoozed_until=timezone.now())
    wake_mention(house, mention_id=mention.pk)
    assert standing(world.brand, mention) == ("open", "")
    wake_mention(house, mention_id=mention.pk)
    with brand_scope(world.brand):
        assert Ruling.objects.filter(mention=mention).count() == 2
    with pytest.raises(Refused, match="not_allowed"):
        wake_mention(world.cm, mention_id=mention.pk)


def test_an_undone_word_on_what_was_snoozed_snoozes_it_again(world: World) -> None:
    mention, until = said(world.brand, "Plus tard"), timezone.now() + timedelta(hours=2)
    snooze_mention(world.cm, mention_id=mention.pk, until=until)
    dismiss_mention(world.cm, mention_id=mention.pk, reason="spam")
    undo_ruling(world.cm, mention_id=mention.pk)
    with brand_scope(world.brand):
        assert Mention.objects.get(pk=mention.pk).snoozed_until == until


# --- Copies ------------------------------------------------------------------------------------------------------------


def test_merged_with_its_copies_and_all_of_it_undone(world: World) -> None:
    one, two, copy = (said(world.brand, text) for text in ("Un", "Deux", "Deux aussi"))
    merge_mention(world.cm, mention_id=copy.pk, into_id=two.pk)
    merge_mention(world.cm, mention_id=two.pk, into_id=one.pk)
    with brand_scope(world.brand):
        assert set(Mention.objects.filter(copy_of=one)) == {two, copy}
    assert standing(world.brand, two) == ("done", "merged")
    undo_ruling(world.cm, mention_id=two.pk)
    with brand_scope(world.brand):
        assert list(Mention.objects.filter(copy_of=two)) == [copy]
        assert not Mention.objects.filter(copy_of=one).exists()
    split_mention(world.cm, mention_id=copy.pk)
    assert standing(world.brand, copy) == ("open", "")
    undo_ruling(world.cm, mention_id=copy.pk)
    with brand_scope(world.brand):
        assert Mention.objects.get(pk=copy.pk).copy_of == two


def test_what_is_no_place_to_merge_into(world: World, other: World) -> None:
    one, two, three, theirs = *(said(world.brand, t) for t in "123"), said(other.brand, "SECRET")
    merge_mention(world.cm, mention_id=two.pk, into_id=one.pk)
    refused: list[tuple[UUID, UUID, str]] = [
        (one.pk, one.pk, "merge_with_itself"),
        (three.pk, two.pk, "merge_with_copy"),
        (three.pk, theirs.pk, "mention"),
        (two.pk, three.pk, "mention_not_in_this_state"),
    ]
    for mention, into, code in refused:
        with pytest.raises((Conflict, Missing), match=code):
            merge_mention(world.cm, mention_id=mention, into_id=into)
    with pytest.raises(Conflict, match="not_a_copy"):
        split_mention(world.cm, mention_id=three.pk)


# --- Several -----------------------------------------------------------------------------------------------------------


def test_several_in_one_press_and_back_but_for_what_was_taken_up(world: World) -> None:
    mentions = [said(world.brand, f"Spam {n}") for n in range(3)]
    done = said(world.brand, "Déjà")
    mark_mention_wrong(world.approver, mention_id=done.pk)
    made = rule_together(world.cm, mention_ids=[m.pk for m in (*mentions, done)], step="no_reply", reason="spam")
    assert [standing(world.brand, m) for m in mentions] == [("done", "no_reply")] * 3
    assert standing(world.brand, done) == ("done", "wrong")
    together = made[0].together
    assert together is not None
    with pytest.raises(Conflict, match="too_late_to_undo"):
        undo_together(world.approver, together=together)
    reopen_mention(world.approver, mention_id=mentions[0].pk)
    mark_mention_wrong(world.approver, mention_id=mentions[0].pk)
    undo_together(world.cm, together=together)
    assert [standing(world.brand, m)[0] for m in mentions] == ["done", "open", "open"]


def test_several_are_asked_for_properly(world: World, other: World) -> None:
    mention, theirs = said(world.brand, "Spam"), said(other.brand, "SECRET")
    given: list[tuple[dict[str, Any], type[Exception], str]] = [
        ({"mention_ids": [], "step": "wrong"}, Invalid, "nothing_chosen"),
        ({"mention_ids": [mention.pk], "step": "hand"}, Invalid, "unknown_step"),
        ({"mention_ids": [mention.pk], "step": "no_reply"}, Invalid, "unknown_reason"),
        ({"mention_ids": [uuid7() for _ in range(MOST_TOGETHER + 1)], "step": "wrong"}, Invalid, "too_many_chosen"),
        ({"mention_ids": [mention.pk, theirs.pk], "step": "wrong"}, Missing, "mention"),
    ]
    for values, error, code in given:
        with pytest.raises(error, match=code):
            rule_together(world.cm, **values)
    assert standing(world.brand, mention) == ("open", "")


# --- Views -------------------------------------------------------------------------------------------------------------


def test_a_view_is_ones_own_until_it_is_shared_and_then_ones_sides(world: World) -> None:
    from clients.triage.queries import saved_views

    actor: Callable[[Role], Any] = world.actor
    save_view(world.cm, name=" Plaintes ", filters={"kind": "complaint", "zzz": "1"})
    with brand_scope(world.brand):
        assert [v.filters for v in saved_views(world.cm)] == [{"kind": "complaint"}]
        assert not saved_views(actor(Role.AGENCY_MANAGER)).exists()
    view = save_view(world.cm, name="Plaintes", filters={"kind": "question"}, shared=True)
    with brand_scope(world.brand):
        assert [v.name for v in saved_views(actor(Role.AGENCY_MANAGER))] == ["Plaintes"]
        assert not saved_views(world.owner).exists()
    with pytest.raises(Missing, match="view"):
        drop_view(actor(Role.AGENCY_MANAGER), view_id=view.pk)
    drop_view(world.cm, view_id=view.pk)
    with brand_scope(world.brand):
        assert not SavedView.objects.exists()
    with pytest.raises(Invalid, match="name_empty"):
        save_view(world.cm, name=" ", filters={})
