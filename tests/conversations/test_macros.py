"""A macro holds a step of custody: it does what a press by hand would, by the same rules, and all of it or nothing."""

import pytest

from clients.conversations.actions import put_label, save_reply, use_reply
from clients.conversations.models import Labelled, SavedReply
from clients.conversations.rules import Move
from clients.custody.actions import accept, close, lock, pass_on, take_back
from clients.custody.models import Conversation, Holding, Offer
from clients.custody.rules import Holder, Step
from clients.people.actor import Actor
from tenants.errors import Conflict, Invalid, Missing, RelaisError
from tenants.vocabulary import Role, Side
from tenants.walls.scope import brand_scope
from tests.conversations.conftest import begun
from tests.world import World

CONTACT, MANAGER = Role.DEPARTMENT_CONTACT, Role.AGENCY_MANAGER


def macro(world: World, by: Actor, move: Move, *, text: str = "", shared: bool = False) -> SavedReply:
    """With a label of its own, whose fate tells whether the whole was done."""
    other = begun(world, "Ailleurs", "77", by=by)
    label = put_label(by, conversation_id=other.pk, name=f"Suivi {move.step}")
    return save_reply(by, name=str(move.step), text=text, labels=[label.pk], move=move, shared=shared)


def seen(world: World, conversation: Conversation) -> tuple[str, int, int]:
    """Whose it is, how many labels it has and how many steps it took."""
    with brand_scope(world.brand):
        side = Conversation.objects.values_list("holder_side", flat=True).get(pk=conversation.pk)
        labels = Labelled.objects.filter(conversation=conversation).count()
        return side, labels, Holding.objects.filter(conversation=conversation).count()


def at_brand(world: World, conversation: Conversation) -> None:
    pass_on(world.cm, conversation_id=conversation.pk, to=Holder(Side.BRAND), note="À vous.")
    accept(world.owner, conversation_id=conversation.pk)


@pytest.mark.parametrize("to", ["team", "department", "side"])
def test_it_passes_on_with_its_note(world: World, to: str) -> None:
    whom = {
        "team": Holder(Side.AGENCY, None, "Nuit"),
        "department": Holder(Side.BRAND, world.people[CONTACT].pk),
        "side": Holder(Side.BRAND),
    }[to]
    found = begun(world)
    saved = macro(world, world.cm, Move(Step.PASS, "Merci de répondre.", whom))
    used = use_reply(world.cm, conversation_id=found.pk, reply_id=saved.pk)
    assert used.text == ""
    with brand_scope(world.brand):
        offer = Offer.objects.get(conversation=found)
        assert (Holder(Side(offer.to_side), offer.to_person, offer.to_team), offer.note) == (whom, "Merci de répondre.")
    assert seen(world, found)[1] == 1
    with pytest.raises(Conflict, match="already_offered"):
        use_reply(world.cm, conversation_id=found.pk, reply_id=saved.pk)


