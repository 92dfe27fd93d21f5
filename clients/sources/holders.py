"""Where sources hold words about a member: in a name or an address that somebody chose for one."""

from clients.audit.erasing.holders import holds, holds_nothing
from clients.sources.models import Source, SourceHealth

CODES = "codes and ids"
holds("sources", Source, "name", "settings")
holds_nothing(CODES, Source, "kind", "state", "info_class", "owner_side")
holds_nothing("encrypted, and erased with the source", Source, "secret")
holds_nothing("ids or names of people who work here", Source, "named")
holds_nothing("positions and digests, as a server tells them", SourceHealth, "cursor")
holds_nothing(CODES, SourceHealth, "code", "moments", "shape", "shape_now", "trouble")
