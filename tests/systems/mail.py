"""A mailbox: SMTP in front (aiosmtpd), which hands over to Dovecot by LMTP, which shows by IMAP, with TLS or not."""

import grp
import imaplib
import os
import pwd
import smtplib
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.channels.mailserver import certificate
from tests.systems import answers, debian, free_port, missing_programs, own_folder, program

PACKAGES = ("dovecot-imapd", "dovecot-lmtpd")
PASSWORD = "of-every-mailbox"
QUICK = True
# What the server says to these recipients; everybody else has a mailbox.
REFUSED = {"nobody": "550 5.1.1 no such user", "full": "452 4.2.2 mailbox full"}


@dataclass(frozen=True, slots=True)
class Mail:
    """Where to hand in (SMTP) and where to read (IMAP, any user name, PASSWORD).

    `imap` offers STARTTLS, `imaps` begins with TLS; `trusted` is the file that makes a client believe their certificate.
    """

    smtp: int
    imap: int
    imaps: int
    trusted: Path
    version: str

    def inbox(self, address: str) -> list[EmailMessage]:
        """What lies in somebody's mailbox, as Dovecot gives it out."""
        with imaplib.IMAP4("127.0.0.1", self.imap, timeout=10) as line:
            line.login(address, PASSWORD)
            line.select("INBOX", readonly=True)
            numbers = line.search(None, "ALL")[1][0].split()
            raw: list[Any] = [line.fetch(number, "(RFC822)")[1][0] for number in numbers]
        return [message_from_bytes(each[1], policy=policy.default) for each in raw]  # type: ignore[arg-type]


def available() -> str:
    """'' or what is missing."""
    if os.geteuid() != 0:
        return "Dovecot starts as root only"
    lacking = missing_programs("dovecot")
    parts = ("imap", "lmtp")
    return lacking or next(
        (f"dovecot-{p}d is not installed" for p in parts if not Path(f"/usr/lib/dovecot/{p}").exists()), ""
    )


def install() -> None:
    """The Debian packages, where we may."""
    if available():
        debian(*PACKAGES)


@contextmanager
def running() -> Iterator[Mail]:
    """Empty mailboxes for everybody."""
    with ExitStack() as stack:
        folder = stack.enter_context(own_folder("mail"))
        imap, imaps, lmtp = free_port(), free_port(), free_port()
        _, trusted = certificate(folder)
        (folder / "mail").mkdir()
        owner = _owner()
        os.chown(folder / "mail", *owner)
        (folder / "dovecot.conf").write_text(_settings(folder, (imap, imaps, lmtp), owner))
        command = ["dovecot", "-F", "-c", str(folder / "dovecot.conf")]
        stack.enter_context(
            program(command, lambda: answers(imap) and answers(imaps) and answers(lmtp), folder / "out.log")
        )
        front = Controller(_Relay(lmtp), hostname="127.0.0.1", port=free_port())
        front.start()
        stack.callback(front.stop)
        yield Mail(front.port, imap, imaps, trusted, _version())


class _Relay:
    """Takes a message only when Dovecot has it."""

    def __init__(self, lmtp: int) -> None:
        self._lmtp = lmtp

    async def handle_RCPT(  # noqa: N802 - the names that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refusal = REFUSED.get(address.partition("@")[0])
        if refusal is None:
            envelope.rcpt_tos.append(address)
        return refusal or "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        try:
            with smtplib.LMTP("127.0.0.1", self._lmtp) as line:
                # One by one: LMTP answers for each recipient, and smtplib reads one answer.
                for recipient in envelope.rcpt_tos:
                    line.sendmail(str(envelope.mail_from), recipient, envelope.content or b"")
        except (OSError, smtplib.SMTPException):
            return "451 4.3.0 try again later"
        return "250 2.0.0 taken"


def _owner() -> tuple[int, int]:
    """An account that owns the mailboxes: Dovecot reads none as root."""
    for name in ("mail", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name).pw_uid, pwd.getpwnam(name).pw_gid
    return 65534, grp.getgrall()[0].gr_gid


def _version() -> str:
    said = subprocess.run(["dovecot", "--version"], capture_output=True, text=True, check=True).stdout
    return said.split()[0]


def _settings(folder: Path, ports: tuple[int, int, int], owner: tuple[int, int]) -> str:
    (imap, imaps, lmtp), (uid, gid) = ports, owner
    return f"""
protocols = imap lmtp
listen = 127.0.0.1
base_dir = {folder}/run
log_path = {folder}/dovecot.log
ssl = yes
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
mail_location = maildir:~/Maildir
first_valid_uid = 1
passdb {{
  driver = static
  args = password={PASSWORD} allow_all_users=yes
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u allow_all_users=yes
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
"""
