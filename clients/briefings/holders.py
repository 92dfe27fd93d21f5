"""Where briefings may hold words about a member: what was written, in every version."""

from clients.audit.erasing.holders import holds, holds_nothing
from clients.briefings.models import (
    Acknowledgement,
    Agreement,
    BriefingProposal,
    BriefingSection,
    BriefingVersion,
    Reagreement,
)

holds("briefings", BriefingVersion, "sections", "note")
holds("briefings", BriefingProposal, "changes", "note")
holds("briefings", Agreement, "reason")
CODES, OURS = "codes and digests", "ids or names of people who work here"
holds_nothing("opening hours and days off", BriefingVersion, "calendar")
holds_nothing(CODES, BriefingVersion, "digest", "seal")
holds_nothing(OURS, BriefingVersion, "written_by_name")
holds_nothing(CODES, BriefingSection, "info_class", "owner_side", "section")
holds_nothing(OURS, BriefingSection, "named")
holds_nothing(OURS, Acknowledgement, "person_name")
holds_nothing(CODES, Acknowledgement, "side")
holds_nothing(CODES, BriefingProposal, "digest", "side")
holds_nothing(OURS, BriefingProposal, "proposed_by_name")
holds_nothing(CODES, Agreement, "said", "digest", "side", "role", "seal")
holds_nothing(OURS, Agreement, "person_name")
holds_nothing(CODES, Reagreement, "digest", "seal")
holds_nothing(OURS, Reagreement, "person_name")
