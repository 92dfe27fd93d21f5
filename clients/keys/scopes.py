"""What a key may be given leave to do: one line per resource of the API, and the words `read`, `write` and `approve`. Pure.

A scope only narrows: whoever answers for the key must be allowed the same by their role. What each scope is called for people
stands in `portal.wording.keys`, in both languages; a test keeps the two lists equal. Who adds a resource adds a line here.
"""

from collections.abc import Iterable

READ, WRITE, APPROVE = "read", "write", "approve"

RESOURCES: dict[str, tuple[str, ...]] = {
    "charter": (READ,),
    "items": (READ, WRITE, APPROVE),
    "holds": (READ, WRITE),
    "briefings": (READ,),
    "mentions": (READ, WRITE),
    "conversations": (READ, WRITE),
    "members": (READ, WRITE),
    "insights": (READ, WRITE),
    "reports": (READ, WRITE),
    "report-readers": (READ, WRITE),
    "report-rules": (READ, WRITE),
    "receipts": (READ,),
    "audit": (READ,),
    "disclosures": (READ,),
    "people": (READ,),
    "changes": (READ,),
    "webhooks": (READ, WRITE),
    "contacts": (READ, WRITE),
    "tickets": (READ, WRITE),
}
"""Resource -> what may be allowed on it. The names are those of the addresses below `/api/v1/`."""

SCOPES: tuple[str, ...] = tuple(f"{resource}:{verb}" for resource, verbs in RESOURCES.items() for verb in verbs)


OF_EVERY_KEY = frozenset({"keys:read"})
"""What needs nobody's leave: a key sees itself."""


def is_scope(name: str) -> bool:
    return name in SCOPES


def in_order(names: Iterable[str]) -> list[str]:
    """Each once, in the order of the table; what is no scope is left out."""
    wanted = set(names)
    return [scope for scope in SCOPES if scope in wanted]


def unknown(names: Iterable[str]) -> list[str]:
    """What is no scope."""
    return sorted(set(names) - set(SCOPES))


def read_list(text: str) -> list[str]:
    """The scopes of a parameter `scope`: words between spaces (RFC 6749 3.3), as they stand there."""
    return [word for word in text.split(" ") if word]