def test_it_takes_back_and_gives_back(world: World) -> None:
    found = begun(world)
    back = macro(world, world.cm, Move(Step.TAKE_BACK, "Nous reprenons."), text="Bonjour")
    give = macro(world, world.owner, Move(Step.RETURN, "Rien pour nous."))
    at_brand(world, found)
    use_reply(world.owner, conversation_id=found.pk, reply_id=give.pk)
    assert seen(world, found)[0] == "agency"
    pass_on(world.cm, conversation_id=found.pk, to=Holder(Side.BRAND), note="Encore.")
    accept(world.owner, conversation_id=found.pk)
    assert use_reply(world.cm, conversation_id=found.pk, reply_id=back.pk).text == "Bonjour"
    assert seen(world, found)[:2] == ("agency", 2)
    with brand_scope(world.brand):
        notes = Holding.objects.filter(conversation=found, step__in=["return", "take_back"]).values_list(
            "note", flat=True
        )
        assert set(notes) == {"Rien pour nous.", "Nous reprenons."}


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ("held_by_brand", "held_by_other_side"),
        ("already_ours", "already_yours"),
        ("locked", "locked_by_brand"),
        ("nothing_to_return", "nothing_to_return"),
        ("closed", "conversation_not_in_this_state"),
        ("kept", "may_not_receive"),
    ],
)
def test_refused_as_a_whole_like_a_press_by_hand(world: World, case: str, code: str) -> None:
    """By hand the same step meets the same code, and of the macro nothing is left, not even its label."""
    found, cm = begun(world), world.cm
    back, give = Move(Step.TAKE_BACK, "À nous."), Move(Step.RETURN, "À eux.")
    move = {"already_ours": back, "locked": back, "nothing_to_return": give}.get(
        case, Move(Step.PASS, "Pour vous.", Holder(Side.BRAND, world.people[CONTACT].pk))
    )
    saved = macro(world, cm, move)
    if case in {"held_by_brand", "locked"}:
        at_brand(world, found)
    if case == "locked":
        lock(world.owner, conversation_id=found.pk)
    if case == "closed":
        close(cm, conversation_id=found.pk)
    if case == "kept":
        with brand_scope(world.brand):
            Conversation.objects.filter(pk=found.pk).update(info_class="named", named=[str(cm.somebody)])
    before = seen(world, found)
    with pytest.raises(RelaisError) as refused:
        use_reply(cm, conversation_id=found.pk, reply_id=saved.pk)
    assert (refused.value.code, seen(world, found)) == (code, before)
    assert before[1] == 0
    if move.step is Step.TAKE_BACK:
        with pytest.raises(RelaisError) as by_hand:
            take_back(cm, conversation_id=found.pk)
        assert by_hand.value.code == code


def test_what_a_side_shares_is_asked_of_whoever_presses(world: World, other: World) -> None:
    found = begun(world)
    move = Move(Step.PASS, "Pour toi.", Holder(Side.AGENCY, world.people[MANAGER].pk))
    saved = macro(world, world.cm, move, shared=True)
    with pytest.raises(Missing, match="saved_reply"):
        use_reply(world.owner, conversation_id=found.pk, reply_id=saved.pk)
    with pytest.raises(Missing, match="conversation"):
        use_reply(world.cm, conversation_id=begun(other).pk, reply_id=saved.pk)
    use_reply(world.actor(MANAGER), conversation_id=found.pk, reply_id=saved.pk)
    with brand_scope(world.brand):
        assert Offer.objects.get(conversation=found).by_person == world.people[MANAGER].pk


@pytest.mark.parametrize(
    ("move", "error", "code"),
    [
        (Move(Step.CLOSE), Invalid, "unknown_step"),
        (Move(Step.PASS, "Note"), Invalid, "nothing_chosen"),
        (Move(Step.PASS, " ", Holder(Side.BRAND)), Invalid, "note_missing"),
        (Move(Step.TAKE_BACK, "x" * 2_001), Invalid, "too_long"),
        (Move(Step.PASS, "Note", Holder(Side.BRAND, None, "x" * 81)), Invalid, "too_long"),
    ],
)
def test_a_step_that_could_never_be_taken_is_not_kept(
    world: World, move: Move, error: type[RelaisError], code: str
) -> None:
    with pytest.raises(error, match=code):
        save_reply(world.cm, name="Suite", text="", move=move)
    with brand_scope(world.brand):
        assert not SavedReply.objects.exists()


def test_nobody_of_another_brand_and_no_words_without_a_step(world: World, other: World) -> None:
    stranger = Holder(Side.BRAND, other.people[CONTACT].pk)
    with pytest.raises(Missing, match="person"):
        save_reply(world.cm, name="Suite", text="", move=Move(Step.PASS, "Note", stranger))
    with pytest.raises(Invalid, match="text_empty"):
        save_reply(world.cm, name="Suite", text=" ")
    kept = save_reply(world.cm, name="Suite", text="", move=Move(Step.RETURN, "Note", stranger))
    assert (kept.step, kept.to_side, kept.note) == ("return", "", "Note")
    assert save_reply(world.cm, name="Suite", text="Des mots").step == ""
