"""A conversation: begun with what somebody said, continued by what they say next, and spoken in by items that have left."""

from contextlib import nullcontext
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from clients.autonomy.vocabulary import ActionKind
from clients.conversations.actions import Talk, note_talk, open_from_mention, put_label
from clients.conversations.models import Label
from clients.conversations.queries import labels, whole_thread
from clients.custody.actions import accept, pass_on
from clients.custody.models import Conversation, Holding, Turn
from clients.custody.rules import Holder, Medium, Step, TurnKind
from clients.custody.steps import move
from clients.disclosure.rules import InfoClass
from clients.items.actions import edit_item
from clients.items.models import Item
from clients.mentions.models import Mention
from clients.service.models import Clock
from clients.triage.actions import begin_reply
from tenants.errors import Conflict, Invalid, Missing, Refused
from tenants.vocabulary import Role, Side
from tenants.walls.scope import brand_scope
from tests.conversations.conftest import begun, follow, heard, reply, send
from tests.triage.conftest import said
from tests.world import World


def thread(world: World, conversation: Conversation) -> list[tuple[str, str, str]]:
    with brand_scope(world.brand):
        return list(whole_thread(conversation).values_list("voice", "kind", "text"))


def now(world: World, conversation: Conversation) -> Conversation:
    with brand_scope(world.brand):
        found: Conversation = Conversation.objects.get(pk=conversation.pk)
        return found


def test_it_begins_with_a_mention_and_whoever_opens_it_holds_it(world: World) -> None:
    opened = begun(world)
    assert (opened.holder_side, opened.holder_person) == ("agency", world.cm.person_id)
    assert (opened.member_name, opened.handle, opened.title) == ("Léa", "lea", "Ouverts samedi ?")
    assert thread(world, opened) == [("member", "message", "Ouverts samedi ?")]


def test_opened_twice_it_is_one_conversation_and_the_words_stand_once(world: World) -> None:
    mention = heard(world, "Ouverts samedi ?", "1")
    first = open_from_mention(world.cm, mention_id=mention.pk)
    second = open_from_mention(world.owner, mention_id=mention.pk)
    assert first.pk == second.pk
    assert now(world, first).holder_side == "agency"
    assert len(thread(world, first)) == 1


def test_what_answers_it_outside_goes_on_with_it(world: World) -> None:
    opened = begun(world)
    next_one = heard(world, "Et dimanche ?", "2", before="1")
    assert open_from_mention(world.cm, mention_id=next_one.pk).pk == opened.pk
    assert [words for *_, words in thread(world, opened)] == ["Ouverts samedi ?", "Et dimanche ?"]
    elsewhere = heard(world, "Tout autre chose", "9")
    assert open_from_mention(world.cm, mention_id=elsewhere.pk).pk != opened.pk


def test_what_only_the_brand_reads_never_joins_what_both_read(world: World) -> None:
    opened = begun(world)
    kept = heard(world, "Pour vous seuls", "2", before="1", info_class=InfoClass.BRAND)
    apart = open_from_mention(world.owner, mention_id=kept.pk)
    assert apart.pk != opened.pk
    assert apart.info_class == InfoClass.BRAND
    assert len(thread(world, opened)) == 1


def test_our_words_are_a_turn_once_they_have_left_and_once_only(world: World) -> None:
    opened = begun(world)
    item = reply(world, opened)
    assert not follow(world, item)
    assert len(thread(world, opened)) == 1
    send(world, item)
    assert follow(world, item)
    assert follow(world, item)
    assert thread(world, opened)[1:] == [("agency", "answer", "Oui, de 8 h à 19 h.")]
    # What answers our words goes on with it, too.
    with brand_scope(world.brand):
        ours = whole_thread(opened).get(voice="agency")
    assert ours.remote_id
    thanks = heard(world, "Merci !", "3", before=ours.remote_id)
    assert open_from_mention(world.cm, mention_id=thanks.pk).pk == opened.pk


def test_a_question_to_the_member_waits_for_them(world: World) -> None:
    opened = begun(world)
    item = reply(world, opened, "Quel jour ?", kind=TurnKind.QUESTION)
    send(world, item)
    follow(world, item)
    assert now(world, opened).state == "waiting"
    open_from_mention(world.cm, mention_id=heard(world, "Samedi", "2", before="1").pk)
    assert now(world, opened).state == "open"
    with brand_scope(world.brand):
        steps = list(Holding.objects.filter(conversation=opened).order_by("number").values_list("step", flat=True))
    assert steps == ["open", "wait", "said"]


def test_what_is_said_after_the_end_opens_it_again(world: World) -> None:
    opened = begun(world)
    with brand_scope(world.brand):
        move(world.cm, Conversation.objects.select_for_update().get(pk=opened.pk), Step.CLOSE)
    open_from_mention(world.cm, mention_id=heard(world, "Encore une chose", "2", before="1").pk)
    assert now(world, opened).state == "open"


def test_a_call_is_written_down_and_what_was_answered_counts(world: World) -> None:
    talk = Talk(Medium.PHONE, "Ma commande ?", "Prête à 17 h.", name="Mme Garnier")
    opened = note_talk(world.cm, talk=talk)
    assert thread(world, opened) == [("member", "message", "Ma commande ?"), ("agency", "answer", "Prête à 17 h.")]
    note_talk(world.owner, talk=Talk(Medium.PHONE, "Je passe demain"), conversation_id=opened.pk)
    with pytest.raises(Refused, match="held_by_other_side"):
        note_talk(world.owner, talk=talk, conversation_id=opened.pk)
    with pytest.raises(Invalid, match="unknown_medium"):
        note_talk(world.cm, talk=Talk(Medium.EMAIL, "Bonjour"))
    with pytest.raises(Invalid, match="text_empty"):
        note_talk(world.cm, talk=Talk(Medium.FIELD, "  "))
    assert len(thread(world, opened)) == 3


