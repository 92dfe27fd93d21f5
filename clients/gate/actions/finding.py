"""What may have left behind a crash is looked for, and never sent in order to know.

`find` saying no means that the act did not leave, but only once every call is over and the network no longer blind to it.
Then the dispatch is as if it had never been marked: the normal path asks again and marks it anew.
"""

from django.utils import timezone

from clients.channels.port import Idempotency, SendFailed
from clients.gate.actions.failing import MOST_ATTEMPTS, after_blindness, settled_at
from clients.gate.actions.receipting import note_doubt, note_failure, note_retry, note_sent, note_wait
from clients.gate.models import Dispatch
from clients.gate.outbound import Unfit, class_of, outbound_for, port_of
from clients.outbox.registry import Later
from clients.people.actor import Actor

CRASHED = "crashed_while_sending"


def find_out(actor: Actor, dispatch: Dispatch) -> Later | None:
    """For a locked dispatch whose call has an outcome that nobody knows. A 'yes' counts at once, a 'no' when it is time."""
    port, early = port_of(dispatch), settled_at(dispatch) > timezone.now()
    if early and class_of(dispatch) is Idempotency.LOOK_UP:
        return _wait(actor, dispatch)
    try:
        sent = port.find(outbound_for(actor.brand, dispatch, hidden=True))
    except Unfit as altered:
        note_doubt(actor, dispatch, altered.code)
        return None
    except SendFailed as failure:
        return after_blindness(actor, dispatch, failure)
    if sent is not None:
        assert dispatch.decision is not None
        note_sent(actor, dispatch, dispatch.decision, sent)
        return None
    return _wait(actor, dispatch) if early else _not_left(actor, dispatch)


def _wait(actor: Actor, dispatch: Dispatch) -> Later:
    """Until then it is known to be unknown, and so it counts under its cap."""
    note_wait(actor, dispatch, dispatch.error or CRASHED)
    return Later(settled_at(dispatch))


def _not_left(actor: Actor, dispatch: Dispatch) -> Later | None:
    code = dispatch.error or CRASHED
    if dispatch.attempts >= MOST_ATTEMPTS:
        note_failure(actor, dispatch, code)
        return None
    note_retry(actor, dispatch, code)
    return Later(timezone.now())
