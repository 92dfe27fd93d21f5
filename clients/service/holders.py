"""Where service may hold words about a member: in whom the briefing names to be called. All else is codes and times."""

from clients.audit.erasing.holders import holds, holds_nothing
from clients.service.models import Clock, Promise, ServiceCall

holds("conversations", ServiceCall, "name", "contact")
CODES = "codes and the names of sides"
holds_nothing(CODES, Clock, "kind", "band", "state", "stopped_by")
holds_nothing(CODES, Promise, "side")
holds_nothing(CODES, ServiceCall, "info_class", "owner_side")
holds_nothing("ids of people who work here", ServiceCall, "named")
