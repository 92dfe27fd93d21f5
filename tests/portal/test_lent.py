"""The address lent to a network: the whole way of an act to Instagram, whose fake comes and fetches as Instagram would.

Each way of being refused begins with an address that is good, and ends with one and the same 404.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings as installation
from django.core.signing import Signer
from django.db import connection, connections
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from clients.approvals.words import HoldScope
from clients.audit.models import Entry, Private
from clients.channels.actions import connect_channel, revoke_channel
from clients.channels.instagram.connector import InstagramConnector
from clients.channels.models import Channel
from clients.gate.actions import lending, stop
from clients.gate.lent import PATH, lent_by, token_of
from clients.gate.models import Dispatch
from clients.gate.words import DispatchState
from clients.items.actions import add_media
from clients.items.content import MediaRef
from clients.items.models import Item, Media
from clients.mandates.actions import suspend_mandate
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.channels.fakes.instagram import ACCOUNT, TOKEN, Instagram
from tests.channels.fakes.serving import serving
from tests.portal.conftest import Browse
from tests.world import World

THE_404 = b"404\n"
MOST_QUERIES = 30


def asked(url: str, host: str = "", *, method: str = "get", **more: str) -> HttpResponse:
    """The address, by somebody who has nothing but it."""
    parts = urlsplit(url)
    answer: Any = getattr(Client(headers={"host": host or parts.netloc}), method)(parts.path, **more)
    return answer


class Fetching(Instagram):
    """Fetches what it is told to, while the call that tells it waits, and remembers what it got. `late`: not at all."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []
        self.got: list[bytes] = []
        self.late = False

    def fetch(self, url: str) -> bool:
        self.told.append(url)
        if self.late:
            return True
        try:
            answer = asked(url)
        finally:
            connections.close_all()  # this thread's own
        self.got.append(answer.content)
        return answer.status_code == 200 and answer["content-type"] == "image/jpeg"


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any) -> Iterator[Fetching]:
    settings.MEDIA_ROOT, settings.ALLOW_PRIVATE_HOSTS = str(tmp_path), True
    found = Fetching()
    with serving(found) as url:
        monkeypatch.setattr(InstagramConnector, "api", url)
        # Waiting for a container that is never ready ends soon.
        monkeypatch.setattr(InstagramConnector, "declares", replace(InstagramConnector.declares, deadline_seconds=1.5))
        yield found


@pytest.fixture
def instagram(world: World, network: Fetching) -> Channel:
    world.charter(6)
    values = {"account": ACCOUNT, "access_token": TOKEN}
    return connect_channel(actor=world.owner, kind="instagram", name="Le port", settings=values)


@pytest.fixture
def media(world: World, network: Fetching) -> Media:
    return picture_of(world, "red")


def picture_of(world: World, colour: str) -> Media:
    out = BytesIO()
    Image.new("RGB", (20, 20), colour).save(out, "JPEG")
    return add_media(world.cm, data=out.getvalue(), declared="image/jpeg")


@pytest.fixture
def item(world: World, instagram: Channel, media: Media) -> Item:
    shown = (MediaRef(media.digest, "Un carré rouge"),)
    return world.submitted("Marée haute", by=world.owner, channels=(str(instagram.pk),), media=shown)


@pytest.fixture
def lent(world: World, item: Item, network: Fetching) -> str:
    """A good address: the act is on its way, its container made, and the network has not come yet."""
    network.late, network.status = True, "IN_PROGRESS"
    world.run_outbox("gate.send", rounds=1)
    (url,) = network.told
    assert asked(url).status_code == 200
    return url


def log_of(world: World, verb: str) -> list[Entry]:
    with brand_scope(world.brand):
        return list(Entry.objects.filter(verb=verb).order_by("seq"))


def test_the_network_fetches_exactly_what_was_approved_and_both_are_in_the_log(
    world: World, item: Item, network: Fetching, media: Media, instagram: Channel
) -> None:
    world.run_outbox("gate.send")
    assert world.state_of(item) == "sent" and len(network.state["posts"]) == 1
    (got,) = network.got
    assert hashlib.sha256(got).hexdigest() == media.digest
    (minted,), (fetched,) = log_of(world, "media.lent"), log_of(world, "media.fetched")
    assert minted.facts["digests"] == [fetched.facts["digest"]] == [media.digest]
    assert minted.facts["channel"] == fetched.facts["channel"] == str(instagram.pk)
    ends = datetime.fromisoformat(minted.facts["until"]) - minted.at
    assert timedelta(minutes=59) < ends <= timedelta(minutes=60)
    assert (fetched.side, fetched.via, fetched.subject_id, minted.subject_id) == ("", "api", item.pk, item.pk)
    assert asked(network.told[0]).status_code == 404, "sent: nobody needs it any more"


