"""What every connector must keep, whatever network stands behind it. A new connector subclasses one of the two contracts.

A subclass says how to reach its network in the test (`port`, `outbound`) and how to count what arrived there
(`effects`); the contract does the rest. Every guard is shown allowed and refused from the same set-up.
"""

import copy
import pickle
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any, ClassVar

import pytest

from clients.autonomy.vocabulary import ActionKind
from clients.channels.delivery import Port
from clients.channels.port import (
    LONGEST_CALL_SECONDS,
    Connector,
    Idempotency,
    MediaFile,
    Outbound,
    SendFailed,
    Sent,
    SentState,
    SettingType,
)
from clients.channels.registry import connector_for
from clients.channels.secret import Secrets
from tests.channels.hostile import Hostile, moment_near

CANARY = "pa55-that-must-never-show"
Effects = Callable[[], int]
Expected = tuple[str, bool, bool]

# How the answer to the request that has the effect is spoilt -> code, permanent, maybe_sent.
EXPECTED: dict[str, Expected] = {
    "500": ("service_refused", False, True),
    "503": ("service_refused", False, True),
    "429_seconds": ("too_many_requests", False, False),
    "429_date": ("too_many_requests", False, False),
    "429_reset": ("too_many_requests", False, False),
    "429_bare": ("too_many_requests", False, False),
    "401": ("credentials_refused", True, False),
    "403": ("not_permitted", True, False),
    "redirect": ("redirected", True, True),
    "garbage": ("answer_unreadable", False, True),
    "not_json": ("answer_unreadable", False, True),
    "half": ("connection_lost", False, True),
    "hang": ("timeout", False, True),
    "drip": ("timeout", False, True),
    "giant": ("answer_too_big", True, True),
    "cut": ("connection_lost", False, True),
}


class ConnectorContract:
    """Kept by all of them."""

    kind = ""

    def test_it_is_registered_under_its_own_name(self) -> None:
        assert connector_for(self.kind).kind == self.kind

    def test_it_declares_known_kinds_and_a_deadline_within_the_house_limit(self) -> None:
        declares = connector_for(self.kind).declares
        assert declares.kinds and declares.kinds <= frozenset(ActionKind)
        assert declares.recipient_for <= declares.kinds
        assert 0 < declares.deadline_seconds <= LONGEST_CALL_SECONDS

    def test_it_says_what_its_test_does_or_has_none(self) -> None:
        port = connector_for(self.kind)
        assert (port.declares.self_test is not None) is port.tests

    def test_its_settings_have_one_name_each(self) -> None:
        names = [field.name for field in connector_for(self.kind).fields]
        assert len(names) == len(set(names))

    def test_a_secret_setting_never_has_a_default(self) -> None:
        assert not any(field.default for field in connector_for(self.kind).fields if field.type is SettingType.SECRET)

    def test_the_credential_shows_nowhere(self, outbound: Outbound) -> None:
        loaded = replace(outbound, secret=Secrets({"password": CANARY}))
        for shown in (repr(loaded), str(loaded), f"{loaded}", repr(asdict(loaded)), repr(copy.deepcopy(loaded))):
            assert CANARY not in shown
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            with pytest.raises(TypeError):
                pickle.dumps(loaded, protocol)

    def test_the_repr_that_ends_in_logs_holds_no_content(self, outbound: Outbound) -> None:
        assert outbound.text and outbound.text not in repr(outbound)


class PerformedContract(ConnectorContract):
    """Kept by those whose acts a person performs: nothing is ever sent."""

    def test_it_says_so_and_claims_no_idempotency(self) -> None:
        declares = connector_for(self.kind).declares
        assert declares.performed_by_person and declares.idempotency is Idempotency.NONE

    def test_sending_is_refused_for_good(self, outbound: Outbound) -> None:
        with pytest.raises(SendFailed) as refused:
            connector_for(self.kind).send(outbound)
        assert (refused.value.code, refused.value.permanent, refused.value.maybe_sent) == (
            "performed_by_person",
            True,
            False,
        )

    def test_looking_up_is_refused(self, outbound: Outbound) -> None:
        with pytest.raises(SendFailed):
            connector_for(self.kind).find(outbound)


