"""Codes and tokens, attack by attack: replay, another client, another brand, another address, downgrade, races, and a life."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.db import connections
from django.utils import timezone

from clients.audit.models import Entry
from clients.keys.access import actor_of_key
from clients.keys.actions import (
    change_key,
    consent,
    end_consent,
    exchange_code,
    give_to_service,
    keep_keys,
    refresh_tokens,
    return_token,
    revoke_key,
)
from clients.keys.actions.making import Bounds
from clients.keys.models import Code, Family, Key, Token
from clients.keys.rules import Grant, Kind
from clients.keys.steps import LETTER, Issued
from clients.outbox.models import OutboxRow
from clients.people.actions import end_membership
from clients.people.actor import Actor
from tenants.brandref import BrandRef
from tenants.errors import Missing, Refused
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.conftest import make_person
from tests.keys.made import (
    HOME,
    REDIRECT,
    VERIFIER,
    asked_of,
    challenge_of,
    code_of,
    door,
    make_client,
    shown,
    tokens_of,
)
from tests.keys.test_door import worker
from tests.world import World, make_world


def come(world: World, access: str) -> tuple[Actor, Grant]:
    return actor_of_key(world.brand, access, ip=HOME, request_id="r")


def shut(world: World, access: str) -> bool:
    try:
        come(world, access)
    except (Refused, Missing):
        return True
    return False


def renewed(world: World, key: Key, issued: Issued, scopes: list[str] | None = None) -> Issued:
    return refresh_tokens(door(world), client=key.prefix, token=issued.refresh, scopes=scopes)


def told(world: World, verb: str) -> int:
    with brand_scope(world.brand):
        return Entry.objects.filter(verb=verb).count()


def letters(world: World) -> list[str]:
    with brand_scope(world.brand):
        return [row.payload["about"] for row in OutboxRow.objects.filter(kind=LETTER).order_by("id")]


def test_a_consent_leads_to_tokens_that_act_as_who_consented(world: World) -> None:
    key = make_client(world).key
    issued = tokens_of(world, key, ["items:read"])
    actor, grant = come(world, issued.access)
    assert (actor.person_id, actor.role, actor.key_id) == (world.approver.person_id, Role.APPROVER, key.pk)
    assert (grant.scopes, grant.kind, issued.lasts) == ({"items:read"}, Kind.APP, timedelta(hours=1))
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False), pytest.raises(Refused, match="key_over"):
        come(world, issued.access)


def test_only_digests_are_kept(world: World) -> None:
    made = make_client(world)
    code = code_of(world, made.key)
    issued = exchange_code(door(world), shown=shown(made.key, code))
    with brand_scope(world.brand):
        kept = repr([list(model.objects.values()) for model in (Key, Code, Family, Token, Entry)])
    for secret in (made.secret, code, issued.access, issued.refresh):
        assert secret not in kept
        assert secret.split("_")[-1] not in kept


# --- The code ----------------------------------------------------------------------------------------------------------


def test_a_code_that_comes_again_ends_what_it_led_to(world: World) -> None:
    key = make_client(world).key
    code = code_of(world, key)
    issued = exchange_code(door(world), shown=shown(key, code))
    come(world, issued.access)
    with pytest.raises(Refused, match="grant_invalid"):
        exchange_code(door(world), shown=shown(key, code))
    with pytest.raises(Refused, match="key_revoked"):
        come(world, issued.access)
    with pytest.raises(Refused, match="grant_invalid"):
        renewed(world, key, issued)
    assert told(world, "key.tokens_ended") == 1
    assert letters(world) == ["reused"]


WRONG: dict[str, Callable[[Any], Any]] = {
    "verifier": lambda it: replace(it, verifier="w" * 43),
    "plain": lambda it: replace(it, verifier=challenge_of(VERIFIER)),
    "no proof": lambda it: replace(it, verifier=""),
    "another address": lambda it: replace(it, redirect_uri=REDIRECT + "/"),
    "no address": lambda it: replace(it, redirect_uri=""),
}


@pytest.mark.parametrize("how", WRONG)
def test_a_code_with_a_wrong_proof_is_spent(world: World, how: str) -> None:
    key = make_client(world).key
    right = shown(key, code_of(world, key))
    with pytest.raises(Refused, match="grant_invalid"):
        exchange_code(door(world), shown=WRONG[how](right))
    with pytest.raises(Refused, match="grant_invalid"):
        exchange_code(door(world), shown=right)
    again = shown(key, code_of(world, key))
    assert exchange_code(door(world), shown=again).access


def test_a_code_lives_a_minute(world: World) -> None:
    key = make_client(world).key
    code = code_of(world, key)
    with time_machine.travel(timezone.now() + timedelta(seconds=61), tick=False), pytest.raises(Refused):
        exchange_code(door(world), shown=shown(key, code))


def test_the_code_of_another_client_is_no_code(world: World) -> None:
    key, other = make_client(world).key, make_client(world).key
    code = code_of(world, key)
    with pytest.raises(Refused, match="grant_invalid"):
        exchange_code(door(world), shown=shown(other, code))
    assert exchange_code(door(world), shown=shown(key, code)).access


def test_nor_is_that_of_another_brand(world: World, other: World) -> None:
    key, theirs = make_client(world).key, make_client(other).key
    code = code_of(other, theirs)
    for client in (key, theirs):
        with pytest.raises(Refused, match=r"grant_invalid|client_unknown"):
            exchange_code(door(world), shown=shown(client, code))
    issued = exchange_code(door(other), shown=shown(theirs, code))
    with pytest.raises(Refused, match="grant_invalid"):
        renewed(world, key, issued)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"redirect_uri": "https://evil.example/cb"}, "redirect_unknown"),
        ({"redirect_uri": REDIRECT + "?x"}, "redirect_unknown"),
        ({"challenge": ""}, "request_invalid"),
        ({"challenge": "short"}, "request_invalid"),
        ({"scopes": ("items:approve",)}, "scope_invalid"),
        ({"scopes": ()}, "scope_invalid"),
        ({"client": "zzzzzzzz"}, "client_unknown"),
    ],
)
def test_a_consent_is_checked_where_it_is_given(world: World, changes: dict[str, Any], code: str) -> None:
    asked = asked_of(make_client(world).key)
    assert consent(world.approver, asked=asked).code
    with pytest.raises(Refused, match=code):
        consent(world.approver, asked=replace(asked, **changes))


@pytest.mark.parametrize("role", Role)
def test_who_may_consent(world: World, role: Role) -> None:
    asked = asked_of(make_client(world).key)
    if role in {Role.BRAND_OWNER, Role.BRAND_MANAGER, Role.APPROVER}:
        assert consent(world.actor(role), asked=asked).code
        with pytest.raises(Refused, match="step_up_required"):
            consent(world.actor(role, stepped_up=False), asked=asked)
        return
    with pytest.raises(Refused, match="not_allowed"):
        consent(world.actor(role), asked=asked)


def test_a_service_has_no_codes_and_an_application_is_no_service(world: World) -> None:
    app, service = make_client(world).key, make_client(world, Kind.SERVICE, redirects=()).key
    with pytest.raises(Refused, match="client_unknown"):
        consent(world.approver, asked=asked_of(service))
    with pytest.raises(Refused, match="client_unknown"):
        give_to_service(door(world), client=app.prefix)
    assert come(world, give_to_service(door(world), client=service.prefix).access)[0].person_id == world.owner.person_id


def test_whoever_consented_and_left_gets_no_tokens(world: World) -> None:
    key = make_client(world).key
    code, issued = code_of(world, key), tokens_of(world, key)
    end_membership(actor=world.owner, person_id=world.people[Role.APPROVER].pk)
    with pytest.raises(Refused, match="grant_invalid"):
        exchange_code(door(world), shown=shown(key, code))
    with pytest.raises(Refused, match="grant_invalid"):
        renewed(world, key, issued)
    with pytest.raises(Refused, match="key_unanswered"):
        come(world, issued.access)


# --- Refresh tokens ----------------------------------------------------------------------------------------------------


def test_each_refresh_replaces_both(world: World) -> None:
    key = make_client(world).key
    first = tokens_of(world, key)
    second = renewed(world, key, first)
    assert shut(world, first.access)
    come(world, second.access)
    assert {first.refresh, first.access}.isdisjoint({second.refresh, second.access})


def test_a_refresh_token_that_comes_again_ends_the_family(world: World) -> None:
    key = make_client(world).key
    first, untouched = tokens_of(world, key), tokens_of(world, key)
    second = renewed(world, key, first)
    with pytest.raises(Refused, match="grant_invalid"):
        renewed(world, key, first)
    assert shut(world, second.access)
    with pytest.raises(Refused, match="grant_invalid"):
        renewed(world, key, second)
    come(world, untouched.access)
    assert (told(world, "key.tokens_ended"), letters(world)) == (1, ["reused"])


def test_of_another_client_it_is_none_and_ends_nothing(world: World) -> None:
    key, other = make_client(world).key, make_client(world).key
    issued = tokens_of(world, key)
    with pytest.raises(Refused, match="grant_invalid"):
        renewed(world, other, issued)
    assert renewed(world, key, issued).access


def test_an_access_token_refreshes_nothing_and_a_refresh_token_opens_nothing(world: World) -> None:
    key = make_client(world).key
    issued = tokens_of(world, key)
    with pytest.raises(Refused, match="grant_invalid"):
        refresh_tokens(door(world), client=key.prefix, token=issued.access)
    assert shut(world, issued.refresh)


def test_it_may_ask_for_less_and_never_for_more(world: World) -> None:
    key = make_client(world).key
    issued = tokens_of(world, key, ["items:read", "items:write"])
    narrow = renewed(world, key, issued, ["items:read"])
    assert come(world, narrow.access)[1].scopes == {"items:read"}
    wide = renewed(world, key, narrow)
    assert come(world, wide.access)[1].scopes == {"items:read", "items:write"}
    with pytest.raises(Refused, match="scope_invalid"):
        renewed(world, key, wide, ["items:read", "items:approve"])
    assert renewed(world, key, wide).access  # what asked for too much did not spend it


def test_what_the_brand_takes_from_the_client_its_tokens_lose(world: World) -> None:
    key = make_client(world).key
    issued = tokens_of(world, key, ["items:read", "items:write"])
    change_key(world.owner, key_id=key.pk, bounds=Bounds("Shop", ["items:read"], (), [REDIRECT]))
    assert come(world, issued.access)[1].scopes == {"items:read"}
    assert renewed(world, key, issued).scopes == ("items:read",)


def test_ended_by_who_consented_or_by_the_brands_heads(world: World) -> None:
    key = make_client(world).key
    for actor in (world.approver, world.owner):
        issued = tokens_of(world, key)
        with brand_scope(world.brand):
            family = Family.objects.filter(ended_at=None).get()
        end_consent(actor, family_id=family.pk)
        assert shut(world, issued.access)
    tokens_of(world, key, by=world.owner)
    with brand_scope(world.brand):
        family = Family.objects.filter(ended_at=None).get()
    with pytest.raises(Refused, match="not_allowed"):
        end_consent(world.approver, family_id=family.pk)


def test_given_back(world: World) -> None:
    key, other = make_client(world).key, make_client(world).key
    issued = tokens_of(world, key)
    assert return_token(door(world), client=other.prefix, token=issued.refresh) is False
    come(world, issued.access)
    assert return_token(door(world), client=key.prefix, token=issued.access) is True
    assert shut(world, issued.access)
    following = renewed(world, key, issued)
    assert return_token(door(world), client=key.prefix, token=following.refresh) is True
    assert shut(world, following.access)
    assert return_token(door(world), client=key.prefix, token="nothing of ours") is False


def test_what_is_long_over_goes_and_what_may_come_again_stays(world: World) -> None:
    key = make_client(world).key
    first = tokens_of(world, key)
    start = timezone.now()
    with time_machine.travel(start + timedelta(days=20), tick=False):
        second = renewed(world, key, first)
    with time_machine.travel(start + timedelta(days=45), tick=False):
        keep_keys(worker(world))
        third = renewed(world, key, second)
        with pytest.raises(Refused):
            renewed(world, key, first)  # known for what it is, a month and a half later
        assert shut(world, third.access)
    with time_machine.travel(start + timedelta(days=190), tick=False), brand_scope(world.brand):
        assert Token.objects.exists()
    with time_machine.travel(start + timedelta(days=198), tick=False):
        keep_keys(worker(world))
        with brand_scope(world.brand):
            assert not Token.objects.filter(refresh=False).exists()
            assert not Code.objects.exists()


# --- At the same moment ------------------------------------------------------------------------------------------------


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What came of these acts in threads that begin together: a value, or the code of a refusal."""
    start = threading.Barrier(len(acts))
    found: list[object] = []

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            found.append(act())
        except Refused as refused:
            found.append(refused.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.parametrize("what", ["code", "refresh"])
def test_of_many_who_bring_the_same_one_at_once_one_is_first_and_all_of_it_ends(
    real_brands: tuple[BrandRef, BrandRef], what: str
) -> None:
    world = make_world(real_brands[0], make_person)
    key = make_client(world).key
    if what == "code":
        brought = shown(key, code_of(world, key))
        found = at_once(*[lambda: exchange_code(door(world), shown=brought)] * 5)
    else:
        first = tokens_of(world, key)
        found = at_once(*[lambda: renewed(world, key, first)] * 5)
    issued = [one for one in found if isinstance(one, Issued)]
    assert len(issued) == 1
    assert [one for one in found if not isinstance(one, Issued)] == ["grant_invalid"] * 4
    assert shut(world, issued[0].access)
    assert told(world, "key.tokens_ended") == 1
    with brand_scope(world.brand):
        assert Family.objects.count() == 1


def test_a_revocation_and_an_exchange_at_once_leave_nothing_open(real_brands: tuple[BrandRef, BrandRef]) -> None:
    world = make_world(real_brands[0], make_person)
    for _round in range(3):
        key = make_client(world).key
        revoked = partial(revoke_key, world.owner, key_id=key.pk)
        exchanged = partial(exchange_code, door(world), shown=shown(key, code_of(world, key)))
        for one in at_once(revoked, exchanged):
            assert not isinstance(one, Issued) or shut(world, one.access)
