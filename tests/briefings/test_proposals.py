"""Two sides and one briefing: what one side decides, what needs both, and that nothing else ever comes into force."""

from typing import Any

import pytest
from django.db import Error, transaction

from clients.audit.models import Entry
from clients.briefings.access import access_proposal, open_changes, open_sections, proposals_open_to
from clients.briefings.actions import (
    acknowledge_briefing,
    agree_briefing,
    propose_briefing,
    publish_briefing,
    refuse_briefing,
    remind_by_itself,
    remind_readers,
    withdraw_briefing,
)
from clients.briefings.models import Agreement, BriefingProposal
from clients.briefings.queries import (
    briefing_in_force,
    number_in_force,
    open_proposals,
    past_proposals,
)
from clients.disclosure.rules import InfoClass
from clients.mandates.actions import suspend_mandate
from clients.outbox.models import OutboxRow
from clients.people.actor import Actor
from tenants.errors import Conflict, Invalid, Missing, Refused
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.world import World

TONE, RULES = "Chaleureux.", ["Soyez bons."]


@pytest.fixture
def shared(world: World) -> World:
    """Version 2: tone and house rules are shared with the agency, the audience is the brand's own."""
    propose_briefing(
        actor=world.owner,
        base=1,
        changes={"tone": TONE, "house_rules": RULES},
        classes={"tone": InfoClass.SHARED, "house_rules": InfoClass.SHARED},
        note="why",
    )
    return world


def number(world: World) -> int:
    with brand_scope(world.brand):
        return number_in_force()


def proposed(world: World, by: Actor, base: int = 2, **changes: Any) -> BriefingProposal:
    done = propose_briefing(actor=by, base=base, changes=changes)
    assert done.proposal is not None and done.version is None
    assert number(world) == base
    return done.proposal


def agree(by: Actor, proposal: BriefingProposal) -> object:
    return agree_briefing(actor=by, proposal_id=proposal.pk, seen_digest=proposal.digest)


def value(world: World, section: str) -> Any:
    with brand_scope(world.brand):
        version = briefing_in_force()
        assert version is not None
        return next(one.value for one in open_sections(world.owner, version) if one.section == section)


@pytest.mark.parametrize("brand_first", [True, False])
def test_a_shared_section_changes_with_both_and_with_neither_alone(shared: World, brand_first: bool) -> None:
    head, owner = shared.actor(Role.AGENCY_MANAGER), shared.owner
    first, second = (owner, head) if brand_first else (head, owner)
    proposal = proposed(shared, first, tone="Sec.")
    assert value(shared, "tone") == TONE
    agree(second, proposal)
    assert (value(shared, "tone"), number(shared)) == ("Sec.", 3)
    with brand_scope(shared.brand):
        version = briefing_in_force()
        assert version is not None and version.proposal_id == proposal.pk
        said = Agreement.objects.filter(proposal=proposal).values_list("side", "person_id")
        assert set(said) == {("brand", owner.person_id), ("agency", head.person_id)}
        verbs = Entry.objects.filter(verb__startswith="briefing_").order_by("at").values_list("verb", flat=True)
        assert list(verbs)[-3:] == ["briefing_proposed", "briefing_agreed", "briefing_published"]


def test_the_brand_decides_its_own_at_once_and_the_rest_of_the_same_writing_waits(shared: World) -> None:
    done = propose_briefing(
        actor=shared.owner, base=2, changes={"tone": "Sec.", "audience": "Tous.", "embargoes": [], "key_facts": ["Un"]}
    )
    assert done.version is not None and done.proposal is not None
    assert (value(shared, "audience"), value(shared, "tone")) == ("Tous.", TONE)
    assert list(done.proposal.changes) == ["tone"]
    with pytest.raises(Refused, match="both_must_agree"):
        publish_briefing(actor=shared.owner, after=3, sections={"tone": "Sec."}, calendar={})


def test_a_brake_never_waits_for_whom_it_brakes(shared: World) -> None:
    topics = {"forbidden_topics": ["procès"]}
    open_to = {"forbidden_topics": InfoClass.SHARED}
    propose_briefing(actor=shared.owner, base=2, changes=topics, classes=open_to, note="why")
    done = propose_briefing(actor=shared.owner, base=3, changes={"forbidden_topics": ["procès", "grève"]})
    assert done.proposal is None and number(shared) == 4


