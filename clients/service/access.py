"""What the house may mail of a clock: while it still runs, and to whom who may read the conversation."""

from uuid import UUID

from clients.custody.clocks import ClockState
from clients.custody.models import Conversation
from clients.custody.queries import may_receive, person_here
from clients.people.queries import people_of_side
from clients.people.rules import MAY, Verb
from clients.service.models import Clock
from clients.service.rules import MOST_WARNED
from tenants.models import BrandPerson
from tenants.vocabulary import Side


def people_to_warn(conversation: Conversation) -> list[BrandPerson]:
    """Whoever holds it; where nobody of the side does, those of the side who could."""
    side = Side(conversation.holder_side)
    if conversation.holder_person:
        holder = person_here(conversation.holder_person, side)
        found = [holder] if holder else []
    else:
        roles = [str(role) for role in MAY[Verb.CONVERSATION_HOLD]]
        found = list(people_of_side(side).filter(role__in=roles)[:MOST_WARNED])
    return [person for person in found if may_receive(person, conversation)]


def warning_to_mail(clock_id: UUID, person_id: UUID) -> tuple[Clock, BrandPerson] | None:
    """For a letter: a clock that still runs, and somebody who is still to be warned of it."""
    clock = Clock.objects.select_related("conversation").filter(pk=clock_id, state=ClockState.RUNNING).first()
    if clock is None:
        return None
    person = next((one for one in people_to_warn(clock.conversation) if one.person_id == person_id), None)
    return (clock, person) if person else None
