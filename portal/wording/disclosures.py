"""Words for the information classes and for the ledger of what left."""

from django.utils.translation import gettext_lazy as _

from portal.wording import word
from portal.wording.openings import PARTS

# tone, icon, word: the reader sees at a glance who else reads this.
CLASSES = {
    "public": ("go", "out", _("public")),
    "shared": ("info", "people", _("brand and agency")),
    "named": ("wait", "person", _("named people")),
    "brand": ("calm", "lock", _("brand only")),
}
CLASS_CHOICES = {
    "public": _("Anybody"),
    "shared": _("The brand and its agency"),
    "named": _("The brand, and the people it names"),
    "brand": _("The brand alone"),
}
WAYS = {
    "csv": _("table"),
    "pdf": _("PDF"),
    "export": _("export"),
    "bundle": _("log with its proofs"),
    "link": _("share link"),
    "api": _("interface for programs"),
    "webhook": _("message to a program"),
    "mail": _("letter"),
    "operator": _("look of the operator"),
}
RECIPIENTS = {
    "person": _("a person here"),
    "address": _("an address"),
    "link": _("whoever holds the link"),
    "key": _("a key"),
    "network": _("a network"),
    "operator": _("the operator"),
}
WHYS = {
    "downloaded": _("taken by hand"),
    "shared": _("shared by hand"),
    "told": _("told what waits for them"),
    "access_request": _("told to the member it is about"),
    "asked_by_program": _("asked by a program"),
    "sent_to_program": _("sent to a program"),
    "reported": _("sent as a report"),
    "looked_at": _("looked at by the operator"),
    "handed_over": _("handed over at the end of a mandate"),
}
POLICIES = {
    "asking": _("how the brand is asked"),
    "checkpoints": _("checkpoints of the log by mail"),
    "break_glass": _("access for the operator, which the owners were told of"),
}
OBJECTS = {
    "community.member": _("member"),
    "items.item": _("items"),
    "items.media": _("pictures"),
    "items.itemnote": _("notes"),
    "gate.receipt": _("receipts"),
    "briefings.briefingversion": _("briefing"),
    "briefings.briefingsection": _("sections of the briefing"),
    "audit.entry": _("log entries"),
    "sources.source": _("sources"),
    "audit.checkpoint": _("a checkpoint of the log"),
    "disclosure.disclosure": _("lines of this ledger"),
}


def object_word(kind: str) -> str:
    """What rows of this kind are called; of kinds that only an operator looks at, the part of the brand they belong to."""
    return word(OBJECTS, kind) if kind in OBJECTS else word(PARTS, kind.partition(".")[0])


SYSTEMS = {
    "api": _("reads over the interface for programs"),
    "webhook": _("is told by messages"),
    "report": _("receives reports"),
}
FIELDS = {
    "title": _("title"),
    "text": _("text"),
    "state": _("state"),
    "kind": _("action"),
    "channels": _("channels"),
    "channel": _("channel"),
    "not_before": _("moment"),
    "author": _("author"),
    "sent_at": _("when it was sent"),
    "basis": _("by what right"),
    "level": _("level"),
    "digest": _("digest of the content"),
    "person": _("person"),
    "section": _("section"),
}