def test_without_an_agency_at_work_the_brand_is_alone(shared: World) -> None:
    suspend_mandate(actor=shared.owner, mandate_id=shared.mandate.pk)
    assert propose_briefing(actor=shared.owner, base=2, changes={"tone": "Sec."}).version is not None


def test_what_a_manager_of_the_agency_proposes_needs_a_head_of_it_too(shared: World) -> None:
    proposal = proposed(shared, shared.cm, tone="Sec.")
    assert agree(shared.owner, proposal) is None
    assert number(shared) == 2
    assert agree(shared.actor(Role.AGENCY_OWNER), proposal) is not None
    assert value(shared, "tone") == "Sec."


def test_an_agency_may_propose_what_is_the_brands_and_the_brand_alone_agrees(shared: World) -> None:
    proposal = proposed(shared, shared.cm, approved_answers=[{"question": "Quand ?", "answer": "À 8 h."}])
    assert agree(shared.actor(Role.BRAND_MANAGER), proposal) is not None
    assert value(shared, "approved_answers")[0]["key"] == "1"


def test_who_may_agree_and_to_what(shared: World) -> None:
    proposal = proposed(shared, shared.actor(Role.AGENCY_MANAGER), tone="Sec.")
    with pytest.raises(Conflict, match="already_said"):
        agree(shared.actor(Role.AGENCY_OWNER), proposal)
    with pytest.raises(Refused, match="not_allowed"):
        agree(shared.approver, proposal)
    with pytest.raises(Refused, match="step_up_required"):
        agree(shared.actor(Role.BRAND_OWNER, stepped_up=False), proposal)
    with pytest.raises(Conflict, match="stale_version"):
        agree_briefing(actor=shared.owner, proposal_id=proposal.pk, seen_digest="0" * 64)
    assert number(shared) == 2
    assert agree(shared.owner, proposal) is not None
    with pytest.raises(Conflict, match="already_decided"):
        agree(shared.owner, proposal)


def test_a_no_needs_a_reason_and_ends_it(shared: World) -> None:
    head = shared.actor(Role.AGENCY_MANAGER)
    proposal = proposed(shared, head, tone="Sec.")
    with pytest.raises(Invalid, match="refusal_reason_missing"):
        refuse_briefing(actor=shared.owner, proposal_id=proposal.pk, reason=" ")
    with pytest.raises(Refused, match="wrong_side"):
        refuse_briefing(actor=head, proposal_id=proposal.pk, reason="Non")
    refuse_briefing(actor=shared.owner, proposal_id=proposal.pk, reason="Trop sec")
    for again in (
        lambda: agree(shared.owner, proposal),
        lambda: withdraw_briefing(actor=head, proposal_id=proposal.pk),
    ):
        with pytest.raises(Conflict, match="already_decided"):
            again()
    with brand_scope(shared.brand):
        assert [list(open_proposals()), [one.pk for one in past_proposals()]] == [[], [proposal.pk]]


def test_taking_back_is_for_its_writer_and_their_heads(shared: World) -> None:
    proposal = proposed(shared, shared.cm, tone="Sec.")
    with pytest.raises(Refused, match="wrong_side"):
        withdraw_briefing(actor=shared.owner, proposal_id=proposal.pk)
    withdraw_briefing(actor=shared.actor(Role.AGENCY_OWNER), proposal_id=proposal.pk)
    other = proposed(shared, shared.actor(Role.AGENCY_OWNER), tone="Sec.")
    with pytest.raises(Refused, match="not_allowed"):
        withdraw_briefing(actor=shared.cm, proposal_id=other.pk)


def test_a_proposal_is_stale_when_its_own_sections_moved_and_only_then(shared: World) -> None:
    head = shared.actor(Role.AGENCY_MANAGER)
    tone, rules = proposed(shared, head, tone="Sec."), proposed(shared, head, house_rules=["Soyez brefs."])
    other = proposed(shared, head, tone="Plus sec.")
    agree(shared.owner, tone)
    with pytest.raises(Conflict, match="stale_version") as stale:
        agree(shared.owner, other)
    assert stale.value.facts["sections"] == ["tone"]
    assert agree(shared.owner, rules) is not None
    with pytest.raises(Conflict, match="stale_version"):
        propose_briefing(actor=head, base=2, changes={"tone": "Encore."})


