"""Which kinds of sources there are. A kind is a module that declares itself, and one line here."""

from clients.sources.kinds import bluesky, feed, forum, hand, mailbox, mastodon, table, webhook, wordpress
from clients.sources.port import Kind
from tenants.errors import Invalid

# In the order in which a page offers them. The name stands in the database: add, never rename.
KINDS: dict[str, Kind] = {
    module.KIND.name: module.KIND
    for module in (feed, mailbox, mastodon, bluesky, wordpress, forum, webhook, table, hand)
}


def kind_of(name: str) -> Kind:
    """Raises Invalid('source_kind_unknown', 'kind')."""
    if name not in KINDS:
        raise Invalid("source_kind_unknown", "kind")
    return KINDS[name]
