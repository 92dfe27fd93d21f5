"""Where an opening may hold words about a member: the operator's reason, and the words a page was filtered by."""

from clients.audit.erasing.holders import holds, holds_nothing
from clients.breakglass.models import Look, Opening, OpeningEnd

holds("openings", Opening, "reason", "ticket")
holds("openings", Look, "compared")
holds_nothing("ids or names of people who work here", Opening, "who")
CODES = "codes, and names of tables and columns"
holds_nothing(CODES, Opening, "parts")
holds_nothing(CODES, Look, "table_name", "columns")
holds_nothing(CODES, OpeningEnd, "how")