class SendingContract(ConnectorContract):
    """Kept by those that send. `outbound` is an act that the network takes, different in every test.

    `effects` counts the posts that others can see there: a thread of three counts three, a draft none.
    """

    only_records: ClassVar[bool] = False  # a wall that writes down every act and changes none
    found_by_words: ClassVar[bool] = False  # a network with no place for a mark: two acts of the same words look alike

    def test_what_it_takes_arrives_once(self, port: Port, outbound: Outbound, effects: Effects) -> None:
        sent = deliver(port, outbound)
        assert isinstance(sent, Sent) and sent.remote_id and sent.state in SentState
        assert effects() == 1

    def test_every_kind_it_does_not_declare_is_refused(self, port: Port, outbound: Outbound, effects: Effects) -> None:
        for kind in frozenset(ActionKind) - port.declares.kinds:
            _refused(port, replace(outbound, kind=kind), "kind_not_supported")
        assert effects() == 0

    def test_the_longest_text_passes_and_one_sign_more_does_not(
        self, port: Port, outbound: Outbound, effects: Effects
    ) -> None:
        most = port.declares.max_length
        _refused(port, replace(outbound, text="x" * (most + 1)), "text_too_long")
        assert effects() == 0
        deliver(port, replace(outbound, text="x" * most))
        assert effects() == 1

    def test_an_empty_act_is_refused(self, port: Port, outbound: Outbound, effects: Effects) -> None:
        _refused(port, replace(outbound, text=" \n"), "text_missing")
        assert effects() == 0

    def test_a_picture_passes_and_what_is_wrong_with_one_does_not(
        self, port: Port, outbound: Outbound, effects: Effects, picture: MediaFile
    ) -> None:
        most, bytes_allowed = port.declares.max_media, port.declares.max_media_bytes
        _refused(port, replace(outbound, media=(picture,) * (most + 1)), "media_too_many")
        if not most:
            return
        _refused(port, replace(outbound, media=(picture._replace(mime="text/html"),)), "media_type_not_taken")
        _refused(port, replace(outbound, media=(picture._replace(data=bytes(bytes_allowed + 1)),)), "media_too_big")
        if port.declares.alt_text_required:
            _refused(port, replace(outbound, media=(picture._replace(alt=" "),)), "alt_missing")
        assert effects() == 0
        deliver(port, replace(outbound, media=(picture,)))
        assert effects() == 1

    def test_who_it_goes_to_must_be_said(self, port: Port, outbound: Outbound, effects: Effects) -> None:
        for kind in port.declares.recipient_for:
            _refused(port, replace(outbound, kind=kind, recipient=None), "recipient_missing")
        assert effects() == 0

    def test_what_it_concerns_must_be_said(self, port: Port, outbound: Outbound, effects: Effects) -> None:
        for kind in port.declares.target_for:
            _refused(port, replace(outbound, kind=kind, recipient="somebody", target=None), "target_missing")
        assert effects() == 0

    def test_a_thread_arrives_whole(self, port: Port, outbound: Outbound, effects: Effects) -> None:
        most = port.declares.max_parts
        _refused(port, replace(outbound, parts=("x",) * most), "too_many_parts")
        assert effects() == 0
        if most > 1:
            parts = tuple(f"Suite {place}" for place in range(1, min(most, 3)))
            thread = replace(outbound, parts=parts)
            deliver(port, thread)
            assert effects() == 1 + len(parts)
            if port.declares.idempotency is Idempotency.REMOTE_KEY:
                deliver(port, thread)
                assert effects() == 1 + len(parts)

    def test_the_same_key_again(self, port: Port, outbound: Outbound, effects: Effects) -> None:
        """A: one effect, the first answer. B: one draft, one publication. C: it is found. D promises nothing."""
        declares, draft = port.declares, ""
        if declares.idempotency is Idempotency.TWO_PHASE:
            draft = port.prepare(outbound)
            assert draft and port.prepare(outbound) == draft and effects() == 0
        prepared = replace(outbound, draft=draft)
        first = port.send(prepared)
        if declares.idempotency in (Idempotency.REMOTE_KEY, Idempotency.TWO_PHASE):
            assert port.send(prepared) == first and effects() == 1
        elif declares.idempotency is Idempotency.LOOK_UP:
            assert _found(port, outbound) == first and effects() == 1

    def test_looking_up(self, port: Port, outbound: Outbound, effects: Effects) -> None:
        """Class D says itself that it cannot know; the others know nothing before, and the first answer afterwards."""
        if port.declares.idempotency is Idempotency.NONE:
            with pytest.raises(SendFailed) as unknowable:
                port.find(outbound)
            assert unknowable.value.code == "cannot_look_up" and unknowable.value.maybe_sent
            return
        assert port.find(outbound) is None
        sent = deliver(port, outbound)
        assert _found(port, outbound) == sent
        another = replace(outbound, key=f"{outbound.key}x", text=f"{outbound.text}{' !' * self.found_by_words}")
        assert port.find(another) is None and effects() == 1

    def test_what_became_of_a_post(self, port: Port, outbound: Outbound) -> None:
        if not port.looks:
            return
        sent = deliver(port, outbound)
        seen = port.look(replace(outbound, target=sent.remote_id))
        assert seen.state is sent.state
        assert all(count is None or count >= 0 for count in (seen.replies, seen.reactions, seen.shares))

    def test_other_words_in_a_post(self, port: Port, outbound: Outbound, effects: Effects) -> None:
        if ActionKind.CORRECT not in port.declares.kinds or self.only_records:
            return
        sent = deliver(port, outbound)
        other = replace(
            outbound, key=f"{outbound.key}c", kind=ActionKind.CORRECT, target=sent.remote_id, text="Corrigé"
        )
        assert deliver(port, other).remote_id == sent.remote_id and effects() == 1
        if port.looks:
            assert port.look(other).state is not SentState.EDITED
            assert port.look(replace(other, text=outbound.text)).state is SentState.EDITED

    def test_taking_a_post_back(self, port: Port, outbound: Outbound, effects: Effects) -> None:
        if ActionKind.DELETE not in port.declares.kinds or self.only_records:
            return
        sent = deliver(port, outbound)
        away = replace(outbound, key=f"{outbound.key}d", kind=ActionKind.DELETE, target=sent.remote_id, text="")
        assert deliver(port, away).state is SentState.GONE and effects() == 0
        assert deliver(port, away).state is SentState.GONE and effects() == 0
        if port.looks:
            assert port.look(replace(outbound, target=sent.remote_id)).state is SentState.GONE

    def test_whom_the_credential_opens(self, port: Port, outbound: Outbound, effects: Effects) -> None:
        if not port.checks:
            return
        assert port.check(outbound.settings, outbound.secret).handle and effects() == 0
        wrong = Secrets(dict.fromkeys(outbound.secret.names, "0" * 32))
        with pytest.raises(SendFailed) as refused:
            port.check(outbound.settings, wrong)
        assert (refused.value.code, refused.value.permanent, refused.value.maybe_sent) == (
            "credentials_refused",
            True,
            False,
        )

    def test_an_error_carries_nothing_along(self, port: Port, outbound: Outbound) -> None:
        loaded = replace(outbound, kind=ActionKind.PHONE_CALL, secret=Secrets({"password": CANARY}))
        with pytest.raises(SendFailed) as refused:
            port.send(loaded)
        assert_clean(refused.value)


