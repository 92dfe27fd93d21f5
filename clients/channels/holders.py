"""Where channels may hold words about a member: the wall that plays a network. A channel itself is the brand's own account."""

from clients.audit.erasing.holders import holds, holds_nothing
from clients.audit.erasing.values import Sought
from clients.channels.models import Channel, MemoryPost


def _post(row: dict[str, object], sought: Sought) -> dict[str, object]:
    """What was sent to somebody alone is about them as a whole."""
    if sought.found_in(str(row["recipient"])):
        row = row | {name: "▒▒▒" for name in ("title", "text", "link") if row[name]}
    return {name: sought.without(value) for name, value in row.items()}


holds("wall", MemoryPost, "title", "text", "link", "media", "recipient", "target", rewrite=_post)
holds_nothing("codes and ids", MemoryPost, "key", "kind")
holds_nothing(
    "the brand's own account, as its network names it, and its sealed credential", Channel,
    "kind", "name", "handle", "state", "settings", "secret", "health", "url", "scopes",
)  # fmt: skip
