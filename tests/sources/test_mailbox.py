"""A mailbox over TLS: read where the certificate is right, and never told the password where it is not."""

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from clients.channels.port import SendFailed
from clients.channels.secret import Secrets
from clients.sources.kinds import mailbox
from clients.sources.port import Ask, Found
from tests.channels.mailserver import certificate
from tests.sources.imapserver import ImapServer, serving

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SAFE = ("implicit", "starttls")
Serve = Callable[..., ImapServer]


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """Of a server whose certificate this machine trusts."""
    context, shown = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(shown))
    return context


@pytest.fixture
def serve() -> Iterator[Serve]:
    with ExitStack() as stack:
        yield lambda tls, context=None, **more: stack.enter_context(serving(ImapServer(tls, context, **more)))


def look(server: ImapServer, **more: Any) -> Found:
    given = {"host": server.address, "port": server.port, "tls": server.tls, "user": "ecoute", "folder": "INBOX"}
    secret = Secrets({"password": "été geheim"})
    ask = Ask(settings=given | more, secret=secret, since=NOW - timedelta(days=30), now=NOW, until=time.monotonic() + 5)
    return mailbox.read(ask)


def failure(server: ImapServer, **more: Any) -> SendFailed:
    with pytest.raises(SendFailed) as failed:
        look(server, **more)
    assert failed.value.__cause__ is None and "geheim" not in repr(failed.value)
    return failed.value


@pytest.mark.parametrize("way", SAFE)
def test_it_is_read_over_a_safe_line_and_nothing_is_said_in_clear(way: str, tls: ssl.SSLContext, serve: Serve) -> None:
    server = serve(way, tls)
    found = look(server)
    assert [(raw.text, raw.author_handle, raw.own_id) for raw in found.raws] == [
        ("Une question de Léa", "lea@example.org", "<1@example.org>")
    ]
    assert found.cursor == {"newest": 1, "age": 7}
    assert [name for name, safe in server.heard if not safe] == (
        [] if way == "implicit" else ["CAPABILITY", "STARTTLS"]
    )


@pytest.mark.parametrize("way", SAFE)
def test_a_certificate_that_nobody_vouches_for_is_refused_before_the_password(
    way: str, tmp_path: Path, serve: Serve
) -> None:
    server = serve(way, certificate(tmp_path)[0])
    error = failure(server)
    assert (error.code, error.permanent) == ("certificate_refused", True)
    assert not server.entered


@pytest.mark.parametrize("way", SAFE)
def test_a_certificate_for_another_name_is_refused_before_the_password(
    way: str, tls: ssl.SSLContext, serve: Serve
) -> None:
    """127.0.0.2 is the same machine, and not in the certificate."""
    server = serve(way, tls, address="127.0.0.2")
    assert failure(server).code == "certificate_refused"
    assert not server.entered


def test_an_offer_that_was_taken_out_of_the_line_is_not_gone_without(tls: ssl.SSLContext, serve: Serve) -> None:
    server = serve("starttls", tls, offers=False)
    assert failure(server).code == "tls_missing"
    assert not server.entered


def test_what_is_slipped_in_before_the_line_is_safe_is_not_believed(tls: ssl.SSLContext, serve: Serve) -> None:
    server = serve("starttls", tls, slips_in=b"* CAPABILITY IMAP4rev1 AUTH=EVIL\r\n")
    assert len(look(server).raws) == 1
    assert ("CAPABILITY", True) in server.heard and ("AUTHENTICATE", False) not in server.heard


@pytest.mark.parametrize("way", [*SAFE, "none"])
def test_a_wrong_password_is_told_as_that(way: str, tls: ssl.SSLContext, serve: Serve) -> None:
    error = failure(serve(way, tls, password="another"))
    assert (error.code, error.permanent) == ("credentials_refused", True)
