"""The fakes as programs of their own: what one did is still there after it was killed."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clients.channels.discourse.connector import DiscourseConnector
from clients.channels.nodebb.connector import NodebbConnector
from clients.channels.port import Connector, Outbound, SendFailed
from clients.channels.secret import Secrets
from clients.channels.settings import clean_settings
from tests.channels.contract import quick
from tests.channels.fakes import discourse, nodebb
from tests.channels.fakes.serving import serving

ROOT = Path(__file__).resolve().parents[2]
Acting = Callable[[str, Outbound], Outbound]


def on_discourse(site: str, outbound: Outbound) -> Outbound:
    given = {"site": site, "user": discourse.USER, "category": discourse.CATEGORY, "api_key": discourse.KEY}
    return _with(DiscourseConnector(), given, outbound)


def on_nodebb(site: str, outbound: Outbound) -> Outbound:
    return _with(NodebbConnector(), {"site": site, "category": nodebb.CATEGORY, "token": nodebb.TOKEN}, outbound)


def _with(connector: Connector, given: dict[str, object], outbound: Outbound) -> Outbound:
    settings, secrets = clean_settings(connector.fields, given)
    now = datetime.now(UTC)
    return replace(outbound, title="Un sujet", settings=settings, secret=Secrets(secrets), moment=now)


@contextmanager
def running(kind: str, port: int, file: Path) -> Iterator[str]:
    """The fake until it is killed."""
    command = [sys.executable, "-m", f"tests.channels.fakes.{kind}", "--port", str(port), "--file", str(file)]
    program = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert program.stdout is not None
        yield program.stdout.readline().strip()
    finally:
        os.kill(program.pid, signal.SIGKILL)
        program.wait(10)


@pytest.mark.parametrize(
    ("kind", "connector", "acting"),
    [("discourse", DiscourseConnector(), on_discourse), ("nodebb", NodebbConnector(), on_nodebb)],
    ids=["discourse", "nodebb"],
)
def test_what_it_did_outlives_its_own_kill(
    kind: str, connector: Connector, acting: Acting, outbound: Outbound, tmp_path: Path
) -> None:
    file, port = tmp_path / "state.json", quick(connector)
    with socket.create_server(("127.0.0.1", 0)) as free:
        number = free.getsockname()[1]
    with running(kind, number, file) as site:
        act = acting(site, outbound)
        sent = port.send(act)
    time.sleep(0.1)
    with running(kind, number, file):
        assert port.find(act) == sent
        assert port.find(replace(act, key="another")) is None
    assert len(json.loads(file.read_text())["posts"]) == 1


def test_a_topic_that_is_offered_again_is_kept_in_mind(outbound: Outbound, tmp_path: Path) -> None:
    """The proof `kills` counts it as sent twice: another server might have taken it."""
    fake = discourse.Discourse(tmp_path / "state.json")
    with serving(fake) as site:
        act = on_discourse(site, outbound)
        quick(DiscourseConnector()).send(act)
        assert fake.state["repeats"] == []
        with suppress(SendFailed):
            quick(DiscourseConnector()).send(act)
    assert len(fake.visible) == 1
    assert [raw.partition("\n")[0] for raw in json.loads((tmp_path / "state.json").read_text())["repeats"]] == [
        act.text
    ]
