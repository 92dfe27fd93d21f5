"""In a crisis the brand is asked once whether what it scheduled itself before goes on as planned. Until it says, that is held."""

from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.crisis.access import access_crisis
from clients.crisis.models import Crisis
from clients.crisis.rules import CrisisState, OwnActs
from clients.outbox.brake import press
from clients.people.access import require, require_step_up
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Invalid
from tenants.walls.scope import durable


def answer_own_acts(actor: Actor, *, crisis_id: UUID, answer: str) -> Crisis:
    """Let the brand's own scheduled acts go on, or hold them. What came due meanwhile stays for a person.

    Letting them go proves first who it is. Raises Refused('not_allowed' | 'step_up_required'), Missing('crisis'),
    Invalid('unknown_answer', 'answer'), Conflict('crisis_moved_on') where none is in force.
    """
    require(actor, Verb.CRISIS_END)
    if answer not in set(OwnActs):
        raise Invalid("unknown_answer", "answer")
    if answer == OwnActs.GO_ON:
        require_step_up(actor, timezone.now())
    with durable(actor.brand):
        press(actor.brand)
        crisis = access_crisis(actor, crisis_id, lock=True)
        if crisis.state != CrisisState.IN_FORCE:
            raise Conflict("crisis_moved_on", state=str(crisis.state))
        crisis.own_acts = OwnActs(answer)
        crisis.save(update_fields=("own_acts",))
        record(actor, "crisis.own_acts", crisis, answer=answer)
    return crisis
