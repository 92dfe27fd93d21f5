"""On some networks a comment goes by its id with and without that of the post before it: here it is one thing by either."""

import pytest

from clients.channels.models import Channel
from clients.channels.queries import called_alike, kinds_by_tail, spelt
from clients.conversations.actions import open_from_mention
from clients.conversations.queries import conversation_named
from clients.custody.queries import before_in_thread, holder_for, turns_called
from clients.moderation.actions import ask_acts
from clients.moderation.models import Case
from clients.moderation.queries import case_called
from tenants.errors import Conflict
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.conversations.conftest import heard
from tests.custody.conftest import begin
from tests.moderation.conftest import comment, publish_rules
from tests.world import World

WHOLE, SHORT, OTHER = "1029_345", "345", "1029_77"
KINDS = ["facebook", "memory"]


def on(world: World, kind: str) -> bool:
    """The wall is of that kind; whether its network has two names for one comment."""
    with brand_scope(world.brand):
        Channel.objects.filter(pk=world.wall.pk).update(kind=kind)
    return kind == "facebook"


def test_only_networks_that_declare_it() -> None:
    assert kinds_by_tail() == ["facebook"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("said", "asked"), [(WHOLE, SHORT), (SHORT, WHOLE), (WHOLE, WHOLE)])
def test_who_holds_it_and_its_thread_are_found_by_either(world: World, kind: str, said: str, asked: str) -> None:
    two, found = on(world, kind), begin(world, remote_id=said)
    begin(world, remote_id=OTHER)
    known = two or said == asked
    with brand_scope(world.brand):
        held = holder_for(world.wall.pk, asked, "")
        assert (held.conversation if held else None) == (found.pk if known else None)
        assert [turn.conversation_id for turn in turns_called(world.wall.pk, [asked])] == [found.pk] * known
        named = conversation_named("", world.wall.pk, [asked])
        assert (named.pk if named else None) == (found.pk if known else None)
        assert before_in_thread(world.wall.pk, asked) == ()
        assert called_alike(world.wall.pk, said, asked) is known
        assert not called_alike(world.wall.pk, OTHER, asked)
        assert spelt(world.wall.pk, [WHOLE]) == ({WHOLE, SHORT} if two else {WHOLE})


@pytest.mark.parametrize("kind", KINDS)
def test_what_answers_it_by_the_other_name_goes_on_with_it(world: World, kind: str) -> None:
    two = on(world, kind)
    first = open_from_mention(world.cm, mention_id=heard(world, "Bonjour", WHOLE).pk)
    again = open_from_mention(world.cm, mention_id=heard(world, "Alors ?", "1029_346", before=SHORT).pk)
    assert (again.pk == first.pk) is two


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_hidden_in_one_case(world: World, other: World, kind: str) -> None:
    for one in (world, other):
        publish_rules(one)
    brand = world.actor(Role.BRAND_MANAGER)
    ask_acts(brand, mention_id=comment(world, remote_id=WHOLE).pk, acts=["hide"], rule="1")
    two = on(world, kind)
    with brand_scope(world.brand):
        case = Case.objects.get()
        facts = (case.info_class, case.named)
        known = case_called(world.wall.pk, SHORT, *facts)
        assert (known.pk if known else None) == (case.pk if two else None)
        assert case_called(world.wall.pk, "77", *facts) is None
        assert case_called(world.wall.pk, SHORT, "brand", []) is None
    if two:
        with pytest.raises(Conflict):
            ask_acts(brand, mention_id=comment(world, remote_id=SHORT).pk, acts=["hide"], rule="1")
        with brand_scope(world.brand):
            assert Case.objects.count() == 1
