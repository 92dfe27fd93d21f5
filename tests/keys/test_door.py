"""Who comes in with a key: each reason why not, from a set-up in which it opens; and never into another brand."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clients.audit.models import Entry
from clients.autonomy.vocabulary import EntryPoint
from clients.disclosure.actions import end_integration
from clients.keys.access import actor_of_key
from clients.keys.actions import keep_keys, note_miss, note_use, renew_secret, revoke_key, take_over
from clients.keys.models import Key, KeyDay, KeyNetwork, Token
from clients.keys.queries import is_guessing
from clients.keys.rules import MOST_MISSES, MOST_TOLD_IN_A_DAY, Kind
from clients.keys.steps import LETTER
from clients.keys.tokens import Mark, new_secret
from clients.outbox.models import OutboxRow
from clients.people.actions import change_role, end_membership
from clients.people.actor import Actor, process_of
from tenants.errors import Conflict, Missing, Refused
from tenants.vocabulary import Role, Side
from tenants.walls.scope import BrandRef, brand_scope
from tests.keys.made import HOME, make_client, make_policy, make_static, tokens_of
from tests.world import World


def come(world: World, secret: str, ip: str = HOME) -> Any:
    return actor_of_key(world.brand, secret, ip=ip, request_id="r-1")


def worker(world: World) -> Actor:
    return process_of(world.brand, EntryPoint.WORKER, "worker")


def letters(world: World) -> list[str]:
    with brand_scope(world.brand):
        return [row.payload["about"] for row in OutboxRow.objects.filter(kind=LETTER, done_at=None).order_by("id")]


def test_a_key_acts_as_the_person_who_answers_for_it_and_proves_nothing(world: World) -> None:
    key, secret = make_static(world, ["items:read", "items:approve"])
    actor, grant = come(world, secret)
    assert (actor.person_id, actor.side, actor.role) == (world.owner.person_id, Side.BRAND, Role.BRAND_OWNER)
    assert (actor.via, actor.key_id, actor.request_id, actor.stepped_up_at) == (EntryPoint.API, key.pk, "r-1", None)
    assert (grant.key_id, grant.kind, grant.policy.pk) == (key.pk, Kind.STATIC, key.policy_id)
    assert grant.scopes == {"items:read", "items:approve"}
    assert not grant.allows("items:write")


def test_its_role_is_that_of_now(world: World) -> None:
    _key, secret = make_static(world, by=world.actor(Role.BRAND_MANAGER))
    assert come(world, secret)[0].role is Role.BRAND_MANAGER
    change_role(actor=world.owner, person_id=world.people[Role.BRAND_MANAGER].pk, role=Role.AUDITOR)
    assert come(world, secret)[0].role is Role.AUDITOR


def ended_place(world: World, key: Key) -> None:
    end_membership(actor=world.owner, person_id=key.answered_by)


STOPS: dict[str, Callable[[World, Key], object]] = {
    "key_revoked": lambda world, key: revoke_key(world.owner, key_id=key.pk),
    "policy_over": lambda world, key: end_integration(world.owner, policy_id=key.policy_id),
    "key_unanswered": ended_place,
}


@pytest.mark.parametrize("code", STOPS)
def test_what_ends_it_bites_on_the_next_request(world: World, code: str) -> None:
    key, secret = make_static(world, by=world.actor(Role.BRAND_MANAGER))
    come(world, secret)
    STOPS[code](world, key)
    with pytest.raises(Refused, match=code):
        come(world, secret)


@pytest.mark.parametrize("code", STOPS)
def test_and_so_does_it_for_tokens(world: World, code: str) -> None:
    manager = world.actor(Role.BRAND_MANAGER)
    key = make_client(world, by=manager).key
    access = tokens_of(world, key, by=manager).access
    assert come(world, access)[0].person_id == manager.person_id
    STOPS[code](world, key)
    with pytest.raises(Refused, match=code):
        come(world, access)


def test_it_ends_by_itself(world: World) -> None:
    _key, secret = make_static(world, days=2)
    with time_machine.travel(timezone.now() + timedelta(days=1, hours=23), tick=False):
        come(world, secret)
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False), pytest.raises(Refused, match="key_over"):
        come(world, secret)


def test_only_from_where_it_may(world: World) -> None:
    _key, secret = make_static(world, networks=["192.0.2.0/24", "2001:db8::/32"])
    for ip in ("192.0.2.200", "2001:db8::9", "::ffff:192.0.2.3"):
        come(world, secret, ip)
    for ip in ("192.0.3.1", "2001:db9::1", ""):
        with pytest.raises(Refused, match="key_elsewhere"):
            come(world, secret, ip)


def test_the_second_brands_key_is_absent_here(world: World, other: World) -> None:
    key, secret = make_static(world)
    _foreign, foreign = make_static(other)
    assert come(world, secret)[1].key_id == key.pk
    with pytest.raises(Missing, match="key"):
        come(world, foreign)
    access = tokens_of(other, make_client(other).key).access
    come(other, access)
    with pytest.raises(Missing, match="key"):
        come(world, access)


@pytest.mark.parametrize(
    "made", [lambda: new_secret(Mark.KEY, "k7Qm2ZbX"), lambda: "Bearer", lambda: "", lambda: "\0é"]
)
def test_what_is_no_key_is_absent(world: World, made: Callable[[], str]) -> None:
    make_static(world)
    with pytest.raises(Missing, match="key"):
        come(world, made())


def test_what_is_a_secret_of_another_sort_opens_nothing(world: World) -> None:
    made = make_client(world)
    issued = tokens_of(world, made.key)
    come(world, issued.access)
    for text in (made.secret, issued.refresh):
        with pytest.raises(Missing, match="key"):
            come(world, text)


def test_a_wrong_key_asks_the_same_whatever_it_begins_with(world: World) -> None:
    """Timing, by what takes the time: the same one question for a known beginning and for an unknown one."""
    key, _secret = make_static(world)
    asked = []
    for prefix in (key.prefix, "zzzzzzzz"):
        with (
            CaptureQueriesContext(
                connection,
            ) as seen,
            pytest.raises(Missing),
        ):
            come(world, new_secret(Mark.KEY, prefix))
        asked.append([query["sql"].split("WHERE")[0] for query in seen])
    assert asked[0] == asked[1]
    assert sum("keys_key" in sql for sql in asked[0]) == 1


@pytest.mark.parametrize(
    "forged",
    [
        {"scopes": ["items:approve"]},
        {"answered_by": "owner"},
        {"networks": ["0.0.0.0/0"]},
        {"expires_at": timezone.now() + timedelta(days=3000)},
        {"seal": ""},
    ],
)
def test_what_sql_put_there_opens_nothing(world: World, forged: dict[str, Any]) -> None:
    key, secret = make_static(world, networks=["192.0.2.0/24"], by=world.actor(Role.BRAND_MANAGER))
    come(world, secret)
    values = {name: world.owner.person_id if value == "owner" else value for name, value in forged.items()}
    with brand_scope(world.brand):
        Key.objects.filter(pk=key.pk).update(**values)
    with pytest.raises(Missing, match="key"):
        come(world, secret)


def test_nor_does_a_token_that_somebody_added(world: World) -> None:
    access = tokens_of(world, make_client(world).key).access
    forged = new_secret(Mark.ACCESS)
    from clients.keys.tokens import digest_of

    with brand_scope(world.brand):
        like = Token.objects.get(digest=digest_of(access))
        Token.objects.create(
            family=like.family, digest=digest_of(forged), scopes=like.scopes, expires_at=like.expires_at, seal=like.seal
        )
    come(world, access)
    with pytest.raises(Missing, match="key"):
        come(world, forged)


# --- Answering ---------------------------------------------------------------------------------------------------------


def test_somebody_else_of_the_brand_takes_it_over_once_nobody_answers(world: World) -> None:
    key, secret = make_static(world, by=world.actor(Role.BRAND_MANAGER))
    with pytest.raises(Conflict, match="key_answered"):
        take_over(world.owner, key_id=key.pk)
    ended_place(world, key)
    made = take_over(world.owner, key_id=key.pk)
    with pytest.raises(Missing):
        come(world, secret)
    assert come(world, made.secret)[0].person_id == world.owner.person_id


def test_with_the_same_secret_if_nobody_who_left_knows_it(world: World) -> None:
    key, secret = make_static(world, by=world.actor(Role.BRAND_MANAGER))
    ended_place(world, key)
    assert take_over(world.owner, key_id=key.pk, fresh_secret=False).secret == ""
    assert come(world, secret)[0].person_id == world.owner.person_id


def test_another_secret_ends_the_one_before(world: World) -> None:
    key, secret = make_static(world)
    made = renew_secret(world.owner, key_id=key.pk)
    with pytest.raises(Missing):
        come(world, secret)
    assert come(world, made.secret)[1].key_id == key.pk


def test_nobody_learns_a_secret_that_acts_as_somebody_else(world: World) -> None:
    key, _secret = make_static(world)
    with pytest.raises(Conflict, match="key_of_another"):
        renew_secret(world.actor(Role.BRAND_MANAGER), key_id=key.pk)


# --- Use ---------------------------------------------------------------------------------------------------------------


def test_use_is_written_once_a_minute_and_not_with_each_request(world: World) -> None:
    key, secret = make_static(world)
    start = timezone.now()
    for second in (0, 1, 30, 59, 61, 70):
        with time_machine.travel(start + timedelta(seconds=second), tick=False):
            _actor, grant = come(world, secret)
            assert grant.to_note is (second in {0, 61})
            if grant.to_note:
                note_use(world.brand, key_id=key.pk, ip=HOME)
    with brand_scope(world.brand):
        (day,) = KeyDay.objects.filter(key=key)
        assert day.minutes == 2
        assert [seen.network for seen in KeyNetwork.objects.filter(key=key)] == ["192.0.2.0/24"]


def test_a_new_network_is_told_once(world: World) -> None:
    key, secret = make_static(world)
    for ip in ("192.0.2.7", "192.0.2.8", "198.51.100.1", "198.51.100.1"):
        if come(world, secret, ip)[1].to_note:
            note_use(world.brand, key_id=key.pk, ip=ip)
    with brand_scope(world.brand):
        told = [entry.facts["network"] for entry in Entry.objects.filter(verb="key.new_network").order_by("seq")]
    assert told == ["192.0.2.0/24", "198.51.100.0/24"]
    assert letters(world) == ["network", "network"]


def test_somebody_who_hops_does_not_flood_the_mailbox(world: World) -> None:
    key, _secret = make_static(world)
    for number in range(MOST_TOLD_IN_A_DAY + 3):
        note_use(world.brand, key_id=key.pk, ip=f"10.0.{number}.1")
    assert letters(world) == ["network"] * MOST_TOLD_IN_A_DAY
    with brand_scope(world.brand):
        assert Entry.objects.filter(verb="key.new_network").count() == MOST_TOLD_IN_A_DAY + 3


def test_who_tries_secrets_out_waits(world: World) -> None:
    minute = timezone.now().replace(second=0, microsecond=0)
    for number in range(MOST_MISSES):
        with brand_scope(world.brand):
            assert not is_guessing("somebody", minute), number
        note_miss(world.brand, about="somebody", since=minute)
    with brand_scope(world.brand):
        assert is_guessing("somebody", minute)
        assert not is_guessing("somebody else", minute)
        assert Entry.objects.filter(verb="key.guessed").count() == 1


# --- Each day ----------------------------------------------------------------------------------------------------------


def test_letters_before_the_end_each_once(world: World) -> None:
    make_static(world, days=30)
    start, told = timezone.now(), []
    for day in (0, 15, 16.5, 17, 27, 28.5, 29):
        with time_machine.travel(start + timedelta(days=day), tick=False):
            assert keep_keys(worker(world)) == 0
        told.append(len(letters(world)))
    assert told == [0, 0, 1, 1, 1, 2, 2]
    with time_machine.travel(start + timedelta(days=30, hours=1), tick=False):
        assert keep_keys(worker(world)) == 1


def test_a_key_whose_policy_ended_is_revoked(world: World) -> None:
    policy = make_policy(world)
    key, _secret = make_static(world, policy_id=policy.pk)
    kept, secret = make_static(world)
    end_integration(world.owner, policy_id=policy.pk)
    assert keep_keys(worker(world)) == 1
    with brand_scope(world.brand):
        assert Key.objects.get(pk=key.pk).revoked_why == "policy"
        assert Key.objects.get(pk=kept.pk).revoked_at is None
    come(world, secret)


def test_a_key_that_nobody_answers_for_is_told_once(world: World) -> None:
    key, _secret = make_static(world, by=world.actor(Role.BRAND_MANAGER))
    keep_keys(worker(world))
    assert letters(world) == []
    ended_place(world, key)
    for _day in range(2):
        keep_keys(worker(world))
    assert letters(world) == ["unanswered"]


def test_only_the_worker_keeps(world: World, brand_b: BrandRef) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        keep_keys(world.owner)
