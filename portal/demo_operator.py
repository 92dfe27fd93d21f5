"""For the demonstration: the operator has looked into the bakery's space once, for a reason, and the brand has ended it."""

from clients.autonomy.vocabulary import EntryPoint
from clients.breakglass.actions import end_glass, open_glass, tell_look
from clients.people.actor import Actor, process_of
from tenants.glass import Page


def make_opening(owner: Actor) -> None:
    """Its lines, its letters and its place in the ledger; nothing was put up in the database, so there is nothing to shut."""
    operator = process_of(owner.brand, EntryPoint.COMMAND, "operator")
    opening = open_glass(
        operator,
        who="Paul Lemaire",
        reason="La lettre de décembre reste dans la file d’attente.",
        hours=1,
        parts=("items", "outbox"),
        ticket="A-1042",
    )
    tell_look(operator, opening_id=opening.pk, page=Page("items_item", (("title", "La lettre de décembre"),)))
    tell_look(operator, opening_id=opening.pk, page=Page("outbox_outboxrow", (("kind", "gate.send"),)))
    end_glass(owner, opening_id=opening.pk)
