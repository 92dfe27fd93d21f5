"""What people do with mandates and charters. Each action is one durable transaction with its line in the audit log."""

from clients.mandates.actions.charter import decline_charter, propose_charter, sign_charter, withdraw_charter
from clients.mandates.actions.lower import close_cell, lower_grant
from clients.mandates.actions.mandate import (
    activate_mandate,
    end_mandate,
    offer_mandate,
    resign_mandate,
    resume_mandate,
    suspend_mandate,
)

__all__ = [
    "activate_mandate",
    "close_cell",
    "decline_charter",
    "end_mandate",
    "lower_grant",
    "offer_mandate",
    "propose_charter",
    "resign_mandate",
    "resume_mandate",
    "sign_charter",
    "suspend_mandate",
    "withdraw_charter",
]
