"""The press review as people see it: its page, its file and its letters, each of which is a line of the ledger."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from clients.disclosure.models import Disclosure
from clients.people.rules import MAY, Verb
from clients.press.actions import begin_review, send_review, write_watch_note
from clients.press.models import PressRule, Review, ReviewEntry
from clients.press.steps import LETTER
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.conftest import Browse
from tests.portal.test_lists import queries_of
from tests.triage.conftest import said
from tests.world import World

CM, APPROVER = Role.COMMUNITY_MANAGER, Role.APPROVER


def drawn_up(world: World, pieces: int = 1) -> Review:
    for n in range(pieces):
        said(world.brand, "mot " * 200, kind="press", title=f"Titre {n}", url=f"https://journal.example/{n}")
    now = timezone.now()
    return begin_review(world.cm, since=now - timedelta(days=1), until=now + timedelta(minutes=1))


def test_one_review_costs_as_many_queries_as_three(world: World, other: World, browse: Browse) -> None:
    drawn_up(other)
    client = browse(world.people[CM], world.brand)
    drawn_up(world)
    one, _page = queries_of(client, "/press/")
    for n in range(2):
        drawn_up(world)
        write_watch_note(world.cm, day=timezone.localdate(), subject=f"Salon {n}")
    write_watch_note(other.cm, day=timezone.localdate(), subject="SECRET")
    three, full = queries_of(client, "/press/")
    assert one == three
    assert "Salon 1" in full
    assert "SECRET" not in full


def test_a_review_of_one_piece_costs_as_many_queries_as_of_three(world: World, browse: Browse) -> None:
    client = browse(world.people[CM], world.brand)
    small = drawn_up(world)
    one, page = queries_of(client, f"/press/{small.pk}/")
    large = drawn_up(world, 2)
    three, full = queries_of(client, f"/press/{large.pk}/")
    assert one == three
    assert "Titre 0" in page
    assert "Titre 1" in full


@pytest.mark.parametrize("role", list(Role))
def test_who_reads_it_and_takes_it_home(world: World, browse: Browse, role: Role) -> None:
    review, client = drawn_up(world), browse(world.people[role], world.brand)
    expected = 200 if role in MAY[Verb.MENTION_READ] else 403
    assert client.get(f"/press/{review.pk}/").status_code == expected
    answer = client.post(f"/press/{review.pk}/print.pdf")
    assert answer.status_code == expected
    with brand_scope(world.brand):
        assert Disclosure.objects.filter(way="pdf").count() == (expected == 200)
    assert (answer.content[:5] == b"%PDF-") == (expected == 200)


def test_each_letter_is_a_line_and_carries_no_more_than_a_short_quote(world: World) -> None:
    review = drawn_up(world)
    send_review(world.cm, review_id=review.pk, readers=[world.people[APPROVER].pk])
    mail.outbox.clear()
    world.run_outbox(LETTER)
    (letter,) = mail.outbox
    assert letter.to == [world.people[APPROVER].email]
    assert "Titre 0" in letter.body
    assert "https://journal.example/0" in letter.body
    assert letter.body.count("mot") <= 50
    with brand_scope(world.brand):
        line = Disclosure.objects.get(way="mail", object_kind="press.review")
    assert (line.recipient_id, line.leave_policy) == (world.people[APPROVER].pk, "press")


def test_a_draft_is_picked_over_by_presses(world: World, browse: Browse) -> None:
    review, client = drawn_up(world, 2), browse(world.people[CM], world.brand)
    with brand_scope(world.brand):
        first, second = ReviewEntry.objects.filter(review=review)
    path = f"/press/{review.pk}/pick"
    assert client.post(path, {"entry": str(second.pk), "then": "up"}).status_code == 303
    assert client.post(path, {"entry": str(first.pk), "comment": "À lire"}).status_code == 303
    assert client.post(path, {"entry": str(second.pk), "then": "drop"}).status_code == 303
    assert client.post(path, {"entry": "x"}).status_code == 422
    assert client.post(path, {"mention": str(second.mention_id), "then": "add"}).status_code == 303
    with brand_scope(world.brand):
        assert [e.comment for e in ReviewEntry.objects.filter(review=review)] == ["À lire", ""]


def test_the_rhythm_and_notes_refuse_what_is_wrong_and_keep_what_was_typed(world: World, browse: Browse) -> None:
    owner, cm = browse(world.people[Role.BRAND_OWNER], world.brand), browse(world.people[CM], world.brand)
    typed = {"rhythm": "weekly", "at": "07:30", "weekday": "2", "held": "1", "reader": [str(world.people[APPROVER].pk)]}
    assert owner.post("/press/rule", typed).status_code == 303
    with brand_scope(world.brand):
        assert PressRule.objects.get().readers == [str(world.people[APPROVER].pk)]
    assert owner.post("/press/rule", typed | {"at": "nine"}).status_code == 422
    assert cm.post("/press/rule", typed).status_code == 403
    past = cm.post("/press/notes", {"day": "2020-01-01", "subject": "Salon du pain"})
    assert past.status_code == 422
    assert "Salon du pain" in past.content.decode()
    assert cm.post("/press/notes", {"day": "2020-13-41", "subject": "Salon"}).status_code == 422
    assert owner.post("/press/notes", {"day": "2030-01-01", "subject": "Salon"}).status_code == 403
