"""The signed webhook: what a receiver can verify, what its answers mean, and what a broken line leaves uncertain."""

import base64
import json
import logging
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from clients.autonomy.vocabulary import ActionKind
from clients.channels.delivery import Port
from clients.channels.port import MediaFile, Outbound, SendFailed, SentState
from clients.channels.registry import connector_for
from clients.channels.secret import NO_SECRETS, Secrets
from clients.channels.settings import clean_settings
from clients.channels.webhook.connector import WebhookConnector
from clients.channels.webhook.signature import headers, is_signing_secret
from tenants.errors import Invalid
from tests.channels.contract import CANARY, EXPECTED, Effects, HostileContract, SendingContract, assert_clean
from tests.channels.hostile import Hostile, standing_before

# The published example of the specification's reference implementations.
VECTOR = {
    "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "key": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "moment": 1614265330,
    "body": b'{"test": 2432232314}',
    "signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
OLD = "whsec_" + base64.b64encode(bytes(range(32, 64))).decode()
MINUTES = 5 * 60


class QuickWebhook(WebhookConnector):
    declares = replace(WebhookConnector.declares, deadline_seconds=2.0)


@dataclass
class Receiver:
    """The brand's own server. It verifies like any receiver of the standard and takes what is genuine."""

    secret: str = SECRET
    status: int = 200
    answer: bytes = b""
    head: dict[str, str] = field(default_factory=dict)
    hang: bool = False
    cut: bool = False
    got: list[dict[str, Any]] = field(default_factory=list)
    heads: list[dict[str, str]] = field(default_factory=list)
    posts: dict[str, int] = field(default_factory=dict)

    def take(self, head: dict[str, str], body: bytes) -> int:
        if not verified(self.secret, head, body):
            return 401
        if self.status < 300:
            self.got.append(json.loads(body))
            self.heads.append(head)
            self.act(self.got[-1]["data"])
        return self.status

    def act(self, data: dict[str, Any]) -> None:
        """It publishes by itself: posts by the key under which they came."""
        if data["kind"] == ActionKind.DELETE:
            self.posts.pop(data["target"], None)
        elif data["kind"] != ActionKind.CORRECT:
            self.posts[data["key"]] = 1 + len(data["parts"])


def verified(secret: str, head: dict[str, str], body: bytes, now: float | None = None) -> bool:
    """Written from the specification, with another program's HMAC: nothing of ours is used to check ours."""
    moment = head.get("webhook-timestamp", "")
    if not moment.isdigit() or abs((now or time.time()) - int(moment)) > MINUTES:
        return False
    signed = f"{head['webhook-id']}.{moment}.".encode() + body
    wanted = base64.b64encode(openssl_hmac(base64.b64decode(secret[6:]), signed)).decode()
    return any(part == f"v1,{wanted}" for part in head.get("webhook-signature", "").split(" "))


def openssl_hmac(key: bytes, message: bytes) -> bytes:
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("the independent check needs the program openssl")
    command = [program, "dgst", "-sha256", "-mac", "HMAC", "-macopt", f"hexkey:{key.hex()}", "-binary"]
    return subprocess.run(command, input=message, capture_output=True, check=True).stdout


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def address(hostile: Hostile) -> str:
    return f"{hostile.url}/hooks/relais?for=us"


@pytest.fixture
def hostile(served: str) -> Iterator[Hostile]:
    with standing_before(served) as found:
        yield found


@pytest.fixture
def served(receiver: Receiver) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = receiver.take({name.lower(): value for name, value in self.headers.items()}, body)
            if receiver.hang:
                time.sleep(QuickWebhook.declares.deadline_seconds + 0.5)
            if receiver.hang or receiver.cut:
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in receiver.head.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(receiver.answer)))
            self.end_headers()
            self.wfile.write(receiver.answer)

        def log_message(self, *args: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def port() -> Port:
    return Port(QuickWebhook())


@pytest.fixture
def effects(receiver: Receiver) -> Effects:
    return lambda: sum(receiver.posts.values())


@pytest.fixture
def outbound(outbound: Outbound, address: str) -> Outbound:
    settings, secrets = clean_settings(WebhookConnector.fields, {"endpoint": address, "signing_secret": SECRET})
    return replace(outbound, settings=settings, secret=Secrets({**secrets, "kept": CANARY}))


def _failure(port: Port, outbound: Outbound) -> SendFailed:
    with pytest.raises(SendFailed) as failed:
        port.send(outbound)
    assert_clean(failed.value)
    return failed.value


class TestContract(SendingContract):
    kind = "webhook"

    def test_taking_a_post_back(self, port: Port, outbound: Outbound, effects: Effects) -> None:
        """Handed over is all that can be said, also of a deletion."""
        sent = port.send(outbound)
        away = replace(outbound, key=f"{outbound.key}d", kind=ActionKind.DELETE, target=sent.remote_id, text="")
        assert (port.send(away).state, port.send(away).remote_id) == (SentState.ACCEPTED, sent.remote_id)
        assert effects() == 0


# What a receiver says in a 2xx is its own affair: see `test_what_the_receiver_says_of_what_it_made`.
MINDED = sorted(set(EXPECTED) - {"not_json"})


class TestHostile(HostileContract):
    @pytest.mark.parametrize("mode", MINDED)
    def test_a_spoilt_answer(
        self, mode: str, port: Port, outbound: Outbound, hostile: Hostile, effects: Effects
    ) -> None:
        super().test_a_spoilt_answer(mode, port, outbound, hostile, effects)


def test_it_signs_like_the_published_example() -> None:
    made = headers([VECTOR["secret"]], key=VECTOR["key"], moment=VECTOR["moment"], body=VECTOR["body"])
    assert made["webhook-signature"] == VECTOR["signature"]
    assert verified(VECTOR["secret"], made, VECTOR["body"], now=VECTOR["moment"])


def test_the_receiver_gets_the_whole_act(
    port: Port, outbound: Outbound, receiver: Receiver, picture: MediaFile
) -> None:
    moment = datetime(2026, 5, 1, 8, 30, tzinfo=UTC)
    act = replace(
        outbound,
        kind=ActionKind.ANSWER,
        title="Où ?",
        text="Ici, à l’étage",
        link="https://example.org/a",
        target="post-9",
        recipient="@jo",
        parts=("suite",),
        first_comment="PS",
        media=(picture,),
        moment=moment,
    )
    sent = port.send(act)
    assert (sent.state, sent.remote_id, sent.url) == (SentState.ACCEPTED, act.key, "")
    got, data = receiver.got[0], receiver.got[0]["data"]
    assert (got["type"], datetime.fromisoformat(got["timestamp"])) == ("act.answer", moment)
    assert (data["key"], data["kind"], data["channel"]) == (act.key, "answer", str(act.channel_id))
    assert (data["text"], data["title"], data["link"]) == ("Ici, à l’étage", "Où ?", "https://example.org/a")
    assert (data["target"], data["recipient"], data["parts"], data["first_comment"]) == (
        "post-9",
        "@jo",
        ["suite"],
        "PS",
    )
    assert [(base64.b64decode(p["base64"]), p["alt"]) for p in data["media"]] == [(picture.data, picture.alt)]
    assert receiver.heads[0]["webhook-id"] == act.key
    assert receiver.heads[0]["content-type"] == "application/json"


def test_what_was_altered_on_the_way_is_not_genuine() -> None:
    made = headers([SECRET], key="k", moment=int(time.time()), body=b"{}")
    assert verified(SECRET, made, b"{}")
    assert not verified(SECRET, made, b"{ }")
    assert not verified(SECRET, made | {"webhook-id": "other"}, b"{}")
    assert not verified(SECRET, made | {"webhook-timestamp": str(int(time.time()) - 1)}, b"{}")
    assert not verified(SECRET, made, b"{}", now=time.time() + MINUTES + 2), "stale"
    assert not verified(OLD, made, b"{}")


class TestRotation:
    @pytest.fixture
    def outbound(self, outbound: Outbound, address: str) -> Outbound:
        both = {"endpoint": address, "signing_secret": SECRET, "signing_secret_old": OLD}
        return replace(outbound, secret=Secrets(both))

    @pytest.mark.parametrize("known", [SECRET, OLD])
    def test_either_secret_verifies(self, port: Port, outbound: Outbound, receiver: Receiver, known: str) -> None:
        receiver.secret = known
        port.send(outbound)
        assert len(receiver.got) == 1
        assert receiver.heads[0]["webhook-signature"].count("v1,") == 2

    def test_afterwards_the_old_one_does_not(
        self, port: Port, outbound: Outbound, receiver: Receiver, address: str
    ) -> None:
        receiver.secret = OLD
        new = Secrets({"endpoint": address, "signing_secret": SECRET})
        error = _failure(port, replace(outbound, secret=new))
        assert (error.code, error.permanent, error.maybe_sent) == ("credentials_refused", True, False)


@pytest.mark.parametrize(
    ("said", "remote_id", "url"),
    [
        (b'{"id": "abc", "url": "https://example.org/abc"}', "abc", "https://example.org/abc"),
        (b'{"id": 17}', "17", ""),
        (b'{"id": true, "url": "javascript:alert(1)"}', "", ""),
        (b'{"id": "' + b"x" * 300 + b'", "url": 3}', "", ""),
        (b'["id"]', "", ""),
        (b"<html>thank you</html>", "", ""),
        (b"", "", ""),
    ],
)
def test_what_the_receiver_says_of_what_it_made(
    port: Port, outbound: Outbound, receiver: Receiver, said: bytes, remote_id: str, url: str
) -> None:
    receiver.answer = said
    sent = port.send(outbound)
    assert (sent.remote_id, sent.url, sent.state) == (remote_id or outbound.key, url, SentState.ACCEPTED)


@pytest.mark.parametrize(
    ("status", "code", "permanent", "maybe_sent"),
    [
        (400, "content_refused", True, False),
        (401, "credentials_refused", True, False),
        (403, "not_permitted", True, False),
        (404, "receiver_missing", True, False),
        (410, "receiver_gone", True, False),
        (413, "content_refused", True, False),
        (429, "too_many_requests", False, False),
        (500, "service_refused", False, True),
        (502, "service_refused", False, True),
        (503, "service_refused", False, True),
        (302, "redirected", True, True),
    ],
)
def test_every_refusal(
    port: Port, outbound: Outbound, receiver: Receiver, status: int, code: str, permanent: bool, maybe_sent: bool
) -> None:
    receiver.status, receiver.head = status, {"Location": "http://127.0.0.1:1/"}
    error = _failure(port, outbound)
    assert (error.code, error.permanent, error.maybe_sent, error.status) == (code, permanent, maybe_sent, status)


def test_it_comes_back_when_it_is_told_to(port: Port, outbound: Outbound, receiver: Receiver) -> None:
    receiver.status, receiver.head = 429, {"Retry-After": "120"}
    error = _failure(port, outbound)
    assert error.retry_at is not None and 100 < (error.retry_at - datetime.now(UTC)).total_seconds() < 121


@pytest.mark.parametrize(("way", "code"), [("hang", "timeout"), ("cut", "connection_lost")])
def test_a_receiver_that_does_not_answer_leaves_it_uncertain(
    port: Port, outbound: Outbound, receiver: Receiver, way: str, code: str
) -> None:
    setattr(receiver, way, True)
    error = _failure(port, outbound)
    assert (error.code, error.permanent, error.maybe_sent) == (code, False, True)
    assert receiver.got, "here it did arrive: that is why nobody may just send it again"


def test_the_secret_is_in_no_error(port: Port, outbound: Outbound, receiver: Receiver) -> None:
    receiver.status, receiver.answer = 400, SECRET.encode()
    assert SECRET not in repr(_failure(port, outbound))


@pytest.mark.parametrize(
    ("secret", "good"),
    [
        (SECRET, True),
        ("whsec_" + base64.b64encode(bytes(24)).decode(), True),
        ("whsec_" + base64.b64encode(bytes(64)).decode(), True),
        ("whsec_" + base64.b64encode(bytes(23)).decode(), False),
        ("whsec_" + base64.b64encode(bytes(65)).decode(), False),
        (SECRET.removeprefix("whsec_"), False),
        ("whsec_not base64!", False),
        ("", False),
    ],
)
def test_the_form_of_a_secret(secret: str, good: bool) -> None:
    assert is_signing_secret(secret) is good


@pytest.mark.parametrize(
    ("changes", "code", "field_"),
    [
        ({"endpoint": ""}, "not_a_site", "endpoint"),
        ({"endpoint": "ftp://example.org"}, "not_a_site", "endpoint"),
        ({"endpoint": "https://a:b@example.org/"}, "not_a_site", "endpoint"),
        ({"endpoint": "https://example.org/#x"}, "not_a_site", "endpoint"),
        ({"signing_secret": "x"}, "signing_secret_malformed", "signing_secret"),
        ({"signing_secret_old": "x"}, "signing_secret_malformed", "signing_secret_old"),
    ],
)
def test_what_is_refused_when_connecting(changes: dict[str, str], code: str, field_: str) -> None:
    good = {"endpoint": "https://example.org/", "signing_secret": SECRET}
    connector_for("webhook").check_settings({}, Secrets(good))
    with pytest.raises(Invalid) as refused:
        connector_for("webhook").check_settings({}, Secrets(good | changes))
    assert (refused.value.code, refused.value.field) == (code, field_)


def test_the_address_is_a_secret_and_only_its_host_is_shown(
    port: Port, outbound: Outbound, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever knows it may post there: services hand out addresses that are keys."""
    assert outbound.settings == {} and outbound.secret.reveal("endpoint") == address
    keyed = f"{address}?key=T0K3N"
    known = Secrets({"endpoint": keyed, "signing_secret": SECRET})
    assert port.handle_of(known) == "127.0.0.1"
    with caplog.at_level(logging.DEBUG):
        port.send(replace(outbound, secret=known))
    assert "T0K3N" not in caplog.text and "T0K3N" not in repr(known)


def test_a_channel_of_before_still_reaches_its_address(
    port: Port, outbound: Outbound, address: str, effects: Effects
) -> None:
    port.send(replace(outbound, settings={"endpoint": address}, secret=Secrets({"signing_secret": SECRET})))
    assert effects() == 1


def test_without_its_secret_nothing_leaves(port: Port, outbound: Outbound, effects: Effects) -> None:
    error = _failure(port, replace(outbound, secret=NO_SECRETS))
    assert (error.code, error.permanent, error.maybe_sent) == ("secret_unreadable", True, False)
    assert effects() == 0


class TestProduction:
    """What a brand may name where ALLOW_PRIVATE_HOSTS is off."""

    @pytest.fixture(autouse=True)
    def strict(self, settings: Any) -> None:
        settings.ALLOW_PRIVATE_HOSTS = False

    def test_a_channel_from_laxer_days_sends_nothing(self, port: Port, outbound: Outbound, effects: Effects) -> None:
        error = _failure(port, outbound)
        assert (error.code, error.permanent, error.maybe_sent) == ("tls_missing", True, False)
        assert effects() == 0

    def test_nor_is_it_connected(self, outbound: Outbound) -> None:
        with pytest.raises(Invalid) as refused:
            connector_for("webhook").check_settings(outbound.settings, outbound.secret)
        assert (refused.value.code, refused.value.field) == ("https_required", "endpoint")

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "10.0.0.1"])
    def test_private_hosts_are_out_of_reach(self, port: Port, outbound: Outbound, host: str) -> None:
        there = Secrets({"endpoint": f"https://{host}/hook", "signing_secret": SECRET})
        error = _failure(port, replace(outbound, secret=there))
        assert (error.code, error.permanent, error.maybe_sent) == ("host_not_allowed", True, False)
