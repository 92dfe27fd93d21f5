"""Two programs that mean the same state of one contact at the same moment, over two connections: one has it, one is told."""

import threading
from typing import Any

import pytest

from api.resources import contacts
from clients.crm.models import System
from tests.api.calls import Api
from tests.api.test_crm import of_key
from tests.crm.test_talks_at_once import running, until_somebody_waits
from tests.world import World

AT = "contacts/external/7"


@pytest.fixture
def system(world: World, api: Api) -> System:
    return of_key(world, api)


class Stop:
    """An action that waits, the first time, after its transaction has taken whatever is locked before it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        self.inside, self.go_on, self.act = threading.Event(), threading.Event(), getattr(contacts, name)
        monkeypatch.setattr(contacts, name, self)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if not self.inside.is_set():
            self.inside.set()
            assert self.go_on.wait(60)
        return self.act(*args, **kwargs)


def known(api: Api) -> tuple[str, str]:
    made: Any = api("PUT", AT, {"fields": {"name": "Léa", "email": "lea@example.org"}})
    assert made.status_code == 201
    return made.json()["contact"]["id"], made.headers["ETag"]


def put(api: Api, name: str, tag: str) -> Any:
    return api("PUT", AT, {"fields": {"name": name}}, If_Match=tag)


def test_of_two_that_put_upon_one_state_one_is_written(
    api: Api, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, tag = known(api)
    stop = Stop(monkeypatch, "bring_contacts")
    with running(lambda: put(api, "Léa M.", tag)) as first:
        assert stop.inside.wait(60)
        with running(lambda: put(api, "Léa N.", tag)) as second:
            until_somebody_waits()
            stop.go_on.set()
    assert [one.status_code for one in (*first, *second)] == [200, 412]
    read: Any = api.get(AT)
    assert read.json()["fields"]["name"] == "Léa M."


def test_one_that_puts_and_one_that_takes_away_do_not_wait_crosswise(
    api: Api, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both ask for the brand's lock before the row's: the other way round each would hold what the other one wants."""
    id_, tag = known(api)
    stop = Stop(monkeypatch, "unlink_contact")
    with running(lambda: api("DELETE", f"contacts/{id_}", If_Match=tag)) as first:
        assert stop.inside.wait(60)
        with running(lambda: put(api, "Léa M.", tag)) as second:
            until_somebody_waits()
            stop.go_on.set()
    assert [one.status_code for one in (*first, *second)] == [204, 412]
    assert api.get(AT).status_code == 404
