"""The newsletter list against a real SMTP server: one transaction for all, a way out for each, and honest refusals."""

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from clients.autonomy.vocabulary import IRREVERSIBLE, ActionKind
from clients.channels.delivery import Port
from clients.channels.newsletter.connector import NewsletterConnector, way_out
from clients.channels.port import Outbound, SendFailed, SentState
from clients.channels.registry import connector_for
from clients.channels.secret import NO_SECRETS
from clients.channels.settings import MOST_ADDRESSES, clean_settings
from tenants.errors import Invalid
from tests.channels.contract import Effects, SendingContract, assert_clean, quick
from tests.channels.mailserver import Mailbox, serving

LIST = ("a@example.net", "b@example.net", "c@example.net")
PAGE = "https://example.org/desabonnement?liste=7"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def smtp(mailbox: Mailbox) -> Iterator[int]:
    with serving(mailbox) as port:
        yield port


@pytest.fixture
def port() -> Port:
    return quick(NewsletterConnector())


@pytest.fixture
def effects(mailbox: Mailbox) -> Effects:
    return lambda: len(mailbox.got)


@pytest.fixture
def outbound(outbound: Outbound, smtp: int) -> Outbound:
    return replace(outbound, kind=ActionKind.NEWSLETTER, title="La lettre de mai", settings=settings_of(smtp))


def settings_of(port: int, **more: Any) -> dict[str, Any]:
    given = {
        "host": "127.0.0.1",
        "port": port,
        "tls": "none",
        "from_address": "lettre@example.org",
        "from_name": "La lettre",
        "to": ", ".join(LIST),
        "unsubscribe": PAGE,
    }
    return clean_settings(NewsletterConnector.fields, given | more)[0]


def arrived(mailbox: Mailbox) -> EmailMessage:
    found = message_from_bytes(mailbox.got[-1].original_content or b"", policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def failure(port: Port, outbound: Outbound) -> SendFailed:
    with pytest.raises(SendFailed) as failed:
        port.send(outbound)
    assert_clean(failed.value)
    return failed.value


class TestContract(SendingContract):
    kind = "newsletter"


def test_it_can_do_nothing_but_the_irreversible() -> None:
    assert connector_for("newsletter").declares.kinds == {ActionKind.NEWSLETTER} <= IRREVERSIBLE


def test_one_transaction_for_all_and_nobody_sees_whom_else(port: Port, outbound: Outbound, mailbox: Mailbox) -> None:
    sent = port.send(outbound)
    assert (sent.state, sent.refused) == (SentState.ACCEPTED, ())
    assert [envelope.rcpt_tos for envelope in mailbox.got] == [list(LIST)]
    assert not any(address.encode() in (mailbox.got[0].original_content or b"") for address in LIST)


def test_it_is_marked_as_a_list(port: Port, outbound: Outbound, mailbox: Mailbox) -> None:
    sent = port.send(outbound)
    message = arrived(mailbox)
    assert message["List-Id"] == f"<{outbound.channel_id.hex}.example.org>"
    assert message["List-Unsubscribe"] == f"<{PAGE}>"
    assert message["Precedence"] == "bulk"
    assert message["List-Unsubscribe-Post"] is None, "one link for all cannot say who leaves"
    assert message["Message-ID"] == sent.remote_id
    port.send(replace(outbound, key="another"))
    assert arrived(mailbox)["List-Id"] == message["List-Id"], "the list stays the list"


def test_a_long_page_stays_one_address(port: Port, outbound: Outbound, mailbox: Mailbox) -> None:
    page = f"{PAGE}&{'x' * 300}"
    port.send(replace(outbound, settings={**outbound.settings, "unsubscribe": page}))
    assert f"List-Unsubscribe: <{page}>\r\n".encode() in (mailbox.got[-1].original_content or b"")


@pytest.mark.parametrize(
    ("given", "uri"),
    [
        (PAGE, PAGE),
        ("stop@example.org", "mailto:stop@example.org?subject=unsubscribe"),
        ("stop?cc=x@example.org", "mailto:stop%3Fcc%3Dx@example.org?subject=unsubscribe"),
    ],
)
def test_the_way_out(given: str, uri: str) -> None:
    assert way_out({"unsubscribe": given}) == uri


@pytest.mark.parametrize(
    "given",
    [
        "",
        "nowhere",
        "http://example.org/",
        "https://example.org/>,<mailto:x@example.org",
        "https://example.org/\r\nBcc: x@example.org",
        "https://exämple.org/",
        "https://example.org/" + "x" * 900,
        "x@y, z@y",
    ],
)
def test_what_is_no_way_out(outbound: Outbound, port: Port, given: str, effects: Effects) -> None:
    broken = {**outbound.settings, "unsubscribe": given}
    with pytest.raises(Invalid) as refused:
        connector_for("newsletter").check_settings(broken, NO_SECRETS)
    assert (refused.value.code, refused.value.field) == ("unsubscribe_malformed", "unsubscribe")
    error = failure(port, replace(outbound, settings=broken))
    assert (error.code, error.permanent, error.maybe_sent) == ("unsubscribe_malformed", True, False)
    assert effects() == 0


@pytest.mark.parametrize("missing", ["to", "unsubscribe"])
def test_without_a_list_or_a_way_out_it_is_not_connected(missing: str) -> None:
    with pytest.raises(Invalid) as refused:
        settings_of(25, **{missing: ""})
    assert (refused.value.code, refused.value.field) == ("setting_missing", missing)


def test_the_longest_list_goes_out_in_one_call(port: Port, outbound: Outbound, mailbox: Mailbox) -> None:
    everybody = [f"p{number}@example.org" for number in range(MOST_ADDRESSES)]
    long = settings_of(outbound.settings["port"], to=",".join(everybody))
    port.send(replace(outbound, settings=long))
    assert [envelope.rcpt_tos for envelope in mailbox.got] == [everybody]
    with pytest.raises(Invalid) as refused:
        settings_of(25, to=",".join([*everybody, "one@example.net"]))
    assert refused.value.code == "too_many_addresses"


def test_those_refused_are_named_and_the_others_get_it(port: Port, outbound: Outbound, mailbox: Mailbox) -> None:
    mailbox.refuse = {"a@example.net": "550 no such user", "c@example.net": "452 mailbox full"}
    refused = port.send(outbound).refused
    assert [(r.recipient, r.status, r.permanent) for r in refused] == [
        ("a@example.net", 550, True),
        ("c@example.net", 452, False),
    ]
    assert mailbox.got[0].rcpt_tos == ["b@example.net"]


def test_all_refused_is_no_sending(port: Port, outbound: Outbound, effects: Effects, mailbox: Mailbox) -> None:
    mailbox.refuse = dict.fromkeys(LIST, "550 no")
    error = failure(port, outbound)
    assert (error.code, error.permanent, error.maybe_sent) == ("recipient_refused", True, False)
    assert effects() == 0


def test_it_goes_to_nobody_alone(port: Port, outbound: Outbound, effects: Effects) -> None:
    error = failure(port, replace(outbound, recipient="a@example.org"))
    assert (error.code, error.permanent, error.maybe_sent) == ("goes_to_the_list", True, False)
    assert effects() == 0


@pytest.mark.parametrize("way", ["cut", "hang"])
def test_a_break_after_the_issue_leaves_the_whole_list_uncertain(
    port: Port, outbound: Outbound, mailbox: Mailbox, way: str
) -> None:
    setattr(mailbox, way, True)
    error = failure(port, outbound)
    assert (error.permanent, error.maybe_sent) == (False, True)
    assert len(mailbox.got) == 1, "all of them got it, or none: never half of them"
