"""A real SMTP server for the tests, and one that breaks the line wherever a test says."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass
class Mailbox:
    """aiosmtpd's handler. `refuse` answers a recipient; `at_data` is asked when a whole message is there."""

    refuse: dict[str, str] = field(default_factory=dict)
    at_data: str = "250 OK"
    hang: bool = False
    cut: bool = False
    password: str = ""
    got: list[Envelope] = field(default_factory=list)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        if self.at_data.startswith("250"):
            self.got.append(envelope)
        if self.cut:
            server.transport.abort()
        if self.hang:
            await asyncio.sleep(30)
        return self.at_data

    def check(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=data.password == self.password.encode(), handled=False)


@contextmanager
def serving(mailbox: Mailbox, **options: Any) -> Iterator[int]:
    """The port of a running server."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=_free_port(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextmanager
def scripted(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that holds exactly this talk with its first caller, then hangs up."""
    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=_answer, args=(listening, talk), daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.close()
        thread.join(5)


def say(line: socket.socket, *replies: str) -> None:
    """Greet or answer: after the first, each reply waits for a command."""
    for place, reply in enumerate(replies):
        if place:
            line.recv(65536)
        line.sendall(reply.encode() + b"\r\n")


def certificate(folder: Path, host: str = "localhost") -> tuple[ssl.SSLContext, Path]:
    """A server's TLS context for one host, and the file that makes a client trust it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName(host), x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    shown, kept = folder / "certificate.pem", folder / "key.pem"
    shown.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    unencrypted = serialization.NoEncryption()
    kept.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, unencrypted))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(shown, kept)
    return context, shown


def _answer(listening: socket.socket, talk: Callable[[socket.socket], None]) -> None:
    try:
        line, _ = listening.accept()
        with line:
            line.settimeout(10)
            talk(line)
    except OSError:
        pass


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])