def test_a_rule_keeps_its_number_and_none_is_given_twice(shared: World) -> None:
    head = shared.actor(Role.AGENCY_MANAGER)
    kept = value(shared, "house_rules")
    assert kept == [{"number": "1", "rule": "Soyez bons.", "urgent": ""}]
    both = [*kept, {"number": "", "rule": "Soyez brefs."}]
    agree(shared.owner, proposed(shared, head, house_rules=both))
    assert [line["number"] for line in value(shared, "house_rules")] == ["1", "2"]
    agree(shared.owner, proposed(shared, head, 3, house_rules=kept))
    agree(shared.owner, proposed(shared, head, 4, house_rules=["Soyez bons.", "Restez polis."]))
    assert [line["number"] for line in value(shared, "house_rules")] == ["1", "3"]


def test_nobody_reads_in_a_proposal_what_they_could_not_read_before(shared: World, other: World) -> None:
    proposal = proposed(shared, shared.cm, audience="Tous.")
    with brand_scope(shared.brand):
        mine = open_changes(shared.cm, proposal)
        assert [(str(one.section), one.before, one.after) for one in mine] == [("audience", None, "Tous.")]
        assert open_changes(shared.owner, proposal)[0].before == "People who bake."
        with pytest.raises(Missing):
            access_proposal(shared.actor(Role.DEPARTMENT_CONTACT), proposal.pk)
    with pytest.raises(Missing):
        agree(other.owner, proposal)
    with brand_scope(other.brand):
        assert not open_proposals().exists()


def test_nothing_new_is_nothing_and_hours_are_the_brands(shared: World) -> None:
    with pytest.raises(Conflict, match="nothing_changes"):
        propose_briefing(actor=shared.owner, base=2, changes={"tone": f" {TONE} "})
    with pytest.raises(Refused, match="wrong_side"):
        propose_briefing(actor=shared.cm, base=2, changes={}, calendar={"time_zone": "Asia/Tokyo"})
    done = propose_briefing(actor=shared.owner, base=2, changes={}, calendar={"time_zone": "Asia/Tokyo"})
    assert done.version is not None and done.version.calendar["time_zone"] == "Asia/Tokyo"


@pytest.mark.parametrize("model", [BriefingProposal, Agreement])
def test_words_on_a_proposal_are_never_changed(shared: World, model: Any) -> None:
    proposed(shared, shared.actor(Role.AGENCY_MANAGER), tone="Sec.")
    with brand_scope(shared.brand):
        with pytest.raises(Error), transaction.atomic():
            model.objects.update(digest="0" * 64)
        with pytest.raises(Error), transaction.atomic():
            model.objects.all().delete()


def test_who_has_not_read_is_reminded_and_not_twice_at_once(shared: World) -> None:
    acknowledge_briefing(actor=shared.cm, number=2)
    with pytest.raises(Refused, match="not_allowed"):
        remind_readers(actor=shared.cm)
    told = remind_readers(actor=shared.owner)
    with brand_scope(shared.brand):
        people = set(OutboxRow.objects.filter(kind="briefings.reminder").values_list("payload__person", flat=True))
    assert len(people) == told > 3 and str(shared.cm.person_id) not in people
    with pytest.raises(Conflict, match="nobody_to_remind"):
        remind_readers(actor=shared.owner)
    assert remind_by_itself(shared.brand) == 0  # nobody has had a day yet


def test_lists_of_proposals_take_as_many_queries_however_many_there_are(
    shared: World, django_assert_num_queries: Any
) -> None:
    head, cm = shared.actor(Role.AGENCY_MANAGER), shared.cm
    for count in (1, 3):
        while _open(shared) < count:
            proposed(shared, head, tone=f"Ton {_open(shared)}")
        with brand_scope(shared.brand):
            with django_assert_num_queries(2):
                assert len([one.is_over for one in open_proposals()]) == count
            with django_assert_num_queries(3):
                assert len(proposals_open_to(cm)) == count
            with django_assert_num_queries(1):
                assert list(past_proposals()) == []


def _open(world: World) -> int:
    with brand_scope(world.brand):
        return open_proposals().count()
