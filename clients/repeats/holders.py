"""Where a kept answer may hold words about a member: in its body, for a day."""

from clients.audit.erasing.holders import holds, holds_nothing
from clients.repeats.models import Repeat

holds("disclosures", Repeat, "body")
holds_nothing("codes, ids and digests", Repeat, "words", "request", "headers", "told")
