"""Where mandates may hold words about a member: the note beside a proposed charter."""

from clients.audit.erasing.holders import holds, holds_nothing
from clients.mandates.models import CharterSignature, CharterVersion, GrantRow, Mandate

holds("rules", CharterVersion, "note")
CODES, OURS = "codes and digests", "ids or names of people who work here"
holds_nothing("the name of an agency", Mandate, "agency_name")
holds_nothing(CODES, Mandate, "state", "ended_by_side")
holds_nothing(CODES, CharterVersion, "state", "digest", "proposed_side")
holds_nothing(OURS, CharterVersion, "proposed_by_name")
holds_nothing(CODES, GrantRow, "kind", "sensitivity", "weekdays")
holds_nothing(CODES, CharterSignature, "digest", "kind", "side", "role", "seal")
holds_nothing(OURS, CharterSignature, "person_name")
