"""A key's and a token family's life, played by Hypothesis against a small model of what must open: never more, never longer."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from clients.disclosure.actions import end_integration
from clients.keys.access import actor_of_key
from clients.keys.actions import (
    change_key,
    exchange_code,
    keep_keys,
    refresh_tokens,
    renew_secret,
    return_token,
    revoke_key,
    take_over,
)
from clients.keys.actions.making import Bounds
from clients.keys.models import Key
from clients.keys.rules import FAMILY_LASTS, REFRESH_LASTS
from clients.people.actions import end_membership
from tenants.errors import Conflict, Missing, Refused
from tenants.vocabulary import Role
from tests.keys.made import HOME, code_of, door, make_client, make_policy, make_static, shown
from tests.keys.test_door import worker
from tests.world import World

PAIRS = ("items:read", "items:write")


class Life(RuleBasedStateMachine):
    """The model: per secret whether it should open, and how far."""

    world: World
    tokens = Bundle("tokens")

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = timezone.now()
        self.travel = time_machine.travel(self.now, tick=False)
        self.travel.start()
        self.savepoint: Any = transaction.atomic()
        self.savepoint._from_testcase = True  # an action may open its durable transaction inside
        self.savepoint.__enter__()
        self.newest: dict[int, str] = {}
        self.newest_access: dict[int, str] = {}
        self.until: dict[str, datetime] = {}
        self.ends: dict[int, datetime] = {}

    @initialize()
    def begin(self) -> None:
        self.manager = self.world.actor(Role.BRAND_MANAGER)
        self.policy = make_policy(self.world, days=40)
        self.key, secret = make_static(self.world, PAIRS, by=self.manager, policy_id=self.policy.pk, days=30)
        self.app = make_client(self.world, scopes=PAIRS).key
        self.secrets = {secret: True}
        self.answering, self.revoked, self.policy_ended = "manager", False, False
        self.scopes: dict[Any, frozenset[str]] = {self.key.pk: frozenset(PAIRS), self.app.pk: frozenset(PAIRS)}
        self.access: dict[str, tuple[int, datetime]] = {}
        self.refreshes: dict[str, int] = {}
        self.families: dict[int, bool] = {}
        self.app_revoked = False

    # --- the key ---

    @rule()
    def revoke(self) -> None:
        if self.revoked:
            with pytest.raises(Conflict):
                revoke_key(self.owner, key_id=self.key.pk)
            return
        revoke_key(self.owner, key_id=self.key.pk)
        self.revoked = True

    @rule(read=st.booleans())
    def narrow(self, read: bool) -> None:
        wanted = PAIRS[:1] if read else PAIRS
        with suppress(Conflict):
            change_key(self._who(), key_id=self.key.pk, bounds=Bounds("CRM", wanted))
            self.scopes[self.key.pk] = frozenset(wanted)

    @rule()
    def another_secret(self) -> None:
        with suppress(Conflict):
            made = renew_secret(self._who(), key_id=self.key.pk)
            self.secrets = dict.fromkeys(self.secrets, False) | {made.secret: True}

    @rule()
    def leave(self) -> None:
        if self.answering == "manager":
            end_membership(actor=self.owner, person_id=self.manager.somebody)
            self.answering = ""

    @rule(fresh=st.booleans())
    def take(self, fresh: bool) -> None:
        if self.revoked or self.answering:
            with pytest.raises(Conflict):
                take_over(self.owner, key_id=self.key.pk, fresh_secret=fresh)
            return
        made = take_over(self.owner, key_id=self.key.pk, fresh_secret=fresh)
        self.answering = "owner"
        if made.secret:
            self.secrets = dict.fromkeys(self.secrets, False) | {made.secret: True}

    @rule()
    def end_policy(self) -> None:
        if not self.policy_ended:
            end_integration(self.owner, policy_id=self.policy.pk)
            self.policy_ended = True

    @rule(hours=st.sampled_from([1, 30, 24 * 12]))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self.travel.stop()
        self.travel = time_machine.travel(self.now, tick=False)
        self.travel.start()

    @rule()
    def day(self) -> None:
        keep_keys(worker(self.world))
        self.revoked = self.revoked or self.policy_ended or self.now >= self.key.expires_at
        self.app_revoked = self.app_revoked or self.now >= self.app.expires_at

    # --- the tokens ---

    @rule(target=tokens)
    def consent(self) -> str:
        if self.app_revoked or self.now >= self.app.expires_at:
            return ""
        return self._begun(
            exchange_code(door(self.world), shown=shown(self.app, code_of(self.world, self.app, PAIRS, self.owner)))
        )

    @rule(target=tokens, token=tokens)
    def refresh(self, token: str) -> str:
        family = self.refreshes.get(token)
        if family is None:
            return ""
        good = (
            self.families[family]
            and token == self.newest[family]
            and self.now < self.until[token]
            and not self.app_over
        )
        try:
            issued = refresh_tokens(door(self.world), client=self.app.prefix, token=token)
        except Refused:
            assert not good
            if not self.app_over and self.families[family] and token != self.newest[family]:
                self.families[family] = False  # it came a second time
            return ""
        assert good
        return self._handed(family, issued)

    @rule(token=consumes(tokens))
    def back(self, token: str) -> None:
        if token in self.refreshes and self.families[self.refreshes[token]]:
            return_token(door(self.world), client=self.app.prefix, token=token)
            self.families[self.refreshes[token]] = False

    @rule()
    def revoke_app(self) -> None:
        if not self.app_revoked:
            revoke_key(self.owner, key_id=self.app.pk)
            self.app_revoked = True

    # --- what must hold ---

    @invariant()
    def what_opens(self) -> None:
        if not hasattr(self, "key"):
            return
        for secret, known in self.secrets.items():
            wanted = (
                known
                and not self.revoked
                and not self.policy_ended
                and bool(self.answering)
                and self.now < self.key.expires_at
            )
            self._check(secret, wanted, self.key)
        for access, (family, until) in self.access.items():
            newest = access == self.newest_access[family]
            wanted = newest and self.families[family] and not self.app_over and self.now < until
            self._check(access, wanted, self.app)

    def _check(self, secret: str, wanted: bool, key: Key) -> None:
        try:
            actor, grant = actor_of_key(self.world.brand, secret, ip=HOME, request_id="")
        except (Missing, Refused):
            assert not wanted
            return
        assert wanted
        assert grant.scopes == self.scopes[key.pk]
        assert actor.stepped_up_at is None

    @property
    def owner(self) -> Any:
        return self.world.owner

    @property
    def app_over(self) -> bool:
        return self.app_revoked or self.now >= min(self.app.expires_at, self.app.policy.until)

    def _who(self) -> Any:
        return self.manager_now if self.answering == "manager" else self.owner

    @property
    def manager_now(self) -> Any:
        return self.world.actor(Role.BRAND_MANAGER)

    def _begun(self, issued: Any) -> str:
        family = len(self.families)
        self.families[family] = True
        self.ends[family] = min(self.now + FAMILY_LASTS, self.app.expires_at)
        return self._handed(family, issued)

    def _handed(self, family: int, issued: Any) -> str:
        self.newest[family], self.newest_access[family] = issued.refresh, issued.access
        self.until[issued.refresh] = min(self.now + REFRESH_LASTS, self.ends[family])
        self.refreshes[issued.refresh] = family
        self.access[issued.access] = (family, self.now + issued.lasts)
        return str(issued.refresh)

    def teardown(self) -> None:
        self.travel.stop()
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)


@pytest.fixture
def lives(world: World) -> type[Life]:
    Life.world = world
    return Life


def test_nothing_opens_longer_or_further_than_the_brand_said(lives: type[Life]) -> None:
    run_state_machine_as_test(
        lives,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
        ),
    )
