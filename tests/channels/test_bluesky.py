"""Bluesky against a faithful fake on loopback; `make proof PART=channels` runs the same contract against the real network."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from clients.autonomy.vocabulary import ActionKind
from clients.channels.bluesky.connector import CONNECTOR, BlueskyConnector
from clients.channels.delivery import Port
from clients.channels.port import MediaFile, Outbound, SendFailed, SentState
from clients.channels.secret import Secrets
from clients.channels.settings import clean_settings
from tests.channels.contract import CANARY, Effects, HostileContract, SendingContract, assert_clean, deliver, quick
from tests.channels.fakes.bluesky import DID, HANDLE, OTHERS, Bluesky
from tests.channels.fakes.serving import Ask, serving
from tests.channels.hostile import Hostile, standing_before


def is_effect(method: str, path: str) -> bool:
    return path.endswith(("repo.putRecord", "repo.deleteRecord"))


@pytest.fixture
def network() -> Iterator[Bluesky]:
    network = Bluesky()
    network.password = CANARY
    with serving(network):
        yield network


@pytest.fixture
def hostile(network: Bluesky) -> Iterator[Hostile]:
    with standing_before(network.url, is_effect) as hostile:
        yield hostile


@pytest.fixture
def port() -> Port:
    return quick(CONNECTOR, 3.0)


@pytest.fixture
def outbound(outbound: Outbound, hostile: Hostile) -> Outbound:
    settings, secrets = clean_settings(
        BlueskyConnector.fields, {"site": hostile.url, "handle": HANDLE, "language": "fr", "password": CANARY}
    )
    return replace(outbound, settings=settings, secret=Secrets(secrets))


@pytest.fixture
def effects(network: Bluesky) -> Effects:
    return lambda: len(network.posts)


class TestContract(SendingContract):
    kind = "bluesky"


class TestHostile(HostileContract):
    pass


def failure(port: Port, outbound: Outbound) -> SendFailed:
    with pytest.raises(SendFailed) as failed:
        port.send(outbound)
    assert_clean(failed.value)
    return failed.value


def shown(record: dict[str, Any]) -> list[tuple[str, dict[str, str]]]:
    """Each facet: the words it lies on, and what it says of them."""
    data = record["text"].encode()
    return [
        (data[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode(), facet["features"][0])
        for facet in record.get("facets", [])
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Été : https://example.org/café.", [("https://example.org/café", "link")]),
        ("👨‍👩‍👧 @amie.test, merci", [("@amie.test", "mention")]),
        ("(@amie.test)", [("@amie.test", "mention")]),
        ("@personne.test et a@amie.test", []),
        ("Noël #Fête! #2026 #été2026, a#b", [("#Fête", "tag"), ("#été2026", "tag")]),
        ("https://example.org/#part @amie.test", [("https://example.org/#part", "link"), ("@amie.test", "mention")]),
        ("https://example.org/@amie.test", [("https://example.org/@amie.test", "link")]),
        (
            "(https://example.org/a) https://example.org/a_(b)",
            [("https://example.org/a", "link"), ("https://example.org/a_(b)", "link")],
        ),
        ("# titre, # et @", []),
    ],
)
def test_facets_lie_on_the_right_bytes(
    port: Port, outbound: Outbound, network: Bluesky, text: str, words: list[tuple[str, str]]
) -> None:
    port.send(replace(outbound, text=text))
    found = shown(network.posts[0])
    assert [(on, feature["$type"].rpartition("#")[2]) for on, feature in found] == words
    for on, feature in found:
        said = {"link": on, "tag": on[1:], "mention": OTHERS["amie.test"]}
        assert said[feature["$type"].rpartition("#")[2]] in feature.values()


def test_the_record(port: Port, outbound: Outbound, network: Bluesky) -> None:
    moment = datetime(2026, 11, 21, 9, 30, 1, 234567, tzinfo=UTC)
    sent = port.send(replace(outbound, moment=moment))
    record = network.posts[0]
    assert record["createdAt"] == "2026-11-21T09:30:01.234Z" and record["langs"] == ["fr"]
    assert sent.url == f"https://bsky.app/profile/{DID}/post/{sent.remote_id.rpartition('/')[2]}"


def test_graphemes_and_bytes(port: Port, outbound: Outbound, network: Bluesky) -> None:
    family = "👨‍👩‍👧"
    port.send(replace(outbound, text="é" * 300))
    assert failure(port, replace(outbound, text=family * 200)).code == "text_too_heavy"
    assert failure(port, replace(outbound, text="é" * 301)).code == "text_too_long"
    assert len(network.posts) == 1


def test_pictures_carry_their_words_and_a_link_beside_them_stands_in_the_text(
    port: Port, outbound: Outbound, network: Bluesky, picture: MediaFile
) -> None:
    port.send(replace(outbound, media=(picture, picture), link="https://example.org/a"))
    record = network.posts[0]
    assert [image["alt"] for image in record["embed"]["images"]] == [picture.alt] * 2
    assert shown(record)[0][0] == "https://example.org/a"


def test_a_link_becomes_a_card(port: Port, outbound: Outbound, network: Bluesky) -> None:
    """Under the name of its server, and never under the item's own title, which nobody was shown as part of it."""
    port.send(replace(outbound, link="https://example.org/a", title="Interne : relancer lundi"))
    external = network.posts[0]["embed"]["external"]
    assert external == {"uri": "https://example.org/a", "title": "example.org", "description": ""}
    assert network.posts[0]["text"] == outbound.text


