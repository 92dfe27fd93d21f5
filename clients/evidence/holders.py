"""Where evidence may hold words about a member: an address that gets checkpoints, if the brand chose a member's."""

from clients.audit.erasing.holders import holds, holds_nothing
from clients.evidence.models import Check, CheckpointAddress

holds("queue", CheckpointAddress, "email", whole=True)
holds_nothing("codes and hashes of the log", Check, "fault", "frontier")
holds_nothing("codes of languages", CheckpointAddress, "language")
