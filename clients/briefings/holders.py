"""Where briefings may hold words about a member: what was written, in every version."""

from clients.audit.erasing.holders import holds, holds_nothing
from clients.briefings.models import Acknowledgement, BriefingSection, BriefingVersion

holds("briefings", BriefingVersion, "sections", "note")
CODES, OURS = "codes and digests", "ids or names of people who work here"
holds_nothing("opening hours and days off", BriefingVersion, "calendar")
holds_nothing(CODES, BriefingVersion, "digest")
holds_nothing(OURS, BriefingVersion, "written_by_name")
holds_nothing(CODES, BriefingSection, "info_class", "owner_side", "section")
holds_nothing(OURS, BriefingSection, "named")
holds_nothing(OURS, Acknowledgement, "person_name")
holds_nothing(CODES, Acknowledgement, "side")