def test_a_talk_is_of_these_days_and_an_answer_is_of_the_days_in_ones_own_hands(world: World) -> None:
    opened, noon = begun(world), timezone.now()

    def note(at: datetime, answered: str = "Oui.", to: Conversation | None = opened) -> None:
        talk = Talk(Medium.PHONE, "Et dimanche ?", answered, at=at)
        note_talk(world.cm, talk=talk, conversation_id=to and to.pk)

    pass_on(world.cm, conversation_id=opened.pk, to=Holder(Side.BRAND), note="Pour vous.")
    accept(world.owner, conversation_id=opened.pk)
    pass_on(world.owner, conversation_id=opened.pk, to=Holder(Side.AGENCY), note="Pour vous.")
    accept(world.cm, conversation_id=opened.pk)
    for at in (noon - timedelta(hours=2), noon):
        with pytest.raises(Invalid, match="before_held"):
            note(at)
        note(at, answered="")
    note(timezone.now())
    with pytest.raises(Invalid, match="talk_too_old"):
        note(noon - timedelta(days=31), to=None)
    note(noon - timedelta(days=29), to=None)
    said = [voice for voice, _kind, _text in thread(world, opened)]
    assert (said.count("member"), said.count("agency")) == (4, 1)


def test_the_word_on_what_the_brand_keeps_is_the_brands(world: World) -> None:
    kept = heard(world, "Pour vous seuls", "2", info_class=InfoClass.BRAND)
    put_label(world.owner, conversation_id=open_from_mention(world.owner, mention_id=kept.pk).pk, name="Grossesse")
    put_label(world.owner, conversation_id=begun(world).pk, name="Horaires")
    with brand_scope(world.brand):
        Label.objects.create(name="Encore rien", key="encore rien")
        for actor, words in ((world.cm, []), (world.owner, ["Grossesse"])):
            assert [label.name for label in labels(actor)] == ["Encore rien", *words, "Horaires"]


def test_who_may_not(world: World, other: World) -> None:
    mention: Mention = heard(world, "Ouverts samedi ?", "1")
    theirs = said(other.brand, "SECRET")
    with pytest.raises(Refused, match="not_allowed"):
        open_from_mention(world.actor(Role.AUDITOR), mention_id=mention.pk)
    with pytest.raises(Missing, match="mention"):
        open_from_mention(world.cm, mention_id=theirs.pk)
    opened = open_from_mention(other.cm, mention_id=theirs.pk)
    content = world.content("Oui.", kind=ActionKind.ANSWER)
    with pytest.raises(Missing, match="conversation"):
        begin_reply(world.cm, conversation_id=opened.pk, content=content)
    with pytest.raises(Refused, match="not_allowed"):
        begin_reply(world.actor(Role.ANALYST), conversation_id=opened.pk, content=content)
    mine = open_from_mention(world.cm, mention_id=mention.pk)
    with pytest.raises(Invalid, match="unknown_kind"):
        begin_reply(world.cm, conversation_id=mine.pk, content=content, kind=TurnKind.MESSAGE)


def test_nobody_dates_an_answer_before_a_breach_that_everybody_has_seen(world: World) -> None:
    late, in_time = begun(world), begun(world, number="3")
    with brand_scope(world.brand):
        dated = Holding.objects.latest("at").at
        clocks = Clock.objects.filter(conversation=late, stopped_at=None)
        assert clocks.update(due_at=dated + timedelta(microseconds=1)) == 2
    for conversation in (late, in_time):
        note_talk(world.cm, talk=Talk(Medium.PHONE, "Et dimanche ?", "Oui.", at=dated), conversation_id=conversation.pk)
    with brand_scope(world.brand):
        answered = Turn.objects.filter(kind="answer")
        assert answered.get(conversation=in_time).at == dated
        assert answered.get(conversation=late).at > dated + timedelta(milliseconds=1)


@pytest.mark.parametrize(("info_class", "kept"), [(InfoClass.SHARED, False), (InfoClass.BRAND, True)])
def test_nor_does_the_subject_of_a_kept_mail_come_onto_its_answer_later(
    world: World, info_class: InfoClass, kept: bool
) -> None:
    mail = heard(world, "Bonjour", "2", title="Ma maladie", medium="mailbox", info_class=info_class)
    opened = open_from_mention(world.owner, mention_id=mail.pk)
    item = reply(world, opened, by=world.owner)

    def edit(title: str) -> None:
        content = world.content("Bonjour.", kind=ActionKind.ANSWER, target="2", title=title)
        with brand_scope(world.brand):
            seen = Item.objects.select_related("version").get(pk=item.pk).version.digest
        edit_item(world.owner, item_id=item.pk, seen_digest=seen, content=content)

    edit("Votre message")
    with pytest.raises(Conflict, match="title_kept") if kept else nullcontext():
        edit("RE : Ma  Maladie")
    with brand_scope(world.brand):
        assert (Item.objects.get(pk=item.pk).title == "Votre message") == kept
