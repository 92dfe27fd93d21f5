"""One thing that the member said gets a conversation of its own: once, in the same hands, for the same readers."""

import pytest

from clients.conversations.actions import note_beside, open_from_mention, split_off
from clients.conversations.queries import (
    conversation_of_mention,
    mentions_before,
    notes_beside,
    split_from,
    whole_thread,
)
from clients.custody.access import access_conversation
from clients.custody.actions import accept, lock, pass_on
from clients.custody.models import Conversation, Turn
from clients.custody.queries import holder_for
from clients.custody.rules import Holder
from clients.disclosure.rules import InfoClass
from clients.items.actions import add_media
from clients.service.models import Clock
from tenants.errors import Conflict, Missing, Refused
from tenants.vocabulary import Role, Side
from tenants.walls.scope import brand_scope
from tests.conversations.conftest import begun, heard, reply, send
from tests.proof._stage import picture
from tests.world import World


def of_two(world: World) -> tuple[Conversation, Turn]:
    """A conversation with two things said in it, and the second."""
    first = begun(world)
    open_from_mention(world.cm, mention_id=heard(world, "Et le pain est rassis !", "2", "1").pk)
    with brand_scope(world.brand):
        return first, Turn.objects.get(remote_id="2")


def words_of(world: World, conversation: Conversation) -> list[str]:
    with brand_scope(world.brand):
        return [turn.text for turn in whole_thread(conversation)]


def test_it_stands_on_its_own_and_nowhere_else(world: World) -> None:
    first, turn = of_two(world)
    apart = split_off(world.cm, conversation_id=first.pk, turn_id=turn.pk, note="Autre sujet")
    assert words_of(world, first) == ["Ouverts samedi ?"]
    assert words_of(world, apart) == ["Et le pain est rassis !"]
    assert turn.mention is not None
    with brand_scope(world.brand):
        assert conversation_of_mention(turn.mention) == apart
        assert split_from(apart) == first
        assert split_from(first) is None
        assert Clock.objects.filter(conversation=apart, stopped_at=None).exists()
        found = holder_for(world.wall.pk, "2", "")
        assert found is not None and found.conversation == apart.pk
    goes_on = open_from_mention(world.cm, mention_id=heard(world, "Alors ?", "3", "2").pk)
    assert goes_on == apart


def test_an_answer_to_the_one_answers_nothing_of_the_other(world: World) -> None:
    first, turn = of_two(world)
    split_off(world.cm, conversation_id=first.pk, turn_id=turn.pk)
    item = reply(world, first)
    send(world, item)
    with brand_scope(world.brand):
        assert turn.mention not in mentions_before(item.pk)


def test_the_lock_goes_along_and_the_department_keeps_the_rest_alone(world: World) -> None:
    first, turn = of_two(world)
    pass_on(world.cm, conversation_id=first.pk, to=Holder(Side.BRAND), note="Pour vous.")
    accept(world.owner, conversation_id=first.pk)
    lock(world.owner, conversation_id=first.pk)
    contact = world.actor(Role.DEPARTMENT_CONTACT)
    pass_on(world.owner, conversation_id=first.pk, to=Holder(Side.BRAND, contact.person_id), note="Une idée ?")
    apart = split_off(world.owner, conversation_id=first.pk, turn_id=turn.pk)
    with brand_scope(world.brand):
        assert Conversation.objects.get(pk=apart.pk).locked
        assert access_conversation(contact, first.pk).pk == first.pk
        with pytest.raises(Missing):
            access_conversation(contact, apart.pk)
    assert words_of(world, first) == ["Ouverts samedi ?"]


def test_who_may_not_and_what_cannot(world: World, other: World) -> None:
    first, turn = of_two(world)
    with pytest.raises(Refused, match="held_by_other_side"):
        split_off(world.owner, conversation_id=first.pk, turn_id=turn.pk)
    with pytest.raises(Refused, match="not_allowed"):
        split_off(world.actor(Role.AUDITOR), conversation_id=first.pk, turn_id=turn.pk)
    with pytest.raises(Missing, match="conversation"):
        split_off(other.cm, conversation_id=first.pk, turn_id=turn.pk)
    theirs = of_two(other)[1]
    with pytest.raises(Missing, match="turn"):
        split_off(world.cm, conversation_id=first.pk, turn_id=theirs.pk)
    apart = split_off(world.cm, conversation_id=first.pk, turn_id=turn.pk)
    with pytest.raises(Conflict, match="turn_elsewhere"):
        split_off(world.cm, conversation_id=first.pk, turn_id=turn.pk)
    with brand_scope(world.brand):
        alone = Turn.objects.get(conversation=apart)
    with pytest.raises(Conflict, match="turn_alone"):
        split_off(world.cm, conversation_id=apart.pk, turn_id=alone.pk)


def test_pictures_of_a_note_are_for_whom_they_are_for(world: World) -> None:
    found = begun(world)
    kept = add_media(world.owner, data=picture("marque"), declared="image/png", info_class=InfoClass.BRAND)
    shared = add_media(world.cm, data=picture("tous"), declared="image/png")
    note_beside(
        world.owner,
        conversation_id=found.pk,
        text="Voici.",
        info_class=InfoClass.SHARED,
        media=[kept.digest, shared.digest],
    )
    with brand_scope(world.brand):
        seen = {
            actor.side: {file.media.digest for note in notes_beside(actor, found) for file in note.files.all()}
            for actor in (world.cm, world.owner)
        }
    assert seen == {Side.AGENCY: {shared.digest}, Side.BRAND: {kept.digest, shared.digest}}
    with pytest.raises(Missing):
        note_beside(world.cm, conversation_id=found.pk, text="Là.", media=[kept.digest])
    with pytest.raises(Conflict, match="aside_without_files"):
        note_beside(world.cm, conversation_id=found.pk, text="Là.", aside=True, media=[shared.digest])
