"""The connector against a real Bluesky network: the whole contract, a spoilt line before it, and what only it can say."""

import json
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from clients.autonomy.vocabulary import ActionKind
from clients.channels.bluesky.connector import CONNECTOR
from clients.channels.delivery import Port
from clients.channels.port import MediaFile, Outbound, SentState
from clients.channels.secret import Secrets
from tests.channels.contract import Effects, HostileContract, SendingContract, deliver, quick
from tests.channels.hostile import Hostile, standing_before
from tests.channels.live.bluesky_page import page_of
from tests.channels.live.pictures import photographed, sailing_boat, shows_the_boat
from tests.channels.live.sites import brought_up
from tests.channels.test_bluesky import is_effect
from tests.systems import bluesky

pytestmark = pytest.mark.services
_TURN = count()


@pytest.fixture(scope="module")
def network() -> Iterator[bluesky.Network]:
    with brought_up(bluesky) as running:
        yield running


@pytest.fixture
def port() -> Port:
    return quick(CONNECTOR, 5.0)


@pytest.fixture
def outbound(outbound: Outbound, network: bluesky.Network) -> Outbound:
    us = network.people["marque"]
    return replace(
        outbound,
        text=f"Bonjour à toutes et tous, n° {next(_TURN)}",
        settings={"site": network.site, "handle": us["handle"], "language": "fr"},
        secret=Secrets({"password": us["password"]}),
        moment=datetime.now(UTC),
    )


@pytest.fixture
def effects(network: bluesky.Network) -> Effects:
    """Posts that came since the test began."""
    before = {post["uri"] for post in posts(network)}
    return lambda: len([post for post in posts(network) if post["uri"] not in before])


def asked(network: bluesky.Network, name: str, **params: str) -> Any:
    url = f"{network.site}/xrpc/{name}?{urllib.parse.urlencode(params)}"
    with urllib.request.urlopen(url, timeout=10) as reply:
        return json.load(reply)


def posts(network: bluesky.Network, who: str = "marque") -> list[dict[str, Any]]:
    """The posts in an account's own repository, newest first: what is there, whatever the view has seen of it."""
    found = asked(
        network,
        "com.atproto.repo.listRecords",
        repo=network.people[who]["did"],
        collection="app.bsky.feed.post",
        limit="100",
    )
    return list(found["records"])


def eventually(wanted: Any, seconds: float = 20.0) -> Any:
    """What `wanted()` gives as soon as it gives something: the view is behind the repositories."""
    ending = time.monotonic() + seconds
    while not (found := wanted()) and time.monotonic() < ending:
        time.sleep(0.2)
    return found


class TestContract(SendingContract):
    kind = "bluesky"


class TestHostile(HostileContract):
    @pytest.fixture
    def hostile(self, network: bluesky.Network) -> Iterator[Hostile]:
        with standing_before(network.site, is_effect) as hostile:
            yield hostile

    @pytest.fixture
    def outbound(self, outbound: Outbound, hostile: Hostile) -> Outbound:
        return replace(outbound, settings={**outbound.settings, "site": hostile.url})


def test_facets_land_where_the_network_sees_them(port: Port, outbound: Outbound, network: bluesky.Network) -> None:
    sent = port.send(replace(outbound, text="Été 👨‍👩‍👧 @amie.test : https://example.org/é #fête"))
    record = next(post["value"] for post in posts(network) if post["uri"] == sent.remote_id)
    data = record["text"].encode()
    on = [data[f["index"]["byteStart"] : f["index"]["byteEnd"]].decode() for f in record["facets"]]
    assert on == ["https://example.org/é", "@amie.test", "#fête"]
    assert record["facets"][1]["features"][0]["did"] == network.people["amie"]["did"]


def test_another_answers_and_the_view_counts_it(port: Port, outbound: Outbound, network: bluesky.Network) -> None:
    sent = deliver(port, outbound)
    friend = network.people["amie"]
    answer = replace(
        outbound,
        key=f"{outbound.key}a",
        kind=ActionKind.ANSWER,
        target=sent.remote_id,
        text="Merci @marque.test",
        settings={"site": network.site, "handle": friend["handle"]},
        secret=Secrets({"password": friend["password"]}),
    )
    like = replace(answer, key=f"{outbound.key}l", kind=ActionKind.REACT, text="")
    look = replace(outbound, target=sent.remote_id)
    assert eventually(lambda: port.look(look).reactions == 0)
    theirs = port.send(answer)
    assert port.send(answer) == theirs and port.send(like) == port.send(like)
    assert eventually(lambda: (seen := port.look(look)).replies == 1 and seen.reactions == 1)
    back = replace(outbound, key=f"{outbound.key}b", kind=ActionKind.ANSWER, target=theirs.remote_id, text="À vous")
    made = port.send(back)
    record = next(post["value"] for post in posts(network) if post["uri"] == made.remote_id)
    assert (record["reply"]["root"]["uri"], record["reply"]["parent"]["uri"]) == (sent.remote_id, theirs.remote_id)


def test_a_picture_and_a_link(port: Port, outbound: Outbound, network: bluesky.Network, picture: MediaFile) -> None:
    sent = port.send(replace(outbound, media=(picture,), link="https://example.org/a"))
    record = next(post["value"] for post in posts(network) if post["uri"] == sent.remote_id)
    assert record["embed"]["images"][0]["alt"] == picture.alt and record["text"].endswith("https://example.org/a")


def test_a_reader_sees_it(port: Port, outbound: Outbound, network: bluesky.Network, tmp_path: Path) -> None:
    words = "La première régate de l’été part dimanche à dix heures, avec @amie.test. #voile"
    sent = port.send(replace(outbound, text=words, media=(sailing_boat(),), link="https://example.org/regate"))
    assert shows_the_boat(photographed(page_of(network.site, sent.remote_id, tmp_path), "bluesky"))


def test_a_post_taken_back_is_gone_from_the_view_too(port: Port, outbound: Outbound, network: bluesky.Network) -> None:
    sent = deliver(port, outbound)
    port.send(replace(outbound, key="d", kind=ActionKind.DELETE, text="", target=sent.remote_id))
    assert port.look(replace(outbound, target=sent.remote_id)).state is SentState.GONE
