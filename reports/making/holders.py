"""Where reports hold words about a member: frozen facts name those who agreed to it, and a file says what its facts say."""

from clients.audit.erasing.holders import holds, holds_nothing
from reports.making.models import Annotation, Edition, Paper, Report, ReportNotice, ReportProgress, ReportRule, SealKey
from reports.making.queries import files_of, papers_naming

# First, while the facts still say whose file it is. Nothing can be taken out of a PDF, so it goes whole.
holds("reports", Paper, "file", whole=True, which=papers_naming, files=files_of)
holds("reports", Edition, "facts")
holds("reports", Report, "title", "words", "note")
holds("reports", Annotation, "text")
CODES, OURS = "codes, ids and digests", "ids, names or addresses of people who work here"
holds_nothing(CODES, Paper, "digest")
holds_nothing(CODES, Edition, "ceiling", "digest", "info_class", "code")
holds_nothing(
    CODES, Report, "kind", "period_kind", "zone", "language", "sections", "state", "error", "content_class", "info_class",
    "owner_side",
)  # fmt: skip
holds_nothing(OURS, Report, "named", "asked_name", "proposed_name")
holds_nothing(OURS, Edition, "readers")
holds_nothing(OURS, Annotation, "author_name")
holds_nothing(CODES, ReportProgress, "phase")
holds_nothing(CODES, ReportNotice, "kind", "state")
holds_nothing(CODES, ReportRule, "kind", "rhythm", "language", "sections", "info_class", "delivery")
holds_nothing(OURS, ReportRule, "readers", "addresses")
holds_nothing("a slow hash", ReportRule, "link_password")
holds_nothing("what a key is called, and the key itself, encrypted", SealKey, "name", "certificate", "chain", "secret")