class HostileContract:
    """Kept by those that speak HTTP. `hostile` (tests/channels/hostile.py) stands between `port` and its network.

    A credential of `outbound.secret` holds CANARY. `differs`: where a network rightly means something else by an answer.
    """

    differs: ClassVar[Mapping[str, Expected]] = {}

    @pytest.mark.parametrize("mode", sorted(EXPECTED))
    def test_a_spoilt_answer(
        self, mode: str, port: Port, outbound: Outbound, hostile: Hostile, effects: Effects
    ) -> None:
        ready = prepared(port, outbound)
        hostile.mode, begun = mode, time.monotonic()
        error = _failure(port, ready)
        assert time.monotonic() - begun <= port.declares.deadline_seconds + 5
        expected = {**EXPECTED, **self.differs}[mode]
        if error.code == "deadline" and expected[0] == "timeout":
            # On a machine out of breath the guard may answer first; the connector must still give up by itself.
            _end_of_calls(within=3.0)
            error.code = "timeout"
        assert (error.code, error.permanent, error.maybe_sent) == expected
        assert hostile.trapped == 0
        if mode.startswith("429_") and mode != "429_bare":
            assert moment_near(error.retry_at)
        hostile.mode = ""
        assert effects() == 0

    def test_the_effect_happened_and_nobody_was_told(
        self, port: Port, outbound: Outbound, hostile: Hostile, effects: Effects
    ) -> None:
        ready = prepared(port, outbound)
        hostile.mode = "lose_answer"
        error = _failure(port, ready)
        assert error.maybe_sent and not error.permanent
        hostile.mode = ""
        assert effects() == 1
        idempotency = port.declares.idempotency_of(outbound.kind)
        if idempotency in (Idempotency.REMOTE_KEY, Idempotency.TWO_PHASE):
            sent = port.send(ready)
            assert effects() == 1 and port.send(ready) == sent
        elif idempotency is Idempotency.LOOK_UP:
            assert _found(port, ready) is not None and effects() == 1

    def test_a_network_that_refuses_us_from_the_first_word(
        self, port: Port, outbound: Outbound, hostile: Hostile, effects: Effects
    ) -> None:
        hostile.mode, hostile.everything = "401", True
        with pytest.raises(SendFailed) as refused:
            deliver(port, outbound)
        assert (refused.value.code, refused.value.permanent, refused.value.maybe_sent) == (
            "credentials_refused",
            True,
            False,
        )
        assert_clean(refused.value)
        hostile.mode = ""
        assert effects() == 0

    def test_a_private_address_is_refused_where_the_installation_says_so(
        self, port: Port, outbound: Outbound, effects: Effects, settings: Any
    ) -> None:
        settings.ALLOW_PRIVATE_HOSTS = False
        with pytest.raises(SendFailed) as refused:
            deliver(port, outbound)
        assert refused.value.code in ("tls_missing", "host_not_allowed")
        assert refused.value.permanent and not refused.value.maybe_sent
        settings.ALLOW_PRIVATE_HOSTS = True
        assert effects() == 0


