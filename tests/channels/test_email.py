"""E-mail against a real SMTP server: what is delivered, what is refused by whom, and what stays uncertain."""

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from clients.autonomy.vocabulary import ActionKind
from clients.channels.delivery import Port
from clients.channels.email.connector import EmailConnector
from clients.channels.port import MediaFile, Outbound, SendFailed, SentState
from clients.channels.registry import connector_for
from clients.channels.secret import NO_SECRETS, Secrets
from clients.channels.settings import clean_settings
from tenants.errors import Invalid
from tests.channels.contract import CANARY, Effects, SendingContract, assert_clean
from tests.channels.mailserver import Mailbox, certificate, say, scripted, serving


class HastyEmail(EmailConnector):
    """The same with a deadline that a test can wait for."""

    declares = replace(EmailConnector.declares, deadline_seconds=1.5)


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox(password=CANARY)


@pytest.fixture
def smtp(mailbox: Mailbox) -> Iterator[int]:
    with serving(mailbox) as port:
        yield port


@pytest.fixture
def port() -> Port:
    return Port(EmailConnector())


@pytest.fixture
def hasty() -> Port:
    """For the tests that wait for the deadline, and no others: a busy machine meets a short one by itself."""
    return Port(HastyEmail())


@pytest.fixture
def effects(mailbox: Mailbox) -> Effects:
    return lambda: len(mailbox.got)


@pytest.fixture
def outbound(outbound: Outbound, smtp: int) -> Outbound:
    return replace(
        outbound, kind=ActionKind.ANSWER, title="Votre question", recipient="jo@example.org", settings=_settings(smtp)
    )


def _settings(port: int, **more: Any) -> dict[str, Any]:
    given = {"host": "127.0.0.1", "port": port, "tls": "none", "from_address": "bonjour@example.org"}
    return clean_settings(EmailConnector.fields, given | more)[0]


def _failure(port: Port, outbound: Outbound) -> SendFailed:
    with pytest.raises(SendFailed) as failed:
        port.send(outbound)
    assert_clean(failed.value)
    return failed.value


class TestContract(SendingContract):
    kind = "email"


class TestRecipients:
    LIST = ("a@example.org", "b@example.org", "c@example.org")

    @pytest.fixture
    def outbound(self, outbound: Outbound) -> Outbound:
        settings = {**outbound.settings, "to": list(self.LIST)}
        return replace(outbound, kind=ActionKind.NEWSLETTER, recipient=None, settings=settings)

    def test_a_newsletter_reaches_the_whole_list(self, port: Port, outbound: Outbound, mailbox: Mailbox) -> None:
        sent = port.send(outbound)
        assert (sent.state, sent.refused) == (SentState.ACCEPTED, ())
        assert mailbox.got[0].rcpt_tos == list(self.LIST)

    def test_those_refused_are_named_and_the_others_get_it(
        self, port: Port, outbound: Outbound, mailbox: Mailbox
    ) -> None:
        mailbox.refuse = {"a@example.org": "550 no such user", "c@example.org": "452 mailbox full"}
        refused = port.send(outbound).refused
        assert [(r.recipient, r.status, r.permanent) for r in refused] == [
            ("a@example.org", 550, True),
            ("c@example.org", 452, False),
        ]
        assert mailbox.got[0].rcpt_tos == ["b@example.org"]

    @pytest.mark.parametrize(("last", "permanent"), [("550 no", True), ("452 later", False)])
    def test_all_refused_is_permanent_only_if_every_refusal_is(
        self, port: Port, outbound: Outbound, mailbox: Mailbox, last: str, permanent: bool
    ) -> None:
        mailbox.refuse = dict.fromkeys(self.LIST, "550 no") | {"c@example.org": last}
        error = _failure(port, outbound)
        assert (error.code, error.permanent, error.maybe_sent) == ("recipient_refused", permanent, False)
        assert not mailbox.got


