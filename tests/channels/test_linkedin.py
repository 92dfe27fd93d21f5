"""LinkedIn pages against a fake written to the documentation of its API. Not run against the live service."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from clients.autonomy.vocabulary import ActionKind
from clients.channels.delivery import Port
from clients.channels.linkedin.connector import LinkedInConnector
from clients.channels.linkedin.rest import little_text
from clients.channels.port import MediaFile, Outbound, Proven, SendFailed, SentState
from clients.channels.secret import NO_SECRETS, Secrets
from clients.channels.website import is_within
from tenants.errors import Invalid
from tests.channels.contract import CANARY, Effects, HostileContract, SendingContract, deliver, quick
from tests.channels.fakes.linkedin import ORGANIZATION, PAGE, TOKEN, LinkedIn
from tests.channels.fakes.serving import serving
from tests.channels.hostile import Hostile, changes_something, standing_before


@pytest.fixture
def network() -> LinkedIn:
    found = LinkedIn()
    found.token = TOKEN + CANARY
    return found


@pytest.fixture
def hostile(network: LinkedIn) -> Iterator[Hostile]:
    with serving(network) as url, standing_before(url, changes_something) as found:
        yield found


@pytest.fixture
def port(hostile: Hostile) -> Port:
    return quick(type("Here", (LinkedInConnector,), {"api": hostile.url, "domains": ("127.0.0.1",)})())


@pytest.fixture
def effects(network: LinkedIn) -> Effects:
    return lambda: len(network.visible)


@pytest.fixture
def outbound(outbound: Outbound) -> Outbound:
    secret = Secrets({"access_token": TOKEN + CANARY})
    return replace(outbound, settings={"organization": ORGANIZATION}, secret=secret, moment=datetime.now(UTC))


@pytest.fixture
def reply(outbound: Outbound, network: LinkedIn) -> Outbound:
    return replace(outbound, kind=ActionKind.ANSWER, target=network.seed(), text="Merci !")


class TestContract(SendingContract):
    kind = "linkedin"

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


def test_an_answer_is_found_again_only_where_it_is_ours(port: Port, reply: Outbound, network: LinkedIn) -> None:
    theirs = {"actor": "urn:li:person:x", "object": reply.target, "message": {"text": "Merci !"}, "created": now()}
    network.state["comments"]["urn:li:comment:(x,0)"] = theirs | {"commentUrn": "urn:li:comment:(x,0)"}
    assert port.find(reply) is None
    sent = port.send(reply)
    assert port.find(reply) == sent


def now(minutes: float = 0) -> dict[str, int]:
    return {"time": int((time.time() + 60 * minutes) * 1000)}


@pytest.mark.parametrize("minutes", [-60 * 24 * 7, -5, 10])
def test_an_answer_of_another_hour_is_another_answer(
    port: Port, reply: Outbound, network: LinkedIn, minutes: float
) -> None:
    """After a crash 'found' must mean ours: the page says 'Merci !' often, and may have said it here before."""
    hidden = replace(reply, begun=datetime.now(UTC))
    urn = f"urn:li:comment:({reply.target},77)"
    earlier = {"actor": PAGE, "object": reply.target, "message": {"text": "Merci !"}, "commentUrn": urn}
    network.state["comments"][urn] = earlier | {"created": now(minutes)}
    assert port.find(hidden) is None
    sent = port.send(reply)
    assert port.find(hidden) == sent


def test_one_that_does_not_say_when_is_nobodys(port: Port, reply: Outbound, network: LinkedIn) -> None:
    urn = f"urn:li:comment:({reply.target},77)"
    network.state["comments"][urn] = {
        "actor": PAGE, "object": reply.target, "message": {"text": "Merci !"}, "commentUrn": urn
    }  # fmt: skip
    with pytest.raises(SendFailed) as unknowable:
        port.find(reply)
    assert (unknowable.value.code, unknowable.value.permanent) == ("cannot_look_up", True)


def test_a_post_is_ours_by_words_pictures_author_and_moment(
    port: Port, outbound: Outbound, network: LinkedIn, picture: MediaFile
) -> None:
    act = replace(outbound, media=(picture, picture), begun=datetime.now(UTC))
    urn = port.send(act).remote_id
    post = network.state["posts"][urn]
    whole = dict(post)
    assert port.find(act).remote_id == urn  # type: ignore[union-attr]
    for changed in (
        {"commentary": "Autre"},
        {"author": "urn:li:organization:1"},
        {"createdAt": now(-6)["time"]},
        {"createdAt": now(6)["time"]},
        {"content": {"media": {"id": "x"}}},
        {"content": {}},
    ):
        post.update(changed)
        assert port.find(act) is None, changed
        post.update(whole)
    wordless = replace(act, text="")
    assert port.find(wordless) is None
    post["commentary"] = ""
    with pytest.raises(SendFailed, match="cannot_look_up"):
        port.find(wordless)


def test_no_sign_of_a_text_is_a_command(port: Port, outbound: Outbound, network: LinkedIn) -> None:
    said = r"(a) @b #c {d} <e> *f* _g_ ~h~ |i| [j] \k"
    port.send(replace(outbound, text=said))
    (post,) = network.state["posts"].values()
    assert post["commentary"] == little_text(said) and r"\@b" in post["commentary"]
    assert port.find(replace(outbound, text=said)) is not None


def test_several_pictures(port: Port, outbound: Outbound, network: LinkedIn, picture: MediaFile) -> None:
    port.send(replace(outbound, media=(picture, picture)))
    (post,) = network.state["posts"].values()
    assert [each["altText"] for each in post["content"]["multiImage"]["images"]] == [picture.alt] * 2


def test_a_token_goes_to_no_address_that_is_not_linkedins(
    port: Port, outbound: Outbound, network: LinkedIn, picture: MediaFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says itself where it wants a picture; whoever stands in its place would say somewhere else."""
    thief, heard = LinkedIn(), []
    monkeypatch.setattr(thief, "answer", lambda ask: heard.append(ask) or (201, None))
    with serving(thief) as there:
        elsewhere = there.replace("127.0.0.1", "localhost")
        said = {"value": {"uploadUrl": f"{elsewhere}/upload/x", "image": "urn:li:image:C1"}}
        monkeypatch.setattr(network, "_images", lambda ask, rest: (200, said))
        with pytest.raises(SendFailed) as refused:
            port.send(replace(outbound, media=(picture,)))
    assert (refused.value.code, refused.value.permanent, refused.value.maybe_sent) == ("answer_unreadable", True, False)
    assert heard == [] and network.visible == []


