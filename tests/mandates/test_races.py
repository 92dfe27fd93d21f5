"""Real threads, real transactions: of several at once exactly one wins, and what was taken away stays away."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connections

from clients.autonomy.levels import Level
from clients.mandates.actions import lower_grant, offer_mandate, suspend_mandate
from clients.mandates.models import CharterSignature, CharterVersion, Mandate
from clients.mandates.queries import bond_with
from clients.mandates.rules import CharterState
from clients.outbox.brake import let_leave
from tenants.errors import RelaisError
from tenants.vocabulary import Role
from tenants.walls.scope import BrandRef, brand_scope
from tests.conftest import make_member
from tests.mandates.house import STARTS, WIDE, House, house_in

ROUNDS = 5


@pytest.fixture
def real_house(real_brands: tuple[BrandRef, BrandRef]) -> House:
    return house_in(real_brands[0], "atelier", make_member)


def at_once(acts: list[Callable[[], object]]) -> list[object]:
    """Start all together; the result of each, or the error it met."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        start.wait()
        try:
            return act()
        except RelaisError as error:
            return error.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_of_several_signatures_at_once_one_wins(real_house: House) -> None:
    mandate = real_house.active()
    for round_ in range(ROUNDS):
        versions = [real_house.proposed(mandate, WIDE | {"daily_cap": 1 + n + 10 * round_}) for n in range(4)]
        results = at_once([lambda v=v: real_house.sign(v).pk for v in versions])
        winners = [r for r in results if not isinstance(r, str)]
        assert len(winners) == 1
        assert [r for r in results if isinstance(r, str)] == ["stale_charter"] * 3
        with brand_scope(real_house.brand):
            assert CharterSignature.objects.count() == round_ + 1
            assert CharterVersion.objects.get(state=CharterState.IN_FORCE).pk == winners[0]


def test_the_same_proposal_signed_twice_at_once_has_one_signature(real_house: House) -> None:
    version = real_house.proposed(real_house.active())
    results = at_once([lambda: real_house.sign(version).pk] * 4)
    assert sorted(map(str, results))[1:] == ["already_decided"] * 3


def test_lowering_against_signing_never_leaves_more_than_what_came_last(real_house: House) -> None:
    mandate, _ = real_house.signed()
    for _ in range(ROUNDS):
        proposal = real_house.proposed(mandate, WIDE | {"level": 6})
        cap = 100_000 - proposal.number
        lower = lambda cap=cap: lower_grant(  # noqa: E731
            actor=real_house.actor(Role.BRAND_MANAGER),
            mandate_id=mandate.pk,
            grant=WIDE | {"level": 5, "daily_cap": cap},
        )
        signed, lowered = at_once([lambda p=proposal: real_house.sign(p), lower])
        with brand_scope(real_house.brand):
            (grant,) = bond_with(real_house.agency.pk).charter.grants
        assert isinstance(lowered, CharterVersion)
        assert grant.daily_cap == cap, "the lowering came last, or the signature was refused as stale"
        assert signed == "stale_charter" or isinstance(signed, CharterVersion)


def test_two_proposals_at_once_get_two_numbers(real_house: House) -> None:
    mandate = real_house.active()
    results = at_once([lambda: real_house.proposed(mandate).number] * 4)
    assert sorted(results) == [1, 2, 3, 4]  # type: ignore[type-var]


def test_two_offers_at_once_leave_one_live_mandate(real_house: House) -> None:
    offer = lambda: offer_mandate(actor=real_house.owner, agency_id=real_house.agency.pk, starts_on=STARTS).pk  # noqa: E731
    results = at_once([offer] * 4)
    assert [r for r in results if isinstance(r, str)] == ["mandate_live"] * 3
    with brand_scope(real_house.brand):
        assert Mandate.objects.count() == 1


@contextmanager
def an_act_leaving(brand: BrandRef) -> Iterator[threading.Event]:
    """A thread that asked the gate and is now in its outward call; setting the event lets the call end."""
    asked, may_end = threading.Event(), threading.Event()

    def leave() -> None:
        with brand_scope(brand):
            let_leave(brand)
            asked.set()
            may_end.wait(10)
        connections.close_all()

    thread = threading.Thread(target=leave)
    thread.start()
    asked.wait(10)
    yield may_end
    may_end.set()
    thread.join()


@pytest.mark.parametrize("taking_away", ["suspend", "lower"])
def test_taking_away_waits_for_what_is_leaving_and_then_nothing_leaves_at_the_old_level(
    real_house: House, taking_away: str
) -> None:
    mandate, _ = real_house.signed()
    done = threading.Event()

    def take() -> None:
        if taking_away == "suspend":
            suspend_mandate(actor=real_house.owner, mandate_id=mandate.pk)
        else:
            lower_grant(actor=real_house.owner, mandate_id=mandate.pk, grant=WIDE | {"level": 0})
        done.set()
        connections.close_all()

    with an_act_leaving(real_house.brand) as may_end:
        thread = threading.Thread(target=take)
        thread.start()
        assert not done.wait(0.3)
        may_end.set()
        assert done.wait(10)
    thread.join()
    with brand_scope(real_house.brand):
        bond = bond_with(real_house.agency.pk)
    assert bond.state != "active" or [g.level for g in bond.charter.grants] == [Level.CLOSED]
