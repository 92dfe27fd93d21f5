"""Reading one mailbox: a line that `egress` has checked, cut at the deadline, and nothing marked or moved there.

imaplib speaks the protocol; what it leaves open is settled here. A server announces the length of what it sends, and imaplib
would believe any. Its errors repeat the server's words, which may repeat the password: none comes out.
"""

import imaplib
import re
import socket
import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from typing import Any

from clients.channels.egress import cut_at, open_line
from clients.channels.port import SendFailed
from clients.channels.secret import Secrets

MOST_OF_ONE = 262_144
"""Bytes of one mail: its words stand first, and attachments are not opened."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UID = re.compile(rb"UID (\d{1,12})")


class Mailbox(imaplib.IMAP4):
    """imaplib's client on a given line."""

    def __init__(self, line: socket.socket, host: str) -> None:
        self._given = line
        super().__init__(host, 1, timeout=line.gettimeout() or 1)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return self._given

    def read(self, size: int) -> bytes:
        if size > 2 * MOST_OF_ONE:
            raise self.abort("too_big")
        return super().read(size)

    def numbers(self, after: int, since: date) -> tuple[int, list[int]]:
        """(the folder's own age, the numbers of the mails above `after`, lowest first; without one, those since a day)."""
        asked = f"UID {after + 1}:*" if after else f"SINCE {since.day}-{_MONTHS[since.month - 1]}-{since.year}"
        found = _expect(self.uid("SEARCH", asked), "service_refused")
        # TRAP: `n:*` names the last mail even when its number is below n.
        numbers = sorted({int(one) for line in found if line for one in line.split() if one.isdigit()})
        return _age(self), [number for number in numbers if number > after]

    def mails(self, numbers: Sequence[int]) -> Iterator[tuple[int, bytes, bool]]:
        """(number, bytes, whether they are all) of each; one that is gone meanwhile is left out."""
        asked = ",".join(str(number) for number in numbers)
        for part in _expect(self.uid("FETCH", asked, f"(UID BODY.PEEK[]<0.{MOST_OF_ONE}>)"), "service_refused"):
            named = _UID.search(part[0]) if isinstance(part, tuple) else None
            if named:
                yield int(named[1]), part[1], len(part[1]) < MOST_OF_ONE


@contextmanager
def opened(settings: Mapping[str, Any], secret: Secrets, until: float, *, allow_private: bool) -> Iterator[Mailbox]:
    """The folder, open for reading only. Raises SendFailed: credentials_refused, folder_missing, and what a line can."""
    line = open_line(settings["host"], settings["port"], until, allow_private=allow_private)
    with cut_at(line, until), _explained(until):
        mailbox = None
        try:
            if settings["tls"] == "implicit":
                line = ssl.create_default_context().wrap_socket(line, server_hostname=settings["host"])
            mailbox = Mailbox(line, settings["host"])
            _enter(mailbox, settings, secret)
            yield mailbox
        finally:
            if mailbox is not None:
                with suppress(OSError, imaplib.IMAP4.error, ValueError):
                    mailbox.sock.settimeout(1)
                    mailbox.logout()
            line.close()


def _enter(mailbox: Mailbox, settings: Mapping[str, Any], secret: Secrets) -> None:
    if settings["tls"] == "starttls":
        # Never on without it: whoever can strip the offer from the server's answer would read the password.
        if "STARTTLS" not in mailbox.capabilities:
            raise SendFailed("tls_missing", permanent=True, maybe_sent=False)
        mailbox.starttls(ssl.create_default_context())
    try:
        # AUTHENTICATE, not LOGIN: that one cannot say an accent, and its errors name the password.
        plain = f"\0{settings['user']}\0{secret.reveal('password')}".encode()
        _expect(mailbox.authenticate("PLAIN", lambda _: plain), "credentials_refused")
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:
        raise SendFailed("credentials_refused", permanent=True, maybe_sent=False) from None
    _expect(mailbox.select(_quoted(settings["folder"] or "INBOX"), readonly=True), "folder_missing")


def _expect(answer: tuple[str, Any], code: str) -> list[Any]:
    """The server's words are dropped: they may repeat what we said."""
    if answer[0] != "OK":
        raise SendFailed(code, permanent=True, maybe_sent=False)
    return list(answer[1] or ())


def _age(mailbox: Mailbox) -> int:
    """UIDVALIDITY: when it changes, the numbers of before name other mails."""
    said = mailbox.response("UIDVALIDITY")[1]
    return int(said[0]) if said and said[0] and said[0].isdigit() else 0


def _quoted(folder: str) -> str:
    """As the protocol wants a name: in quotation marks, in its own UTF-7."""
    return '"' + _utf7(folder).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _utf7(name: str) -> str:
    """RFC 3501, 5.1.3."""
    parts = re.split(r"([^\x20-\x7e]+)", name.replace("&", "&-"))
    return "".join(part if part.isascii() else _shifted(part) for part in parts)


def _shifted(part: str) -> str:
    return "&" + part.encode("utf-7").decode().strip("+-").replace("/", ",") + "-"


@contextmanager
def _explained(until: float) -> Iterator[None]:
    """Every way a line can break, told as one SendFailed."""
    try:
        yield
    except ssl.SSLCertVerificationError:
        raise SendFailed("certificate_refused", permanent=True, maybe_sent=False) from None
    except (OSError, imaplib.IMAP4.error, ValueError):
        # ValueError is what a TLS socket says when it was cut in the middle of a read.
        code = "timeout" if time.monotonic() >= until else "connection_lost"
        raise SendFailed(code, permanent=False, maybe_sent=False) from None
