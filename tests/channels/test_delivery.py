"""The guard: within the deadline, fit content only, errors washed clean, in a thread of its own."""

import threading
import time
from dataclasses import replace

import pytest

from clients.autonomy.vocabulary import ActionKind
from clients.channels.delivery import Port
from clients.channels.port import Capabilities, Idempotency, Outbound, SendFailed, Sent
from clients.channels.secret import Secrets
from tests.channels.contract import CANARY, assert_clean

TAKES = Capabilities(
    kinds=frozenset({ActionKind.PUBLISH}), idempotency=Idempotency.REMOTE_KEY, max_length=100, deadline_seconds=0.4
)


class Network:
    """A connector that does what the test says."""

    kind, fields, declares = "test", (), TAKES

    def __init__(self, act) -> None:  # type: ignore[no-untyped-def]
        self.act = act

    def check_settings(self, settings, secret) -> None:  # type: ignore[no-untyped-def]
        pass

    def send(self, outbound: Outbound, until: float) -> Sent:
        return self.act(outbound, until)  # type: ignore[no-any-return]

    find = send


def _failure(act, outbound: Outbound) -> SendFailed:  # type: ignore[no-untyped-def]
    with pytest.raises(SendFailed) as failed:
        Port(Network(act)).send(outbound)
    return failed.value


def test_an_answer_comes_back_from_another_thread(outbound: Outbound) -> None:
    threads: list[threading.Thread] = []

    def act(outbound: Outbound, until: float) -> Sent:
        threads.append(threading.current_thread())
        return Sent(outbound.key)

    assert Port(Network(act)).send(outbound) == Sent(outbound.key)
    assert threads[0] is not threading.current_thread() and threads[0].daemon


def test_a_call_that_hangs_is_given_up_and_may_have_been_sent(outbound: Outbound) -> None:
    free = threading.Event()
    begun = time.monotonic()
    error = _failure(lambda *_: free.wait(20), outbound)
    assert time.monotonic() - begun < 10
    assert (error.code, error.permanent, error.maybe_sent) == ("deadline", False, True)
    free.set()


def test_a_connector_hears_of_an_end_before_ours(outbound: Outbound) -> None:
    ends: list[float] = []
    begun = time.monotonic()
    Port(Network(lambda o, until: ends.append(until) or Sent("1"))).send(outbound)
    assert begun < ends[0] < begun + TAKES.deadline_seconds


def test_no_deadline_beyond_the_limit_of_the_house_can_be_declared() -> None:
    for seconds in (0, -1, 15.1, 3600):
        with pytest.raises(ValueError, match="deadline_out_of_range"):
            replace(TAKES, deadline_seconds=seconds)
    assert replace(TAKES, deadline_seconds=15).deadline_seconds == 15


def test_an_error_nobody_foresaw_may_have_been_sent_and_tells_nothing(outbound: Outbound) -> None:
    def act(outbound: Outbound, until: float) -> Sent:
        raise RuntimeError(f"login with {outbound.secret.reveal('password')} failed")

    error = _failure(act, replace(outbound, secret=Secrets({"password": CANARY})))
    assert (error.code, error.permanent, error.maybe_sent) == ("connector_failed", False, True)
    assert_clean(error)


def test_a_connectors_own_error_keeps_its_facts_and_loses_its_past(outbound: Outbound) -> None:
    def act(outbound: Outbound, until: float) -> Sent:
        try:
            raise RuntimeError(outbound.secret.reveal("password"))
        except RuntimeError as error:
            raise SendFailed("message_refused", permanent=True, maybe_sent=False, status=550) from error

    error = _failure(act, replace(outbound, secret=Secrets({"password": CANARY})))
    assert (error.code, error.permanent, error.maybe_sent, error.status) == ("message_refused", True, False, 550)
    assert_clean(error)


def test_nothing_is_called_for_a_content_that_is_not_fit(outbound: Outbound) -> None:
    called: list[object] = []
    error = _failure(lambda *call: called.append(call), replace(outbound, text="x" * 101))
    assert (error.code, error.permanent, error.maybe_sent) == ("text_too_long", True, False)
    assert not called


def test_an_act_without_a_key_cannot_be_made(outbound: Outbound) -> None:
    for key in ("", "k" * 201):
        with pytest.raises(ValueError, match="key_out_of_range"):
            replace(outbound, key=key)
