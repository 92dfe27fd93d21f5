"""Whether an agency may have people here: the question that `clients.people` asks and only mandates can answer."""

from uuid import UUID

from clients.mandates.queries import live_mandates


def holds_mandate(agency_id: UUID) -> bool:
    """Whether the agency has a live mandate in the brand whose scope is open."""
    return live_mandates().filter(agency_id=agency_id).exists()
