"""What an HTTP answer means: the table, and the moments."""

from datetime import UTC, datetime, timedelta

import pytest

from clients.channels.answers import Reply, refused, retry_at
from clients.channels.port import SendFailed

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "code", "permanent", "maybe_sent"),
    [
        (301, "redirected", True, True),
        (302, "redirected", True, True),
        (303, "redirected", True, True),
        (307, "redirected", True, True),
        (308, "redirected", True, True),
        (400, "content_refused", True, False),
        (401, "credentials_refused", True, False),
        (403, "not_permitted", True, False),
        (404, "target_gone", True, False),
        (408, "timeout", False, False),
        (409, "content_refused", True, False),
        (410, "target_gone", True, False),
        (413, "content_refused", True, False),
        (422, "content_refused", True, False),
        (429, "too_many_requests", False, False),
        (500, "service_refused", False, True),
        (501, "service_refused", True, False),
        (502, "service_refused", False, True),
        (503, "service_refused", False, True),
        (504, "service_refused", False, True),
    ],
)
def test_the_table(status: int, code: str, permanent: bool, maybe_sent: bool) -> None:
    error = refused(Reply(status, {}, b"secret words", effect=True))
    assert (error.code, error.permanent, error.maybe_sent, error.status) == (code, permanent, maybe_sent, status)
    assert "secret" not in repr(error)
    assert not refused(Reply(status, {}, b"")).maybe_sent


def test_a_connector_that_knows_better() -> None:
    assert not refused(Reply(500, {}, b"", effect=True), maybe_sent=False).maybe_sent
    assert refused(Reply(409, {}, b"", effect=True), maybe_sent=True).maybe_sent


def test_a_credential_that_is_too_narrow() -> None:
    head = {"www-authenticate": 'Bearer error="insufficient_scope"'}
    assert refused(Reply(403, head, b"")).code == "scope_missing"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "90"}, 90),
        ({"retry-after": "Sat, 21 Nov 2026 12:01:30 GMT"}, 90),
        ({"x-ratelimit-reset": "2026-11-21T12:01:30.000000Z"}, 90),
        ({"x-ratelimit-reset": str(int(NOW.timestamp()) + 90)}, 90),
        ({"ratelimit-reset": "90"}, 90),
        ({"retry-after": "5", "x-ratelimit-reset": "2026-11-21T12:01:30Z"}, 5),
        ({"retry-after": "soon", "x-ratelimit-reset": "90"}, 90),
        ({"retry-after": "-5"}, 0),
        ({"retry-after": "Sat, 21 Nov 2020 12:01:30 GMT"}, 0),
        ({"retry-after": "999999999"}, 86400),
        ({"retry-after": "9" * 400}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "9999-12-31T23:59:59-23:59"}, 86400),
        ({"retry-after": ""}, None),
        ({}, None),
    ],
)
def test_the_moments(headers: dict[str, str], seconds: int | None) -> None:
    found = retry_at(headers, NOW)
    assert found == (None if seconds is None else NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff", b"[" * 100_000, b"[]"])
def test_a_body_that_is_not_the_promised_one(body: bytes) -> None:
    for effect, status in ((True, 200), (True, 400), (False, 200)):
        with pytest.raises(SendFailed) as failed:
            Reply(status, {}, body, effect).fields()
        assert (failed.value.code, failed.value.maybe_sent) == ("answer_unreadable", effect and status == 200)
