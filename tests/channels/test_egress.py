"""A brand names a host; we never become its door into our own network."""

import ipaddress
import socket
import threading
import time

import pytest

from clients.channels import egress
from clients.channels.port import SendFailed

PRIVATE = [
    "127.0.0.1",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fec0::1",
    "fe80::1%eth0",
    "fc00::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses(address: str) -> None:
    assert not egress.is_public(address)


@pytest.mark.parametrize(
    "address", ["9.9.9.9", "93.184.216.34", "2606:4700::1111", "::ffff:9.9.9.9", "64:ff9b::909:909"]
)
def test_public_addresses(address: str) -> None:
    assert egress.is_public(address)


def _answers(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, **more: object) -> list[tuple[object, ...]]:
        asked.append(host)
        families = {4: socket.AF_INET, 6: socket.AF_INET6}
        return [(families[ipaddress.ip_address(a).version], socket.SOCK_STREAM, 6, "", (a, port)) for a in addresses]

    monkeypatch.setattr(egress.socket, "getaddrinfo", getaddrinfo)
    return asked


def soon() -> float:
    return time.monotonic() + 5


def test_one_private_address_among_public_ones_refuses_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    _answers(monkeypatch, "9.9.9.9", "127.0.0.1")
    with pytest.raises(SendFailed) as refused:
        egress.resolve("mail.example.org", 25, soon(), allow_private=False)
    assert (refused.value.code, refused.value.permanent, refused.value.maybe_sent) == ("host_not_allowed", True, False)
    assert len(egress.resolve("mail.example.org", 25, soon(), allow_private=True)) == 2


def test_the_name_is_resolved_once_and_the_checked_address_is_the_one_used(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _answers(monkeypatch, "9.9.9.9", "2606:4700::1111")
    tried: list[object] = []

    class Line:
        def __init__(self, family: int, kind: int) -> None: ...
        def settimeout(self, seconds: float) -> None: ...
        def close(self) -> None: ...
        def connect(self, address: object) -> None:
            tried.append(address)
            raise OSError

    monkeypatch.setattr(egress.socket, "socket", Line)
    with pytest.raises(SendFailed) as failed:
        egress.open_line("mail.example.org", 25, time.monotonic() + 5, allow_private=False)
    assert failed.value.code == "unreachable" and not failed.value.permanent
    assert asked == ["mail.example.org"] and tried == [("9.9.9.9", 25), ("2606:4700::1111", 25)]


def test_a_name_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    def getaddrinfo(*args: object, **more: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(egress.socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(SendFailed) as failed:
        egress.resolve("nobody.example.org", 25, soon(), allow_private=False)
    assert (failed.value.code, failed.value.permanent) == ("host_unknown", False)


@pytest.mark.parametrize(("answers_at_once", "code"), [(True, "host_unknown"), (False, "timeout")])
def test_a_name_server_that_never_answers_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, answers_at_once: bool, code: str
) -> None:
    answered = threading.Event()
    if answers_at_once:
        answered.set()

    def getaddrinfo(*args: object, **more: object) -> list[object]:
        assert answered.wait(20)
        return []

    monkeypatch.setattr(egress.socket, "getaddrinfo", getaddrinfo)
    begun = time.monotonic()
    with pytest.raises(SendFailed) as failed:
        egress.open_line("slow.example.org", 25, begun + (5 if answers_at_once else 0.2), allow_private=False)
    answered.set()
    assert (failed.value.code, failed.value.permanent) == (code, False)
    assert time.monotonic() - begun < 10


def test_nothing_is_begun_after_the_end() -> None:
    with pytest.raises(TimeoutError):
        egress.seconds_left(time.monotonic() - 1)
