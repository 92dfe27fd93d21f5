"""Words for the information classes and for the ledger of what left."""

from django.utils.translation import gettext_lazy as _

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
}
RECIPIENTS = {
    "person": _("a person here"),
    "address": _("an address"),
    "link": _("whoever holds the link"),
    "key": _("a key"),
    "network": _("a network"),
}
WHYS = {
    "downloaded": _("taken by hand"),
    "shared": _("shared by hand"),
    "told": _("told what waits for them"),
    "access_request": _("told to the member it is about"),
    "asked_by_program": _("asked by a program"),
    "sent_to_program": _("sent to a program"),
    "reported": _("sent as a report"),
    "handed_over": _("handed over at the end of a mandate"),
}
POLICIES = {"asking": _("how the brand is asked"), "checkpoints": _("checkpoints of the log by mail")}
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
