"""The guard in front of every connector: one call in a thread of its own, never past its deadline, errors washed clean.

A connector talks to systems that hang, drip and lie. So whatever it does, its caller gets a `Sent` or a `SendFailed`
within the deadline, the content was fit for the channel, and no error carries a foreign word, a frame or a credential.
"""

import contextvars
import queue
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

import structlog

from clients.channels.port import (
    Account,
    Added,
    Adds,
    Capabilities,
    Checks,
    Connector,
    Looks,
    Named,
    OAuth,
    Outbound,
    Prepares,
    Seen,
    SelfTests,
    SendFailed,
    Sent,
    SettingField,
    Written,
)
from clients.channels.rules import MediaFacts, validate_content
from clients.channels.secret import Secrets

T = TypeVar("T")
log = structlog.get_logger(__name__)

# A connector hears of an earlier end than we wait for, so that it can still say itself how far it came.
_MARGIN_SECONDS = 0.5


class Port:
    """A connector behind its guard; the only form in which the registry hands one out.

    INVARIANT: `prepare`, `send` and `self_test` are called from clients.gate and from nowhere else.
    """

    def __init__(self, connector: Connector) -> None:
        self._connector = connector
        self.kind: str = connector.kind
        self.declares: Capabilities = connector.declares
        self.fields: tuple[SettingField, ...] = connector.fields
        self.oauth: OAuth | None = getattr(connector, "oauth", None)

    def check_settings(self, settings: Mapping[str, Any], secret: Secrets) -> None:
        """Raises Invalid(code, field) for what no single setting can know."""
        self._connector.check_settings(settings, secret)

    def send(self, outbound: Outbound) -> Sent:
        """Make the effect, at most once as far as the channel's class allows. Raises SendFailed and nothing else."""
        refuse_unfit(outbound, self.declares)
        return self._within_deadline(lambda until: self._connector.send(outbound, until))

    def prepare(self, outbound: Outbound) -> str:
        """Class B: the remote draft of this act, made if it is not there yet. Raises SendFailed, never `maybe_sent`."""
        refuse_unfit(outbound, self.declares)
        connector = self._connector
        assert isinstance(connector, Prepares), "a class B connector prepares"
        try:
            return self._within_deadline(lambda until: connector.prepare(outbound, until))
        except SendFailed as failure:
            failure.maybe_sent = False  # nobody saw a draft, whatever the guard had to suppose
            raise

    def find(self, outbound: Outbound) -> Sent | None:
        """What the network knows of this act's key. Raises SendFailed where it cannot be known."""
        return self._within_deadline(lambda until: self._connector.find(outbound, until))

    def handle_of(self, secret: Secrets) -> str:
        """What may be shown of a credential to tell channels apart; '' where it says nothing."""
        connector = self._connector
        return connector.handle_of(secret) if isinstance(connector, Named) else ""

    def adds(self, written: Written) -> Added:
        """What readers will see beside what was written. Asks no network."""
        connector = self._connector
        return connector.adds(written) if isinstance(connector, Adds) else Added()

    @property
    def looks(self) -> bool:
        """Whether the network shows what became of a post."""
        return isinstance(self._connector, Looks)

    def look(self, outbound: Outbound) -> Seen:
        """The post `outbound.target` as it is now. Raises SendFailed, 'cannot_look' where the network shows nothing."""
        connector = self._connector
        if not isinstance(connector, Looks):
            raise SendFailed("cannot_look", permanent=True, maybe_sent=False)
        return self._within_deadline(lambda until: connector.look(outbound, until))

    @property
    def checks(self) -> bool:
        """Whether a credential can be tried without an effect."""
        return isinstance(self._connector, Checks)

    def check(self, settings: Mapping[str, Any], secret: Secrets) -> Account:
        """Whom the credential opens. Raises SendFailed, 'cannot_check' where that cannot be asked."""
        connector = self._connector
        if not isinstance(connector, Checks):
            raise SendFailed("cannot_check", permanent=True, maybe_sent=False)
        return self._within_deadline(lambda until: connector.check(settings, secret, until))

    @property
    def tests(self) -> bool:
        """Whether something can be sent that only the brand sees."""
        return isinstance(self._connector, SelfTests)

    def self_test(self, outbound: Outbound) -> None:
        """A test that only the brand sees. Raises SendFailed, 'cannot_test' where there is none."""
        connector = self._connector
        if not isinstance(connector, SelfTests):
            raise SendFailed("cannot_test", permanent=True, maybe_sent=False)
        self._within_deadline(lambda until: connector.self_test(outbound, until))

    def _within_deadline(self, call: Callable[[float], T]) -> T:
        seconds = self.declares.deadline_seconds
        answer, error = _in_own_thread(call, seconds)
        if error is None:
            return answer  # type: ignore[return-value]
        # Raised here, outside every handler: the new error has no context, and so no foreign frame or text hangs on it.
        raise error


def refuse_unfit(outbound: Outbound, declares: Capabilities) -> None:
    """Raises a permanent SendFailed for an act that a person must do, or a content that the channel does not take."""
    if declares.performed_by_person:
        raise SendFailed("performed_by_person", permanent=True, maybe_sent=False)
    media = [MediaFacts(file.mime, len(file.data), file.alt) for file in outbound.media]
    errors = validate_content(
        outbound.text,
        media,
        declares,
        kind=outbound.kind,
        title=outbound.title,
        link=outbound.link,
        recipient=outbound.recipient,
        target=outbound.target,
        parts=outbound.parts,
        first_comment=outbound.first_comment,
    )
    if errors:
        raise SendFailed(errors[0].code, permanent=True, maybe_sent=False)


def _in_own_thread(call: Callable[[float], T], seconds: float) -> tuple[T | None, SendFailed | None]:
    """(answer, None) or (None, error). The thread is abandoned when it does not answer in time.

    A new thread per call on purpose: a pool would fill with calls that hang, and a thread of its own has a database
    connection of its own, so that nothing a connector writes can be part of our transaction.
    """
    box: queue.SimpleQueue[tuple[T | None, SendFailed | None]] = queue.SimpleQueue()
    until = time.monotonic() + max(seconds - _MARGIN_SECONDS, seconds / 2)
    # The caller's context goes along, for the brand and request in log lines; database connections do not follow it.
    context = contextvars.copy_context()
    work = partial(context.run, lambda: box.put(_attempt(call, until)))
    threading.Thread(target=work, name="channel-call", daemon=True).start()
    try:
        return box.get(timeout=seconds)
    except queue.Empty:
        return None, SendFailed("deadline", permanent=False, maybe_sent=True)


def _attempt(call: Callable[[float], T], until: float) -> tuple[T | None, SendFailed | None]:
    try:
        return call(until), None
    except SendFailed as error:
        return None, SendFailed(error.code, error.permanent, error.maybe_sent, error.status, error.retry_at)
    except BaseException as error:  # noqa: BLE001 - whatever a connector raises, the caller is told one thing
        # Its text may hold anything, a credential included: only its type is ever told.
        log.error("channel_connector_failed", error=type(error).__name__)
        return None, SendFailed("connector_failed", permanent=False, maybe_sent=True)
