"""The services of one's own machine: they start, answer, keep their data, and leave nothing behind."""

import os
import shutil
import signal
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config.embedded.account import Account, home_of, socket_folder, within_reach
from config.embedded.broker import Broker
from config.embedded.mailbox import messages
from config.embedded.places import free_port, given_database
from config.embedded.postgres import Cluster, _programs
from config.embedded.processes import Part, PartFailed, Tree
from config.embedded.start import RunsAlready, alone_in

ROOT = Path(__file__).resolve().parent.parent.parent
FOREVER = [sys.executable, "-c", "import time; time.sleep(600)"]


def until(true: object, seconds: float = 20) -> bool:
    """Wait for a condition."""
    deadline = time.monotonic() + seconds
    while not (answer := true()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return bool(answer)


def runs(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


@pytest.fixture
def signals() -> Iterator[None]:
    """A tree takes over the signals of its process; this one gets them back."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


# --- PostgreSQL --------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["system", "package"])
def cluster(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """A cluster of its own, in a folder that is closed to other accounts, from either set of programs."""
    if request.param == "package":
        monkeypatch.setenv("RELAIS_POSTGRES_FROM_PACKAGE", "1")
    found = Cluster(tmp_path / "state", careless=True)
    yield found
    found.stop()
    for folder in (found.home, found.sockets):
        shutil.rmtree(folder, ignore_errors=True)


def test_postgresql_starts_twice_and_keeps_its_data(cluster: Cluster) -> None:
    cluster.start()
    cluster.start()
    with psycopg.connect(cluster.addresses("kept").owner, autocommit=True) as connection:
        connection.execute("CREATE TABLE t AS SELECT 42 AS n")
    cluster.stop()
    assert not cluster.answers()
    cluster.start()
    with psycopg.connect(cluster.addresses("kept").owner) as connection:
        assert connection.execute("SELECT n FROM t").fetchone() == (42,)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert cluster.sockets.stat().st_mode & 0o077 == 0


def test_postgresql_asks_for_the_password(cluster: Cluster) -> None:
    cluster.start()
    address = cluster.addresses().owner.replace(cluster.password, "wrong")
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(address)


def test_a_closed_clone_puts_its_data_where_the_account_can_reach_it(tmp_path: Path) -> None:
    nobody = Account(65534, 65534)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert home_of(closed / "state", Account()) == closed / "state"
    if os.geteuid() == 0:
        home = home_of(closed / "state", nobody)
        assert home.parent == Path("/var/tmp")
        home.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives its services another account")
def test_programs_of_a_closed_clone_are_copied_and_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELAIS_POSTGRES_FROM_PACKAGE", "1")
    monkeypatch.setattr(Account, "reaches", lambda _account, _path: False)
    home = Path(tempfile.mkdtemp(dir="/var/tmp"))
    home.chmod(0o711)
    nobody = Account(65534, 65534)
    try:
        programs = within_reach(_programs(), home, nobody)
        for program in ("initdb", "postgres", "pg_ctl"):
            subprocess.run([programs / program, "--version"], check=True, capture_output=True, **nobody.spawning())
    finally:
        shutil.rmtree(home)


def test_a_deep_clone_gets_a_short_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 90)
    deep.mkdir()
    folder = socket_folder(deep, Account())
    assert len(bytes(folder / ".s.PGSQL.5432")) < 100
    folder.rmdir()


def test_one_address_is_taken_as_the_owners(tmp_path: Path) -> None:
    found = given_database({"DATABASE_URL": "postgresql://boss:pw@db:5432/relais"}, tmp_path)
    assert found
    assert found.owner == "postgresql://boss:pw@db:5432/relais"
    assert found.login.endswith("@db:5432/relais")
    assert "boss" not in found.login
    assert found == given_database({"DATABASE_URL": "postgresql://boss:pw@db:5432/relais"}, tmp_path)


def test_no_address_means_the_embedded_one(tmp_path: Path) -> None:
    assert given_database({}, tmp_path) is None


# --- Broker and mailbox ------------------------------------------------------------------------------------------------


def test_the_broker_answers_on_its_socket(tmp_path: Path, signals: None) -> None:
    broker = Broker(tmp_path)
    with Tree(tmp_path / "logs") as tree:
        tree.start(Part("broker", broker.command(), ready=broker.answers))
        assert broker.answers()
        assert broker.socket.stat().st_mode & 0o077 == 0
    assert not broker.answers()
    shutil.rmtree(broker.socket.parent)


def test_the_mailbox_keeps_letters_and_refuses_one_recipient(tmp_path: Path, signals: None) -> None:
    port, box = free_port(2525), tmp_path / "box"
    command = [sys.executable, "-m", "config.embedded.smtp", str(port), str(box)]
    with Tree(tmp_path / "logs") as tree:
        tree.start(Part("mailbox", command, {"PYTHONPATH": str(ROOT)}, ready=lambda: _greets(port)))
        with smtplib.SMTP("127.0.0.1", port) as client:
            text = "From: a@relais.example\r\nTo: marc@example.org\r\nSubject: =?utf-8?q?D=C3=A9cision?=\r\n\r\nBonjour\r\n"
            refused = client.sendmail("a@relais.example", ["marc@example.org", "Bounce.x@example.org"], text)
    assert {address: code for address, (code, _) in refused.items()} == {"Bounce.x@example.org": 550}
    [letter] = messages(box)
    assert (letter.subject, letter.recipients, letter.text.strip()) == ("Décision", "marc@example.org", "Bonjour")


def test_letters_come_newest_first(tmp_path: Path) -> None:
    import mailbox

    box = mailbox.Maildir(tmp_path / "box", create=True)
    for number in range(12):
        box.add(f"Subject: {number}\n\n".encode())
    assert [letter.subject for letter in messages(tmp_path / "box", limit=3)] == ["11", "10", "9"]
    assert messages(tmp_path / "nowhere") == []


def _greets(port: int) -> bool:
    try:
        smtplib.SMTP("127.0.0.1", port, timeout=2).quit()
    except OSError:
        return False
    return True


# --- The process tree --------------------------------------------------------------------------------------------------


def test_a_part_that_does_not_start_says_why(tmp_path: Path, signals: None) -> None:
    failing = [sys.executable, "-c", "import sys; sys.exit('no such thing')"]
    with pytest.raises(PartFailed, match="no such thing"), Tree(tmp_path) as tree:
        tree.start(Part("failing", failing, ready=lambda: False))


def test_a_command_returns_what_it_printed(tmp_path: Path, signals: None) -> None:
    with Tree(tmp_path) as tree:
        assert tree.run(Part("hello", [sys.executable, "-c", "print('bonjour')"])).strip() == "bonjour"


def test_leaving_the_tree_ends_every_part_and_its_children(tmp_path: Path, signals: None) -> None:
    family = (
        f"import subprocess, sys; print(subprocess.Popen({FOREVER!r}).pid, flush=True); import time; time.sleep(600)"
    )
    with Tree(tmp_path) as tree:
        tree.start(Part("family", [sys.executable, "-c", family]))
        log = tree.log_of("family")
        assert until(lambda: log.read_text().strip())
        child = int(log.read_text())
        assert runs(child)
    assert until(lambda: not runs(child))


def test_a_dead_part_comes_back(tmp_path: Path, signals: None) -> None:
    program = f"""
import os, signal, sys, threading, time
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from config.embedded.processes import Part, Tree
with Tree(Path({str(tmp_path)!r})) as tree:
    tree.start(Part("sleeper", {FOREVER!r}))
    print(tree._running["sleeper"][1].pid, flush=True)
    threading.Timer(3, lambda: os.kill(os.getpid(), signal.SIGTERM)).start()
    os.kill(tree._running["sleeper"][1].pid, signal.SIGKILL)
    tree.watch()
    print(tree._running["sleeper"][1].pid, flush=True)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    first, second = map(int, done.stdout.split())
    assert first != second
    assert not runs(second)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel's promise is Linux's")
def test_the_parts_die_with_a_killed_parent(tmp_path: Path) -> None:
    program = f"""
import sys, time
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from config.embedded.processes import Part, Tree
with Tree(Path({str(tmp_path)!r})) as tree:
    tree.start(Part("sleeper", {FOREVER!r}))
    print(tree._running["sleeper"][1].pid, flush=True)
    tree.watch()
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        assert runs(child)
        parent.kill()
    assert until(lambda: not runs(child))


def test_one_start_per_folder(tmp_path: Path) -> None:
    with alone_in(tmp_path), pytest.raises(RunsAlready), alone_in(tmp_path):
        pass


def test_a_taken_port_is_passed_over() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port(port) != port
