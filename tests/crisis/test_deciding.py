"""Who may say what about a crisis: each guard allowed and refused from one set-up."""

from collections.abc import Callable
from uuid import UUID

import pytest

from clients.audit.models import Entry
from clients.crisis.access import open_notes
from clients.crisis.actions import (
    declare_crisis,
    dismiss_crisis,
    end_crisis,
    propose_crisis,
    set_crisis_rule,
    write_crisis_note,
)
from clients.crisis.models import Crisis, CrisisChange, CrisisNote, CrisisPolicy, CrisisReview
from clients.crisis.queries import crisis_in_force, crisis_since, terms_in_force
from clients.crisis.rules import AlertKind, CrisisState
from clients.disclosure.rules import InfoClass
from tenants.errors import Conflict, Invalid, Missing, Refused, RelaisError
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.world import World

BRAND_MAY_END = {Role.BRAND_OWNER, Role.BRAND_MANAGER}
MAY_DECLARE = BRAND_MAY_END | {Role.APPROVER}
SAID = "Un lot de yaourts est rappelé"


def state(world: World, crisis: Crisis) -> str:
    with brand_scope(world.brand):
        return Crisis.objects.values_list("state", flat=True).get(pk=crisis.pk)


def who_may(world: World, act: Callable[[Role], object]) -> set[Role]:
    """The roles that `act` lets through; each refusal is one of the door's."""
    through = set()
    for role in Role:
        try:
            act(role)
            through.add(role)
        except Refused as refused:
            if refused.code not in {"not_allowed", "wrong_side"}:
                raise
    return through


def emptied(world: World) -> None:
    with brand_scope(world.brand):
        for model in (CrisisReview, CrisisNote):
            model.objects.all().delete()
        Crisis.objects.filter(is_open=True).update(is_open=False, state=CrisisState.DISMISSED)


def test_everybody_but_auditors_and_departments_may_propose(world: World) -> None:
    def act(role: Role) -> None:
        propose_crisis(world.actor(role), text=SAID)
        emptied(world)

    assert who_may(world, act) == set(Role) - {Role.AUDITOR, Role.DEPARTMENT_CONTACT}


def test_only_the_brand_declares(world: World) -> None:
    def act(role: Role) -> None:
        declare_crisis(world.actor(role), text=SAID)
        emptied(world)

    assert who_may(world, act) == MAY_DECLARE


def test_an_agency_ends_and_dismisses_nothing(world: World) -> None:
    def dismiss(role: Role) -> None:
        crisis = propose_crisis(world.owner, text=SAID)
        try:
            dismiss_crisis(world.actor(role), crisis_id=crisis.pk, text="non")
        finally:
            emptied(world)

    def end(role: Role) -> None:
        crisis = declare_crisis(world.owner, text=SAID)
        try:
            end_crisis(world.actor(role), crisis_id=crisis.pk, text="fini")
        finally:
            emptied(world)

    assert who_may(world, dismiss) == BRAND_MAY_END
    assert who_may(world, end) == BRAND_MAY_END


def test_the_end_needs_that_the_brand_proves_who_it_is(world: World) -> None:
    crisis = declare_crisis(world.actor(Role.BRAND_MANAGER, stepped_up=False), text=SAID)
    with pytest.raises(Refused, match="step_up_required"):
        end_crisis(world.actor(Role.BRAND_MANAGER, stepped_up=False), crisis_id=crisis.pk, text="fini")
    assert state(world, crisis) == CrisisState.IN_FORCE
    end_crisis(world.actor(Role.BRAND_MANAGER), crisis_id=crisis.pk, text="fini")
    assert state(world, crisis) == CrisisState.ENDED