def test_a_thread_hangs_together(port: Port, outbound: Outbound, network: Bluesky) -> None:
    sent = port.send(replace(outbound, parts=("Deux", "Trois")))
    first, second, third = network.posts
    assert [first["text"], second["text"], third["text"]] == [outbound.text, "Deux", "Trois"]
    assert "reply" not in first and second["reply"]["parent"]["uri"] == sent.remote_id
    assert third["reply"]["root"]["uri"] == sent.remote_id != third["reply"]["parent"]["uri"]


def test_a_thread_that_broke_off_is_completed(
    port: Port, outbound: Outbound, network: Bluesky, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread = replace(outbound, parts=("Deux", "Trois"))
    whole, allowed = network.on_putRecord, [1, 2]
    monkeypatch.setattr(network, "on_putRecord", lambda ask: whole(ask) if allowed and allowed.pop() else (500, {}))
    error = failure(port, thread)
    assert (error.code, error.permanent, error.maybe_sent) == ("service_refused", False, True)
    assert len(network.posts) == 2
    monkeypatch.undo()
    port.send(thread)
    assert [post["text"] for post in network.posts] == [outbound.text, "Deux", "Trois"]


def test_once_something_of_a_thread_is_out_even_a_refusal_says_so(
    port: Port, outbound: Outbound, network: Bluesky, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, allowed = network.on_putRecord, [1]
    monkeypatch.setattr(network, "on_putRecord", lambda ask: whole(ask) if allowed and allowed.pop() else (400, {}))
    error = failure(port, replace(outbound, parts=("Deux",)))
    assert (error.code, error.permanent, error.maybe_sent) == ("content_refused", True, True)


class TestAnswering:
    @pytest.fixture
    def answer(self, outbound: Outbound) -> Outbound:
        return replace(outbound, kind=ActionKind.ANSWER)

    def test_somebody(self, port: Port, answer: Outbound, network: Bluesky) -> None:
        theirs = network.seed("Une question")
        port.send(replace(answer, target=theirs))
        reply = network.posts[0]["reply"]
        assert reply["root"] == reply["parent"] and reply["root"]["uri"] == theirs

    def test_in_the_middle_of_a_thread_keeps_its_root(self, port: Port, answer: Outbound, network: Bluesky) -> None:
        root = network.seed("Le début")
        strong = {"uri": root, "cid": network.state["others"][root]["cid"]}
        middle = network.seed("Au milieu", {"root": strong, "parent": strong})
        port.send(replace(answer, target=middle))
        reply = network.posts[0]["reply"]
        assert (reply["root"]["uri"], reply["parent"]["uri"]) == (root, middle)

    def test_ourselves(self, port: Port, outbound: Outbound, answer: Outbound, network: Bluesky) -> None:
        first = port.send(outbound)
        port.send(replace(answer, key=f"{answer.key}a", target=first.remote_id))
        assert len(network.posts) == 2
        assert port.look(replace(outbound, target=first.remote_id)).replies == 1

    @pytest.mark.parametrize(
        "target", ["at://did:plc:x/app.bsky.feed.post/3kgone", "https://example.org/1", "at://x", "x"]
    )
    def test_what_is_not_there(self, port: Port, answer: Outbound, network: Bluesky, target: str) -> None:
        error = failure(port, replace(answer, target=target))
        assert (error.code, error.permanent, error.maybe_sent) == ("target_gone", True, False)
        assert not network.posts

    def test_by_its_own_address_alone(self, port: Port, answer: Outbound, network: Bluesky) -> None:
        """A server finds it by the author's handle, too: that would let an answer past whoever holds the conversation."""
        theirs = network.seed("Une question")
        by_handle = theirs.replace(OTHERS["amie.test"], "amie.test")
        for kind in (ActionKind.ANSWER, ActionKind.REACT):
            assert failure(port, replace(answer, kind=kind, target=by_handle)).code == "target_gone"
        assert not network.posts
        port.send(replace(answer, target=theirs))


def test_a_like_is_one_like(port: Port, outbound: Outbound, network: Bluesky) -> None:
    theirs = network.seed("Bravo")
    like = replace(outbound, kind=ActionKind.REACT, text="", target=theirs)
    assert port.find(like) is None
    assert port.send(like) == port.send(like) == port.find(like)
    assert port.look(replace(outbound, target=theirs)).reactions == 1


def test_what_is_not_ours_is_not_taken_back(port: Port, outbound: Outbound, network: Bluesky) -> None:
    theirs = network.seed("Pas à nous")
    error = failure(port, replace(outbound, kind=ActionKind.DELETE, text="", target=theirs))
    assert (error.code, error.permanent, error.maybe_sent) == ("not_permitted", True, False)


def test_two_senders_with_one_key_at_the_same_moment(port: Port, outbound: Outbound, network: Bluesky) -> None:
    found: list[str] = []
    senders = [threading.Thread(target=lambda: found.append(port.send(outbound).remote_id)) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert len(found) == 4 and len(set(found)) == 1 and len(network.posts) == 1


def test_another_content_under_the_key_does_not_replace_what_is_out(
    port: Port, outbound: Outbound, network: Bluesky
) -> None:
    first = port.send(outbound)
    assert port.send(replace(outbound, text="Autre chose")) == first
    assert [post["text"] for post in network.posts] == [outbound.text]


def test_keys_stay_in_the_order_of_their_moments() -> None:
    from clients.channels.bluesky.records import record_key

    moments = [datetime(2026, 1, 1, 0, 0, second, tzinfo=UTC) for second in range(50)]
    keys = [record_key(f"k{place}", moment) for place, moment in enumerate(moments)]
    assert keys == sorted(keys) and len(set(keys)) == 50
    assert len({record_key(f"k{place}", moments[0]) for place in range(500)}) == 500
    assert record_key("k", moments[0]) < record_key("k", moments[0], 1)


def test_an_account_that_is_put_to_rest(port: Port, outbound: Outbound, network: Bluesky) -> None:
    network.active = False
    assert failure(port, outbound).code == "not_permitted"


def test_somebody_edits_our_post_there(port: Port, outbound: Outbound, network: Bluesky) -> None:
    sent = deliver(port, outbound)
    network.posts[0]["text"] = "Autre chose"
    assert port.look(replace(outbound, target=sent.remote_id)).state is SentState.EDITED


def test_it_talks_to_the_account_s_own_server_whatever_that_says_of_another(
    port: Port, outbound: Outbound, network: Bluesky, picture: MediaFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log-in tells where the repository lies. The token was given to the server that the brand named, and stays there."""
    thief, heard = Bluesky(), []
    monkeypatch.setattr(thief, "answer", lambda ask: heard.append(ask) or (200, {}))
    with serving(thief) as there:
        named = [{"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": there}]
        status, told = network.log_in(
            Ask("POST", "", {}, {}, b'{"identifier": "%s", "password": "%s"}' % (DID.encode(), CANARY.encode()))
        )
        monkeypatch.setattr(network, "log_in", lambda ask: (status, told | {"didDoc": {"service": named}}))
        port.send(replace(outbound, media=(picture,)))
    assert heard == [] and len(network.posts) == 1
