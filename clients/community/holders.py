"""Where the community itself holds words about a member: in what was written about other members."""

from clients.audit.erasing.holders import holds, holds_nothing
from clients.community.models import Erasure, Member, MemberHandle, RetentionRule

# The member's own rows are deleted as rows, before the others are looked through.
holds("members", Member, "name", "email", "phone", "notes", "also", "held_because", "naming_how")
holds("members", MemberHandle, "handle")
CODES, OURS = "codes and ids", "ids or names of people who work here"
holds_nothing(CODES, Member, "preferred", "consent", "naming_consent", "info_class", "owner_side")
holds_nothing(OURS, Member, "named", "naming_by_name")
holds_nothing("names of networks", MemberHandle, "network")
holds_nothing(CODES, Erasure, "basis", "counts", "rows", "certificate")
holds_nothing("random names of files, until the files are gone", Erasure, "files")
holds_nothing("encrypted, and only until everything has been searched again", Erasure, "sealed")
holds_nothing(OURS, Erasure, "by_name")
holds_nothing(CODES, RetentionRule, "kind")
