"""Whether an agency may have people here: the question that `clients.people` asks and only mandates can answer."""

from uuid import UUID

from clients.autonomy.vocabulary import MandateState
from clients.mandates.queries import live_mandates


def holds_mandate(agency_id: UUID) -> bool:
    """Whether the agency has a mandate in the brand whose scope is open, offered or active.

    Under an offered one its people read the briefing and propose a charter. A suspended one takes rights away: nobody comes in.
    """
    return live_mandates().filter(agency_id=agency_id).exclude(state=MandateState.SUSPENDED).exists()