def prepared(port: Port, outbound: Outbound) -> Outbound:
    """The act as the gate hands it to `send`: with its draft where the class has one."""
    if port.declares.idempotency_of(outbound.kind) is Idempotency.TWO_PHASE:
        return replace(outbound, draft=port.prepare(outbound))
    return outbound


def deliver(port: Port, outbound: Outbound) -> Sent:
    """The whole way of an act, as the gate goes it."""
    return port.send(prepared(port, outbound))


def quick(connector: Connector, seconds: float = 2.0) -> Port:
    """The connector behind its guard, with a deadline that a test can wait for."""
    declares = replace(connector.declares, deadline_seconds=seconds)
    return Port(type(f"Quick{type(connector).__name__}", (type(connector),), {"declares": declares})())


def _end_of_calls(within: float) -> None:
    """No connector is left in a call: one that only its guard had given up on could still send."""
    ending = time.monotonic() + within
    while any(thread.name == "channel-call" for thread in threading.enumerate()):
        assert time.monotonic() < ending, "a connector does not give up by itself"
        time.sleep(0.05)


def _found(port: Port, outbound: Outbound) -> Sent | None:
    """What `find` says once the network may no longer be blind."""
    ending = time.monotonic() + port.declares.settle_seconds
    while (found := port.find(outbound)) is None and time.monotonic() < ending:
        time.sleep(0.1)
    return found


def _failure(port: Port, outbound: Outbound) -> SendFailed:
    with pytest.raises(SendFailed) as failed:
        port.send(outbound)
    assert_clean(failed.value)
    return failed.value


def assert_clean(error: SendFailed) -> None:
    """No cause, no context, and no credential in anything a traceback could print of the frames below the port."""
    assert error.__cause__ is None and error.__context__ is None
    shown = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert CANARY not in shown and CANARY not in repr(error) and CANARY.encode() not in pickle.dumps(error)


def _refused(port: Port, outbound: Outbound, code: str) -> None:
    with pytest.raises(SendFailed) as refused:
        deliver(port, outbound)
    assert (refused.value.code, refused.value.permanent, refused.value.maybe_sent) == (code, True, False)
