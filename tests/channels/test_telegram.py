"""A Telegram chat against a fake written to the documentation of the Bot API. Not run against the live service."""

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest

from clients.autonomy.vocabulary import ActionKind
from clients.channels.delivery import Port
from clients.channels.port import Idempotency, MediaFile, Outbound, Proven, SendFailed
from clients.channels.rules import FAILURES_OF_THE_CHANNEL
from clients.channels.secret import NO_SECRETS, Secrets
from clients.channels.telegram.connector import TelegramConnector
from tenants.errors import Invalid
from tests.channels.contract import CANARY, Effects, HostileContract, SendingContract, assert_clean, quick
from tests.channels.fakes.serving import serving
from tests.channels.fakes.telegram import CHAT, NAME, TOKEN, Telegram, wrong
from tests.channels.hostile import Hostile, moment_near, standing_before


def is_effect(method: str, path: str) -> bool:
    """Every call is a POST there; the questions are those that begin with get."""
    return not path.rpartition("/")[2].startswith("get")


@pytest.fixture
def network() -> Telegram:
    found = Telegram()
    found.token = TOKEN + CANARY
    return found


@pytest.fixture
def hostile(network: Telegram) -> Iterator[Hostile]:
    with serving(network) as url, standing_before(url, is_effect) as found:
        yield found


@pytest.fixture
def port(hostile: Hostile) -> Port:
    return quick(type("Here", (TelegramConnector,), {"api": hostile.url})())


@pytest.fixture
def effects(network: Telegram) -> Effects:
    return lambda: len(network.visible)


@pytest.fixture
def outbound(outbound: Outbound) -> Outbound:
    return replace(outbound, settings={"chat": NAME}, secret=Secrets({"bot_token": TOKEN + CANARY}))


@pytest.fixture
def reply(outbound: Outbound, network: Telegram) -> Outbound:
    return replace(outbound, kind=ActionKind.ANSWER, target=network.seed(), text="Merci !")


class TestContract(SendingContract):
    kind = "telegram"


class TestHostile(HostileContract):
    pass


class TestHostileReply(HostileContract):
    @pytest.fixture
    def outbound(self, reply: Outbound) -> Outbound:
        return reply


class TestHostilePicture(HostileContract):
    @pytest.fixture
    def outbound(self, outbound: Outbound, picture: MediaFile) -> Outbound:
        return replace(outbound, media=(picture,))


def failure(port: Port, outbound: Outbound) -> SendFailed:
    with pytest.raises(SendFailed) as refused:
        port.send(outbound)
    assert_clean(refused.value)
    return refused.value


def test_what_it_says_of_itself(port: Port) -> None:
    assert port.declares.proven is Proven.DOCUMENTATION and port.declares.idempotency is Idempotency.NONE
    assert not port.declares.alt_text_required and not port.looks


def test_a_post_has_a_name_and_in_a_public_chat_an_address(port: Port, outbound: Outbound, network: Telegram) -> None:
    sent = port.send(outbound)
    assert (sent.remote_id, sent.url) == (f"{CHAT}:1", "https://t.me/maison/1")
    network.chat = {"id": CHAT, "type": "supergroup", "title": "Entre nous"}
    assert port.send(replace(outbound, settings={"chat": str(CHAT)})).url == ""


def test_an_answer_hangs_on_its_message(port: Port, reply: Outbound, network: Telegram, picture: MediaFile) -> None:
    port.send(reply)
    port.send(replace(reply, media=(picture,), link="https://maison.example/"))
    assert [each["on"] for each in network.visible] == [1, 1]
    assert network.visible[1]["caption"] == "Merci !\nhttps://maison.example/"