@pytest.mark.parametrize(("answer", "permanent"), [("550 spam", True), ("452 disk full", False)])
def test_a_recipient_is_refused(port: Port, outbound: Outbound, mailbox: Mailbox, answer: str, permanent: bool) -> None:
    mailbox.refuse = {"jo@example.org": answer}
    error = _failure(port, outbound)
    assert (error.code, error.status) == ("recipient_refused", int(answer[:3]))
    assert (error.permanent, error.maybe_sent) == (permanent, False)


@pytest.mark.parametrize(("answer", "permanent"), [("554 spam", True), ("451 later", False), ("421 bye", False)])
def test_a_whole_message_that_is_refused_was_not_sent(
    port: Port, outbound: Outbound, mailbox: Mailbox, answer: str, permanent: bool
) -> None:
    mailbox.at_data = answer
    error = _failure(port, outbound)
    assert (error.permanent, error.maybe_sent, error.status) == (permanent, False, int(answer[:3]))


def test_a_line_that_breaks_after_the_message_leaves_it_uncertain(
    port: Port, outbound: Outbound, mailbox: Mailbox
) -> None:
    mailbox.cut = True
    error = _failure(port, outbound)
    assert (error.code, error.permanent, error.maybe_sent) == ("connection_lost", False, True)
    assert mailbox.got, "here it did arrive: that is why nobody may just send it again"


def test_a_server_that_does_not_answer_the_message_leaves_it_uncertain(
    hasty: Port, outbound: Outbound, mailbox: Mailbox
) -> None:
    mailbox.hang = True
    error = _failure(hasty, outbound)
    assert (error.code, error.permanent, error.maybe_sent) == ("timeout", False, True)


BEFORE = ("220 hello", "250 example", "250 sender", "250 recipient")


@pytest.mark.parametrize("steps", range(1, 5))
def test_a_line_that_breaks_before_the_message_sent_nothing(port: Port, outbound: Outbound, steps: int) -> None:
    def talk(line: socket.socket) -> None:
        say(line, *BEFORE[:steps])
        line.recv(65536)

    with scripted(talk) as number:
        error = _failure(port, replace(outbound, settings=_settings(number)))
    assert (error.code, error.permanent, error.maybe_sent) == ("connection_lost", False, False)


def test_a_server_that_drips_is_cut_at_the_deadline(hasty: Port, outbound: Outbound) -> None:
    arrived: list[bytes] = []

    def talk(line: socket.socket) -> None:
        for _ in range(60):
            line.sendall(b"220-still here\r\n")
            time.sleep(0.05)
        line.sendall(b"220 now\r\n")
        arrived.append(line.recv(100))

    with scripted(talk) as number:
        error = _failure(hasty, replace(outbound, settings=_settings(number)))
    assert (error.code, error.maybe_sent) == ("timeout", False)
    assert not any(arrived), "nothing may leave after the deadline"


@pytest.mark.parametrize(("greeting", "permanent"), [("554 not you", True), ("421 busy", False)])
def test_a_server_that_does_not_want_us(port: Port, outbound: Outbound, greeting: str, permanent: bool) -> None:
    with scripted(lambda line: say(line, greeting)) as number:
        error = _failure(port, replace(outbound, settings=_settings(number)))
    assert (error.permanent, error.maybe_sent) == (permanent, False)


def test_nobody_there(port: Port, outbound: Outbound) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
    error = _failure(port, replace(outbound, settings=_settings(number)))
    assert (error.code, error.permanent, error.maybe_sent) == ("unreachable", False, False)


def test_a_goodbye_that_fails_changes_nothing(port: Port, outbound: Outbound) -> None:
    def talk(line: socket.socket) -> None:
        say(line, *BEFORE, "354 go", "250 taken")
        line.recv(100)

    with scripted(talk) as number:
        assert port.send(replace(outbound, settings=_settings(number))).state is SentState.ACCEPTED


