"""What must go past a pooler says so where it does not; nothing stands between here, so nothing is said."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from tenants import pooler
from tenants.checks import what_goes_past_the_pooler
from tenants.pending import Listener


def test_a_direct_line_is_taken_as_one(db: None) -> None:
    connection.ensure_connection()
    assert not pooler.is_pooled(connection.connection)
    assert what_goes_past_the_pooler(None, ["default"]) == []
    with Listener() as listener:
        listener.sleep(0)


def test_through_a_pooler_nobody_listens(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pooler, "is_pooled", lambda raw: True)
    with pytest.raises(ImproperlyConfigured, match="DATABASE_DIRECT_URL"), Listener():
        pass
    said = what_goes_past_the_pooler(None, ["default"])
    assert [message.id for message in said] == ["tenants.E006"]
    assert "DATABASE_DIRECT_URL" in str(said[0].hint)
