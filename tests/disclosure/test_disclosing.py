"""Nothing leaves without its line, and what may not leave has none: the ledger, its words and its ends."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import Error, transaction
from django.utils import timezone

from clients.audit.models import Entry
from clients.autonomy.vocabulary import EntryPoint
from clients.disclosure.access import access_disclosure, access_policy
from clients.disclosure.actions import allow_integration, end_disclosure, end_integration
from clients.disclosure.models import Disclosure, DisclosureWords, IntegrationPolicy
from clients.disclosure.queries import allowed_fields, disclosures, policies, policy_in_force
from clients.disclosure.rules import InfoClass, Way
from clients.disclosure.steps import Matter, Recipient, disclose
from clients.people.actor import Actor, process_of
from tenants.errors import Conflict, Invalid, Missing, Refused
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope, durable
from tests.world import World

PUBLIC, SHARED, NAMED, BRAND = InfoClass


def leave(world: World, actor: Actor, info_class: InfoClass = SHARED, way: Way = Way.CSV, **more: object) -> Disclosure:
    with brand_scope(world.brand):
        what = Matter("items.item", (uuid4(),), info_class, "d" * 64)
        return disclose(actor, way=way, to=Recipient.address("x@y.example"), what=what, why="downloaded", **more)  # type: ignore[arg-type]


def test_a_line_says_to_whom_what_why_and_by_whose_leave(world: World) -> None:
    row = leave(world, world.owner, BRAND, reason="for the board")
    with brand_scope(world.brand):
        kept = Disclosure.objects.select_related("words").get(pk=row.pk)
        assert (kept.way, kept.object_kind, kept.count, kept.info_class) == ("csv", "items.item", 1, "brand")
        assert (kept.leave_person, kept.side, kept.digest) == (world.owner.person_id, "brand", "d" * 64)
        assert (kept.words.recipient, kept.words.reason) == ("x@y.example", "for the board")
        entry = Entry.objects.get(verb="disclosed", subject_id=row.pk)
        assert "x@y.example" not in str(entry.facts) and "board" not in str(entry.facts)


@pytest.mark.parametrize("info_class", [NAMED, BRAND])
def test_the_agency_takes_out_what_is_shared_and_no_more(world: World, info_class: InfoClass) -> None:
    leave(world, world.cm, SHARED)
    with pytest.raises(Refused, match="class_forbids"):
        leave(world, world.cm, info_class)
    with brand_scope(world.brand):
        assert Disclosure.objects.count() == 1


def test_a_process_needs_a_policy(world: World) -> None:
    worker = process_of(world.brand, EntryPoint.WORKER, "worker")
    with pytest.raises(Refused, match="class_forbids"):
        leave(world, worker, PUBLIC, Way.MAIL)
    assert leave(world, worker, SHARED, Way.MAIL, policy_name="asking").leave_policy == "asking"
    with pytest.raises(Refused):
        leave(world, worker, NAMED, Way.MAIL, policy_name="asking")


def test_a_line_is_never_touched_and_its_words_may_go(world: World) -> None:
    row = leave(world, world.owner)
    with brand_scope(world.brand):
        for touch in (lambda: Disclosure.objects.update(why="x"), lambda: Disclosure.objects.all().delete()):
            with pytest.raises(Error), transaction.atomic():
                touch()
        DisclosureWords.objects.filter(disclosure=row).delete()
        assert Disclosure.objects.filter(pk=row.pk).exists()


def test_what_fails_afterwards_did_not_leave(world: World) -> None:
    with pytest.raises(ZeroDivisionError), durable(world.brand):
        leave(world, world.owner)
        1 / 0  # noqa: B018
    with brand_scope(world.brand):
        assert not Disclosure.objects.exists()
        assert not Entry.objects.filter(verb="disclosed").exists()


def test_ended_once_by_a_head_of_the_brand(world: World) -> None:
    row = leave(world, world.owner, until=timezone.now() + timedelta(days=1))
    for refused in (Role.AGENCY_OWNER, Role.AUDITOR, Role.APPROVER):
        with pytest.raises(Refused):
            end_disclosure(world.actor(refused), disclosure_id=row.pk)
    assert end_disclosure(world.actor(Role.BRAND_MANAGER), disclosure_id=row.pk).side == "brand"
    with pytest.raises(Conflict, match="already_ended"):
        end_disclosure(world.owner, disclosure_id=row.pk)


def test_nothing_of_the_brand_next_door(world: World, other: World) -> None:
    theirs, ours = leave(other, other.owner), leave(world, world.owner)
    with brand_scope(world.brand):
        assert [one.pk for one in disclosures({})] == [ours.pk]
        with pytest.raises(Missing):
            access_disclosure(world.owner, theirs.pk)
    with pytest.raises(Missing):
        end_disclosure(world.owner, disclosure_id=theirs.pk)


def test_one_query_whatever_hangs_on_it(world: World, django_assert_num_queries: object) -> None:
    for _ in range(3):
        leave(world, world.owner, reason="why")
    with brand_scope(world.brand):
        Disclosure.objects.exists()
        with django_assert_num_queries(1):  # type: ignore[operator]
            assert {one.words.reason for one in disclosures({"way": "csv", "to": "address"})} == {"why"}
        assert not disclosures({"way": "pdf"}).exists()


# --- What other systems may read ---------------------------------------------------------------------------------------


def allow(world: World, by: Actor | None = None, **changes: object) -> IntegrationPolicy:
    given = {
        "name": "CRM",
        "system": "api",
        "purpose": "contacts",
        "fields": {"items.item": ["title", "state"]},
        "most_class": SHARED,
        "until": timezone.now() + timedelta(days=30),
    }
    return allow_integration(by or world.owner, **(given | changes))  # type: ignore[arg-type]


def test_a_system_reads_the_fields_that_are_named(world: World) -> None:
    policy = allow(world)
    assert allowed_fields(policy, "items.item") == {"title", "state"}
    assert allowed_fields(policy, "gate.receipt") == frozenset()
    worker = process_of(world.brand, EntryPoint.API, "CRM")
    assert leave(world, worker, SHARED, Way.API, policy=policy).leave_policy == str(policy.pk)
    with pytest.raises(Refused):
        leave(world, worker, NAMED, Way.API, policy=policy)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "name_empty"),
        ({"system": "fax"}, "unknown_system"),
        ({"purpose": ""}, "purpose_missing"),
        ({"fields": {}}, "fields_missing"),
        ({"fields": {"items.item": ["secret"]}}, "unknown_field"),
        ({"fields": {"tenants.person": ["email"]}}, "unknown_field"),
        ({"most_class": BRAND}, "unknown_class"),
        ({"until": timezone.now() - timedelta(days=1)}, "end_before_start"),
    ],
)
def test_a_policy_says_exactly_what(world: World, changes: dict[str, object], code: str) -> None:
    with pytest.raises(Invalid, match=code):
        allow(world, **changes)
    allow(world)


def test_only_the_owner_allows_and_only_after_proving_it(world: World) -> None:
    for refused in (Role.BRAND_MANAGER, Role.AGENCY_OWNER, Role.AUDITOR):
        with pytest.raises(Refused, match="not_allowed"):
            allow(world, world.actor(refused))
    with pytest.raises(Refused, match="step_up_required"):
        allow(world, world.actor(Role.BRAND_OWNER, stepped_up=False))
    allow(world)


def test_an_end_and_a_last_day_bite_at_once(world: World, other: World) -> None:
    policy, theirs = allow(world), allow(other)
    now = timezone.now()
    with brand_scope(world.brand):
        assert policy_in_force(policy.pk, now) is not None
        assert policy_in_force(policy.pk, policy.until) is None
        assert policy_in_force(theirs.pk, now) is None
        assert [one.pk for one in policies()] == [policy.pk]
        with pytest.raises(Missing):
            access_policy(world.owner, theirs.pk)
    worker = process_of(world.brand, EntryPoint.API, "CRM")
    leave(world, worker, SHARED, Way.API, policy=policy)
    policy = end_integration(world.actor(Role.BRAND_MANAGER), policy_id=policy.pk)
    with pytest.raises(Refused, match="policy_over"):
        leave(world, worker, SHARED, Way.API, policy=policy)
    with brand_scope(world.brand):
        assert policy_in_force(policy.pk, now) is None
    with pytest.raises(Conflict, match="already_ended"):
        end_integration(world.owner, policy_id=policy.pk)
