"""One act through real programs: relay and Celery worker as processes of their own, woken through each broker."""

import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from django.db import connections

from config.embedded.broker import Broker
from config.embedded.processes import Part, Tree
from tenants.walls.scope import BrandRef
from tests.conftest import make_person
from tests.world import World, make_world

pytestmark = pytest.mark.services
ROOT = Path(__file__).resolve().parent.parent.parent
BROKERS = {
    "redis": os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9"),
    "rabbitmq": os.environ.get("TEST_RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672//"),
    "embedded": "",
}
SECONDS = 40


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Tree]:
    """A process tree for one test; this process gets its signals back afterwards."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    with Tree(tmp_path) as found:
        yield found
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.fixture(params=BROKERS)
def broker(request: pytest.FixtureRequest, tree: Tree, tmp_path: Path) -> Iterator[str]:
    """The address of a broker that answers."""
    if request.param == "embedded":
        own = Broker(tmp_path)
        tree.start(Part("broker", own.command(), ready=own.answers))
        yield own.address
        shutil.rmtree(own.socket.parent, ignore_errors=True)
        return
    address = urlsplit(BROKERS[request.param])
    with socket.socket() as probe:
        probe.settimeout(2)
        if probe.connect_ex((address.hostname or "", address.port or 0)):
            pytest.skip(f"no {request.param} at {address.hostname}:{address.port}")
    yield BROKERS[request.param]


def login_address() -> str:
    """The throw-away database as the application's role, as DATABASE_URL would say it."""
    found = connections["default"].settings_dict
    host = f"?host={quote(found['HOST'], safe='')}" + (f"&port={found['PORT']}" if found["PORT"] else "")
    return f"postgresql://{found['USER']}:{quote(found['PASSWORD'])}@/{found['NAME']}{host}"


def test_an_act_goes_out_through_relay_and_worker(
    broker: str, tree: Tree, real_brands: tuple[BrandRef, BrandRef]
) -> None:
    world = make_world(real_brands[0], make_person, level=6)
    values = {"DATABASE_URL": login_address(), "BROKER_URL": broker, "DJANGO_SETTINGS_MODULE": "config.settings"}
    values |= {"MODE": "development", "PYTHONPATH": str(ROOT), "DATABASE_OWNER_URL": ""}
    worker = ["-m", "celery", "-A", "config", "worker", "--concurrency", "2", "--loglevel", "INFO"]
    tree.start(
        Part("relay", [sys.executable, str(ROOT / "manage.py"), "relay"], values),
        Part("worker", [sys.executable, *worker], values, ready=lambda: "ready." in tree.log_of("worker").read_text()),
    )
    items = [world.submitted(f"Bonjour {number}") for number in range(5)]
    wait_for(world, tree, len(items))
    assert sorted(world.on_the_wall()) == [f"Bonjour {number}" for number in range(5)]
    assert {world.state_of(item) for item in items} == {"sent"}


def wait_for(world: World, tree: Tree, posts: int) -> None:
    """Until all is out, or with the words of relay and worker."""
    deadline = time.monotonic() + SECONDS
    while len(world.on_the_wall()) < posts:
        if time.monotonic() > deadline:
            pytest.fail("\n".join(tree.log_of(name).read_text()[-3000:] for name in ("relay", "worker")))
        time.sleep(0.1)
    time.sleep(0.5)  # anything sent twice would be on the wall by now
