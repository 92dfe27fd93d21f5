"""How somebody came into a brand's space: by which proofs of who they are, and from where. Pure."""

from dataclasses import dataclass
from datetime import datetime

LONGEST_AGENT = 200


@dataclass(frozen=True, slots=True)
class Proof:
    """One proof of who somebody is: `how` is a word of `portal.wording.coming.HOWS`."""

    how: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Origin:
    """From where. `mark` tells one from another within a session, and nothing to anybody else; the rest may be erased."""

    mark: str
    ip: str
    user_agent: str

    def private(self) -> dict[str, str]:
        """What stands beside the line: retention finds it by these names (`clients.community.retention.ORIGINS`)."""
        found = {"ip": self.ip, "user_agent": self.user_agent[:LONGEST_AGENT]}
        return {name: value for name, value in found.items() if value}
