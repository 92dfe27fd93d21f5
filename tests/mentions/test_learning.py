"""A person's word wins and is learnt from; what was learnt proposes only where the brand wants it and it beats the rules."""

from collections.abc import Callable

import pytest

from clients.autonomy.vocabulary import EntryPoint
from clients.mentions.actions import correct_kind, learn_from_corrections, switch_learning, take_in
from clients.mentions.learnt import FOLDS, Asked, Example, Learnt, learn, macro_f1, parted
from clients.mentions.models import LearntModel, Mention
from clients.mentions.queries import learnt_in_force
from clients.mentions.raw import RawMention
from clients.mentions.rules import MentionKind, SortedBy, may_propose
from clients.mentions.sorting import Sorted, sort
from clients.people.actor import process_of
from tenants.errors import Conflict, Invalid, Refused
from tenants.ids import uuid7
from tenants.models import Person
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.world import World, make_world

K = MentionKind
SOURCE = uuid7()


@pytest.fixture
def world(brand_a: object, person_factory: Callable[..., Person]) -> World:
    return make_world(brand_a, person_factory)  # type: ignore[arg-type]


def kept(world: World, *texts: str) -> list[Mention]:
    take_in(world.brand, SOURCE, "mastodon", [RawMention(text, text=text) for text in texts], all_kept=True)
    with brand_scope(world.brand):
        by_text = {one.text: one for one in Mention.objects.all()}
        return [by_text[text] for text in texts]


def corrected(world: World, count: int = 40) -> None:
    """A brand where whoever speaks of bins complains, which the rules do not know."""
    for number, one in enumerate(
        kept(world, *(f"{('Les poubelles', 'Le canal')[n % 2]} du matin, jour {n}" for n in range(count)))
    ):
        correct_kind(world.cm, mention_id=one.pk, kind=(K.COMPLAINT, K.OTHER)[number % 2])


def test_a_persons_word_wins(world: World) -> None:
    (mention,) = kept(world, "Les poubelles du matin")
    assert (mention.kind, mention.sorted_by) == (K.OTHER, SortedBy.RULES)
    after = correct_kind(world.cm, mention_id=mention.pk, kind=K.COMPLAINT)
    assert (after.kind, after.sorted_by, after.kind_why) == (K.COMPLAINT, SortedBy.PERSON, [])
    assert after.priority > mention.priority and "addressed +10" in after.priority_why


def test_only_who_triages_corrects_and_only_with_a_kind_there_is(world: World) -> None:
    (mention,) = kept(world, "Les poubelles")
    with pytest.raises(Refused, match="not_allowed"):
        correct_kind(world.actor(Role.AUDITOR), mention_id=mention.pk, kind=K.COMPLAINT)
    with pytest.raises(Invalid, match="unknown_mention_kind"):
        correct_kind(world.cm, mention_id=mention.pk, kind="nonsense")  # type: ignore[arg-type]


def test_what_is_learnt_proposes_once_the_brand_wants_it_and_says_from_what(world: World) -> None:
    corrected(world)
    model = learn_from_corrections(process_of(world.brand, EntryPoint.WORKER, "learning"))
    assert model is not None and model.learnt_f1 > model.rules_f1 and (model.corrections, model.held_out) == (40, 40)
    assert kept(world, "Les poubelles du soir")[0].kind == K.OTHER
    switch_learning(world.owner, on=True)
    (mention,) = kept(world, "Encore les poubelles, tiens")
    assert (mention.kind, mention.sorted_by) == (K.COMPLAINT, SortedBy.LEARNT)
    assert mention.kind_why[0] == "learnt: 40" and "poubelles" in mention.kind_why[1]
    switch_learning(world.owner, on=False)
    assert kept(world, "Toujours ces poubelles-là")[0].sorted_by == SortedBy.RULES


def test_what_does_no_better_than_the_rules_says_nothing(world: World) -> None:
    with brand_scope(world.brand):
        LearntModel.objects.create(number=1, weights=learn([]), corrections=40, held_out=8, rules_f1=0.8, learnt_f1=0.8)
    switch_learning(world.owner, on=True)
    with brand_scope(world.brand):
        assert learnt_in_force() is None
    assert may_propose(8, 0.7, 0.8) and not may_propose(7, 0.7, 0.8) and not may_propose(8, 0.8, 0.8)


def test_a_model_is_made_of_new_corrections_only_and_by_the_house_alone(world: World) -> None:
    house = process_of(world.brand, EntryPoint.WORKER, "learning")
    assert learn_from_corrections(house) is None
    corrected(world)
    assert learn_from_corrections(house) is not None
    assert learn_from_corrections(house) is None
    with pytest.raises(Refused, match="not_allowed"):
        learn_from_corrections(world.owner)


def test_the_brand_alone_switches_it_and_not_before_there_is_a_model(world: World) -> None:
    with pytest.raises(Conflict, match="nothing_learnt"):
        switch_learning(world.owner, on=True)
    with pytest.raises(Refused, match="not_allowed"):
        switch_learning(world.cm, on=False)


def example(text: str, kind: MentionKind, by_rules: MentionKind = K.OTHER) -> Example:
    return Example(Asked(text, "fr", "mastodon", Sorted(by_rules, ())), kind)


def test_spam_and_signals_of_a_crisis_are_never_taken_back_and_spam_is_never_said() -> None:
    for kept_kind in (K.CRISIS_SIGNAL, K.SPAM):
        learnt = Learnt(learn([example(f"boycott du marché {n}", K.OTHER, kept_kind) for n in range(30)]), 30)
        assert learnt.sure(example("boycott du marché", K.OTHER, kept_kind).asked) is kept_kind
    learnt = Learnt(learn([example(f"belle promo {n}", K.SPAM) for n in range(30)]), 30)
    assert learnt.sure(example("belle promo", K.SPAM).asked) is K.OTHER
    learnt = Learnt(learn([example(f"fumée au marché {n}", K.CRISIS_SIGNAL) for n in range(30)]), 30)
    assert learnt.sure(example("fumée au marché", K.OTHER).asked) is K.CRISIS_SIGNAL


def test_a_model_holds_no_words_and_is_the_same_every_time() -> None:
    examples = [example("Léa Zorglub se plaint", K.COMPLAINT)] * 3
    weights = learn(examples)
    assert "zorglub" not in str(weights).lower() and weights["weights"]
    assert weights == learn(examples)


def test_each_is_kept_aside_once_and_never_shown_then() -> None:
    examples = [example(f"texte {n}", K.OTHER) for n in range(33)]
    turns = [parted(examples, turn) for turn in range(FOLDS)]
    assert sorted(one.asked.text for _, aside in turns for one in aside) == sorted(one.asked.text for one in examples)
    for shown, aside in turns:
        assert len(shown) + len(aside) == 33 and not {id(one) for one in shown} & {id(one) for one in aside}


def test_a_model_of_an_earlier_form_says_nothing() -> None:
    asked = Asked("Les poubelles", "fr", "mastodon", sort("", "Les poubelles", "fr", "mastodon"))
    assert Learnt({"rules": {}, "stems": {}}, 40).propose(asked) is None


def test_macro_f1() -> None:
    said = [(K.OTHER, K.OTHER), (K.OTHER, K.PRAISE), (K.PRAISE, K.PRAISE)]
    assert macro_f1(said) == pytest.approx((2 / 3 + 2 / 3) / 2)
    assert macro_f1([]) == 0