def test_in_force_begins_with_the_brands_word_and_ends_with_it(world: World, other: World) -> None:
    seen = []

    def look() -> None:
        with brand_scope(world.brand):
            seen.append((crisis_in_force(), crisis_since() is not None))
        with brand_scope(other.brand):
            assert not crisis_in_force()

    look()
    crisis = propose_crisis(world.cm, text=SAID)
    look()
    declare_crisis(world.approver, crisis_id=crisis.pk, text="Oui")
    look()
    end_crisis(world.owner, crisis_id=crisis.pk, text="Terminé")
    look()
    assert seen == [(False, False), (False, False), (True, True), (False, False)]
    with brand_scope(world.brand):
        changes = [(c.was, c.now, c.by_name) for c in CrisisChange.objects.all()]
        lines = [e.verb for e in Entry.objects.filter(verb__startswith="crisis.").order_by("seq")]
    assert changes == [
        ("", "proposed", world.cm.name),
        ("proposed", "in_force", world.approver.name),
        ("in_force", "ended", world.owner.name),
    ]
    assert [v for v in lines if v != "crisis.noted"] == [
        "crisis.proposed",
        "crisis.declared",
        "crisis.ended",
        "crisis.review_begun",
    ]


def test_there_is_one_at_a_time(world: World) -> None:
    first = propose_crisis(world.cm, text=SAID)
    for act in (lambda: propose_crisis(world.owner, text="x"), lambda: declare_crisis(world.owner, text="x")):
        with pytest.raises(Conflict, match="crisis_already_open"):
            act()
    dismiss_crisis(world.owner, crisis_id=first.pk, text="non")
    assert propose_crisis(world.owner, text="x").pk != first.pk


def test_another_brands_crisis_is_not_there(world: World, other: World) -> None:
    theirs = declare_crisis(other.owner, text=SAID)
    for act in (declare_crisis, dismiss_crisis, end_crisis, write_crisis_note):
        with pytest.raises(Missing, match="crisis"):
            act(world.owner, crisis_id=theirs.pk, text="x")
    assert state(other, theirs) == CrisisState.IN_FORCE


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "text_empty"), ("  \n", "text_empty"), ("x" * 4001, "too_long"), ("a\x07", "control_characters")],
)
def test_words_are_needed_and_nothing_is_kept_without(world: World, text: str, code: str) -> None:
    with pytest.raises(Invalid) as wrong:
        declare_crisis(world.owner, text=text)
    assert (wrong.value.code, wrong.value.field) == (code, "text")
    with brand_scope(world.brand):
        assert not Crisis.objects.exists()
    assert declare_crisis(world.owner, text="x" * 4000)


def test_what_the_brand_writes_stays_with_it_unless_it_says_otherwise(world: World) -> None:
    crisis = declare_crisis(world.owner, text="Pour nous seuls")
    write_crisis_note(world.owner, crisis_id=crisis.pk, text="Pour tous", info_class=InfoClass.SHARED)
    write_crisis_note(world.cm, crisis_id=crisis.pk, text="De l’agence", is_decision=True)
    with brand_scope(world.brand):
        assert [n.text for n in open_notes(world.owner, crisis)] == ["Pour nous seuls", "Pour tous", "De l’agence"]
        assert [n.text for n in open_notes(world.cm, crisis)] == ["Pour tous", "De l’agence"]
        assert Entry.objects.filter(verb="read").count() == 1  # the owner's reading of what is the brand's own


def test_the_rule_is_the_brands_signed_and_numbered(world: World) -> None:
    def sign(role: Role) -> None:
        with brand_scope(world.brand):
            after = CrisisPolicy.objects.count()
        set_crisis_rule(world.actor(role), after=after, by_itself=[AlertKind.SIGNAL], call_minutes=15)

    with brand_scope(world.brand):
        assert terms_in_force().by_itself == ()
    assert who_may(world, sign) == BRAND_MAY_END
    with brand_scope(world.brand):
        assert (terms_in_force().by_itself, terms_in_force().call_minutes) == ((AlertKind.SIGNAL,), 15)
    with pytest.raises(Refused, match="step_up_required"):
        set_crisis_rule(world.actor(Role.BRAND_OWNER, stepped_up=False), after=2, by_itself=[], call_minutes=15)
    for wrong in ({"after": 0}, {"call_minutes": 4}, {"call_minutes": 241}, {"by_itself": ["panic"]}):
        with pytest.raises(RelaisError):
            set_crisis_rule(world.owner, **({"after": 2, "by_itself": [], "call_minutes": 15} | wrong))
    assert set_crisis_rule(world.owner, after=2, by_itself=[], call_minutes=15).number == 3


def test_unknown_is_missing(world: World) -> None:
    with pytest.raises(Missing, match="crisis"):
        end_crisis(world.owner, crisis_id=UUID(int=1), text="x")
