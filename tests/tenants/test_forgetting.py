"""What the hub forgets: from where people came, once its time is over; nothing else of its log goes, by whomever."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt, AccessLog
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from clients.outbox import daily
from tenants.forgetting import forget_origins
from tenants.models import HubEntry, Person
from tenants.walls.backend.base import OWNER

CAME = {"ip": "203.0.113.7", "agent": "Firefox", "session": "abc"}


def entry(days: float, **facts: Any) -> HubEntry:
    return HubEntry.objects.create(verb="signed_in", at=timezone.now() - timedelta(days=days), facts=facts)


@pytest.mark.django_db
def test_after_so_many_days_the_line_stays_and_the_address_goes(settings: Any) -> None:
    settings.ORIGINS_KEPT = timedelta(days=90)
    old, young, plain = entry(91, **CAME), entry(89, **CAME), entry(300, why="idle")
    assert forget_origins()["lines"] == 1
    assert forget_origins()["lines"] == 0
    facts = dict(HubEntry.objects.values_list("pk", "facts"))
    assert facts == {old.pk: {"session": "abc"}, young.pk: CAME, plain.pk: {"why": "idle"}}


@pytest.mark.django_db
def test_nobody_forgets_what_is_young() -> None:
    entry(0.9, **CAME)
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT tenants_forget_origins(now() + interval '1 day')")


@pytest.mark.usefixtures("real_transactions")
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE tenants_hubentry SET verb = 'x'",
        "UPDATE tenants_hubentry SET at = now(), facts = facts - ARRAY['ip', 'agent']",
        "UPDATE tenants_hubentry SET facts = facts - 'session'",
        "UPDATE tenants_hubentry SET facts = '{}'",
        """UPDATE tenants_hubentry SET facts = facts - ARRAY['ip', 'agent'] || '{"by": "me"}'""",
        "DELETE FROM tenants_hubentry",
        "TRUNCATE tenants_hubentry",
    ],
)
def test_not_even_the_owner_takes_more_out(change: str) -> None:
    entry(200, **CAME)
    with pytest.raises(DatabaseError, match="append_only"), connections[OWNER].cursor() as cursor:
        cursor.execute(change)


@pytest.mark.django_db
def test_tries_and_sessions_that_are_over_go_too(person_factory: Any) -> None:
    person: Person = person_factory()
    now = timezone.now()
    for days in (100, 1):
        for model in (AccessAttempt, AccessLog):
            more = {"failures_since_start": 1} if model is AccessAttempt else {}
            made = model.objects.create(ip_address="203.0.113.7", username=f"{days}", **more)
            model.objects.filter(pk=made.pk).update(attempt_time=now - timedelta(days=days))
    for key, left in (("over", -1), ("open", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=now + timedelta(days=left))
        UserSession.objects.create(user=person, session_key=key, ip="203.0.113.7", user_agent="", data={})
    forget_origins()
    for model in (AccessAttempt, AccessLog):
        assert list(model.objects.values_list("username", flat=True)) == ["1"]
    for model in (Session, UserSession):
        assert list(model.objects.values_list("session_key", flat=True)) == ["open"]


@pytest.mark.django_db
def test_once_a_day_and_a_failure_keeps_no_brand_from_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[str] = []

    def broken() -> None:
        turns.append("hub")
        raise OSError

    monkeypatch.setattr(daily, "forget_origins", broken)
    monkeypatch.setattr(daily, "active_brands", list)
    monkeypatch.setattr(daily.connections, "close_all", lambda: None)
    assert daily.look_through() and turns == ["hub"]
