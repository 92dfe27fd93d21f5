"""Where sharing holds words about a member: the name or address for whom a copy was marked, should it be a member's."""

from clients.audit.erasing.holders import holds, holds_nothing
from reports.sharing.models import Reader, Share

holds("reports", Share, "recipient")
CODES = "codes and slow hashes"
holds("reports", Reader, "address")
holds_nothing(CODES, Reader, "delivery", "told")
holds_nothing(CODES, Share, "password")
holds_nothing("names of people who work here", Share, "made_name")
