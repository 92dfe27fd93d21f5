"""The gate and the two sides: who does not hold a conversation does not answer in it, by whichever door and however aimed."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.autonomy.vocabulary import ActionKind, EntryPoint, Reason
from clients.channels.models import Channel
from clients.channels.queries import home_of
from clients.custody.actions import accept, close, pass_on, take_back
from clients.custody.models import Conversation
from clients.custody.queries import Held, held_where, holder_for
from clients.custody.rules import Holder, Step, Voice
from clients.custody.steps import Said, add_turn, move
from clients.gate import facts
from clients.gate.actions import approve_item, perform_item, send_dispatch, submit_item
from clients.gate.models import DecisionRecord, Dispatch
from clients.gate.replay import replay
from clients.items.models import Item
from clients.people.actor import Actor
from tenants.vocabulary import Role, Side
from tenants.walls.scope import brand_scope, durable
from tests.custody.conftest import begin
from tests.world import World

OTHER = str(Reason.HELD_BY_OTHER_SIDE)


def answered(world: World, by: Actor, target: str = "", **changes: Any) -> Item:
    return world.submitted(by=by, **{"kind": ActionKind.ANSWER, "target": target} | changes)


def reasons(world: World, item: Item) -> list[str]:
    """Of the newest answer, which replays as it was."""
    with brand_scope(world.brand):
        kept = DecisionRecord.objects.filter(item_id=item.pk).latest("at")
        assert replay(kept).same
        return list(kept.reasons)


@pytest.mark.parametrize("via", [EntryPoint.PAGE, EntryPoint.API, EntryPoint.WORKER, EntryPoint.MAIL_LINK])
def test_one_side_answers_whichever_way_it_comes(world: World, via: EntryPoint) -> None:
    begin(world, Side.AGENCY, remote_id="theirs")
    begin(world, Side.BRAND, remote_id="ours")
    agency, brand = world.actor(Role.COMMUNITY_MANAGER, via), world.actor(Role.BRAND_OWNER, via)
    assert [answered(world, who, target).state for who, target in ((agency, "theirs"), (brand, "ours"))] == [
        "cleared"
    ] * 2
    for who, target in ((agency, "ours"), (brand, "theirs")):
        item = answered(world, who, target)
        assert (item.state, reasons(world, item)) == ("refused", [OTHER])
    world.run_outbox("gate.send")
    assert len(world.on_the_wall()) == 2


@pytest.mark.parametrize(
    "kind", [ActionKind.ANSWER, ActionKind.ACKNOWLEDGE, ActionKind.DIRECT_MESSAGE, ActionKind.REACT]
)
def test_by_handle_alone(world: World, kind: ActionKind) -> None:
    one = begin(world, Side.BRAND, handle="@Lea@Social.example")
    asked = {"kind": kind, "recipient": "lea@social.EXAMPLE"}
    assert reasons(world, answered(world, world.cm, **asked)) == [OTHER]
    assert answered(world, world.cm, **asked | {"recipient": "leo@social.example"}).state == "cleared"
    close(world.owner, conversation_id=one.pk)
    assert answered(world, world.cm, **asked).state == "cleared"


def test_an_act_that_answers_nobody_is_not_asked_about(world: World) -> None:
    begin(world, Side.BRAND, remote_id="ours")
    assert answered(world, world.cm, "ours", kind=ActionKind.PUBLISH).state == "cleared"
    assert answered(world, world.cm, "something else").state == "cleared"


def test_who_holds_one_of_two_with_the_same_member_speaks_there(world: World) -> None:
    begin(world, Side.BRAND, handle="@lea")
    assert reasons(world, answered(world, world.cm, recipient="@lea")) == [OTHER]
    begin(world, Side.AGENCY, handle="@lea")
    assert answered(world, world.cm, recipient="@lea").state == "cleared"


@pytest.mark.parametrize("kind", [ActionKind.ANSWER, ActionKind.DIRECT_MESSAGE])
def test_what_one_holds_is_no_way_round_to_somebody_else(world: World, kind: ActionKind) -> None:
    """Mail goes to the recipient and forums to the target, whatever the other one says: both are asked about."""
    begin(world, Side.BRAND, remote_id="hers", handle="@lea")
    begin(world, Side.AGENCY, remote_id="his", handle="@leo")
    begin(world, Side.AGENCY, remote_id="nobody's", handle="")
    for target, recipient in (("his", "@Lea"), ("nobody's", "lea"), ("unknown", "lea"), ("hers", "leo"), ("hers", "")):
        item = answered(world, world.cm, target, kind=kind, recipient=recipient)
        assert (item.state, reasons(world, item)) == ("refused", [OTHER]), (target, recipient)
    assert answered(world, world.cm, "his", kind=kind, recipient="@leo").state == "cleared"
    assert answered(world, world.cm, "nobody's", kind=kind, recipient="@leo").state == "cleared"
    begin(world, Side.AGENCY, remote_id="hers too", handle="@lea")
    assert answered(world, world.cm, "hers too", kind=kind, recipient="lea").state == "cleared"


@pytest.mark.parametrize(("kept", "other"), [("lea", "lea@social.example"), ("lea@social.example", "lea")])
def test_a_member_of_the_channels_own_server_has_two_names(
    world: World, monkeypatch: pytest.MonkeyPatch, kept: str, other: str
) -> None:
    begin(world, Side.BRAND, handle=kept)
    monkeypatch.setattr(facts, "home_of", lambda channel: "social.example")
    for recipient in (kept, f"@{other}", other.upper()):
        assert reasons(world, answered(world, world.cm, recipient=recipient)) == [OTHER]
    for somebody_else in ("lea@other.example", "leo", "lea@social.example.org"):
        assert answered(world, world.cm, recipient=somebody_else).state == "cleared"


@pytest.mark.parametrize(
    ("kind", "settings", "home"),
    [
        ("mastodon", {"site": "https://Social.example:443/"}, "social.example"),
        ("mastodon", {}, ""),
        ("email", {"site": "https://social.example"}, ""),
    ],
)
def test_where_a_channel_is_at_home(kind: str, settings: dict[str, str], home: str) -> None:
    assert home_of(Channel(kind=kind, settings=settings)) == home


def test_whose_talk_was_merged_is_held_with_it(world: World) -> None:
    one, two = begin(world, Side.BRAND, handle="@lea"), begin(world, Side.BRAND, handle="@mother")
    with durable(world.brand):
        move(world.owner, Conversation.objects.get(pk=one.pk), Step.MERGE, into=two)
    assert reasons(world, answered(world, world.cm, recipient="@lea")) == [OTHER]
    assert answered(world, world.owner, recipient="@lea").state == "cleared"


def test_what_was_cleared_is_asked_about_again_as_it_leaves(world: World) -> None:
    one = begin(world, remote_id="said")
    item = answered(world, world.cm, "said")
    assert item.state == "cleared"
    take_back(world.owner, conversation_id=one.pk)
    world.run_outbox("gate.send")
    assert (world.state_of(item), reasons(world, item), world.on_the_wall()) == ("refused", [OTHER], [])


def test_an_answer_that_waits_for_approval_does_not_outlive_the_pass(world: World) -> None:
    world.charter(2)
    one = begin(world, remote_id="said")
    item = answered(world, world.cm, "said")
    assert item.state == "waiting" and item.version is not None
    pass_on(world.cm, conversation_id=one.pk, to=Holder(Side.BRAND), note="Yours.")
    accept(world.owner, conversation_id=one.pk)
    approve_item(world.owner, item_id=item.pk, seen_digest=item.version.digest)
    assert (world.state_of(item), reasons(world, item)) == ("refused", [OTHER])


def test_the_brand_performs_what_the_agency_prepared_in_its_own_conversation(world: World) -> None:
    world.charter(1)
    begin(world, remote_id="theirs")
    item = answered(world, world.cm, "theirs")
    assert item.state == "waiting" and item.version is not None
    perform_item(world.owner, item_id=item.pk, seen_digest=item.version.digest)
    assert world.state_of(item) == "cleared"
    assert reasons(world, answered(world, world.owner, "theirs")) == [OTHER]


def test_what_was_merged_is_held_with_what_it_was_merged_into(world: World) -> None:
    one, two, three = (begin(world, Side.BRAND, remote_id=name) for name in ("one", "two", "three"))
    with durable(world.brand):
        move(world.owner, Conversation.objects.get(pk=one.pk), Step.MERGE, into=two)
        move(world.owner, Conversation.objects.get(pk=two.pk), Step.MERGE, into=three)
    with brand_scope(world.brand):
        assert holder_for(world.wall.pk, "one", "") == Held(three.pk, world.wall.pk, Side.BRAND)
        aimed, going = held_where({world.wall.pk: ""}, "two", "", lock=False)
        assert ({found.conversation for found in aimed}, going) == ({three.pk}, [])
    assert reasons(world, answered(world, world.cm, "one")) == [OTHER]


def test_a_turn_that_a_split_took_along_is_held_where_it_went(world: World) -> None:
    one, two = begin(world, Side.BRAND, remote_id="one"), begin(world, Side.AGENCY, remote_id="two")
    with durable(world.brand):
        moved = Conversation.objects.get(pk=one.pk).turns.get()
        add_turn(two, Said(Voice.MEMBER, "…", remote_id="one", of=moved))
    assert answered(world, world.cm, "one").state == "cleared"
    assert reasons(world, answered(world, world.owner, "one")) == [OTHER]


def test_nothing_of_another_brand_is_held_here(world: World, other: World) -> None:
    begin(other, Side.BRAND, remote_id="theirs", channel=world.wall.pk, handle="@lea")
    assert answered(world, world.cm, "theirs", recipient="@lea").state == "cleared"


def test_the_question_costs_one_statement_and_only_where_something_is_answered(world: World) -> None:
    begin(world, remote_id="said", handle="@lea")

    def asked(**changes: Any) -> int:
        item = world.draft(**changes)
        assert item.version is not None
        with CaptureQueriesContext(connection) as seen:
            submit_item(world.cm, item_id=item.pk, seen_digest=item.version.digest)
        with brand_scope(world.brand):
            dispatch = Dispatch.objects.get(item=item)
        with CaptureQueriesContext(connection) as left:
            send_dispatch(world.brand, dispatch_id=dispatch.pk)
        return sum("custody_" in query["sql"] for query in [*seen, *left])

    assert asked() == 0
    assert asked(kind=ActionKind.ANSWER) == 0
    assert asked(kind=ActionKind.ANSWER, target="said") == 3  # submitting, marking, leaving
    assert asked(kind=ActionKind.ANSWER, recipient="@nobody") == 3
    assert asked(kind=ActionKind.ANSWER, target="said", recipient="@lea") == 3
    assert asked(kind=ActionKind.ANSWER, target="said", recipient="@nobody") == 6
