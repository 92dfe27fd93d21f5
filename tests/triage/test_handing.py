"""Handing over: who may receive what, whose work it stands on, and what they say of it."""

import pytest

from clients.disclosure.rules import InfoClass
from clients.outbox.models import OutboxRow
from clients.triage.access import access_handing
from clients.triage.actions import close_handing, hand_mention, reopen_mention, undo_ruling
from clients.triage.models import Handing
from clients.triage.queries import handed_to
from clients.triage.steps import LETTER
from tenants.errors import Conflict, Invalid, Missing, Refused
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.triage.conftest import said, standing
from tests.world import World

CONTACT, APPROVER = Role.DEPARTMENT_CONTACT, Role.APPROVER


@pytest.mark.parametrize("to", [CONTACT, APPROVER, Role.AGENCY_MANAGER])
def test_it_waits_for_one_person_who_says_what_came_of_it(world: World, to: Role) -> None:
    mention, person = said(world.brand, "Le four est-il bio ?"), world.people[to].pk
    handing = hand_mention(world.cm, mention_id=mention.pk, to_person=person, note="Pour la production")
    assert standing(world.brand, mention) == ("done", "handed")
    with brand_scope(world.brand):
        assert [h.pk for h in handed_to(world.actor(to))] == [handing.pk]
        assert not handed_to(world.owner).exists()
        assert OutboxRow.objects.get(kind=LETTER).key == str(handing.pk)
        with pytest.raises(Missing, match="handing"):
            access_handing(world.owner, handing.pk)
        assert access_handing(world.actor(to), handing.pk).mention.text == "Le four est-il bio ?"
    with pytest.raises(Invalid, match="words_missing"):
        close_handing(world.actor(to), handing_id=handing.pk, answer=" ")
    close_handing(world.actor(to), handing_id=handing.pk, answer="Oui, depuis mars.")
    with pytest.raises(Conflict, match="handing_closed"):
        close_handing(world.actor(to), handing_id=handing.pk, answer="Encore")
    with brand_scope(world.brand):
        assert not handed_to(world.actor(to)).exists()


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
        hand_mention(world.owner, mention_id=mention.pk, to_person=person)
        assert standing(world.brand, mention) == ("done", "handed")
        return
    with pytest.raises(Refused, match=code):
        hand_mention(world.owner, mention_id=mention.pk, to_person=person)
    assert standing(world.brand, mention) == ("open", "")


def test_to_nobody_of_another_brand_and_not_to_oneself(world: World, other: World) -> None:
    mention = said(world.brand, "Une question ?")
    with pytest.raises(Missing, match="person"):
        hand_mention(world.cm, mention_id=mention.pk, to_person=other.people[APPROVER].pk)
    with pytest.raises(Conflict, match="hand_to_oneself"):
        hand_mention(world.cm, mention_id=mention.pk, to_person=world.people[Role.COMMUNITY_MANAGER].pk)


@pytest.mark.parametrize("how", ["undo", "reopen"])
def test_taken_up_again_it_waits_for_nobody(world: World, how: str) -> None:
    mention = said(world.brand, "Une question ?")
    hand_mention(world.cm, mention_id=mention.pk, to_person=world.people[CONTACT].pk)
    (undo_ruling if how == "undo" else reopen_mention)(world.cm, mention_id=mention.pk)
    assert standing(world.brand, mention) == ("open", "")
    with brand_scope(world.brand):
        assert not handed_to(world.actor(CONTACT)).exists()
        assert Handing.objects.get().closed_at
    hand_mention(world.cm, mention_id=mention.pk, to_person=world.people[APPROVER].pk)
