"""The frozen facts about one brand that the rest of the house passes around instead of a row. Pure."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class BrandRef:
    """A brand as everybody but the hub needs it. Small and frozen: safe in caches, threads and messages."""

    id: UUID
    schema_name: str
    role_name: str
    name: str
    slug: str
    state: str
    time_zone: str
    language: str
    # An operator's word for this brand; None: what the installation says.
    storage_limit: int | None = None
    statement_limit: int | None = None
    # Of whom the brand itself asks a second factor (`tenants.vocabulary.SecondFactor`).
    second_factor: str = "nobody"
