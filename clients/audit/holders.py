"""Where the log may hold words about a member: its private parts alone, which `erase_private` takes out by themselves."""

from clients.audit.erasing.holders import holds_nothing
from clients.audit.models import Checkpoint, Entry, Leaf, LogKey, Private, RowChange

CODES = "codes, ids and digests; a line that holds anything else is refused"
holds_nothing(CODES, Entry, "side", "role", "via", "verb", "subject_kind", "facts", "request_id", "commitment")
holds_nothing("deleted as a whole row, by its own action, which the log tells", Private, "salt", "data")
holds_nothing("names of tables and ids of rows", RowChange, "table", "op", "rows")
holds_nothing("hashes of lines", Leaf, "kind", "hash")
holds_nothing("hashes and signatures", Checkpoint, "root", "note", "frontier")
holds_nothing("keys of the log", LogKey, "origin", "public", "secret")
