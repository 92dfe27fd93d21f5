"""What was split off is quoted to nobody from where it was."""

from clients.conversations.actions import open_from_mention, split_off
from clients.custody.access import readable_turns
from clients.custody.models import Turn
from clients.disclosure.models import ShareLink
from clients.disclosure.rules import InfoClass
from clients.insights.handed import handed_of
from clients.insights.models import Asking
from tenants.walls.scope import brand_scope
from tests.conversations.conftest import heard
from tests.insights.conftest import CONTACT, asked, linked, sources, talked
from tests.world import World


def test_what_was_split_off_is_not_quoted_any_more_and_an_older_link_shows_another_content(world: World) -> None:
    insight = talked(world)
    apart = open_from_mention(world.cm, mention_id=heard(world, "Et le pain est rassis !", "2", "1").pk)
    with brand_scope(world.brand):
        turn = Turn.objects.get(remote_id="2")
    quoted = [sources(world, insight)[0].pk]
    made = linked(world, insight, quoted=quoted)

    def shown() -> tuple[tuple[tuple[str, ...], ...], bool]:
        with brand_scope(world.brand):
            handed = handed_of(Asking.objects.select_related("insight").get(pk=made.asking.pk), InfoClass.SHARED)
            assert handed is not None
            return handed.quotes, handed.digest == ShareLink.objects.get(pk=made.asking.link_id).digest

    assert shown() == ((("Ouverts samedi ?", "Et le pain est rassis !"),), True)
    split_off(world.cm, conversation_id=apart.pk, turn_id=turn.pk)
    assert shown() == ((("Ouverts samedi ?",),), False)


def test_what_was_split_off_is_told_where_it_went_and_only_there(world: World) -> None:
    first = open_from_mention(world.cm, mention_id=heard(world, "Ouverts samedi ?", "1").pk)
    open_from_mention(world.cm, mention_id=heard(world, "Et le pain est rassis !", "2", "1").pk)
    with brand_scope(world.brand):
        turn = Turn.objects.get(remote_id="2")
    apart = split_off(world.cm, conversation_id=first.pk, turn_id=turn.pk)
    with brand_scope(world.brand):
        told = {one.text: one.conversation_id for one in readable_turns(world.cm)}
        assert readable_turns(world.cm).count() == 2
    assert told == {"Ouverts samedi ?": first.pk, "Et le pain est rassis !": apart.pk}


def test_whoever_is_asked_reads_what_stands_there(world: World) -> None:
    insight = talked(world)
    asking = asked(world, insight, quoted=[sources(world, insight)[0].pk])
    with brand_scope(world.brand):
        found = handed_of(asking, InfoClass.SHARED)
    assert found is not None and found.quotes == (("Ouverts samedi ?",),)
    assert asking.to_person == world.people[CONTACT].pk
