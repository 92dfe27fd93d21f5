"""What a system reads of a contact: by the names it uses, what the brand lets out, and nothing else. Pure."""

from collections.abc import Mapping
from typing import Any

from clients.crm.rules import CONSENT, ON_MEMBER, policy_of

LETS_OUT = ("public", "shared", "named")
"""Classes of what a system said that it may read again: what is the brand's alone leaves by no key."""


def drawn_outward(fields: Mapping[str, Mapping[str, object]], *told: Any) -> dict[str, Any]:
    """`fields` as the system's row has them; then the values of `ON_MEMBER` in order, and three lists of objects: handles
    (network, handle), consents (purpose, state), facts (field, value)."""
    *values, handles, consents, facts = told
    member = dict(zip(ON_MEMBER, values, strict=True))
    agreed = {one["purpose"]: one["state"] for one in consents}
    said = {one["field"]: one["value"] for one in facts}
    found: dict[str, Any] = {}
    for ours, rule in policy_of(fields).items():
        if not rule.outward:
            continue
        if ours in member:
            found[rule.theirs] = member[ours]
        elif ours == "handles":
            found[rule.theirs] = list(handles)
        elif ours.startswith(CONSENT):
            found[rule.theirs] = agreed.get(ours.removeprefix(CONSENT), "")
        elif ours in said:
            found[rule.theirs] = said[ours]
    return found
