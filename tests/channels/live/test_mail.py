"""E-mail through a real mailbox: what the connector hands in is what IMAP gives out."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from clients.autonomy.vocabulary import ActionKind
from clients.channels.delivery import Port
from clients.channels.email.connector import EmailConnector
from clients.channels.port import MediaFile, Outbound, SendFailed
from clients.channels.registry import connector_for
from clients.channels.settings import clean_settings
from tests.channels.contract import Effects, SendingContract, deliver
from tests.channels.live.sites import brought_up
from tests.systems import mail

pytestmark = pytest.mark.services


@pytest.fixture(scope="module")
def server() -> Iterator[mail.Mail]:
    with brought_up(mail) as running:
        yield running


@pytest.fixture
def port() -> Port:
    return connector_for("email")


@pytest.fixture
def outbound(outbound: Outbound, server: mail.Mail) -> Outbound:
    given = {"host": "127.0.0.1", "port": server.smtp, "tls": "none", "from_address": "bonjour@example.org"}
    settings = clean_settings(EmailConnector.fields, given)[0]
    to = f"jo-{outbound.key[:12]}@example.org"
    return replace(outbound, kind=ActionKind.ANSWER, title="Votre question", recipient=to, settings=settings)


@pytest.fixture
def effects(outbound: Outbound, server: mail.Mail) -> Effects:
    return lambda: len(server.inbox(str(outbound.recipient)))


class TestContract(SendingContract):
    kind = "email"


def test_it_arrives_as_it_was_written(port: Port, outbound: Outbound, server: mail.Mail, picture: MediaFile) -> None:
    text = "Chère Zoë,\n\nmerci — à bientôt !\n.\nun point seul\n"
    sent = deliver(port, replace(outbound, title="Été & <b>", text=text, media=(picture,)))
    (found,) = server.inbox(str(outbound.recipient))
    plain, page = found.get_body(("plain",)), found.get_body(("html",))
    assert found["Message-ID"] == sent.remote_id and found["Subject"] == "Été & <b>"
    assert plain is not None and page is not None
    assert plain.get_content().replace("\r\n", "\n").startswith("Chère Zoë,\n\nmerci — à bientôt !\n.\nun point seul\n")
    assert "Chère Zoë" in page.get_content()
    pictures = [part for part in found.walk() if part.get_content_type() == "image/png"]
    assert [part.get_content() for part in pictures] == [picture.data]


def test_a_newsletter_reaches_those_who_can_be_reached(port: Port, outbound: Outbound, server: mail.Mail) -> None:
    mark = outbound.key[:12]
    people = [f"a-{mark}@example.org", "nobody@example.org", f"b-{mark}@example.org", "full@example.org"]
    letter = replace(outbound, kind=ActionKind.NEWSLETTER, recipient=None, settings={**outbound.settings, "to": people})
    refused = port.send(letter).refused
    assert [(each.recipient, each.status, each.permanent) for each in refused] == [
        ("nobody@example.org", 550, True),
        ("full@example.org", 452, False),
    ]
    got = [server.inbox(address)[0] for address in (people[0], people[2])]
    assert all("example.org" not in str(each["To"]) for each in got), "nobody sees whom else it went to"


def test_an_answer_stands_below_its_question(port: Port, outbound: Outbound, server: mail.Mail) -> None:
    deliver(port, replace(outbound, target="<question-1@example.org>"))
    (found,) = server.inbox(str(outbound.recipient))
    assert found["In-Reply-To"] == found["References"] == "<question-1@example.org>"


def test_somebody_without_a_mailbox(port: Port, outbound: Outbound) -> None:
    with pytest.raises(SendFailed) as refused:
        port.send(replace(outbound, recipient="nobody@example.org"))
    assert (refused.value.code, refused.value.status, refused.value.permanent) == ("recipient_refused", 550, True)
