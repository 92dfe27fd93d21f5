"""One talk with a mail server: a line we opened ourselves, cut at the deadline, and an exact account of its end.

smtplib speaks the protocol; three things it leaves open are settled here. The socket is one that `egress` has checked.
A server that drips a byte a second resets every socket timeout, so at the deadline the line is cut from outside. And
INVARIANT: `maybe_sent` is true from the first byte of the message on, and only until the server has answered it.
"""

import base64
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from clients.channels.egress import cut_at, open_line
from clients.channels.port import RecipientRefused, SendFailed
from clients.channels.secret import Secrets

_LEADING_DOT = re.compile(rb"(?m)^\.")


class Session(smtplib.SMTP):
    """smtplib's client on a given socket. `body_begun`: the server may have the message and has not answered it."""

    def __init__(self, line: socket.socket, host: str, our_name: str) -> None:
        super().__init__(local_hostname=our_name, timeout=line.gettimeout() or 1)
        self._host = host  # the name that the certificate must have
        self.given = line
        self.body_begun = False

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self.given

    def leave(self) -> None:
        """QUIT out of politeness, for a second at most: nothing that fails here can make an accepted message unsent."""
        if self.sock is not None and not self.body_begun:
            with suppress(OSError, smtplib.SMTPException, ValueError):
                self.sock.settimeout(1)
                self.quit()
        self.close()
        self.given.close()


@contextmanager
def opened(settings: Mapping[str, Any], secret: Secrets, until: float, *, allow_private: bool) -> Iterator[Session]:
    """A session that is logged in. Whatever breaks, in here or in the caller's block, comes out as a SendFailed."""
    line = open_line(settings["host"], settings["port"], until, allow_private=allow_private)
    session = Session(line, settings["host"], settings["from_address"].rpartition("@")[2])
    with cut_at(line, until), _explained(session, until):
        try:
            _greet(session, settings["tls"])
            if secret:
                _log_in(session, settings["user"], secret)
            yield session
        finally:
            session.leave()


def hand_over(session: Session, sender: str, recipients: Sequence[str], message: bytes) -> tuple[RecipientRefused, ...]:
    """MAIL, RCPT for each, DATA. Returns the recipients the server did not take, when it took at least one.

    Raises SendFailed('recipient_refused') when it took none: permanent only if every single refusal was.
    """
    _expect(session.mail(sender), 250, "sender_refused")
    refused = []
    for recipient in recipients:
        code, _ = session.rcpt(recipient)
        if code not in (250, 251):
            refused.append(RecipientRefused(recipient, code, permanent=code >= 500))
    if len(refused) == len(recipients):
        permanent = all(each.permanent for each in refused)
        raise SendFailed("recipient_refused", permanent=permanent, maybe_sent=False, status=refused[0].status)
    _expect(session.docmd("DATA"), 354, "message_refused")
    session.body_begun = True
    session.send(_LEADING_DOT.sub(b"..", message) + (b"" if message.endswith(b"\r\n") else b"\r\n") + b".\r\n")
    answer = session.getreply()
    session.body_begun = False
    _expect(answer, 250, "message_refused")
    return tuple(refused)


def _greet(session: Session, tls: str) -> None:
    if tls == "implicit":
        session.given = ssl.create_default_context().wrap_socket(session.given, server_hostname=session._host)
    # The port given here is for smtplib's own record: the socket is connected already.
    _expect(session.connect(session._host, 1), 220, "service_refused")
    session.ehlo_or_helo_if_needed()
    if tls == "starttls":
        # Never on without it: whoever can strip the offer from the server's answer would read the password.
        if not session.has_extn("starttls"):
            raise SendFailed("tls_missing", permanent=True, maybe_sent=False)
        session.starttls(context=ssl.create_default_context())
        session.ehlo()


def _log_in(session: Session, user: str, secret: Secrets) -> None:
    """AUTH PLAIN or LOGIN in UTF-8. Not smtplib's own: its errors for a password with an accent carry the password."""
    offered = session.esmtp_features.get("auth", "").upper().split()
    if "PLAIN" in offered:
        answer = session.docmd("AUTH", "PLAIN " + _base64(f"\0{user}\0{secret.reveal('password')}"))
    elif "LOGIN" in offered:
        answer = session.docmd("AUTH", f"LOGIN {_base64(user)}")
        if answer[0] == 334:
            answer = session.docmd(_base64(secret.reveal("password")))
    else:
        raise SendFailed("auth_missing", permanent=True, maybe_sent=False)
    _expect(answer, 235, "credentials_refused")


def _expect(answer: tuple[int, bytes], wanted: int, code: str) -> None:
    """The server's words are dropped: they may repeat what we said."""
    status = answer[0]
    if status == 421 and status != wanted:
        raise SendFailed("service_closing", permanent=False, maybe_sent=False, status=status)
    if status != wanted:
        raise SendFailed(code, permanent=status >= 500, maybe_sent=False, status=status)


@contextmanager
def _explained(session: Session, until: float) -> Iterator[None]:
    """Every way a line can break, told as one SendFailed."""
    try:
        yield
    except smtplib.SMTPResponseException as error:
        status = error.smtp_code
        raise SendFailed("service_refused", permanent=status >= 500, maybe_sent=False, status=status) from None
    except ssl.SSLCertVerificationError:
        raise SendFailed("certificate_refused", permanent=True, maybe_sent=False) from None
    except (OSError, smtplib.SMTPException, ValueError):
        # ValueError is what a TLS socket says when it was cut in the middle of a read.
        code = "timeout" if time.monotonic() >= until else "connection_lost"
        raise SendFailed(code, permanent=False, maybe_sent=session.body_begun) from None


def _base64(value: str) -> str:
    return base64.b64encode(value.encode()).decode()
