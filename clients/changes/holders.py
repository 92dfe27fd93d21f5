"""The feed of changes holds no words about a member: names of resources, ids, and who was allowed to read what is no more."""

from clients.audit.erasing.holders import holds_nothing
from clients.changes.models import Change, Noted

CODES, OURS = "codes and ids", "ids of people who work here"
holds_nothing(CODES, Noted, "resource", "info_class")
holds_nothing(OURS, Noted, "named")
holds_nothing(CODES, Change, "resource", "info_class")
holds_nothing(OURS, Change, "named")
