"""The approval policy on screen: everybody who reads items reads it, the brand's owner and managers set it."""

import re
from datetime import timedelta

import pytest

from clients.approvals.actions import set_policy
from clients.approvals.models import ApprovalPolicy
from clients.approvals.queries import policy_in_force
from clients.people.actions import end_membership
from portal.times import hours_of
from portal.typed import duration_typed
from tenants.errors import Invalid
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.conftest import Browse
from tests.world import World

FORM = {"who": "any", "decide_minutes": "8", "on_lapse": "skip", "veto_minutes": "1:30", "undo_seconds": "5"}


def held(world: World) -> ApprovalPolicy:
    with brand_scope(world.brand):
        return policy_in_force()


@pytest.mark.parametrize("role", list(Role))
def test_owner_and_managers_set_it_and_the_others_read_it(world: World, browse: Browse, role: Role) -> None:
    client = browse(world.people[role], world.brand, proved=True)
    sets = role in {Role.BRAND_OWNER, Role.BRAND_MANAGER}
    page = client.get("/asking/")
    assert page.status_code == (403 if role is Role.DEPARTMENT_CONTACT else 200)
    assert ('action="/asking/policy"' in page.content.decode()) is sets
    if role is not Role.DEPARTMENT_CONTACT:
        assert "The yes of any one approver is enough." in page.content.decode()
    assert client.post("/asking/policy", FORM).status_code == (303 if sets else 403)
    assert held(world).veto_minutes == (90 if sets else 240)


def test_what_is_typed_holds_and_is_read_in_sentences(world: World, browse: Browse) -> None:
    client = browse(world.people[Role.BRAND_MANAGER], world.brand, proved=True)
    both = [str(world.people[role].pk) for role in (Role.APPROVER, Role.BRAND_OWNER)]
    assert client.post("/asking/policy", FORM | {"who": "all", "needs": both}).status_code == 303
    policy = held(world)
    assert (set(policy.needs), policy.decide_minutes, policy.on_lapse) == (set(both), 480, "skip")
    assert (policy.veto_minutes, policy.undo_seconds) == (90, 5)
    page = client.get("/asking/").content.decode()
    assert re.search(r"(Approver and Brand Owner|Brand Owner and Approver) must all say yes", page)
    assert "within 8 working hours; otherwise the item is skipped" in page
    assert "lasts 1:30 working hours" in page and "for 5 seconds" in page
    assert 'value="1:30"' in page and page.count('name="needs"') == 3
    assert client.post("/asking/policy", FORM | {"who": "any", "needs": both, "decide_minutes": ""}).status_code == 303
    assert (held(world).needs, held(world).decide_minutes) == ([], None)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"who": "all"}, "needs"),
        ({"who": ""}, "needs"),
        ({"who": "all", "needs": "x"}, "needs"),
        ({"who": "all", "needs": "01a1fc29-fc1c-713d-a357-c1e816879584"}, "needs"),
        ({"decide_minutes": "soon"}, "decide_minutes"),
        ({"decide_minutes": "0"}, "decide_minutes"),
        ({"decide_minutes": "337"}, "decide_minutes"),
        ({"on_lapse": "send"}, "on_lapse"),
        ({"veto_minutes": ""}, "veto_minutes"),
        ({"veto_minutes": "1:60"}, "veto_minutes"),
        ({"veto_minutes": "-1"}, "veto_minutes"),
        ({"undo_seconds": "61"}, "undo_seconds"),
        ({"undo_seconds": "x"}, "undo_seconds"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(world: World, browse: Browse, wrong: dict[str, str], field: str) -> None:
    answer = browse(world.people[Role.BRAND_OWNER], world.brand, proved=True).post("/asking/policy", FORM | wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    marked = re.search(r'<(\w+)[^>]*aria-describedby="[^"]*\b[a-z]+-error"[^>]*>', page)
    assert marked and (field == "needs") == (marked[1] == "fieldset")
    assert field == "needs" or f'name="{field}"' in marked[0]
    assert page.count('class="field-error"') == 1
    assert 'value="1:30"' in page or field == "veto_minutes"
    assert held(world).undo_seconds == 10


def test_somebody_who_is_needed_and_has_left_is_named(world: World, browse: Browse) -> None:
    approver = world.people[Role.APPROVER]
    set_policy(world.owner, needs=[approver.pk], decide_minutes=None, on_lapse="hold", veto_minutes=60)
    client = browse(world.people[Role.BRAND_OWNER], world.brand, proved=True)
    assert "can no longer say yes" not in client.get("/asking/").content.decode()
    end_membership(actor=world.owner, person_id=approver.pk)
    assert f"{approver.name} can no longer say yes" in client.get("/asking/").content.decode()


def test_a_policy_of_another_brand_stays_there(world: World, other: World, browse: Browse) -> None:
    browse(world.people[Role.BRAND_OWNER], world.brand, proved=True).post("/asking/policy", FORM)
    assert held(other).undo_seconds == 10
    assert (
        browse(other.people[Role.BRAND_OWNER], world.brand, proved=True).post("/asking/policy", FORM).status_code == 404
    )


def test_durations() -> None:
    assert [duration_typed(t, "f") for t in ("", "4", " 1:30 ", "0:05", "336")] == [None, 240, 90, 5, 336 * 60]
    assert [duration_typed(hours_of(m), "f") for m in (1, 59, 60, 90, 480)] == [1, 59, 60, 90, 480]
    assert timedelta(minutes=duration_typed("1:5", "f") or 0) == timedelta(hours=1, minutes=5)
    for wrong in ("x", "1:60", "1:", "1.5", "-1", ":30", "1:2:3", "9" * 12, "²"):
        with pytest.raises(Invalid) as error:
            duration_typed(wrong, "f")
        assert (error.value.code, error.value.field) == ("not_a_duration", "f")