def test_how_it_is_served(lent: str) -> None:
    answer = asked(lent)
    assert (answer["content-type"], answer["cache-control"]) == ("image/jpeg", "no-store")
    assert answer["x-content-type-options"] == "nosniff" and int(answer["content-length"]) == len(answer.content)
    assert not answer.cookies and "attachment" not in answer["content-disposition"]
    head = asked(lent, method="head")
    assert (head.status_code, head.content, head["content-length"]) == (200, b"", answer["content-length"])
    for method in ("post", "put", "delete", "patch"):
        assert asked(lent, method=method).status_code == 405


def test_it_gives_no_cookie_to_somebody_who_is_signed_in_either(world: World, lent: str, browse: Browse) -> None:
    answer = browse(world.people[Role.BRAND_OWNER], world.brand).get(urlsplit(lent).path)
    assert answer.status_code == 200 and not answer.cookies


def test_every_readers_first_reading_leaves_a_line_and_a_refused_one_none(world: World, lent: str) -> None:
    with time_machine.travel(timezone.now().replace(minute=5), tick=False) as clock:
        before = len(log_of(world, "media.fetched"))
        for reader in ("192.0.2.1", "192.0.2.2", "192.0.2.1"):
            asked(lent, REMOTE_ADDR=reader)
            asked(lent, method="head", REMOTE_ADDR=reader)
            assert asked(f"{lent}x", REMOTE_ADDR=reader).status_code == 404
        lines = log_of(world, "media.fetched")[before:]
        with brand_scope(world.brand):
            private = dict(Private.objects.values_list("pk", "data"))
        assert [private[line.pk]["ip"] for line in lines] == ["192.0.2.1", "192.0.2.2"]
        assert "192.0.2" not in str([line.facts for line in lines])
        assert log_of(world, "media.fetched_again") == []
        clock.shift(timedelta(minutes=55))
        for _ in range(2):
            world.run_outbox("gate.fetched")
        (again,) = log_of(world, "media.fetched_again")
        assert again.facts["count"] == 4 and again.facts["digest"] == lines[0].facts["digest"]


def test_readers_by_the_hundred_fill_no_log(world: World, lent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lending, "MOST_READERS", 3)
    with time_machine.travel(timezone.now().replace(minute=5), tick=False) as clock:
        before = len(log_of(world, "media.fetched"))
        for n in range(8):
            assert asked(lent, REMOTE_ADDR=f"198.51.100.{n}").status_code == 200
        assert len(log_of(world, "media.fetched")) - before <= 3
        clock.shift(timedelta(minutes=55))
        world.run_outbox("gate.fetched")
        (again,) = log_of(world, "media.fetched_again")
        assert again.facts["count"] + len(log_of(world, "media.fetched")) - before == 8


def refused(url: str, host: str = "") -> None:
    """The same answer as for an address that never was one, to the last header but what names the page asked for."""
    answer, never = asked(url, host), asked(f"{PATH}nothing", host or urlsplit(url).netloc)
    assert (answer.status_code, answer.content) == (404, THE_404) == (never.status_code, never.content)
    assert dict(answer.headers) == dict(never.headers) and not answer.cookies
    assert answer["cache-control"] == "no-store"


def test_after_an_hour(lent: str) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=59)):
        assert asked(lent).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=60, seconds=1)):
        refused(lent)


def test_on_another_brands_host(world: World, other: World, lent: str) -> None:
    refused(lent, f"{other.brand.slug}.{installation.HUB_HOST}")
    assert asked(lent, installation.HUB_HOST).status_code == 404
    assert log_of(other, "media.fetched") == []
    assert asked(lent).status_code == 200


def changed(lent: str, **values: Any) -> str:
    told = lent_by(lent.rpartition("/")[2])
    assert told is not None
    return lent.rpartition("/")[0] + "/" + token_of(replace(told, **values))


def test_a_signed_address_for_anything_else_than_this_picture_of_this_act(
    world: World, other: World, lent: str, item: Item, media: Media
) -> None:
    """Even with our own key: another picture of the library, another channel, another act, another brand's."""
    blue, theirs = picture_of(world, "blue"), picture_of(other, "green")
    assert asked(changed(lent)).status_code == 200
    for values in (
        {"digest": blue.digest},
        {"digest": theirs.digest},
        {"channel_id": world.wall.pk},
        {"dispatch_id": item.pk},
        {"brand_id": other.brand.id},
    ):
        refused(changed(lent, **values))


