"""What every connector must keep, whatever network stands behind it. A new connector subclasses one of the two contracts.

A subclass says how to reach its network in the test (`port`, `outbound`) and how to count what arrived there
(`effects`); the contract does the rest. Every guard is shown allowed and refused from the same set-up.
"""

import copy
import pickle
import traceback
from collections.abc import Callable
from dataclasses import asdict, replace

import pytest

from clients.autonomy.vocabulary import ActionKind
from clients.channels.delivery import Port
from clients.channels.port import (
    LONGEST_CALL_SECONDS,
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

CANARY = "pa55-that-must-never-show"
Effects = Callable[[], int]


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
    """Kept by those that send. `outbound` is an act that the network takes, different in every test."""

    def test_what_it_takes_arrives_once(self, port: Port, outbound: Outbound, effects: Effects) -> None:
        sent = port.send(outbound)
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
        port.send(replace(outbound, text="x" * most))
        assert effects() == 1

    def test_an_empty_act_is_refused(self, port: Port, outbound: Outbound, effects: Effects) -> None:
        _refused(port, replace(outbound, text=" \n"), "text_missing")
        assert effects() == 0

    def test_a_picture_passes_and_what_is_wrong_with_one_does_not(
        self, port: Port, outbound: Outbound, effects: Effects, picture: MediaFile
    ) -> None:
        most, bytes_allowed = port.declares.max_media, port.declares.max_media_bytes
        _refused(port, replace(outbound, media=(picture,) * (most + 1)), "media_too_many")
        _refused(port, replace(outbound, media=(picture._replace(mime="text/html"),)), "media_type_not_taken")
        _refused(port, replace(outbound, media=(picture._replace(data=bytes(bytes_allowed + 1)),)), "media_too_big")
        if port.declares.alt_text_required:
            _refused(port, replace(outbound, media=(picture._replace(alt=" "),)), "alt_missing")
        assert effects() == 0
        port.send(replace(outbound, media=(picture,)))
        assert effects() == 1

    def test_who_it_goes_to_must_be_said(self, port: Port, outbound: Outbound, effects: Effects) -> None:
        for kind in port.declares.recipient_for:
            _refused(port, replace(outbound, kind=kind, recipient=None), "recipient_missing")
        assert effects() == 0

    def test_the_same_key_again(self, port: Port, outbound: Outbound, effects: Effects) -> None:
        """Class A: one effect and the first answer. Class D promises nothing, and so must have declared it."""
        first = port.send(outbound)
        if port.declares.idempotency is Idempotency.REMOTE_KEY:
            assert port.send(outbound) == first and effects() == 1
        else:
            assert port.declares.idempotency is Idempotency.NONE

    def test_looking_up(self, port: Port, outbound: Outbound) -> None:
        """Class D says itself that it cannot know; the others know nothing before, and the first answer afterwards."""
        if port.declares.idempotency is Idempotency.NONE:
            with pytest.raises(SendFailed) as unknowable:
                port.find(outbound)
            assert unknowable.value.code == "cannot_look_up" and unknowable.value.maybe_sent
            return
        assert port.find(outbound) is None
        sent = port.send(outbound)
        assert port.find(outbound) == sent

    def test_an_error_carries_nothing_along(self, port: Port, outbound: Outbound) -> None:
        loaded = replace(outbound, kind=ActionKind.PHONE_CALL, secret=Secrets({"password": CANARY}))
        with pytest.raises(SendFailed) as refused:
            port.send(loaded)
        assert_clean(refused.value)


def assert_clean(error: SendFailed) -> None:
    """No cause, no context, and no credential in anything a traceback could print of the frames below the port."""
    assert error.__cause__ is None and error.__context__ is None
    shown = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert CANARY not in shown and CANARY not in repr(error) and CANARY.encode() not in pickle.dumps(error)


def _refused(port: Port, outbound: Outbound, code: str) -> None:
    with pytest.raises(SendFailed) as refused:
        port.send(outbound)
    assert (refused.value.code, refused.value.permanent, refused.value.maybe_sent) == (code, True, False)
