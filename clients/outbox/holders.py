"""Where the outbox may hold words about a member: nowhere by intention, so a row that does is not worth keeping."""

from clients.audit.erasing.holders import holds, holds_nothing
from clients.outbox.models import OutboxRow

holds("queue", OutboxRow, "key", "payload", "last_error", whole=True)
holds_nothing("names of kinds of work", OutboxRow, "kind")