def test_lengths_are_counted_as_there(port: Port, outbound: Outbound, picture: MediaFile, effects: Effects) -> None:
    """In UTF-16; beside a picture a quarter of it."""
    for longest, media in ((4096, ()), (1024, (picture,))):
        act = replace(outbound, media=media)
        assert failure(port, replace(act, text="👍" * (longest // 2) + "x")).code == "text_too_long"
        port.send(replace(act, text="👍" * (longest // 2)))
    assert effects() == 2


@pytest.mark.parametrize("with_media", [True, False])
def test_other_words_under_a_picture(
    with_media: bool, port: Port, outbound: Outbound, network: Telegram, picture: MediaFile
) -> None:
    sent = port.send(replace(outbound, media=(picture,)))
    other = replace(outbound, kind=ActionKind.CORRECT, target=sent.remote_id, text="Corrigé")
    for _ in range(2):  # the second is "not modified" there: it is so already
        assert port.send(replace(other, media=(picture,) if with_media else ())).remote_id == sent.remote_id
    assert network.visible[0]["caption"] == "Corrigé"
    if not with_media:
        long = failure(port, replace(other, text="x" * 1025))
        assert (long.code, long.permanent, long.maybe_sent) == ("content_refused", True, False)


def test_what_is_not_ours_or_not_there_is_not_corrected(port: Port, reply: Outbound) -> None:
    assert failure(port, replace(reply, kind=ActionKind.CORRECT)).code == "not_permitted"
    assert failure(port, replace(reply, kind=ActionKind.CORRECT, target=f"{CHAT}:99")).code == "target_gone"
    assert failure(port, replace(reply, target=f"{NAME}:99")).code == "target_gone"


@pytest.mark.parametrize(
    ("target", "code"), [("../1", "target_not_a_post"), ("1", "target_not_a_post"), ("-1009:1", "target_not_here")]
)
def test_only_posts_of_this_chat(port: Port, reply: Outbound, target: str, code: str) -> None:
    for kind in (ActionKind.ANSWER, ActionKind.CORRECT, ActionKind.DELETE):
        assert failure(port, replace(reply, kind=kind, target=target)).code == code


@pytest.mark.parametrize(
    ("answer", "code", "permanent"),
    [
        (wrong(400, "Bad Request: chat not found"), "receiver_missing", True),
        (wrong(400, "Bad Request: not enough rights to send text messages to the chat"), "not_permitted", True),
        (wrong(400, "Bad Request: message is too long"), "content_refused", True),
        (
            wrong(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-100777),
            "chat_moved",
            True,
        ),
        (wrong(401, "Unauthorized"), "credentials_refused", True),
        (wrong(403, "Forbidden: bot was kicked from the channel chat"), "not_permitted", True),
        (wrong(404, "Not Found"), "credentials_refused", True),
        (wrong(429, "Too Many Requests: retry after 120", retry_after=120), "too_many_requests", False),
    ],
)
def test_what_its_refusals_mean(
    port: Port, outbound: Outbound, network: Telegram, monkeypatch: pytest.MonkeyPatch, answer, code, permanent
) -> None:
    monkeypatch.setattr(network, "_sendmessage", lambda said: answer)
    error = failure(port, outbound)
    assert (error.code, error.permanent, error.maybe_sent, error.status) == (code, permanent, False, answer[0])
    assert moment_near(error.retry_at) is (answer[0] == 429)


def test_a_yes_that_names_no_message_leaves_it_open(
    port: Port, outbound: Outbound, network: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    for said in ({"ok": True, "result": True}, {"ok": True, "result": {"message_id": 1}}, {"ok": False}, {}):
        monkeypatch.setattr(network, "_sendmessage", lambda _, said=said: (200, said))
        error = failure(port, outbound)
        assert (error.code, error.permanent, error.maybe_sent) == ("answer_unreadable", False, True)


def test_a_group_that_moved_waits_for_a_person() -> None:
    assert {"chat_moved", "receiver_missing"} <= FAILURES_OF_THE_CHANNEL


def test_the_token_in_the_address_is_in_no_log(
    port: Port, outbound: Outbound, hostile: Hostile, caplog: pytest.LogCaptureFixture
) -> None:
    """It is the one credential that stands in an address, and HTTP libraries like to log those."""
    with caplog.at_level(logging.DEBUG):
        port.send(outbound)
        port.check(outbound.settings, outbound.secret)
        for hostile.mode in ("500", "redirect", "cut", "garbage"):
            failure(port, outbound)
    assert CANARY not in caplog.text


@pytest.mark.parametrize("token", ["", "1000", "1000:short", "../1000:" + "a" * 35, "1000:" + "a" * 35 + "/x?"])
def test_what_is_no_token_is_never_put_into_an_address(port: Port, outbound: Outbound, token: str) -> None:
    error = failure(port, replace(outbound, secret=Secrets({"bot_token": token})))
    assert (error.code, error.permanent, error.maybe_sent) == ("credentials_refused", True, False)


def test_settings(port: Port) -> None:
    port.check_settings({"chat": NAME}, Secrets({"bot_token": "1000:" + "a" * 35}))
    port.check_settings({"chat": str(CHAT)}, NO_SECRETS)
    for chat in ("maison", "77", "@a/b", "https://t.me/maison"):
        with pytest.raises(Invalid, match="chat_malformed"):
            port.check_settings({"chat": chat}, NO_SECRETS)
    with pytest.raises(Invalid, match="bot_token_malformed"):
        port.check_settings({"chat": NAME}, Secrets({"bot_token": "a/b"}))


@pytest.mark.parametrize(
    ("kind", "member", "missing"),
    [
        ("channel", {"status": "administrator", "can_post_messages": True}, ()),
        ("channel", {"status": "creator"}, ()),
        ("channel", {"status": "administrator", "can_post_messages": False}, ("can_post_messages",)),
        ("channel", {"status": "member"}, ("can_post_messages",)),
        ("supergroup", {"status": "administrator"}, ()),
        ("supergroup", {"status": "member"}, ()),
        (
            "supergroup",
            {"status": "restricted", "is_member": True, "can_send_messages": True, "can_send_photos": False},
            ("can_send_photos",),
        ),
        ("supergroup", {"status": "left"}, ("can_send_messages", "can_send_photos")),
    ],
)
def test_what_the_bot_may_not_is_named(
    port: Port, outbound: Outbound, network: Telegram, kind, member, missing
) -> None:
    network.chat, network.member = network.chat | {"type": kind}, member
    account = port.check(outbound.settings, outbound.secret)
    assert (account.handle, account.url, account.missing) == ("@maison", "https://t.me/maison", missing)


def test_a_bot_that_was_shown_the_door(
    port: Port, outbound: Outbound, network: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "_getchat", lambda said: wrong(403, "Forbidden: bot was kicked"))
    with pytest.raises(SendFailed, match="scope_missing"):
        port.check(outbound.settings, outbound.secret)
