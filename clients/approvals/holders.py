"""Where approvals may hold words about a member: comments, reasons, and what a standing approval is worded like."""

from clients.approvals.models import ApprovalPolicy, Batch, Hold, Notice, StandingApproval, Verdict, VetoWindow
from clients.audit.erasing.holders import holds, holds_nothing

holds("answers", Verdict, "comment")
holds("rules", Hold, "value", "reason")
# A standing approval whose words change is no longer what was signed: nothing more goes out under it.
holds("rules", StandingApproval, "title", "template", "subject", "link_hosts")
CODES, OURS = "codes, ids and digests", "ids or names of people who work here"
holds_nothing(CODES, ApprovalPolicy, "on_lapse")
holds_nothing(OURS, ApprovalPolicy, "needs")
holds_nothing(CODES, Verdict, "digest", "kind", "side", "role", "seal")
holds_nothing(OURS, Verdict, "person_name")
holds_nothing(CODES, VetoWindow, "digest", "state")
holds_nothing("ids alone: the letter is written when it is mailed, from the item", Notice, "digest", "kind", "state")
holds_nothing(CODES, Hold, "scope")
holds_nothing(OURS, Hold, "placed_by_name", "lifted_by_name")
holds_nothing(CODES, StandingApproval, "state", "kind", "sensitivity", "channels", "digest", "seal")
holds_nothing(OURS, StandingApproval, "proposed_by_name", "signed_by_name")
holds_nothing(CODES, Batch, "items", "state")