@pytest.mark.parametrize(
    ("address", "within"),
    [
        ("https://www.linkedin.com/dms-uploads/x", True),
        ("https://api.linkedin.com/mediaUpload/x", True),
        ("https://LINKEDIN.com/x", True),
        ("https://notlinkedin.com/x", False),
        ("https://linkedin.com.evil.example/x", False),
        ("https://evil.example/linkedin.com", False),
        ("https://evil.example\\.linkedin.com/x", False),
        ("https://me@www.linkedin.com/x", False),
        ("https://evil.example#@www.linkedin.com", False),
        ("ftp://www.linkedin.com/x", False),
        ("//www.linkedin.com/x", False),
        ("", False),
    ],
)
def test_what_lies_within_its_domains(address: str, within: bool) -> None:
    assert is_within(address, LinkedInConnector.domains) is within


def test_only_names_go_into_addresses(port: Port, reply: Outbound) -> None:
    for target in ("../organizations/1", "urn:li:person:1", "urn:li:share:1/../2"):
        with pytest.raises(SendFailed, match="target_gone"):
            port.send(replace(reply, target=target))


def test_a_page_is_a_number() -> None:
    with pytest.raises(Invalid, match="not_a_number"):
        LinkedInConnector().check_settings({"organization": "maison"}, NO_SECRETS)


def test_gone_is_gone(port: Port, outbound: Outbound) -> None:
    assert port.look(replace(outbound, target="urn:li:share:1")).state is SentState.GONE
