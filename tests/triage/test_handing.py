"""Handing over: the conversation of a mention is passed on with the note, by the rules of custody; nothing stands beside it."""

import pytest
from django.utils import timezone

from clients.custody.actions import accept, close, decline, give_back, pass_on
from clients.custody.models import Conversation, Offer, Turn
from clients.custody.queries import offered_to
from clients.custody.rules import Holder
from clients.disclosure.rules import InfoClass
from clients.mentions.models import Mention
from clients.triage.access import access_handing
from clients.triage.actions import close_handing, hand_mention, reopen_mention, take_up, undo_ruling
from clients.triage.models import Handing, Ruling
from clients.triage.queries import handed_to, with_whom
from tenants.errors import Conflict, Invalid, Missing, Refused, RelaisError
from tenants.vocabulary import Role, Side
from tenants.walls.scope import brand_scope
from tests.conversations.conftest import heard
from tests.triage.conftest import handed_before, said, standing
from tests.world import World

CONTACT, APPROVER = Role.DEPARTMENT_CONTACT, Role.APPROVER


def over(world: World, mention: Mention, to: Role = CONTACT, note: str = "Pour la production") -> Ruling:
    return hand_mention(world.cm, mention_id=mention.pk, to_person=world.people[to].pk, note=note)


def talk_of(world: World, mention: Mention) -> Conversation:
    with brand_scope(world.brand):
        found: Conversation = Turn.objects.select_related("conversation").get(mention=mention.pk).conversation
        return found


def offers(world: World) -> list[tuple[str, str]]:
    """Note and answer of each, in order."""
    with brand_scope(world.brand):
        return list(Offer.objects.order_by("at").values_list("note", "answer"))


@pytest.mark.parametrize("to", [CONTACT, APPROVER, Role.AGENCY_MANAGER])
def test_its_conversation_waits_for_one_person(world: World, to: Role) -> None:
    mention = said(world.brand, "Le four est-il bio ?")
    ruling = over(world, mention, to)
    assert standing(world.brand, mention) == ("done", "handed")
    talk, person = talk_of(world, mention), world.people[to].pk
    assert (talk.holder_side, talk.holder_person) == ("agency", world.cm.person_id)
    assert (ruling.words, ruling.to_person) == ("Pour la production", person)
    with brand_scope(world.brand):
        assert [o.pk for o in offered_to(world.actor(to), timezone.now())] == [ruling.offer_id]
        assert not offered_to(world.owner, timezone.now()).exists()
        assert with_whom([mention.pk]) == {mention.pk: person}
        assert not Handing.objects.exists()
    accept(world.actor(to), conversation_id=talk.pk)
    with brand_scope(world.brand):
        assert with_whom([mention.pk]) == {mention.pk: person}
    if to is not Role.AGENCY_MANAGER:
        give_back(world.actor(to), conversation_id=talk.pk, note="Oui, depuis mars.")
        assert talk_of(world, mention).holder_person == world.cm.person_id


def test_it_joins_what_is_open_with_the_same_member_on_the_same_channel(world: World) -> None:
    first = take_up(world.cm, mention_id=heard(world, "Bonjour", "1").pk)
    again = heard(world, "Le four est-il bio ?", "2")
    over(world, again)
    assert talk_of(world, again).pk == first.pk
    with brand_scope(world.brand):
        assert Turn.objects.filter(conversation=first).count() == 2


@pytest.mark.parametrize("other", ["somebody", "channel", "closed", "class", "direct"])
def test_it_begins_one_where_nothing_of_the_kind_is_open(world: World, other: str) -> None:
    first = take_up(world.cm, mention_id=heard(world, "Bonjour", "1").pk)
    changed = {
        "somebody": {"author_handle": "@tom"},
        "channel": {"channel": None, "medium": "rss"},
        "class": {"info_class": InfoClass.PUBLIC},
    }.get(other, {})
    if other == "closed":
        close(world.cm, conversation_id=first.pk)
    again = heard(world, "Autre", "2", direct=other == "direct", **changed)
    over(world, again)
    assert talk_of(world, again).pk != first.pk


def test_what_the_other_side_holds_is_not_handed_over_and_nothing_of_it_is_done(world: World) -> None:
    first = take_up(world.cm, mention_id=heard(world, "Bonjour", "1").pk)
    pass_on(world.cm, conversation_id=first.pk, to=Holder(Side.BRAND), note="x")
    again = heard(world, "Encore", "2")
    with pytest.raises(Conflict, match="already_offered"):
        over(world, again)
    accept(world.owner, conversation_id=first.pk)
    with pytest.raises(Refused, match="held_by_other_side"):
        over(world, again)
    assert standing(world.brand, again) == ("open", "")
    with brand_scope(world.brand):
        assert not Turn.objects.filter(mention=again.pk).exists()
    hand_mention(world.owner, mention_id=again.pk, to_person=world.people[CONTACT].pk, note="Vous ?")
    assert standing(world.brand, again) == ("done", "handed")


