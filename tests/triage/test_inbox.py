"""The inbox: what one may read, the most urgent first, page after page without a gap and without counting."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clients.disclosure.rules import InfoClass
from clients.mentions.models import Mention
from clients.triage.actions import dismiss_mention, hold_mention, merge_mention
from clients.triage.queries import Cursor, copies_of, cursor_of, inbox
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.triage.conftest import SOURCE, said
from tests.world import World


def test_page_after_page_each_once_the_most_urgent_first(world: World, other: World) -> None:
    now = timezone.now()
    for n in range(12):
        said(world.brand, f"N° {n}", priority=n % 3 * 10, found_at=now - timedelta(minutes=n // 4))
    said(other.brand, "SECRET", priority=100)
    for state in ("open", "all"):
        filters = {"state": state}
        with brand_scope(world.brand):
            whole = list(inbox(world.cm, filters))
            read, cursor = [], None
            while page := list(inbox(world.cm, filters, cursor)[:5]):
                read += page
                cursor = Cursor.read(str(cursor_of(page[-1])))
        assert read == whole
        assert len({m.pk for m in read}) == 12
        key = (lambda m: (m.priority, m.found_at, m.pk)) if state == "open" else (lambda m: (m.found_at, m.pk))
        assert read == sorted(read, key=key, reverse=True)


def test_no_page_counts_and_a_page_far_down_reads_its_rows_off_the_index(world: World) -> None:
    one = said(world.brand, "N° 0")
    values = {"source": one.source, "medium": "rss", "text": "N°", "info_class": "shared", "owner_side": "brand"}
    with brand_scope(world.brand), CaptureQueriesContext(connection) as seen:
        Mention.objects.bulk_create(Mention(**values, key=f"{n}", priority=n % 100) for n in range(2_000))
        read = list(inbox(world.cm, {})[:50])
        list(inbox(world.cm, {}, cursor_of(read[-1]))[:50])
        # What nobody has analysed is guessed to be small, and small things are sorted.
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_sort = off")
        plan = inbox(world.cm, {}, cursor_of(read[-1]))[:50].explain()
    assert not [q for q in seen.captured_queries if "count(" in q["sql"].lower()]
    assert "mention_inbox" in plan
    assert "ROW(" in plan.split("Filter:", maxsplit=1)[0]
    assert "Sort" not in plan


@pytest.mark.parametrize("typed", ["", "x", "1_2_3", "1_2026-01-01T00:00:00+00:00_zzz", "_", "9" * 40])
def test_a_cursor_that_is_none_of_ours_is_none(typed: str) -> None:
    assert Cursor.read(typed) is None


def test_filters(world: World) -> None:
    world_source = str(SOURCE)
    question = said(world.brand, "Samedi ?", kind="question", language="fr", matched=["horaires"])
    crisis = said(world.brand, "Malade !", kind="complaint", sensitivity="crisis", language="en")
    mine = said(world.brand, "Merci", kind="praise")
    hold_mention(world.cm, mention_id=mine.pk)
    done = said(world.brand, "Spam", kind="spam")
    dismiss_mention(world.cm, mention_id=done.pk, reason="spam")
    said(world.brand, "Pour la maison", info_class=InfoClass.BRAND)
    expected = [
        ({}, {question, crisis, mine}),
        ({"kind": "question"}, {question}),
        ({"language": "en"}, {crisis}),
        ({"sensitivity": "crisis"}, {crisis}),
        ({"key": "horaires"}, {question}),
        ({"mine": "1"}, {mine}),
        ({"state": "done"}, {done}),
        ({"state": "done", "outcome": "wrong"}, set()),
        ({"state": "all"}, {question, crisis, mine, done}),
        ({"source": world_source, "kind": "praise"}, {mine}),
        ({"source": "no id"}, set()),
    ]
    with brand_scope(world.brand):
        for filters, found in expected:
            assert set(inbox(world.cm, filters)) == found, filters


def test_copies_stand_with_what_they_are_copies_of(world: World) -> None:
    one, two = said(world.brand, "Un"), said(world.brand, "Deux")
    merge_mention(world.cm, mention_id=two.pk, into_id=one.pk)
    with brand_scope(world.brand):
        assert list(inbox(world.cm, {})) == [one]
        assert copies_of([one.pk, two.pk]) == {one.pk: 1}
        assert list(inbox(world.actor(Role.APPROVER), {"state": "done"})) == [two]
