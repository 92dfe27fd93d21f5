"""Where webhooks hold words about a member: in the bytes that were sent, where a policy lets content leave, and in answers."""

from clients.audit.erasing.holders import holds, holds_nothing
from clients.webhooks.models import Attempt, Delivery, Subscription

holds("webhooks", Attempt, "body", "answer", whole=True)
CODES, OURS = "codes, ids and digests", "names that people who work here gave, or their own"
holds_nothing(OURS, Subscription, "name", "host", "made_by_name")
holds_nothing(CODES, Subscription, "resources", "state", "paused_why")
holds_nothing("encrypted addresses and secrets of the brand's own receivers", Subscription, "sealed")
holds_nothing(CODES, Delivery, "event", "resource", "cursor", "state", "error")
holds_nothing(CODES, Attempt, "error")