def test_what_arrives_is_what_was_sent(port: Port, outbound: Outbound, mailbox: Mailbox, picture: MediaFile) -> None:
    text = "Bonjour,\n\n.une ligne qui commence par un point\n..et deux\n.\nFin."
    port.send(replace(outbound, text=text, media=(picture,)))
    message = message_from_bytes(mailbox.got[0].original_content or b"", policy=policy.default)
    plain = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert plain.replace("\r\n", "\n").startswith(text) and message["To"] == "jo@example.org"
    assert [p.get_content() for p in message.walk() if p.get_content_type() == "image/png"] == [picture.data]


class TestLogin:
    @pytest.fixture
    def outbound(self, outbound: Outbound) -> Outbound:
        settings = {**outbound.settings, "user": "bonjour"}
        return replace(outbound, settings=settings, secret=Secrets({"password": CANARY}))

    @pytest.fixture
    def smtp(self, mailbox: Mailbox) -> Iterator[int]:
        with serving(mailbox, authenticator=mailbox.check, auth_required=True, auth_require_tls=False) as port:
            yield port

    def test_with_the_right_password(self, port: Port, outbound: Outbound, effects: Effects) -> None:
        port.send(outbound)
        assert effects() == 1

    def test_with_the_wrong_one(self, port: Port, outbound: Outbound, mailbox: Mailbox) -> None:
        mailbox.password = "another"
        error = _failure(port, outbound)
        assert (error.code, error.permanent, error.maybe_sent) == ("credentials_refused", True, False)

    def test_with_none(self, port: Port, outbound: Outbound) -> None:
        error = _failure(port, replace(outbound, settings={**outbound.settings, "user": ""}, secret=NO_SECRETS))
        assert (error.code, error.permanent) == ("sender_refused", True)

    def test_with_an_accent_in_it(self, port: Port, outbound: Outbound, mailbox: Mailbox) -> None:
        mailbox.password = "é" + CANARY
        assert port.send(replace(outbound, secret=Secrets({"password": "é" + CANARY}))).remote_id

    def test_a_server_that_repeats_the_password_is_not_repeated(
        self, port: Port, outbound: Outbound, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def talk(line: socket.socket) -> None:
            say(line, "220 hello", "250-example\r\n250 AUTH PLAIN", f"535 wrong: {CANARY}")
            line.recv(100)

        with scripted(talk) as number:
            error = _failure(port, replace(outbound, settings=_settings(number, user="bonjour")))
        shown = caplog.text + "".join(capsys.readouterr())
        assert error.code == "credentials_refused" and CANARY not in shown

    def test_the_two_step_login(self, port: Port, outbound: Outbound) -> None:
        def talk(line: socket.socket) -> None:
            say(line, "220 hello", "250-example\r\n250 AUTH LOGIN", "334 password", "235 in")
            for reply in ("250 sender", "250 recipient", "354 go", "250 taken", "221 bye"):
                line.recv(65536)
                say(line, reply)

        with scripted(talk) as number:
            assert port.send(replace(outbound, settings=_settings(number, user="bonjour"))).remote_id

    def test_a_server_without_a_login_that_we_know(self, port: Port, outbound: Outbound) -> None:
        with scripted(lambda line: say(line, "220 hello", "250-example\r\n250 AUTH GSSAPI")) as number:
            error = _failure(port, replace(outbound, settings=_settings(number, user="bonjour")))
        assert (error.code, error.permanent) == ("auth_missing", True)


class TestEncryption:
    @pytest.fixture
    def trust(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
        context, shown = certificate(tmp_path)
        monkeypatch.setenv("SSL_CERT_FILE", str(shown))
        return context

    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
    def test_starttls_and_a_login(
        self, port: Port, outbound: Outbound, mailbox: Mailbox, trust: Any, host: str
    ) -> None:
        with serving(mailbox, tls_context=trust, require_starttls=True, authenticator=mailbox.check) as number:
            settings = _settings(number, host=host, tls="starttls", user="bonjour")
            port.send(replace(outbound, settings=settings, secret=Secrets({"password": CANARY})))
        assert len(mailbox.got) == 1

    def test_tls_from_the_start(self, port: Port, outbound: Outbound, mailbox: Mailbox, trust: Any) -> None:
        with serving(mailbox, ssl_context=trust, server_hostname="localhost") as number:
            port.send(replace(outbound, settings=_settings(number, tls="implicit")))
        assert len(mailbox.got) == 1

    @pytest.mark.parametrize("tls", ["starttls", "implicit"])
    def test_a_certificate_that_nobody_vouches_for(
        self, port: Port, outbound: Outbound, mailbox: Mailbox, tmp_path: Path, tls: str
    ) -> None:
        context, _ = certificate(tmp_path)
        how = {"ssl_context": context} if tls == "implicit" else {"tls_context": context}
        with serving(mailbox, **how, ready_timeout=5) if tls == "starttls" else _raw_tls(context) as number:
            error = _failure(port, replace(outbound, settings=_settings(number, tls=tls)))
        assert (error.code, error.permanent, error.maybe_sent) == ("certificate_refused", True, False)

    def test_a_server_without_it_never_sees_the_password(self, port: Port, outbound: Outbound) -> None:
        heard: list[bytes] = []

        def talk(line: socket.socket) -> None:
            say(line, "220 hello", "250-example\r\n250 AUTH PLAIN")
            heard.append(line.recv(65536))

        with scripted(talk) as number:
            settings = _settings(number, tls="starttls", user="bonjour")
            error = _failure(port, replace(outbound, settings=settings, secret=Secrets({"password": CANARY})))
        assert (error.code, error.permanent, error.maybe_sent) == ("tls_missing", True, False)
        assert b"AUTH" not in b"".join(heard)

    def test_a_server_that_hangs_in_the_handshake(self, hasty: Port, outbound: Outbound) -> None:
        with scripted(lambda line: time.sleep(2.5)) as number:
            error = _failure(hasty, replace(outbound, settings=_settings(number, tls="implicit")))
        assert (error.code, error.maybe_sent) == ("timeout", False)


def _raw_tls(context: Any) -> Any:
    return scripted(lambda line: context.wrap_socket(line, server_side=True).close())


class TestProduction:
    """What a brand may name where ALLOW_PRIVATE_SMTP is off."""

    @pytest.fixture(autouse=True)
    def strict(self, settings: Any) -> None:
        settings.ALLOW_PRIVATE_SMTP = False

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "169.254.169.254", "10.0.0.1"])
    def test_private_hosts_are_out_of_reach(self, outbound: Outbound, host: str, effects: Effects) -> None:
        settings = _settings(587, host=host, tls="starttls")
        error = _failure(Port(EmailConnector()), replace(outbound, settings=settings))
        assert (error.code, error.permanent, error.maybe_sent) == ("host_not_allowed", True, False)
        assert effects() == 0

    @pytest.mark.parametrize(
        ("changes", "code", "field"),
        [({"tls": "none"}, "tls_required", "tls"), ({"port": 6379}, "out_of_range", "port")],
    )
    def test_what_is_refused_when_connecting(self, changes: dict[str, Any], code: str, field: str) -> None:
        settings = _settings(587, host="mail.example.org", tls="starttls")
        connector_for("email").check_settings(settings, NO_SECRETS)
        with pytest.raises(Invalid) as refused:
            connector_for("email").check_settings(settings | changes, NO_SECRETS)
        assert (refused.value.code, refused.value.field) == (code, field)

    def test_a_channel_from_laxer_days_sends_nothing(self, outbound: Outbound, effects: Effects) -> None:
        error = _failure(Port(EmailConnector()), outbound)
        assert (error.code, error.permanent, error.maybe_sent) == ("tls_required", True, False)
        assert effects() == 0


@pytest.mark.parametrize(
    ("user", "secret", "field"),
    [("bonjour", NO_SECRETS, "password"), ("", Secrets({"password": "x"}), "user")],
)
def test_user_and_password_come_together(user: str, secret: Secrets, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        connector_for("email").check_settings(_settings(587, user=user), secret)
    assert (refused.value.code, refused.value.field) == ("user_and_password_together", field)
