"""E006: a database that forgets what it committed is refused in production, warned of elsewhere, and allowed when it does not."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.checks import Tags
from django.core.checks.registry import registry
from django.core.management.base import SystemCheckError
from django.db import OperationalError, connection

from clients.outbox.management.commands.relay import Command
from config import checks
from config.checks import commits_are_kept, stop_when_wrong
from config.environment import Mode
from tenants.walls.scope import BrandRef

Login = Callable[[str], None]


@pytest.fixture
def login(real_brands: tuple[BrandRef, BrandRef], monkeypatch: pytest.MonkeyPatch) -> Iterator[Login]:
    """The application's own login, with this value of the setting for its sessions."""

    def with_value(value: str) -> None:
        options = {**connection.settings_dict["OPTIONS"], "options": f"-c synchronous_commit={value}"}
        monkeypatch.setitem(connection.settings_dict, "OPTIONS", options)
        connection.close()

    yield with_value
    monkeypatch.undo()
    connection.close()


@pytest.fixture
def production(settings: Any) -> None:
    settings.MODE, settings.PRODUCTION = Mode.PRODUCTION, True


@pytest.mark.usefixtures("production")
def test_in_production_it_is_an_error_with_a_number_and_what_to_do(login: Login) -> None:
    login("off")
    [found] = commits_are_kept(databases=["default"])
    assert (found.id, found.is_serious()) == ("relais.E006", True)
    assert "synchronous_commit off" in found.msg and "twice" in found.msg
    assert found.hint and f"ALTER ROLE {connection.settings_dict['USER']} SET synchronous_commit = on" in found.hint


@pytest.mark.usefixtures("production")
@pytest.mark.parametrize("value", ["on", "local", "remote_write", "remote_apply"])
def test_whatever_keeps_a_commit_is_allowed(login: Login, value: str) -> None:
    login(value)
    assert commits_are_kept(databases=["default"]) == []


def test_on_ones_own_machine_it_is_a_warning(login: Login, settings: Any) -> None:
    settings.MODE = Mode.DEVELOPMENT
    login("off")
    assert [(found.id, found.is_serious()) for found in commits_are_kept(databases=["default"])] == [
        ("relais.W006", False)
    ]
    login("on")
    assert commits_are_kept(databases=["default"]) == []


@pytest.mark.usefixtures("production")
def test_it_runs_with_the_checks_of_the_database_and_only_there(login: Login) -> None:
    login("off")
    assert "relais.E006" in {m.id for m in registry.run_checks(tags=[Tags.database], databases=["default"])}
    assert "relais.E006" not in {m.id for m in registry.run_checks(databases=None)}


@pytest.mark.usefixtures("production")
def test_no_process_that_sends_starts_over_it(login: Login, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("values_can_be_read", "secrets_are_secret", "login_role_is_not_the_owner"):
        monkeypatch.setattr(checks, name, list)
    for start in (stop_when_wrong, lambda: Command().check_database()):
        login("off")
        with pytest.raises(SystemCheckError, match=r"relais\.E006"):
            start()
        login("on")
        start()


@pytest.mark.usefixtures("production")
def test_while_it_is_away_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_given: object) -> None:
        raise OperationalError

    monkeypatch.setattr(connection, "cursor", away)
    assert commits_are_kept(databases=["default"]) == []