@pytest.mark.parametrize(
    ("to", "info_class", "code"),
    [
        (CONTACT, InfoClass.BRAND, "may_not_receive"),
        (CONTACT, InfoClass.NAMED, "may_not_receive"),
        (Role.AGENCY_MANAGER, InfoClass.BRAND, "may_not_receive"),
        (APPROVER, InfoClass.BRAND, ""),
        (CONTACT, InfoClass.SHARED, ""),
    ],
)
def test_a_handing_opens_nothing_that_is_kept(world: World, to: Role, info_class: InfoClass, code: str) -> None:
    mention, person = said(world.brand, "Pour la maison", info_class=info_class), world.people[to].pk
    if not code:
        hand_mention(world.owner, mention_id=mention.pk, to_person=person, note="Vous ?")
        assert standing(world.brand, mention) == ("done", "handed")
        return
    with pytest.raises(Refused, match=code):
        hand_mention(world.owner, mention_id=mention.pk, to_person=person, note="Vous ?")
    assert standing(world.brand, mention) == ("open", "")
    with brand_scope(world.brand):
        assert not Conversation.objects.exists()


def test_to_nobody_of_another_brand_not_to_oneself_and_not_without_a_note(world: World, other: World) -> None:
    mention = said(world.brand, "Une question ?")
    with pytest.raises(Missing, match="person"):
        hand_mention(world.cm, mention_id=mention.pk, to_person=other.people[APPROVER].pk, note="x")
    with pytest.raises(Conflict, match="hand_to_oneself"):
        hand_mention(world.cm, mention_id=mention.pk, to_person=world.cm.somebody, note="x")
    with pytest.raises(Invalid, match="words_missing"):
        over(world, mention, note=" ")


@pytest.mark.parametrize("how", ["undo", "reopen"])
def test_taken_up_again_it_waits_for_nobody(world: World, how: str) -> None:
    mention = said(world.brand, "Une question ?")
    over(world, mention)
    (undo_ruling if how == "undo" else reopen_mention)(world.cm, mention_id=mention.pk)
    assert standing(world.brand, mention) == ("open", "")
    assert offers(world) == [("Pour la production", "withdrawn")]
    over(world, mention, APPROVER, "À vous")
    assert offers(world)[1] == ("À vous", "")


def test_what_was_accepted_is_not_undone_but_may_be_taken_up_again(world: World) -> None:
    mention = said(world.brand, "Une question ?")
    over(world, mention)
    accept(world.actor(CONTACT), conversation_id=talk_of(world, mention).pk)
    with pytest.raises(Conflict, match="too_late_to_undo"):
        undo_ruling(world.cm, mention_id=mention.pk)
    assert standing(world.brand, mention) == ("done", "handed")
    reopen_mention(world.cm, mention_id=mention.pk)
    assert standing(world.brand, mention) == ("open", "")
    assert offers(world) == [("Pour la production", "accepted")]


def test_only_who_may_withdraw_it_takes_up_what_is_offered(world: World) -> None:
    mention = said(world.brand, "Une question ?")
    over(world, mention, APPROVER)
    with pytest.raises(Refused, match="held_by_other_side"):
        reopen_mention(world.owner, mention_id=mention.pk)
    decline(world.actor(APPROVER), conversation_id=talk_of(world, mention).pk, reason="Pas moi.")
    reopen_mention(world.owner, mention_id=mention.pk)
    assert standing(world.brand, mention) == ("open", "")


def test_what_was_handed_over_before_is_still_told_back_by_whom_it_waits_for(world: World) -> None:
    mention, contact = said(world.brand, "Le four est-il bio ?"), world.actor(CONTACT)
    handing = handed_before(world, mention)
    with brand_scope(world.brand):
        assert [h.pk for h in handed_to(contact)] == [handing.pk]
        with pytest.raises(Missing, match="handing"):
            access_handing(world.owner, handing.pk)
    with pytest.raises(Invalid, match="words_missing"):
        close_handing(contact, handing_id=handing.pk, answer=" ")
    close_handing(contact, handing_id=handing.pk, answer="Oui, depuis mars.")
    with pytest.raises(RelaisError, match="handing_closed"):
        close_handing(contact, handing_id=handing.pk, answer="Encore")
    again = handed_before(world, said(world.brand, "Et le pain ?"))
    reopen_mention(world.cm, mention_id=again.mention_id)
    with brand_scope(world.brand):
        assert not handed_to(contact).exists()
