"""Facebook Pages against a fake written to the documentation of the Graph API. Not run against the live service."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from clients.autonomy.vocabulary import ActionKind
from clients.channels.delivery import Port
from clients.channels.facebook.connector import FacebookConnector
from clients.channels.port import MediaFile, Outbound, Proven, SendFailed, SentState
from clients.channels.secret import NO_SECRETS, Secrets
from tenants.errors import Invalid
from tests.channels.contract import CANARY, Effects, HostileContract, SendingContract, deliver, quick
from tests.channels.fakes.facebook import PAGE, TOKEN, Facebook, dated, wrong
from tests.channels.fakes.serving import serving
from tests.channels.hostile import Hostile, standing_before


@pytest.fixture
def network() -> Facebook:
    found = Facebook()
    found.token = TOKEN + CANARY
    return found


@pytest.fixture
def hostile(network: Facebook) -> Iterator[Hostile]:
    with serving(network) as url, standing_before(url) as found:
        yield found


@pytest.fixture
def port(hostile: Hostile) -> Port:
    return quick(type("Here", (FacebookConnector,), {"api": hostile.url})())


@pytest.fixture
def effects(network: Facebook) -> Effects:
    return lambda: len(network.visible)


@pytest.fixture
def outbound(outbound: Outbound) -> Outbound:
    secret = Secrets({"access_token": TOKEN + CANARY})
    return replace(outbound, settings={"page": PAGE}, secret=secret, moment=datetime.now(UTC))


@pytest.fixture
def reply(outbound: Outbound, network: Facebook) -> Outbound:
    return replace(outbound, kind=ActionKind.ANSWER, target=network.seed(), text="Merci !")


class TestContract(SendingContract):
    kind = "facebook"

    def test_looking_up(self, port: Port, outbound: Outbound, effects: Effects) -> None:
        """By its words since its moment: other words, and the same words of an earlier day, are something else."""
        assert port.find(outbound) is None
        sent = deliver(port, outbound)
        assert port.find(outbound) == sent
        assert port.find(replace(outbound, text="Autre chose")) is None
        later = replace(outbound, moment=datetime(2099, 1, 1, tzinfo=UTC))
        assert port.find(later) is None and effects() == 1


class TestHostile(HostileContract):
    pass


class TestHostileReply(HostileContract):
    @pytest.fixture
    def outbound(self, reply: Outbound) -> Outbound:
        return reply


def test_it_says_that_it_was_never_run_against_the_live_service(port: Port) -> None:
    assert port.declares.proven is Proven.DOCUMENTATION


def test_an_answer_under_a_comment_is_found_again_only_where_it_is_ours(
    port: Port, reply: Outbound, network: Facebook
) -> None:
    theirs = network.seed("Merci !")
    network.state["comments"][theirs]["on"] = reply.target
    assert port.find(reply) is None
    sent = port.send(reply)
    assert port.find(reply) == sent and sent.remote_id != theirs


@pytest.mark.parametrize("kind", [ActionKind.PUBLISH, ActionKind.ANSWER])
def test_a_page_without_ours_that_may_not_be_the_last_is_no_no(
    port: Port, outbound: Outbound, reply: Outbound, network: Facebook, kind: ActionKind
) -> None:
    act = outbound if kind is ActionKind.PUBLISH else reply
    for n in range(99):
        network.state["posts"][f"1_{n}"] = network.post(f"Oui {n}")
        network.state["comments"][f"2_{n}"] = {"message": f"Oui {n}", "from": "77", "on": reply.target, **dated()}
    assert port.find(act) is None
    network.state["posts"]["1_99"] = network.post("Oui 99")
    network.state["comments"]["2_99"] = network.state["comments"]["2_0"]
    with pytest.raises(SendFailed) as doubtful:
        port.find(act)
    assert (doubtful.value.code, doubtful.value.permanent) == ("cannot_look_up", False)
    assert port.send(act) == port.find(act)


@pytest.mark.parametrize("minutes", [-60 * 24 * 7, -5, 10])
def test_an_answer_of_another_hour_is_another_answer(
    port: Port, reply: Outbound, network: Facebook, minutes: float
) -> None:
    """After a crash 'found' must mean ours: the page says 'Merci !' often, and may have said it here before."""
    earlier = {"message": "Merci !", "from": PAGE, "on": reply.target, **dated(time.time() + 60 * minutes)}
    network.state["comments"]["1_77"] = earlier
    hidden = replace(reply, begun=datetime.now(UTC))
    assert port.find(hidden) is None
    sent = port.send(reply)
    assert port.find(hidden) == sent and sent.remote_id != "1_77"


def test_a_post_is_ours_by_words_pictures_author_and_moment(
    port: Port, outbound: Outbound, network: Facebook, picture: MediaFile
) -> None:
    act = replace(outbound, media=(picture, picture), begun=datetime.now(UTC))
    name = port.send(act).remote_id
    posts, now = network.state["posts"], time.time()
    assert port.find(act).remote_id == name  # type: ignore[union-attr]
    for other in (
        network.post("Autre", 2),
        network.post(act.text, 2, by="77"),
        network.post(act.text, 2, at=now - 300),
        network.post(act.text, 2, at=now + 600),
        network.post(act.text, 1),
        network.post(act.text),
    ):
        posts[name] = other
        assert port.find(act) is None, other
    posts[name] = network.post(act.text, 1)
    assert port.find(replace(act, media=(picture,))) is not None


@pytest.mark.parametrize("link", ["", "https://maison.example/"])
def test_what_has_no_words_is_nobodys(
    port: Port, outbound: Outbound, network: Facebook, picture: MediaFile, link: str
) -> None:
    """A picture alone, or a link alone: what somebody at the page posted meanwhile looks the same."""
    act = replace(outbound, text="", link=link, media=() if link else (picture,), begun=datetime.now(UTC))
    assert port.find(act) is None, "nothing like it is there: it has not left"
    network.state["posts"]["1_77"] = network.post("", len(act.media))
    with pytest.raises(SendFailed) as unknowable:
        port.find(act)
    assert (unknowable.value.code, unknowable.value.permanent) == ("cannot_look_up", True)
    network.state["posts"]["1_77"] = network.post("", len(act.media), at=time.time() - 3600)
    assert port.find(act) is None


def test_hiding_and_showing_again(port: Port, reply: Outbound, network: Facebook) -> None:
    for kind, hidden in ((ActionKind.HIDE, True), (ActionKind.UNHIDE, False)):
        act = replace(reply, kind=kind, text="")
        assert port.find(act) is None
        for _ in range(2):
            port.send(act)
        assert network.state["comments"][reply.target]["is_hidden"] is hidden and port.find(act) is not None


def test_a_link_is_a_link_and_pictures_are_there_before_the_post(
    port: Port, outbound: Outbound, network: Facebook, picture: object
) -> None:
    port.send(replace(outbound, link="https://maison.example/"))
    port.send(replace(outbound, key="p", text="Deux", media=(picture, picture)))
    assert len(network.state["pictures"]) == 2 and len(network.state["posts"]) == 2


@pytest.mark.parametrize(
    ("answer", "code", "permanent"),
    [
        (wrong(190), "credentials_refused", True),
        (wrong(200), "scope_missing", True),
        (wrong(10), "scope_missing", True),
        (wrong(32), "too_many_requests", False),
        (wrong(2), "service_refused", False),
        (wrong(100, 33), "target_gone", True),
        (wrong(506), "content_refused", True),
    ],
)
def test_what_its_numbers_mean(
    port: Port, reply: Outbound, network: Facebook, monkeypatch: pytest.MonkeyPatch, answer, code, permanent
) -> None:
    monkeypatch.setattr(network, "_as_page", lambda *_: answer)
    with pytest.raises(SendFailed) as refused:
        port.send(reply)
    assert (refused.value.code, refused.value.permanent, refused.value.maybe_sent) == (code, permanent, False)


def test_a_scope_that_was_taken_back_is_named(port: Port, outbound: Outbound, network: Facebook) -> None:
    network.granted = network.granted[:-1]
    assert port.check(outbound.settings, outbound.secret).missing == ("pages_manage_engagement",)


def test_only_ids_go_into_addresses(port: Port, reply: Outbound) -> None:
    for target in ("../me", "1?x=1", "me/accounts", "007", "1__2"):
        with pytest.raises(SendFailed, match="target_gone"):
            port.send(replace(reply, target=target))


def test_a_page_is_a_number(port: Port) -> None:
    with pytest.raises(Invalid, match="not_a_number"):
        port.check_settings({"page": "maison"}, NO_SECRETS)


def test_gone_is_gone(port: Port, outbound: Outbound) -> None:
    assert port.look(replace(outbound, target="1_2")).state is SentState.GONE
