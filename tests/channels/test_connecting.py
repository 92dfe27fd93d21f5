"""Connecting for real: tried out first, over the network and back, renewed, looked at, confirmed, ended there as well."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings as installation
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clients.audit.models import Entry
from clients.autonomy.vocabulary import EntryPoint
from clients.channels import registry
from clients.channels.access import credentials_of
from clients.channels.actions import (
    check_channel,
    confirm_channel,
    connect_channel,
    connect_invited,
    finish_authorisation,
    invite_to_connect,
    mark_health,
    note_health,
    renew_tokens,
    revoke_channel,
    rotate_secret,
)
from clients.channels.actions.checking import date_channels, warn_of_end
from clients.channels.actions.inviting import seen_of
from clients.channels.authorising import Journey, begin_authorisation
from clients.channels.models import Channel
from clients.channels.port import SendFailed
from clients.channels.queries import channels_taking
from clients.channels.steps import CHECK, ENDING, LETTER, RENEW
from clients.outbox import daily
from clients.outbox import registry as outbox_registry
from clients.outbox.daily import look_through
from clients.outbox.models import OutboxRow
from clients.people.actor import Actor, process_of
from portal.kept import KEY
from tenants.errors import Conflict, Invalid, Refused
from tenants.vocabulary import Role
from tenants.walls.scope import BrandRef, brand_scope, durable
from tests.channels.fakes import authority as fakes
from tests.channels.fakes.authority import Authority
from tests.conftest import make_person
from tests.world import World, make_world

REDIRECT = f"http://{installation.HUB_HOST}/channels/back"


@pytest.fixture
def world(real_brands: tuple[BrandRef, BrandRef]) -> World:
    return make_world(real_brands[0], make_person)


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Authority]:
    monkeypatch.setitem(registry.FOLDERS, "network", "tests.channels.fakes.network")
    settings.ALLOW_PRIVATE_HOSTS = True
    with fakes.running() as found:
        yield found


@pytest.fixture
def worker(world: World) -> Actor:
    return process_of(world.brand, EntryPoint.WORKER, "channels")


def token_of(network: Authority) -> str:
    network.access.add("good")
    return "good"


def typed(network: Authority, token: str) -> dict[str, Any]:
    return {"port": network.port, "access_token": token}


def connected(world: World, network: Authority, **given: Any) -> Channel:
    settings = typed(network, token_of(network))
    return connect_channel(actor=world.owner, kind="network", name="Réseau", settings=settings, **given)


def set_out(actor: Actor, network: Authority, **given: Any) -> Journey:
    given = {"kind": "network", "name": "Réseau", "settings": {"port": network.port}, "redirect": REDIRECT} | given
    return begin_authorisation(actor=actor, **given)


def arrived(actor: Actor, journey: Journey, back: dict[str, str]) -> Channel:
    return finish_authorisation(
        actor=actor,
        channel_id=journey.channel_id,
        envelope=journey.envelope,
        state=back["state"],
        issuer=back.get("issuer", journey.issuer),
        code=back["code"],
    )


def authorised(world: World, network: Authority) -> Channel:
    journey = set_out(world.owner, network)
    return arrived(world.owner, journey, network.agree(journey.address))


def rows(brand: BrandRef, kind: str) -> list[OutboxRow]:
    with brand_scope(brand):
        return list(OutboxRow.objects.filter(kind=kind, done_at=None).order_by("due_at"))


def fresh(channel: Channel, brand: BrandRef) -> Channel:
    with brand_scope(brand):
        return Channel.objects.get(pk=channel.pk)


def log(brand: BrandRef) -> list[str]:
    with brand_scope(brand):
        return list(Entry.objects.filter(verb__startswith="channel").order_by("id").values_list("verb", flat=True))[1:]


def secret_of(channel: Channel, brand: BrandRef, name: str) -> str:
    with brand_scope(brand):
        return credentials_of(Channel.objects.get(pk=channel.pk)).reveal(name)


class TestTrying:
    def test_what_the_network_says_of_the_account_is_kept(self, world: World, network: Authority) -> None:
        channel = fresh(connected(world, network), world.brand)
        assert (channel.handle, channel.url) == ("@maison", "https://network.example/@maison")
        assert channel.scopes == ["read", "write"] and channel.checked_at and channel.is_open

    @pytest.mark.parametrize(
        ("spoilt", "code"),
        [
            ({"access": set()}, "credentials_refused"),
            ({"scopes": "read"}, "scope_missing"),
            ({"broken": 500}, "service_refused"),
        ],
    )
    def test_what_the_network_refuses_is_an_error_at_the_field_and_nothing_is_kept(
        self, world: World, network: Authority, spoilt: dict[str, Any], code: str
    ) -> None:
        settings = typed(network, token_of(network))
        for name, value in spoilt.items():
            setattr(network, name, value)
        with pytest.raises(Invalid) as refused:
            connect_channel(actor=world.owner, kind="network", name="Réseau", settings=settings)
        assert (refused.value.code, refused.value.field) == (code, "access_token")
        assert refused.value.__context__ is None
        with brand_scope(world.brand):
            assert not Channel.objects.filter(kind="network").exists()

    def test_a_new_credential_is_tried_before_the_old_one_goes(self, world: World, network: Authority) -> None:
        channel = connected(world, network)
        with pytest.raises(Invalid, match="credentials_refused"):
            rotate_secret(actor=world.owner, channel_id=channel.pk, secrets={"access_token": "bad"})
        assert secret_of(channel, world.brand, "access_token") == "good"
        network.access.add("better")
        rotate_secret(actor=world.owner, channel_id=channel.pk, secrets={"access_token": "better"})
        assert secret_of(channel, world.brand, "access_token") == "better"

    def test_no_transaction_is_open_while_the_network_thinks(
        self, world: World, network: Authority, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        inside: list[bool] = []
        real = registry.Port.check

        def spying(port: Any, *given: Any) -> Any:
            inside.append(connection.in_atomic_block)
            return real(port, *given)

        monkeypatch.setattr(registry.Port, "check", spying)
        channel = connected(world, network)
        rotate_secret(actor=world.owner, channel_id=channel.pk, secrets={"access_token": "good"})
        check_channel(actor=world.owner, channel_id=channel.pk)
        assert inside == [False, False, False]

    @pytest.mark.parametrize("role", [Role.BRAND_OWNER, Role.BRAND_MANAGER])
    def test_a_session_alone_changes_no_channel(self, world: World, network: Authority, role: Role) -> None:
        channel, settings = connected(world, network), typed(network, token_of(network))
        acts: list[Any] = [
            lambda actor: connect_channel(actor=actor, kind="network", name="Deux", settings=settings),
            lambda actor: rotate_secret(actor=actor, channel_id=channel.pk, secrets={"access_token": "good"}),
            lambda actor: set_out(actor, network, name="Trois"),
            lambda actor: set_out(actor, network, channel_id=channel.pk),
        ]
        for act in acts:
            with pytest.raises(Refused, match="step_up_required"):
                act(world.actor(role, stepped_up=False))
            act(world.actor(role))


class TestLooking:
    def test_every_day(self, world: World, network: Authority, worker: Actor) -> None:
        channel = connected(world, network)
        assert [row.key for row in rows(world.brand, CHECK) if row.key == str(channel.pk)] == [str(channel.pk)]
        assert check_channel(actor=worker, channel_id=channel.pk) == ""
        due = next(row.due_at for row in rows(world.brand, CHECK) if row.key == str(channel.pk))
        assert timedelta(hours=23) < due - timezone.now() <= timedelta(days=1)

    @pytest.mark.parametrize(
        ("spoilt", "code"), [({"access": set()}, "credentials_refused"), ({"scopes": "read"}, "scope_missing")]
    )
    def test_what_a_person_must_repair_breaks_it_once_and_every_head_is_told(
        self, world: World, network: Authority, worker: Actor, spoilt: dict[str, Any], code: str
    ) -> None:
        channel = connected(world, network)
        for name, value in spoilt.items():
            setattr(network, name, value)
        for _ in range(2):
            assert check_channel(actor=worker, channel_id=channel.pk) == code
        found = fresh(channel, world.brand)
        assert (found.state, found.health) == ("broken", code)
        told = {row.payload["person"] for row in rows(world.brand, LETTER)}
        assert told == {str(world.people[role].pk) for role in (Role.BRAND_OWNER, Role.BRAND_MANAGER)}
        assert log(world.brand).count("channel_health_marked") == 1

    def test_it_mends_by_itself_when_the_network_takes_it_again(
        self, world: World, network: Authority, worker: Actor
    ) -> None:
        channel = connected(world, network)
        network.access.clear()
        check_channel(actor=worker, channel_id=channel.pk)
        network.access.add("good")
        assert check_channel(actor=worker, channel_id=channel.pk) == ""
        assert fresh(channel, world.brand).is_open

    def test_what_may_pass_changes_nothing(self, world: World, network: Authority, worker: Actor) -> None:
        channel = connected(world, network)
        network.broken = 500
        assert check_channel(actor=worker, channel_id=channel.pk) == "service_refused"
        assert fresh(channel, world.brand).is_open and rows(world.brand, LETTER) == []

    def test_an_answer_about_an_old_credential_counts_for_nothing(
        self, world: World, network: Authority, worker: Actor
    ) -> None:
        channel = connected(world, network)
        network.access.discard("good")
        network.access.add("better")
        network.slow, before = threading.Event(), network.calls
        with ThreadPoolExecutor(1) as pool:
            late = pool.submit(_closing(check_channel), actor=worker, channel_id=channel.pk)
            _until(lambda: network.calls > before)
            with brand_scope(world.brand):
                Channel.objects.filter(pk=channel.pk).update(secret_changed_at=timezone.now())
            network.slow.set()
            late.result()
        assert fresh(channel, world.brand).is_open

    def test_only_the_heads_and_a_worker(self, world: World, network: Authority) -> None:
        channel = connected(world, network)
        stranger = process_of(world.brand, EntryPoint.COMMAND, "x")
        for actor in (world.actor(Role.AGENCY_OWNER), world.actor(Role.AUDITOR), stranger):
            with pytest.raises(Refused, match="not_allowed"):
                check_channel(actor=actor, channel_id=channel.pk)


class TestDating:
    """Channels that were connected before there were daily checks: the relay's day gives them one, without a migration."""

    def undated(self, brand: BrandRef) -> None:
        with durable(brand):
            OutboxRow.objects.filter(kind=CHECK, done_at=None).update(done_at=timezone.now())

    def test_what_has_no_check_gets_one(self, world: World, network: Authority, worker: Actor) -> None:
        channel, wall = connected(world, network), world.wall
        self.undated(world.brand)
        assert date_channels(actor=worker) == 2
        assert {row.key for row in rows(world.brand, CHECK)} == {str(channel.pk), str(wall.pk)}
        due = [row.due_at for row in rows(world.brand, CHECK)]
        assert all(timedelta(hours=23) < each - timezone.now() <= timedelta(days=1) for each in due)

    def test_what_has_one_keeps_its_moment(self, world: World, network: Authority, worker: Actor) -> None:
        connected(world, network)
        before = [(row.key, row.due_at) for row in rows(world.brand, CHECK)]
        assert len(before) == 2 and date_channels(actor=worker) == 0
        assert [(row.key, row.due_at) for row in rows(world.brand, CHECK)] == before

    def test_a_check_that_was_given_up_comes_back(self, world: World, network: Authority, worker: Actor) -> None:
        channel = connected(world, network)
        with durable(world.brand):
            OutboxRow.objects.filter(kind=CHECK, key=str(channel.pk)).update(done_at=timezone.now(), attempts=12)
        assert date_channels(actor=worker) == 1
        assert str(channel.pk) in {row.key for row in rows(world.brand, CHECK)}

    def test_what_has_ended_or_was_never_connected_gets_none(
        self, world: World, network: Authority, worker: Actor
    ) -> None:
        channel = connected(world, network)
        revoke_channel(actor=world.owner, channel_id=channel.pk)
        invite_to_connect(actor=world.owner, kind="network", name="Plus tard")
        self.undated(world.brand)
        assert date_channels(actor=worker) == 1
        assert [row.key for row in rows(world.brand, CHECK)] == [str(world.wall.pk)]

    def test_only_a_worker(self, world: World) -> None:
        for actor in (world.owner, world.cm, process_of(world.brand, EntryPoint.COMMAND, "x")):
            with pytest.raises(Refused, match="not_allowed"):
                date_channels(actor=actor)

    def test_the_same_queries_for_one_and_three(self, world: World, worker: Actor) -> None:
        """Of those that have their check already, as nearly all do."""
        counts = []
        for n in (1, 3):
            while len(rows(world.brand, CHECK)) < n:
                connect_channel(actor=world.owner, kind="memory", name=f"Mur {len(rows(world.brand, CHECK))}")
            with CaptureQueriesContext(connection) as asked:
                date_channels(actor=worker)
            counts.append(len(asked))
        assert counts[0] == counts[1]

    def test_the_day_looks_through_every_brand_and_one_that_fails_stops_no_other(
        self, world: World, real_brands: tuple[BrandRef, BrandRef], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        there = make_world(real_brands[1], make_person)
        for brand in real_brands:
            self.undated(brand)
        seen: list[BrandRef] = []

        def failing(brand: BrandRef) -> None:
            seen.append(brand)
            raise RuntimeError

        monkeypatch.setattr(outbox_registry, "_keepers", [failing, *outbox_registry._keepers])
        assert look_through()
        assert {brand.id for brand in real_brands} <= {brand.id for brand in seen}
        for each in (world, there):
            assert [row.key for row in rows(each.brand, CHECK)] == [str(each.wall.pk)]

    def test_a_database_that_is_away_is_asked_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def away() -> list[BrandRef]:
            raise OperationalError

        monkeypatch.setattr(daily, "active_brands", away)
        assert not look_through()


class TestEnding:
    def test_warned_a_fortnight_a_week_and_two_days_ahead(
        self, world: World, network: Authority, worker: Actor
    ) -> None:
        network.lasts = None
        channel = authorised(world, network)
        ends = timezone.now() + timedelta(days=20)
        with brand_scope(world.brand):
            Channel.objects.filter(pk=channel.pk).update(expires_at=ends)
        check_channel(actor=worker, channel_id=channel.pk)
        assert [(ends - row.due_at).days for row in rows(world.brand, ENDING)] == [14, 7, 2]
        warn_of_end(actor=worker, channel_id=channel.pk, days=14)
        assert rows(world.brand, LETTER) == [], "twenty days are not fourteen"
        with brand_scope(world.brand):
            Channel.objects.filter(pk=channel.pk).update(expires_at=timezone.now() + timedelta(days=14))
        warn_of_end(actor=worker, channel_id=channel.pk, days=14)
        assert len(rows(world.brand, LETTER)) == 2
        revoke_channel(actor=world.owner, channel_id=channel.pk)
        assert rows(world.brand, ENDING) == []


class TestAuthorising:
    def test_there_and_back(self, world: World, network: Authority) -> None:
        channel = fresh(authorised(world, network), world.brand)
        assert channel.is_open and channel.handle == "@maison" and channel.renews
        assert secret_of(channel, world.brand, "access_token") in network.access
        assert secret_of(channel, world.brand, "client_id") in network.apps
        assert log(world.brand) == ["channel_connected"]

    def test_neither_the_verifier_nor_the_state_can_be_guessed_from_what_leaves(
        self, world: World, network: Authority
    ) -> None:
        one, two = set_out(world.owner, network), set_out(world.owner, network)
        asked = parse_qs(urlsplit(one.address).query)
        assert asked["code_challenge_method"] == ["S256"] and asked["redirect_uri"] == [f"{REDIRECT}/{one.issuer}"]
        assert len(asked["state"][0]) >= 40 and one.state != two.state
        assert "verifier" not in one.address and one.state not in one.envelope

    def test_another_state_person_brand_or_channel_gets_nothing(
        self, world: World, network: Authority, real_brands: tuple[BrandRef, BrandRef]
    ) -> None:
        journey = set_out(world.owner, network)
        back = network.agree(journey.address)
        there = make_world(real_brands[1], make_person)
        for actor, way, state in (
            (world.owner, journey, "x"),
            (world.actor(Role.BRAND_MANAGER), journey, back["state"]),
            (there.owner, journey, back["state"]),
            (world.owner, replace(journey, channel_id=world.wall.pk), back["state"]),
            (world.owner, replace(journey, envelope=journey.envelope[:-8]), back["state"]),
        ):
            with pytest.raises(Conflict, match="journey_over"):
                arrived(actor, way, back | {"state": state})
        assert arrived(world.owner, journey, back).is_open

    def test_after_ten_minutes_it_is_over(self, world: World, network: Authority, time_machine: Any) -> None:
        journey = set_out(world.owner, network)
        back = network.agree(journey.address)
        time_machine.move_to(timezone.now() + timedelta(minutes=11))
        with pytest.raises(Conflict, match="journey_over"):
            arrived(world.owner, journey, back)

    def test_a_code_is_good_once_and_only_with_its_verifier(self, world: World, network: Authority) -> None:
        mine, other = set_out(world.owner, network), set_out(world.owner, network)
        foreign = network.agree(other.address)
        with pytest.raises(Invalid, match="code_refused"):
            arrived(world.owner, mine, {"code": foreign["code"], "state": mine.state})
        back = network.agree(mine.address)
        arrived(world.owner, mine, back)
        with pytest.raises(Invalid, match="code_refused"):
            arrived(world.owner, mine, back)

    def test_a_network_that_does_not_know_us_is_not_offered(
        self, world: World, network: Authority, monkeypatch: Any
    ) -> None:
        connector = registry.connector_for("network")._connector
        monkeypatch.setattr(type(connector), "oauth", replace(connector.oauth, register="", client="meta"))
        with pytest.raises(Invalid, match="client_not_registered"):
            set_out(world.owner, network)

    def test_ended_there_as_well(self, world: World, network: Authority) -> None:
        channel = authorised(world, network)
        refresh = secret_of(channel, world.brand, "refresh_token")
        revoke_channel(actor=world.owner, channel_id=channel.pk)
        assert network.revoked == [refresh]

    def test_ended_here_whatever_the_network_says(self, world: World, network: Authority) -> None:
        channel = authorised(world, network)
        network.broken = 500
        assert revoke_channel(actor=world.owner, channel_id=channel.pk).secret == b""
        assert fresh(channel, world.brand).state == "revoked"


class TestRenewing:
    def test_before_the_end(self, world: World, network: Authority, worker: Actor) -> None:
        channel = authorised(world, network)
        (row,) = rows(world.brand, RENEW)
        assert timedelta(minutes=40) < row.due_at - timezone.now() < timedelta(minutes=55)
        before = secret_of(channel, world.brand, "access_token")
        renew_tokens(actor=worker, channel_id=channel.pk)
        assert secret_of(channel, world.brand, "access_token") != before and network.renewals == 1
        assert secret_of(channel, world.brand, "client_id") in network.apps
        renew_tokens(actor=worker, channel_id=channel.pk)
        assert network.renewals == 2, "the refresh token that was handed out last"

    def test_eight_at_once_are_one(self, world: World, network: Authority, worker: Actor) -> None:
        channel = authorised(world, network)
        network.slow = threading.Event()
        with ThreadPoolExecutor(8) as pool:
            begun = [pool.submit(_closing(renew_tokens), actor=worker, channel_id=channel.pk) for _ in range(8)]
            _until(lambda: sum(each.done() for each in begun) >= 7)
            network.slow.set()
            assert [each.result() for each in begun] == [None] * 8
        assert network.renewals == 1 and fresh(channel, world.brand).is_open

    def test_a_refresh_token_that_is_refused_breaks_the_channel(
        self, world: World, network: Authority, worker: Actor
    ) -> None:
        channel = authorised(world, network)
        network.refresh.clear()
        renew_tokens(actor=worker, channel_id=channel.pk)
        assert fresh(channel, world.brand).health == "credentials_refused"

    def test_what_may_pass_is_tried_again(self, world: World, network: Authority, worker: Actor) -> None:
        channel = authorised(world, network)
        network.broken = 503
        with pytest.raises(SendFailed, match="service_refused"):
            renew_tokens(actor=worker, channel_id=channel.pk)
        network.broken = 0
        renew_tokens(actor=worker, channel_id=channel.pk)
        assert fresh(channel, world.brand).is_open and network.renewals == 1


class TestInviting:
    def test_the_agency_connects_and_the_brand_says_yes(self, world: World, network: Authority) -> None:
        agency = world.actor(Role.AGENCY_OWNER)
        asked = invite_to_connect(actor=world.owner, kind="network", name="Réseau")
        assert fresh(asked, world.brand).is_invitation
        filled = connect_invited(actor=agency, channel_id=asked.pk, settings=typed(network, token_of(network)))
        assert not filled.is_open and not filled.is_invitation
        with brand_scope(world.brand):
            assert filled.pk not in {c.pk for c in channels_taking("publish")}
        with pytest.raises(Refused):
            rotate_secret(actor=agency, channel_id=asked.pk, secrets={"access_token": "x"})
        with pytest.raises(Refused, match="not_allowed"):
            confirm_channel(actor=agency, channel_id=asked.pk, seen=seen_of(filled))
        with pytest.raises(Refused, match="step_up_required"):
            not_proved = world.actor(Role.BRAND_OWNER, stepped_up=False)
            confirm_channel(actor=not_proved, channel_id=asked.pk, seen=seen_of(filled))
        assert confirm_channel(actor=world.owner, channel_id=asked.pk, seen=seen_of(fresh(filled, world.brand))).is_open
        with pytest.raises(Conflict, match="channel_not_invited"):
            connect_invited(actor=agency, channel_id=asked.pk, settings=typed(network, "good"))
        assert log(world.brand) == ["channel_invited", "channel_connected_invited", "channel_confirmed"]

    def test_the_yes_is_to_what_was_looked_at(self, world: World, network: Authority) -> None:
        agency = world.actor(Role.AGENCY_MANAGER)
        asked = invite_to_connect(actor=world.owner, kind="network", name="Réseau")
        settings = typed(network, token_of(network))
        seen = seen_of(connect_invited(actor=agency, channel_id=asked.pk, settings=settings))
        connect_invited(actor=agency, channel_id=asked.pk, settings=settings)
        with pytest.raises(Conflict, match="channel_changed"):
            confirm_channel(actor=world.owner, channel_id=asked.pk, seen=seen)

    def test_an_empty_invitation_cannot_be_confirmed(self, world: World, network: Authority) -> None:
        asked = invite_to_connect(actor=world.owner, kind="network", name="Réseau")
        with pytest.raises(Conflict, match="channel_changed"):
            confirm_channel(actor=world.owner, channel_id=asked.pk, seen=seen_of(asked))

    def test_health_opens_nothing_that_waits_for_a_yes(self, world: World, network: Authority, worker: Actor) -> None:
        asked = invite_to_connect(actor=world.owner, kind="network", name="Réseau")
        connect_invited(
            actor=world.actor(Role.AGENCY_OWNER), channel_id=asked.pk, settings=typed(network, token_of(network))
        )
        mark_health(actor=world.owner, channel_id=asked.pk, code="tls_missing")
        mark_health(actor=world.owner, channel_id=asked.pk)
        with brand_scope(world.brand):
            note_health(worker, asked.pk, "tls_missing")
        check_channel(actor=worker, channel_id=asked.pk)
        rotate_secret(actor=world.owner, channel_id=asked.pk, secrets={"access_token": "good"})
        assert fresh(asked, world.brand).state == "unconfirmed"

    def test_over_the_network_too(self, world: World, network: Authority) -> None:
        agency = world.actor(Role.AGENCY_OWNER)
        asked = invite_to_connect(actor=world.owner, kind="network", name="Réseau")
        journey = set_out(agency, network, channel_id=asked.pk)
        channel = arrived(agency, journey, network.agree(journey.address))
        assert channel.state == "unconfirmed" and channel.name == "Réseau"

    def test_without_an_invitation_the_agency_connects_nothing(self, world: World, network: Authority) -> None:
        agency, own = world.actor(Role.AGENCY_OWNER), connected(world, network)
        with pytest.raises(Refused, match="not_allowed"):
            set_out(agency, network)
        with pytest.raises(Conflict, match="channel_not_invited"):
            set_out(agency, network, channel_id=own.pk)
        with pytest.raises(Conflict, match="channel_not_invited"):
            connect_invited(actor=agency, channel_id=own.pk, settings=typed(network, "good"))
        for role in (Role.COMMUNITY_MANAGER, Role.AUDITOR, Role.BRAND_OWNER):
            with pytest.raises(Refused):
                connect_invited(actor=world.actor(role), channel_id=own.pk, settings=typed(network, "good"))


class TestMixingUp:
    """Two issuers, and one that answers for the other (RFC 9700, 4.4): its own people are sent on to an honest network."""

    @pytest.fixture
    def honest(self) -> Iterator[Authority]:
        with fakes.running() as found:
            yield found

    def test_each_issuer_has_a_redirect_address_of_its_own(
        self, world: World, network: Authority, honest: Authority
    ) -> None:
        one, other = (set_out(world.owner, there, name=str(there.port)) for there in (network, honest))
        assert one.issuer != other.issuer
        for journey in (one, other):
            asked = parse_qs(urlsplit(journey.address).query)
            assert asked["redirect_uri"] == [f"{REDIRECT}/{journey.issuer}"]
            assert asked["code_challenge_method"] == ["S256"]

    def test_the_honest_network_refuses_to_send_anybody_to_the_other_s_door(
        self, world: World, network: Authority, honest: Authority
    ) -> None:
        """The liar uses our registration with the honest one, which it may have seen in an address."""
        lured, real = set_out(world.owner, network), set_out(world.owner, honest, name="Vrai")
        ours = parse_qs(urlsplit(real.address).query)["client_id"][0]
        passed_on = urlsplit(lured.address)._replace(netloc=f"127.0.0.1:{honest.port}").geturl()
        passed_on = passed_on.replace(parse_qs(urlsplit(lured.address).query)["client_id"][0], ours)
        with pytest.raises(AssertionError, match="the redirect address is exact"):
            honest.agree(passed_on)

    def test_a_code_that_came_by_another_door_is_taken_to_nobody(
        self, world: World, network: Authority, honest: Authority
    ) -> None:
        lured, real = set_out(world.owner, network), set_out(world.owner, honest, name="Vrai")
        code = honest.agree(real.address)["code"]
        calls = network.calls, honest.calls
        with pytest.raises(Conflict, match="journey_over"):
            arrived(world.owner, lured, {"code": code, "state": lured.state, "issuer": real.issuer})
        assert (network.calls, honest.calls) == calls, "neither heard of it"
        assert arrived(world.owner, real, {"code": code, "state": real.state}).is_open

    @pytest.mark.parametrize(
        ("door", "iss", "taken"),
        [
            ("own", "", True),
            ("own", "own", True),
            ("own", "other", False),
            ("own", "nonsense", False),
            ("other", "", False),
            ("other", "own", False),
        ],
    )
    def test_in_a_browser(
        self, world: World, network: Authority, honest: Authority, door: str, iss: str, taken: bool
    ) -> None:
        browser = TestPages().browse(world, Role.BRAND_OWNER)
        browser.post("/channels/connect/network", {"name": "Réseau", "port": network.port})
        journey, other = browser.session["journey"], set_out(world.owner, honest, name="Vrai")
        code = network.agree(journey["address"])["code"]
        names = {"": "", "own": f"http://127.0.0.1:{network.port}/", "other": f"http://127.0.0.1:{honest.port}"}
        issuer = journey["issuer"] if door == "own" else other.issuer
        query = {"code": code, "state": journey["state"]} | ({"iss": names.get(iss, iss)} if iss else {})
        calls = network.calls, honest.calls
        for _ in range(2):
            browser.get(f"/channels/back/{issuer}", query, headers={"host": installation.HUB_HOST})
        assert ("journey" in browser.session) is taken
        assert (network.calls, honest.calls) == calls
        assert browser.post("/channels/journey/finish").status_code == (303 if taken else 409)

    def test_a_state_brings_one_code(self, world: World, network: Authority) -> None:
        browser = TestPages().browse(world, Role.BRAND_OWNER)
        browser.post("/channels/connect/network", {"name": "Réseau", "port": network.port})
        journey, hub = browser.session["journey"], {"host": installation.HUB_HOST}
        there = f"/channels/back/{journey['issuer']}"
        for code in (network.agree(journey["address"])["code"], "another"):
            browser.get(there, {"code": code, "state": journey["state"]}, headers=hub)
        assert "journey" not in browser.session
        assert browser.post("/channels/journey/finish").status_code == 409 and not made_there(world)


class TestPages:
    def browse(self, world: World, role: Role, *, proved: bool = True) -> Client:
        client = Client(headers={"host": f"{world.brand.slug}.{installation.HUB_HOST}", "accept-language": "en"})
        client.force_login(world.people[role], backend="allauth.account.auth_backends.AuthenticationBackend")
        if proved:
            hub = {"host": installation.HUB_HOST}
            client.post("/account/reauthenticate/", {"password": "correct horse"}, headers=hub)
        return client

    def test_there_and_back_in_a_browser(self, world: World, network: Authority) -> None:
        browser = self.browse(world, Role.BRAND_OWNER)
        gone = browser.post("/channels/connect/network", {"name": "Réseau", "port": network.port})
        assert (gone.status_code, gone["Location"]) == (303, "/channels/journey")
        address = browser.get("/channels/journey").context["address"]
        back = browser.get(fakes.address_back(network, network.agree(address)), headers={"host": installation.HUB_HOST})
        assert back.status_code == 303 and "code" not in back["Location"]
        assert browser.get("/channels/journey").context["is_back"]
        assert browser.post("/channels/journey/finish")["Location"] == "/channels/"
        assert b"@maison" in browser.get("/channels/").content
        assert browser.post("/channels/journey/finish").status_code == 409

    def test_a_foreign_state_is_sent_away(self, world: World, network: Authority) -> None:
        browser = self.browse(world, Role.BRAND_OWNER)
        browser.post("/channels/connect/network", {"name": "Réseau", "port": network.port})
        away = browser.get("/channels/back/network?code=evil&state=guess", headers={"host": installation.HUB_HOST})
        assert away.status_code == 303 and "channels" not in away["Location"]
        assert "code" not in browser.session["journey"]

    def test_a_refusal_over_there(self, world: World, network: Authority) -> None:
        browser = self.browse(world, Role.BRAND_OWNER)
        browser.post("/channels/connect/network", {"name": "Réseau", "port": network.port})
        state, issuer = (browser.session["journey"][name] for name in ("state", "issuer"))
        there = f"/channels/back/{issuer}?error=access_denied&state={state}"
        away = browser.get(there, headers={"host": installation.HUB_HOST})
        assert away["Location"].endswith("/channels/") and "journey" not in browser.session

    def test_a_refused_key_is_shown_at_its_field_and_what_was_typed_stays(
        self, world: World, network: Authority
    ) -> None:
        browser = self.browse(world, Role.BRAND_OWNER)
        form = {"name": "Réseau", "port": network.port, "access_token": "pa55-that-must-never-show"}
        page = browser.post("/channels/connect/network?by=key", form)
        assert page.status_code == 422
        fields = {field.name: field for field in page.context["fields"]}
        assert fields["access_token"].wrong and fields["access_token"].value == ""
        assert fields["name"].value == "Réseau" and b"pa55" not in page.content

    def test_what_was_typed_outlasts_the_step_up_but_no_secret_does(self, world: World, network: Authority) -> None:
        browser = self.browse(world, Role.BRAND_OWNER, proved=False)
        here = f"http://{world.brand.slug}.{installation.HUB_HOST}/people/"
        form = {"email": "neu@example.org", "role": "approver", "access_token": "pa55", "password": "pa55"}
        away = browser.post("/people/invite", form, headers={"referer": here})
        assert away.status_code == 303 and "reauthenticate" in away["Location"]
        assert "pa55" not in str(browser.session[KEY])
        assert b"neu@example.org" in browser.get("/people/").content
        assert b"neu@example.org" not in browser.get("/people/").content, "once"

    @pytest.mark.parametrize("by", ["?by=key", ""])
    def test_connecting_asks_for_a_fresh_proof_and_keeps_what_was_typed(
        self, world: World, network: Authority, by: str
    ) -> None:
        browser = self.browse(world, Role.BRAND_OWNER, proved=False)
        page = f"/channels/connect/network{by}"
        here = f"http://{world.brand.slug}.{installation.HUB_HOST}{page}"
        form = {"name": "Réseau", "port": network.port, "access_token": token_of(network)}
        away = browser.post(page, form, headers={"referer": here})
        assert away.status_code == 303 and "reauthenticate" in away["Location"]
        assert not made_there(world) and "journey" not in browser.session
        fields = {field.name: field.value for field in browser.get(page).context["fields"]}
        assert (fields["name"], fields["port"], fields.get("access_token", "")) == ("Réseau", str(network.port), "")
        assert "good" not in str(dict(browser.session))
        hub = {"host": installation.HUB_HOST}
        browser.post("/account/reauthenticate/", {"password": "correct horse"}, headers=hub)
        assert browser.post(page, form)["Location"] == ("/channels/" if by else "/channels/journey")
        assert len(made_there(world)) == bool(by)

    def test_a_new_credential_asks_for_a_fresh_proof(self, world: World, network: Authority) -> None:
        channel = connected(world, network)
        page = f"/channels/{channel.pk}/credential"
        browser = self.browse(world, Role.BRAND_OWNER, proved=False)
        network.access.add("better")
        for client, there in ((browser, "reauthenticate"), (self.browse(world, Role.BRAND_OWNER), "/channels/")):
            assert secret_of(channel, world.brand, "access_token") == "good"
            answer = client.post(page, {"access_token": "better"})
            assert answer.status_code == 303 and there in answer["Location"]
            assert "better" not in str(dict(client.session))
        assert secret_of(channel, world.brand, "access_token") == "better"

    def test_the_agency_sees_its_invitation_and_the_brand_the_question(self, world: World, network: Authority) -> None:
        asked = invite_to_connect(actor=world.owner, kind="network", name="Réseau")
        agency, brand = self.browse(world, Role.AGENCY_OWNER), self.browse(world, Role.BRAND_OWNER)
        fill = f"/channels/{asked.pk}/fill"
        assert fill.encode() in agency.get("/channels/").content
        assert brand.get("/channels/").content.count(b"/confirm") == 0
        done = agency.post(f"{fill}?by=key", typed(network, token_of(network)))
        assert done.status_code == 303, done.content
        assert f"/channels/{asked.pk}/confirm".encode() in brand.get("/channels/").content
        assert b"good" not in agency.get(fill).content.split(b"<form")[1]


def made_there(world: World) -> list[Channel]:
    with brand_scope(world.brand):
        return list(Channel.objects.filter(kind="network"))


def _closing(act: Any) -> Any:
    """In a thread of its own, which leaves no connection behind."""

    def run(**given: Any) -> Any:
        try:
            return act(**given)
        finally:
            connection.close()

    return run


def _until(holds: Any, seconds: float = 4.0) -> None:
    import time

    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.02)
