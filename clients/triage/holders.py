"""Where triage holds words about a member: reasons, notes and what came of it, all written by people here."""

from clients.audit.erasing.holders import holds, holds_nothing
from clients.triage.models import Handing, Presence, Ruling, SavedView

holds("mentions", Ruling, "words")
holds("mentions", Handing, "note", "answer")
CODES, WORKERS = "codes and ids", "ids or names of people who work here"
holds_nothing(CODES, Ruling, "step", "was", "now", "reason", "along", "side")
holds_nothing(WORKERS, Ruling, "by_name", "to_name")
holds_nothing(CODES, Handing, "to_side")
holds_nothing(WORKERS, Handing, "from_name")
holds_nothing(WORKERS, Presence, "person_name")
# Without what it looked for it would find what nobody asked for.
holds("mentions", SavedView, "name", "filters", whole=True)
holds_nothing(CODES, SavedView, "side")
