"""The rule in lists and at doors gives one answer for every role; who raises, who lowers, and what a list of names does."""

from uuid import uuid4

import pytest

from clients.audit.models import Entry
from clients.disclosure.access import can_read
from clients.disclosure.models import Reclassified
from clients.disclosure.rules import InfoClass
from clients.items.access import access_item, access_note
from clients.items.actions import classify_note, write_note
from clients.items.models import Item, ItemNote
from clients.items.queries import notes_on
from clients.people.actor import process_of
from tenants.errors import Invalid, Missing, Refused
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.world import World

PUBLIC, SHARED, NAMED, BRAND = InfoClass


def noted(world: World, item: Item, info_class: InfoClass | None = None, by: Role = Role.BRAND_MANAGER) -> ItemNote:
    return write_note(world.actor(by), item_id=item.pk, text=f"word of {by}", info_class=info_class)


@pytest.fixture
def item(world: World) -> Item:
    return world.draft()


@pytest.mark.parametrize("role", list(Role))
def test_lists_and_doors_agree(world: World, item: Item, role: Role) -> None:
    """Four classes, and `named` with this very person on the list: what the list holds is what the door opens."""
    notes = [noted(world, item, info_class) for info_class in InfoClass]
    named = classify_note(
        world.owner, note_id=notes[2].pk, info_class=NAMED, named=[world.people[role].pk], reason="needed"
    )
    actor = world.actor(role)
    with brand_scope(world.brand):
        listed = {note.pk for note in ItemNote.objects.readable_by(actor)}
        rows = list(ItemNote.objects.all())
        assert listed == {row.pk for row in rows if can_read(actor, row)}
        assert named.pk in listed
        for row in rows:
            if role is Role.DEPARTMENT_CONTACT:
                continue  # reads no item, so no remark beside one either
            if row.pk in listed:
                assert access_note(actor, row.pk).pk == row.pk
            else:
                with pytest.raises(Missing, match="note"):
                    access_note(actor, row.pk)


def test_a_process_lists_nothing(world: World, item: Item) -> None:
    noted(world, item, PUBLIC)
    with brand_scope(world.brand):
        assert not ItemNote.objects.readable_by(process_of(world.brand, world.cm.via, "worker")).exists()
        assert ItemNote.objects.readable_by(world.cm).exists()


def test_what_the_brand_writes_stays_with_the_brand(world: World, item: Item) -> None:
    theirs, ours = noted(world, item, by=Role.COMMUNITY_MANAGER), noted(world, item)
    assert (theirs.info_class, ours.info_class) == (SHARED, BRAND)
    with brand_scope(world.brand):
        assert [n.pk for n in notes_on(world.cm, item.pk)] == [theirs.pk]
        assert {n.pk for n in notes_on(world.owner, item.pk)} == {theirs.pk, ours.pk}


def test_any_editor_of_the_side_raises_and_only_the_owner_lowers(world: World, item: Item) -> None:
    note = noted(world, item, SHARED)
    for refused in (Role.COMMUNITY_MANAGER, Role.AUDITOR, Role.ANALYST):
        with pytest.raises(Refused):
            classify_note(world.actor(refused), note_id=note.pk, info_class=BRAND)
    classify_note(world.actor(Role.APPROVER), note_id=note.pk, info_class=BRAND)
    for refused in (Role.BRAND_MANAGER, Role.APPROVER):
        with pytest.raises(Refused, match="not_allowed"):
            classify_note(world.actor(refused), note_id=note.pk, info_class=SHARED, reason="please")
    with pytest.raises(Missing):
        classify_note(world.actor(Role.AGENCY_OWNER), note_id=note.pk, info_class=SHARED, reason="please")
    with pytest.raises(Invalid, match="reason_missing"):
        classify_note(world.owner, note_id=note.pk, info_class=SHARED, reason=" ")
    classify_note(world.owner, note_id=note.pk, info_class=SHARED, reason="they need it")
    with brand_scope(world.brand):
        assert [(r.was, r.now, r.reason) for r in Reclassified.objects.order_by("at")] == [
            ("shared", "brand", ""),
            ("brand", "shared", "they need it"),
        ]
        verbs = Entry.objects.filter(subject_id=note.pk).order_by("at", "id").values_list("verb", flat=True)
        assert list(verbs) == ["class.raised", "class.lowered"]
        assert not Entry.objects.filter(facts__icontains="they need it").exists()


