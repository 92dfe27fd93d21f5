"""Reviews: what may stand in one, what people do with a draft, to whom it goes, and by itself."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.disclosure.models import Disclosure
from clients.disclosure.rules import InfoClass
from clients.outbox.models import OutboxRow
from clients.people.actor import process_of
from clients.people.rules import MAY, Verb
from clients.press.actions import (
    begin_review,
    comment_piece,
    draw_up_due,
    drop_piece,
    drop_watch_note,
    hand_out_review,
    move_piece,
    pick_piece,
    send_review,
    set_press_rule,
    write_watch_note,
)
from clients.press.models import Review, ReviewEntry
from clients.press.queries import watch_notes
from clients.press.steps import DRAW_UP, LETTER
from clients.triage.actions import mark_mention_wrong, merge_mention
from tenants.errors import Conflict, Invalid, Missing, Refused
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.triage.conftest import said
from tests.world import World

PRESS: dict[str, Any] = {"kind": "press", "title": "Les épiceries résistent"}


def drawn_up(world: World) -> Review:
    now = timezone.now()
    return begin_review(world.cm, since=now - timedelta(days=1), until=now + timedelta(minutes=1))


def headlines(world: World, review: Review) -> list[str]:
    with brand_scope(world.brand):
        return [entry.headline for entry in ReviewEntry.objects.filter(review=review)]


def test_only_press_that_brand_and_agency_read_told_once_and_not_wrong(world: World, other: World) -> None:
    said(other.brand, "SECRET", kind="press", title="SECRET")
    said(world.brand, "Un article", **PRESS)
    said(world.brand, "Une question ?", kind="question", medium="mastodon", title="Question")
    said(world.brand, "Gardé", kind="press", title="Gardé", info_class=InfoClass.BRAND)
    said(world.brand, "Vieux", kind="press", title="Vieux", found_at=timezone.now() - timedelta(days=9))
    wrong, copy = said(world.brand, "Faux", kind="press", title="Faux"), said(world.brand, "Copie", **PRESS)
    mark_mention_wrong(world.cm, mention_id=wrong.pk)
    first = said(world.brand, "Premier", kind="press", title="Premier")
    merge_mention(world.cm, mention_id=copy.pk, into_id=first.pk)
    assert sorted(headlines(world, drawn_up(world))) == ["Les épiceries résistent", "Premier"]


def test_people_pick_over_a_draft_until_it_is_out(world: World) -> None:
    for n in range(3):
        said(world.brand, f"Article {n}", kind="press", title=f"Titre {n}", priority=9 - n)
    review = drawn_up(world)
    assert headlines(world, review) == ["Titre 0", "Titre 1", "Titre 2"]
    with brand_scope(world.brand):
        first, second, third = ReviewEntry.objects.filter(review=review)
    move_piece(world.cm, review_id=review.pk, entry_id=third.pk, by=-1)
    comment_piece(world.approver, review_id=review.pk, entry_id=third.pk, comment=" À lire ")
    drop_piece(world.cm, review_id=review.pk, entry_id=first.pk)
    assert headlines(world, review) == ["Titre 2", "Titre 1"]
    pick_piece(world.cm, review_id=review.pk, mention_id=first.mention_id)
    with pytest.raises(Missing, match="mention"):
        pick_piece(world.cm, review_id=review.pk, mention_id=first.mention_id)
    assert headlines(world, review) == ["Titre 2", "Titre 1", "Titre 0"]
    send_review(world.cm, review_id=review.pk, readers=[world.people[Role.APPROVER].pk])
    with pytest.raises(Conflict, match="review_out"):
        drop_piece(world.cm, review_id=review.pk, entry_id=second.pk)
    with pytest.raises(Conflict, match="review_out"):
        send_review(world.cm, review_id=review.pk, readers=[])


@pytest.mark.parametrize("role", list(Role))
def test_who_draws_one_up(world: World, role: Role) -> None:
    now = timezone.now()
    if role in MAY[Verb.PRESS_WRITE]:
        begin_review(world.actor(role), since=now - timedelta(days=1), until=now)
        return
    with pytest.raises(Refused, match="not_allowed"):
        begin_review(world.actor(role), since=now - timedelta(days=1), until=now)


def test_it_goes_to_whom_may_read_it_and_to_nobody_of_another_brand(world: World, other: World) -> None:
    said(world.brand, "Un article", **PRESS)
    review = drawn_up(world)
    with pytest.raises(Missing, match="person"):
        send_review(world.cm, review_id=review.pk, readers=[other.people[Role.APPROVER].pk])
    readers = [world.people[role].pk for role in (Role.APPROVER, Role.DEPARTMENT_CONTACT)]
    send_review(world.cm, review_id=review.pk, readers=readers)
    with brand_scope(world.brand):
        assert [row.payload["person"] for row in OutboxRow.objects.filter(kind=LETTER)] == [str(readers[0])]


def test_an_empty_one_goes_to_nobody(world: World) -> None:
    with pytest.raises(Conflict, match="review_empty"):
        send_review(world.cm, review_id=drawn_up(world).pk, readers=[])


def test_a_file_is_a_line_of_the_ledger(world: World, other: World) -> None:
    said(world.brand, "Un article", **PRESS)
    review = drawn_up(world)
    hand_out_review(world.cm, review_id=review.pk, digest="ab" * 32)
    with brand_scope(world.brand):
        line = Disclosure.objects.get()
    assert (line.way, line.object_kind, line.info_class, line.digest) == ("pdf", "press.review", "shared", "ab" * 32)
    with pytest.raises(Missing, match="review"):
        hand_out_review(other.cm, review_id=review.pk, digest="")


@pytest.mark.parametrize("held", [True, False])
def test_by_its_rhythm_it_waits_for_somebody_where_the_brand_says_so(world: World, held: bool) -> None:
    said(world.brand, "Un article", **PRESS)
    reader = world.people[Role.APPROVER].pk
    set_press_rule(world.owner, rhythm="daily", at=time(8), weekday=0, readers=[reader], held=held)
    house = process_of(world.brand, EntryPoint.WORKER, "press")
    review = draw_up_due(house)
    assert review is not None
    with brand_scope(world.brand):
        assert Review.objects.get().state == ("draft" if held else "out")
        assert OutboxRow.objects.filter(kind=LETTER).count() == (0 if held else 1)
        assert OutboxRow.objects.get(kind=DRAW_UP, done_at=None).due_at > timezone.now()
    set_press_rule(world.owner, rhythm="never", at=time(8), weekday=0, readers=[], held=held)
    assert draw_up_due(house) is None
    with brand_scope(world.brand):
        assert not OutboxRow.objects.filter(kind=DRAW_UP, done_at=None).exists()
    with pytest.raises(Refused, match="not_allowed"):
        draw_up_due(world.owner)


def test_the_rhythm_is_the_brands_to_say(world: World) -> None:
    given: dict[str, Any] = {"at": time(8), "weekday": 0, "readers": [], "held": True}
    with pytest.raises(Refused, match="not_allowed"):
        set_press_rule(world.actor(Role.AGENCY_OWNER), rhythm="daily", **given)
    for changes, code in [
        ({"rhythm": "hourly"}, "unknown_rhythm"),
        ({"rhythm": "daily", "weekday": 7}, "unknown_weekday"),
    ]:
        with pytest.raises(Invalid, match=code):
            set_press_rule(world.owner, **given | changes)


def test_watch_notes_are_the_agencys_and_both_read_them(world: World, other: World) -> None:
    today = timezone.localdate()
    note = write_watch_note(world.cm, day=today + timedelta(days=3), subject="Salon", text="Le stand 12")
    write_watch_note(other.cm, day=today, subject="SECRET")
    with pytest.raises(Refused, match="not_allowed"):
        write_watch_note(world.owner, day=today, subject="Salon")
    with brand_scope(world.brand):
        assert list(watch_notes(world.owner, today, today + timedelta(days=7))) == [note]
        assert not watch_notes(world.owner, today, today).exists()
    with pytest.raises(Missing, match="watch_note"):
        drop_watch_note(other.cm, note_id=note.pk)
    drop_watch_note(world.cm, note_id=note.pk)
    with brand_scope(world.brand):
        assert not watch_notes(world.owner, today, today + timedelta(days=7)).exists()
