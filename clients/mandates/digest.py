"""One spelling of a charter version, and its digest: what the owner signs, and what the gate compares.  Pure.

The digest binds the grants to their brand, mandate and number: rows copied from another version, mandate or brand do not fit.
"""

import hashlib
from collections.abc import Iterable
from uuid import UUID

from clients.autonomy.decision import canonical
from clients.autonomy.grant import Grant
from clients.mandates.drafting import draft_of


def charter_digest(brand_id: UUID, mandate_id: UUID, number: int, grants: Iterable[Grant]) -> str:
    """SHA-256 in hex; the order in which grants were written does not matter."""
    lines = sorted((draft_of(g) for g in grants), key=lambda d: (d["channel"], d["kind"], d["sensitivity"]))
    return hashlib.sha256(canonical([str(brand_id), str(mandate_id), number, lines])).hexdigest()
