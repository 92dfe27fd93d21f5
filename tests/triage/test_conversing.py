"""A mention and its conversation: taken up, gone on with by what is found later, and answered along with it."""

import re
from typing import Any
from uuid import UUID

from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.conversations.queries import whole_thread
from clients.custody.models import Conversation
from clients.disclosure.rules import InfoClass
from clients.gate.actions import approve_item
from clients.mentions.actions import take_in
from clients.mentions.models import Mention
from clients.mentions.normal import once
from clients.mentions.raw import RawMention
from clients.service.models import Clock
from clients.service.steps import reckon
from clients.triage.actions import begin_reply, go_on, take_up
from clients.triage.models import Ruling
from tenants.walls.scope import brand_scope
from tests.triage.conftest import SOURCE, said, standing
from tests.triage.test_answering import look, submit
from tests.world import World


def found(world: World, *raws: RawMention, info_class: InfoClass = InfoClass.SHARED) -> int:
    """As a source hands it over; how many turns it made."""
    take_in(world.brand, SOURCE, "mastodon", raws, all_kept=True, info_class=info_class)
    return go_on(world.brand, source=SOURCE, said=once(raws))


def raw(world: World, number: str, text: str, before: str = "") -> RawMention:
    return RawMention(
        own_id=number,
        text=text,
        author="Léa",
        author_handle="@lea",
        channel=world.wall.pk,
        remote_id=number,
        in_reply_to=before,
    )


def words(world: World, conversation: Conversation) -> list[str]:
    with brand_scope(world.brand):
        return list(whole_thread(conversation).values_list("text", flat=True))


def mention(world: World, number: str) -> Mention:
    with brand_scope(world.brand):
        one: Mention = Mention.objects.get(remote_id=number)
        return one


def test_taken_up_it_is_looked_after_in_its_conversation(world: World) -> None:
    asked = said(world.brand, "Ouverts samedi ?")
    opened = take_up(world.cm, mention_id=asked.pk)
    assert take_up(world.owner, mention_id=asked.pk).pk == opened.pk
    assert standing(world.brand, asked) == ("done", "handed")
    with brand_scope(world.brand):
        assert Ruling.objects.get(mention=asked).reason == "conversation"


def test_many_messages_at_once_read_the_clocks_of_each_conversation_once(world: World, monkeypatch: Any) -> None:
    opened = []
    for number in ("1", "2"):
        found(world, raw(world, number, "Ouverts samedi ?"))
        opened.append(take_up(world.cm, mention_id=mention(world, number).pk).pk)
    read: list[UUID] = []

    def counted(conversation: Conversation) -> None:
        read.append(conversation.pk)
        reckon(conversation)

    monkeypatch.setattr("clients.triage.actions.answering.reckon", counted)
    said = [raw(world, f"{before}{n}", "Et dimanche ?", str(before)) for n in range(4) for before in (1, 2)]
    assert found(world, *said) == 8
    assert sorted(read) == sorted(opened)
    with brand_scope(world.brand):
        assert Clock.objects.filter(conversation__in=opened, stopped_at=None).count() == 4


def test_what_goes_on_with_a_conversation_is_heard_there_and_once(world: World) -> None:
    found(world, raw(world, "1", "Ouverts samedi ?"))
    opened = take_up(world.cm, mention_id=mention(world, "1").pk)
    both = raw(world, "2", "Et dimanche ?", "1"), raw(world, "3", "Une autre histoire", "77")
    assert found(world, *both) == 1
    assert found(world, *both) == 0
    assert words(world, opened) == ["Ouverts samedi ?", "Et dimanche ?"]
    assert standing(world.brand, mention(world, "2")) == ("done", "handed")
    assert standing(world.brand, mention(world, "3")) == ("open", "")


def test_what_the_brand_keeps_to_itself_goes_on_with_nothing_shared(world: World) -> None:
    found(world, raw(world, "1", "Ouverts samedi ?"))
    opened = take_up(world.cm, mention_id=mention(world, "1").pk)
    assert found(world, raw(world, "2", "SECRET", "1"), info_class=InfoClass.BRAND) == 0
    assert words(world, opened) == ["Ouverts samedi ?"]


def test_names_that_no_row_can_hold_do_no_harm(world: World) -> None:
    assert found(world, raw(world, "1", "Bonjour", "a\0b"), raw(world, "2", "Bonsoir", "x" * 600)) == 0


def test_one_answer_answers_all_that_was_said_before_it_and_nothing_after(world: World) -> None:
    found(world, raw(world, "1", "Ouverts samedi ?"))
    opened = take_up(world.cm, mention_id=mention(world, "1").pk)
    found(world, raw(world, "2", "Et dimanche ?", "1"))
    item = begin_reply(world.cm, conversation_id=opened.pk, content=world.content("Oui et non."))
    found(world, raw(world, "3", "Et lundi ?", "2"))
    approve_item(world.approver, item_id=item.pk, seen_digest=submit(world, item))
    look(world, item)
    assert [standing(world.brand, mention(world, number))[1] for number in "123"] == ["answered", "answered", "handed"]


def locked(captured: CaptureQueriesContext) -> list[str]:
    """Tables in the order in which rows of them were locked, each once."""
    asked = [query["sql"] for query in captured.captured_queries]
    found = [re.search(r'FROM "(\w+)".* FOR (?:NO KEY )?UPDATE', sql, re.DOTALL) for sql in asked]
    return list(dict.fromkeys(one.group(1) for one in found if one))


def test_a_mention_is_locked_before_its_conversation_whoever_locks_both(world: World) -> None:
    """Or somebody who takes it up and a worker that hears it would each wait for the other."""
    found(world, raw(world, "1", "Ouverts samedi ?"), raw(world, "9", "Autre chose"))
    with CaptureQueriesContext(connection) as by_hand:
        take_up(world.cm, mention_id=mention(world, "1").pk)
        take_up(world.cm, mention_id=mention(world, "1").pk)
    raws = [raw(world, "3", "Et dimanche ?", before="1"), raw(world, "2", "Allô ?", before="1")]
    take_in(world.brand, SOURCE, "mastodon", raws, all_kept=True)
    with CaptureQueriesContext(connection) as by_itself:
        assert go_on(world.brand, source=SOURCE, said=once(raws)) == 2
    for captured in (by_hand, by_itself):
        order = [table for table in locked(captured) if table in {"mentions_mention", "custody_conversation"}]
        assert order == ["mentions_mention", "custody_conversation"]


def test_what_points_to_a_mention_does_not_wait_for_who_works_on_it(world: World) -> None:
    """A reply locks its conversation first and points to the mention: it would wait for who waits for the conversation."""
    asked = said(world.brand, "Ouverts samedi ?")
    with CaptureQueriesContext(connection) as captured:
        take_up(world.cm, mention_id=asked.pk)
    assert not [
        q["sql"] for q in captured if 'FROM "mentions_mention"' in q["sql"] and q["sql"].endswith(" FOR UPDATE")
    ]
    assert "mentions_mention" in locked(captured)
