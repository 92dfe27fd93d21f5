"""The verbs of the gate: whoever wants something to leave, or to stay, calls one of these."""

from clients.gate.actions.batches import approve_batch, undo_batch
from clients.gate.actions.brakes import resume, stop
from clients.gate.actions.lending import read_lent
from clients.gate.actions.notices import notice_bounced, notice_delivered
from clients.gate.actions.performing import begin_performing, confirm_performed, look_now, resolve_uncertain
from clients.gate.actions.sending import send_dispatch
from clients.gate.actions.submitting import perform_item, submit_item, withdraw_item
from clients.gate.actions.trying import send_test
from clients.gate.actions.verdicts import approve_item, approve_with_edit, ask_change, refuse_item, veto_item

__all__ = [
    "approve_batch",
    "approve_item",
    "approve_with_edit",
    "ask_change",
    "begin_performing",
    "confirm_performed",
    "look_now",
    "notice_bounced",
    "notice_delivered",
    "perform_item",
    "read_lent",
    "refuse_item",
    "resolve_uncertain",
    "resume",
    "send_dispatch",
    "send_test",
    "stop",
    "submit_item",
    "undo_batch",
    "veto_item",
    "withdraw_item",
]
