"""Where keys may hold words about a member: the name that somebody gave one."""

from clients.audit.erasing.holders import holds, holds_nothing
from clients.keys.models import Code, Family, Key, KeyNetwork, Token

holds("disclosures", Key, "name")
CODES, OURS = "codes, digests and addresses of other systems", "ids or names of people who work here"
holds_nothing(
    CODES, Key, "kind", "prefix", "digest", "redirect_uris", "scopes", "networks", "side", "revoked_why", "told", "seal"
)  # fmt: skip
holds_nothing(OURS, Key, "answered_name", "made_by_name")
holds_nothing(CODES, Family, "scopes", "ended_why", "seal")
holds_nothing(OURS, Family, "person_name")
holds_nothing(CODES, Code, "digest", "redirect_uri", "challenge", "scopes", "seal")
holds_nothing(OURS, Code, "person_name")
holds_nothing(CODES, Token, "digest", "scopes", "seal")
holds_nothing(CODES, KeyNetwork, "network")