def test_the_agency_raises_its_own_and_not_the_brands(world: World, item: Item) -> None:
    theirs, brands = noted(world, item, by=Role.COMMUNITY_MANAGER), noted(world, item, SHARED)
    assert classify_note(world.cm, note_id=theirs.pk, info_class=NAMED).info_class == NAMED
    with pytest.raises(Refused, match="wrong_side"):
        classify_note(world.cm, note_id=brands.pk, info_class=NAMED)


def test_naming_somebody_is_letting_them_in(world: World, item: Item) -> None:
    note, cm = noted(world, item, NAMED), world.people[Role.COMMUNITY_MANAGER]
    with pytest.raises(Refused):
        classify_note(world.actor(Role.BRAND_MANAGER), note_id=note.pk, info_class=NAMED, named=[cm.pk], reason="x")
    with pytest.raises(Missing, match="person"):
        classify_note(world.owner, note_id=note.pk, info_class=NAMED, named=[uuid4()], reason="x")
    classify_note(world.owner, note_id=note.pk, info_class=NAMED, named=[cm.pk], reason="x")
    with brand_scope(world.brand):
        assert notes_on(world.cm, item.pk).exists()
        assert not notes_on(world.actor(Role.AGENCY_MANAGER), item.pk).exists()
    classify_note(world.actor(Role.BRAND_MANAGER), note_id=note.pk, info_class=NAMED)
    with brand_scope(world.brand):
        assert not notes_on(world.cm, item.pk).exists()


def test_a_stricter_class_lets_nobody_in_by_name_but_by_the_owner(world: World, item: Item) -> None:
    """A department contact reads what is public: to name one in what was shared opens it, whatever the class is called."""
    note, contact = noted(world, item, SHARED, by=Role.APPROVER), world.actor(Role.DEPARTMENT_CONTACT)
    for role in (Role.APPROVER, Role.BRAND_MANAGER, Role.COMMUNITY_MANAGER):
        with pytest.raises(Refused):
            classify_note(world.actor(role), note_id=note.pk, info_class=NAMED, named=[contact.somebody], reason="x")
    cm = world.people[Role.COMMUNITY_MANAGER].pk
    kept = classify_note(world.actor(Role.APPROVER), note_id=note.pk, info_class=NAMED, named=[cm])
    assert not can_read(contact, kept) and can_read(world.cm, kept)
    opened = classify_note(world.owner, note_id=note.pk, info_class=NAMED, named=[contact.somebody], reason="x")
    assert can_read(contact, opened)
    with brand_scope(world.brand):
        assert list(Entry.objects.filter(verb__startswith="class.").order_by("seq").values_list("verb", flat=True)) == [
            "class.raised",
            "class.lowered",
        ]
    public = noted(world, item, PUBLIC, by=Role.APPROVER)
    assert classify_note(world.actor(Role.APPROVER), note_id=public.pk, info_class=NAMED, named=[contact.somebody])


def test_keeping_a_class_writes_nothing(world: World, item: Item) -> None:
    note = noted(world, item, SHARED)
    classify_note(world.owner, note_id=note.pk, info_class=SHARED)
    with brand_scope(world.brand):
        assert not Reclassified.objects.exists()


def test_a_remark_of_the_brand_next_door_is_none(world: World, other: World, item: Item) -> None:
    theirs = noted(other, other.draft(), PUBLIC)
    with brand_scope(world.brand):
        assert not ItemNote.objects.readable_by(world.owner).exists()
        with pytest.raises(Missing):
            access_note(world.owner, theirs.pk)
    with pytest.raises(Missing):
        classify_note(world.owner, note_id=theirs.pk, info_class=BRAND)


def test_after_the_mandate_nobody_of_the_agency_is_there(world: World, item: Item) -> None:
    """Attack 18 as far as classes go: a name on a list outlives a place here, and opens nothing without one."""
    from clients.mandates.actions import end_mandate

    note, cm = noted(world, item, NAMED), world.people[Role.COMMUNITY_MANAGER]
    classify_note(world.owner, note_id=note.pk, info_class=NAMED, named=[cm.pk], reason="x")
    assert world.cm.somebody == cm.pk
    end_mandate(actor=world.owner, mandate_id=world.mandate.pk)
    with pytest.raises(Missing, match="brand"):
        world.actor(Role.COMMUNITY_MANAGER)


def test_one_query_for_one_and_three(world: World, item: Item, django_assert_num_queries: object) -> None:
    for _ in range(3):
        noted(world, item, SHARED)
    actor = world.cm
    with brand_scope(world.brand):
        access_item(actor, item.pk)
        with django_assert_num_queries(1):  # type: ignore[operator]
            assert len(list(notes_on(actor, item.pk))) == 3
