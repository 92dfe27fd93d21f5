"""An IMAP server on loopback that says just enough to be read, with TLS as a test wants it."""

import base64
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

MAIL = (
    b"From: lea@example.org\r\nSubject: Question\r\nMessage-ID: <1@example.org>\r\n\r\nUne question de L\xc3\xa9a\r\n"
)


@dataclass
class ImapServer:
    """`tls`: 'implicit', 'starttls' or 'none'. `offers`: whether it says that it can do STARTTLS. `slips_in`: said in clear
    behind the answer to STARTTLS, as somebody on the line could. `heard`: (command, whether the line was safe)."""

    tls: str
    context: ssl.SSLContext | None = None
    password: str = "été geheim"
    offers: bool = True
    slips_in: bytes = b""
    address: str = "127.0.0.1"
    port: int = 0
    heard: list[tuple[str, bool]] = field(default_factory=list)

    def talk(self, line: socket.socket) -> None:
        if self.tls == "implicit" and self.context:
            line = self.context.wrap_socket(line, server_side=True)
        line.sendall(b"* OK ready\r\n")
        while command := _line(line):
            tag, _, rest = command.partition(b" ")
            name = rest.split(b" ")[1 if rest[:3] == b"UID" else 0].decode().upper()
            self.heard.append((name, isinstance(line, ssl.SSLSocket)))
            line = self._answer(line, tag, name)
            if name == "LOGOUT":
                break
        line.close()

    def _answer(self, line: socket.socket, tag: bytes, name: str) -> socket.socket:
        if name == "STARTTLS" and self.context:
            line.sendall(tag + b" OK begin\r\n" + self.slips_in)
            return self.context.wrap_socket(line, server_side=True)
        status = b"OK"
        if name == "AUTHENTICATE":
            line.sendall(b"+ \r\n")
            told = base64.b64decode(_line(line)).decode().rpartition("\0")[2]
            status = b"OK" if told == self.password else b"NO"
        line.sendall(self._told(name) + tag + b" " + status + b" done\r\n")
        return line

    def _told(self, name: str) -> bytes:
        starttls = b" STARTTLS" if self.offers and self.tls == "starttls" else b""
        return {
            "CAPABILITY": b"* CAPABILITY IMAP4rev1 AUTH=PLAIN" + starttls + b"\r\n",
            "EXAMINE": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] age\r\n",
            "SEARCH": b"* SEARCH 1\r\n",
            "FETCH": b"* 1 FETCH (UID 1 BODY[]<0> {%d}\r\n%s)\r\n" % (len(MAIL), MAIL),
            "LOGOUT": b"* BYE\r\n",
        }.get(name, b"")

    @property
    def entered(self) -> bool:
        """Whether it was ever told a password."""
        return any(name in ("AUTHENTICATE", "LOGIN") for name, _ in self.heard)


@contextmanager
def serving(server: ImapServer) -> Iterator[ImapServer]:
    """It answers one caller after the other."""
    listening = socket.create_server((server.address, 0))
    server.port = listening.getsockname()[1]
    thread = threading.Thread(target=_answer_all, args=(listening, server), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        # A plain close would leave the thread waiting in accept.
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)


def _answer_all(listening: socket.socket, server: ImapServer) -> None:
    while True:
        try:
            line, _ = listening.accept()
        except OSError:
            return
        line.settimeout(5)
        with suppress(OSError), line:
            server.talk(line)


def _line(line: socket.socket) -> bytes:
    """One line, byte by byte: what follows it may belong to TLS."""
    found = b""
    while not found.endswith(b"\r\n"):
        byte = line.recv(1)
        if not byte:
            return b""
        found += byte
    return found[:-2]
