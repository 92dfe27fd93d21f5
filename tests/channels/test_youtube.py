"""YouTube's comments against a fake written to the documentation of its API. Not run against the live service."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from clients.autonomy.vocabulary import ActionKind
from clients.channels.delivery import Port
from clients.channels.port import Outbound, Proven, SendFailed
from clients.channels.secret import Secrets
from clients.channels.youtube.connector import YouTubeConnector
from tests.channels.contract import CANARY, Effects, HostileContract, SendingContract, deliver, quick
from tests.channels.fakes.serving import serving
from tests.channels.fakes.youtube import TOKEN, YouTube, wrong
from tests.channels.hostile import Hostile, standing_before


@pytest.fixture
def network() -> YouTube:
    found = YouTube()
    found.token = TOKEN + CANARY
    return found


@pytest.fixture
def hostile(network: YouTube) -> Iterator[Hostile]:
    with serving(network) as url, standing_before(url) as found:
        yield found


@pytest.fixture
def port(hostile: Hostile) -> Port:
    return quick(type("Here", (YouTubeConnector,), {"api": hostile.url})())


@pytest.fixture
def effects(network: YouTube) -> Effects:
    return lambda: len(network.visible)


@pytest.fixture
def outbound(outbound: Outbound, network: YouTube) -> Outbound:
    secret = Secrets({"access_token": TOKEN + CANARY})
    return replace(outbound, kind=ActionKind.ANSWER, target=network.seed(), secret=secret)


class TestContract(SendingContract):
    kind = "youtube"

    def test_looking_up(self, port: Port, outbound: Outbound, effects: Effects, network: YouTube) -> None:
        """By its words under the comment: other words, another comment and somebody else's answer are something else."""
        network.seed(outbound.text, str(outbound.target))
        assert port.find(outbound) is None
        sent = deliver(port, outbound)
        assert port.find(outbound) == sent
        assert port.find(replace(outbound, text="Autre chose")) is None
        assert port.find(replace(outbound, target=network.seed())) is None and effects() == 1


class TestHostile(HostileContract):
    pass


def test_it_says_that_it_was_never_run_against_the_live_service(port: Port) -> None:
    assert port.declares.proven is Proven.DOCUMENTATION


@pytest.mark.parametrize("written", ["2026-01-01T10:00:00Z", "2099-01-01T10:00:00.5Z"])
def test_an_answer_of_another_day_is_another_answer(
    port: Port, outbound: Outbound, network: YouTube, written: str
) -> None:
    earlier = port.send(outbound).remote_id
    snippet = network.state["comments"][earlier]
    snippet["publishedAt"] = written
    hidden = replace(outbound, begun=datetime.now(UTC))
    assert port.find(hidden) is None
    sent = port.send(outbound)
    assert port.find(hidden) == sent and sent.remote_id != earlier
    del snippet["publishedAt"]
    with pytest.raises(SendFailed, match="cannot_look_up"):
        port.find(hidden)


def test_holding_back_and_showing_again(port: Port, outbound: Outbound, network: YouTube) -> None:
    for kind, status in ((ActionKind.HIDE, "heldForReview"), (ActionKind.UNHIDE, "published")):
        act = replace(outbound, kind=kind, text="")
        assert port.find(act) is None
        port.send(act)
        assert network.state["comments"][outbound.target]["moderationStatus"] == status
        assert port.find(act) is not None


@pytest.mark.parametrize(
    ("answer", "code", "permanent"),
    [
        (wrong(403, "quotaExceeded"), "too_many_requests", False),
        (wrong(403, "insufficientPermissions"), "scope_missing", True),
        (wrong(401, "authError"), "credentials_refused", True),
        (wrong(404, "parentCommentNotFound"), "target_gone", True),
        (wrong(400, "commentTextTooLong"), "content_refused", True),
    ],
)
def test_what_its_reasons_mean(
    port: Port, outbound: Outbound, network: YouTube, monkeypatch: pytest.MonkeyPatch, answer, code, permanent
) -> None:
    monkeypatch.setattr(network, "_post", lambda *_: answer)
    with pytest.raises(SendFailed) as refused:
        port.send(outbound)
    assert (refused.value.code, refused.value.permanent, refused.value.maybe_sent) == (code, permanent, False)


def test_an_account_without_a_channel_is_refused(
    port: Port, outbound: Outbound, network: YouTube, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "answer", lambda ask: (200, {"items": []}))
    with pytest.raises(SendFailed, match="not_permitted"):
        port.check(outbound.settings, outbound.secret)
