"""Whether reports may name a member: a consent of its own, noted by either side, told in the log and gone with the member."""

import pytest

from clients.audit.models import Entry, Private
from clients.community.actions import add_member, change_member, erase_member, note_naming, tell_member
from clients.community.models import Member
from clients.community.queries import preview_of
from clients.community.rules import LONGEST, About, Consent
from clients.disclosure.rules import InfoClass
from clients.people.rules import MAY, Verb
from tenants.errors import Conflict, Invalid, Missing, Refused
from tenants.keeping.erased import BEGIN
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.world import World

HOW = "Par courriel du 3 mai"


def lea(world: World, info_class: InfoClass = InfoClass.SHARED) -> Member:
    return add_member(world.owner, about=About("Léa Zorglub", consent=Consent.GIVEN), info_class=info_class)


def as_kept(world: World, member: Member) -> Member:
    with brand_scope(world.brand):
        return Member.objects.get(pk=member.pk)


@pytest.mark.parametrize("role", list(Role))
def test_whoever_may_write_about_members_notes_it_and_takes_it_back(world: World, role: Role) -> None:
    member, actor = lea(world), world.actor(role)
    assert as_kept(world, member).naming_consent == Consent.NONE, "consent to being written to says nothing of it"
    if role not in MAY[Verb.MEMBER_WRITE]:
        with pytest.raises(Refused, match="not_allowed"):
            note_naming(actor, member_id=member.pk, consent="given", how=HOW)
        assert as_kept(world, member).naming_at is None
        return
    given = note_naming(actor, member_id=member.pk, consent="given", how=f"  {HOW} ")
    assert (given.naming_consent, given.naming_how, given.naming_by) == (Consent.GIVEN, HOW, actor.person_id)
    assert given.naming_by_name == actor.name and given.naming_at is not None
    taken_back = note_naming(world.cm, member_id=member.pk, consent="withdrawn")
    assert as_kept(world, member).naming_consent == taken_back.naming_consent == Consent.WITHDRAWN
    assert (taken_back.naming_how, taken_back.naming_by) == ("", world.cm.person_id)
    assert taken_back.consent == Consent.GIVEN, "the other consent is untouched"


def test_what_stands_what_is_no_word_and_what_says_nothing(world: World) -> None:
    member = lea(world)
    for consent, how, why in (
        ("none", HOW, "unknown_consent"), ("yes", HOW, "unknown_consent"), ("given", " ", "how_missing"),
        ("given", "x" * (LONGEST["how"] + 1), "too_long"), ("given", "a\0b", "control_characters"),
    ):  # fmt: skip
        with pytest.raises(Invalid, match=why):
            note_naming(world.cm, member_id=member.pk, consent=consent, how=how)
    with pytest.raises(Conflict, match="naming_stands"):
        note_naming(world.cm, member_id=member.pk, consent="withdrawn")
    note_naming(world.cm, member_id=member.pk, consent="given", how=HOW)
    with pytest.raises(Conflict, match="naming_stands"):
        note_naming(world.cm, member_id=member.pk, consent="given", how="Encore")
    assert as_kept(world, member).naming_how == HOW
    note_naming(world.cm, member_id=member.pk, consent="withdrawn")
    assert note_naming(world.cm, member_id=member.pk, consent="given", how="Encore").naming_how == "Encore"


def test_not_of_who_is_kept_from_one_nor_of_another_brands(world: World, other: World) -> None:
    kept, theirs = lea(world, InfoClass.BRAND), lea(other)
    for member in (kept, theirs):
        with pytest.raises(Missing, match="member"):
            note_naming(world.cm, member_id=member.pk, consent="given", how=HOW)
    note_naming(world.owner, member_id=kept.pk, consent="given", how=HOW)
    assert as_kept(other, theirs).naming_consent == Consent.NONE


def test_writing_about_them_leaves_it_as_it_stands(world: World) -> None:
    member = lea(world)
    note_naming(world.cm, member_id=member.pk, consent="given", how=HOW)
    change_member(world.cm, member_id=member.pk, about=About("Léa Z.", consent=Consent.WITHDRAWN))
    assert (as_kept(world, member).naming_consent, as_kept(world, member).naming_how) == (Consent.GIVEN, HOW)


def test_each_change_is_a_line_that_says_how_in_its_private_part_alone(world: World) -> None:
    member = lea(world)
    note_naming(world.cm, member_id=member.pk, consent="given", how=HOW)
    note_naming(world.owner, member_id=member.pk, consent="withdrawn")
    with brand_scope(world.brand):
        given, taken_back = Entry.objects.filter(subject_id=member.pk, verb__startswith="member.naming").order_by("seq")
        assert (given.verb, taken_back.verb) == ("member.naming_given", "member.naming_withdrawn")
        assert (given.side, taken_back.side) == ("agency", "brand")
        assert HOW not in str(given.facts) and Private.objects.get(pk=given.pk).data["how"] == HOW
        assert "how" not in Private.objects.get(pk=taken_back.pk).data


def test_told_to_the_member_and_gone_with_them_also_from_the_log(world: World, other: World) -> None:
    """How they said so holds none of the values that an erasure looks for: it goes by whom the line is about."""
    member, tom, theirs = lea(world), add_member(world.cm, about=About("Tom Quidam")), lea(other)
    for here, one in ((world, member), (world, tom), (other, theirs)):
        note_naming(here.owner, member_id=one.pk, consent="given", how=HOW)
    told = tell_member(world.owner, member_id=member.pk)
    assert (told["member"]["naming_consent"], told["member"]["naming_how"]) == ("given", HOW)
    assert told["member"]["naming_at"] and [line["what"] for line in told["log"]] == ["member.naming_given"]
    with brand_scope(world.brand):
        assert preview_of(Member.objects.get(pk=member.pk)).counts["log"] == 1
    erase_member(world.owner, member_id=member.pk, basis="request")
    world.run_outbox(BEGIN)
    assert said_of(world) == {tom.pk} and said_of(other) == {theirs.pk}
    with brand_scope(world.brand):
        assert Entry.objects.filter(verb="member.naming_given", subject_id=member.pk).exists(), "the line stays"


def said_of(world: World) -> set[object]:
    with brand_scope(world.brand):
        lines = Private.objects.filter(data__how=HOW).values("pk")
        return set(Entry.objects.filter(pk__in=lines).values_list("subject_id", flat=True))
