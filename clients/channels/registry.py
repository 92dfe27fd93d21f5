"""Which connectors there are. INVARIANT: the only dynamic import of the house.

A connector is a folder with a `connector` module that holds `CONNECTOR`, and one line here. Nobody else names it.
"""

from importlib import import_module

from clients.channels.delivery import Port
from tenants.errors import Invalid

# kind -> package. The kind stands in the database: add, never rename.
FOLDERS: dict[str, str] = {
    "memory": "clients.channels.memory",
    "email": "clients.channels.email",
    "phone": "clients.channels.phone",
    "field": "clients.channels.field",
    "bluesky": "clients.channels.bluesky",
    "mastodon": "clients.channels.mastodon",
    "webhook": "clients.channels.webhook",
    "discourse": "clients.channels.discourse",
    "wordpress": "clients.channels.wordpress",
    "ghost": "clients.channels.ghost",
    "nodebb": "clients.channels.nodebb",
    "facebook": "clients.channels.facebook",
    "linkedin": "clients.channels.linkedin",
    "youtube": "clients.channels.youtube",
    "newsletter": "clients.channels.newsletter",
    "telegram": "clients.channels.telegram",
    "instagram": "clients.channels.instagram",
}


def connector_for(kind: str) -> Port:
    """The connector of this kind, behind its guard. Raises Invalid('channel_kind_unknown', 'kind')."""
    if kind not in FOLDERS:
        raise Invalid("channel_kind_unknown", "kind")
    # What is imported comes from the table above, never from the caller.
    return Port(import_module(f"{FOLDERS[kind]}.connector").CONNECTOR)


def connectors() -> tuple[Port, ...]:
    """All of them, in the order in which a page offers them."""
    return tuple(connector_for(kind) for kind in FOLDERS)