def test_what_was_not_signed_with_this_key_for_this_purpose(lent: str) -> None:
    start, _, token = lent.rpartition("/")
    payload, _, signature = token.rpartition(".")
    said = Signer(salt="relais.gate.lent", sep=".").unsign_object(token)
    for forged in (
        f"{payload}.{signature[:-2]}xx",
        f"{payload[:-2]}xx.{signature}",
        payload,
        Signer(salt="another purpose", sep=".").sign_object(said),
        Signer(key="another key", salt="relais.gate.lent", sep=".").sign_object(said),
        Signer(salt="relais.gate.lent", sep=".").sign_object({"no": "list"}),
        Signer(salt="relais.gate.lent", sep=".").sign_object([*said[:4], "soon"]),
        "x" * 5000,
    ):
        refused(f"{start}/{forged}")


@pytest.mark.parametrize("scope", ["all", "channel"])
def test_a_stop_makes_it_absent(world: World, lent: str, instagram: Channel, scope: str) -> None:
    stop(world.owner, scope=HoldScope(scope), value=str(instagram.pk) if scope == "channel" else "")
    refused(lent)


def test_a_stop_of_another_channel_does_not(world: World, lent: str) -> None:
    stop(world.owner, scope=HoldScope.CHANNEL, value=str(world.wall.pk))
    assert asked(lent).status_code == 200


def test_a_revoked_channel_makes_it_absent(world: World, lent: str, instagram: Channel) -> None:
    revoke_channel(actor=world.owner, channel_id=instagram.pk)
    refused(lent)


def test_a_mandate_suspended_makes_the_agencys_absent(
    world: World, instagram: Channel, media: Media, network: Fetching
) -> None:
    network.late, network.status = True, "IN_PROGRESS"
    shown = (MediaRef(media.digest, "Un carré rouge"),)
    world.submitted("De l’agence", channels=(str(instagram.pk),), media=shown)
    world.run_outbox("gate.send", rounds=1)
    (url,) = network.told
    assert asked(url).status_code == 200
    suspend_mandate(actor=world.owner, mandate_id=world.mandate.pk)
    refused(url)


@pytest.mark.parametrize("state", [s for s in DispatchState if s not in ("pending", "sending")])
def test_an_act_that_is_over_lends_nothing(world: World, lent: str, item: Item, state: str) -> None:
    with brand_scope(world.brand):
        Dispatch.objects.filter(item=item).update(state=state)
    refused(lent)


def test_bytes_that_are_not_the_approved_ones_are_served_to_nobody(world: World, lent: str, media: Media) -> None:
    with brand_scope(world.brand):
        path = Media.objects.get(pk=media.pk).file.path
    with open(path, "ab") as file:  # noqa: PTH123
        file.write(b"!")
    refused(lent)


def test_nothing_is_lent_before_the_gate_says_yes(
    world: World, instagram: Channel, media: Media, network: Fetching
) -> None:
    stop(world.owner, scope=HoldScope.ALL, value="")
    shown = (MediaRef(media.digest, "Un carré rouge"),)
    world.submitted("Marée haute", by=world.owner, channels=(str(instagram.pk),), media=shown)
    world.run_outbox("gate.send")
    assert network.told == [] and log_of(world, "media.lent") == []


def test_what_stands_on_a_network_that_takes_files_is_never_lent(world: World, media: Media, network: Fetching) -> None:
    world.charter(6)
    world.submitted("Sur le mur", by=world.owner, media=(MediaRef(media.digest, "Un carré rouge"),))
    world.run_outbox("gate.send")
    assert world.on_the_wall() == ["Sur le mur"] and log_of(world, "media.lent") == []


def test_the_route_is_the_one_that_is_told() -> None:
    assert reverse("lent", args=("x",), urlconf="portal.urls_brand") == f"{PATH}x"


def test_a_reading_asks_the_database_a_bounded_number_of_times(world: World, other: World, lent: str) -> None:
    """The same whatever else the brand holds, and the other brand's rows are none of them."""
    parts = urlsplit(lent)
    client = Client(headers={"host": parts.netloc})
    first, _bytes = queries_of_bytes(client, parts.path)
    for colour in ("blue", "green", "black"):
        picture_of(world, colour)
    assert queries_of_bytes(client, parts.path)[0] == first <= MOST_QUERIES


def queries_of_bytes(client: Client, path: str) -> tuple[int, bytes]:
    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(path)
    assert answer.status_code == 200
    return len(seen), answer.content


def test_another_brands_stop_is_none_of_ours(world: World, other: World, lent: str) -> None:
    stop(other.owner, scope=HoldScope.ALL, value="")
    assert asked(lent).status_code == 200
