"""What is counted stays counted, and what is kept belongs to who acted."""

from datetime import timedelta

import time_machine
from django.test import override_settings
from django.utils import timezone

from tests.api.calls import Api
from tests.keys.made import make_client, tokens_of
from tests.world import World


def test_a_reading_that_fails_is_counted_all_the_same(world: World, api: Api) -> None:
    """The count was rolled back with the reading, and so never came to an end."""
    with override_settings(API_REQUESTS_A_MINUTE=20), time_machine.travel(timezone.now(), tick=False):
        answers = [api.get("items?colour=red").status_code for _ in range(22)]
        assert api.get("items?limit=1").status_code == 429
    assert answers == [400] * 20 + [429] * 2
    with time_machine.travel(timezone.now().replace(second=0) + timedelta(minutes=2)):
        assert api.get("items?limit=1").status_code == 200


def test_an_answer_is_kept_for_the_person_who_acted(world: World) -> None:
    """Two people act through one application: the second one's word is not taken for the first one's, said again."""
    key = make_client(world, scopes=("items:read", "items:write", "items:approve")).key
    scopes = ("items:read", "items:approve")
    first, second = (
        Api(world.brand, tokens_of(world, key, scopes, by=one).access, key) for one in (world.owner, world.approver)
    )
    item = world.submitted("Un.")
    path, said = f"approvals/{item.pk}/approve", {"digest": item.version.digest}
    done = first.post(path, said, Idempotency_Key="k")
    again = first.post(path, said, Idempotency_Key="k")
    assert (done.status_code, again.content, again["Idempotency-Replayed"]) == (200, done.content, "true")
    other = second.post(path, said, Idempotency_Key="k")
    assert (other.status_code, other.json()["code"]) == (409, "already_decided")
    less = Api(world.brand, tokens_of(world, key, ("items:approve",), by=world.owner).access, key)
    narrower = less.post(path, said, Idempotency_Key="k")
    assert (narrower.status_code, narrower.json()["code"]) == (422, "repeat_other_body")
