"""Words for members of the community: what is held on them, erasing them, and how long things are kept."""

from django.utils.translation import gettext_lazy as _

PREFERRED = {
    "": _("not known"),
    "email": _("by e-mail"),
    "phone": _("by telephone"),
    "network": _("on a network"),
    "in_person": _("in person"),
}
CONSENTS = {
    "none": _("not asked"),
    "given": _("given"),
    "withdrawn": _("withdrawn"),
}
NAMINGS = {
    "none": ("calm", "person", _("never asked: no name")),
    "given": ("go", "check", _("agreed: named")),
    "withdrawn": ("wait", "x", _("taken back: no name")),
}
HELD = {
    "members": _("entries on members"),
    "texts": _("texts and titles of items, in every version"),
    "pictures": _("pictures and their descriptions"),
    "notes": _("remarks"),
    "tables": _("tables that were brought"),
    "receipts": _("receipts, notes on acts, and what was seen there"),
    "answers": _("comments on approvals"),
    "rules": _("reasons of stops, standing approvals, notes on charters"),
    "briefings": _("briefings, in every version"),
    "crises": _("notes, reviews and calls of crises"),
    "disclosures": _("words in the ledger of what left"),
    "openings": _("reasons of the operator’s accesses"),
    "links": _("links to such content, closed"),
    "queue": _("work and letters that wait"),
    "log": _("personal parts of lines of the log"),
    "wall": _("posts on the memory wall"),
    "mentions": _("mentions, and what was written about them"),
    "moderation": _("what was taken down, its evidence and appeals"),
    "conversations": _("conversations, and what was noted as they passed on"),
    "insights": _("insights, and what departments answered"),
    "sources": _("names and addresses of sources"),
    "crm": _("what customer systems said of contacts, and tickets"),
    "reports": _("reports, their files and what stands beside them"),
    "webhooks": _("what other systems were told of changes"),
    "letters": _("letters that this machine keeps"),
}
BASES = {
    "request": _("the member asked for it"),
    "consent": _("the member took their consent back"),
    "purpose": _("the data is no longer needed"),
    "law": _("a law or an authority requires it"),
}
STORED = {
    "origins": _("network addresses and browsers in the log"),
    "imports": _("cells of tables that were brought"),
    "queue": _("work that is done"),
    "notices": _("letters that were written to approvers"),
    "disclosure_words": _("names and reasons in the ledger of what left"),
    "evidence": _("evidence of what was taken down"),
    "turns": _("what was said in closed conversations"),
    "conversations": _("names and titles of closed conversations"),
    "conversation_notes": _("notes beside closed conversations"),
    "sketches": _("drafts in conversations that nobody touched"),
    "insights": _("the words of closed insights"),
    "insight_answers": _("what departments answered to closed insights"),
    "reports": _("figures and files of reports"),
}
GROUNDS = {
    "security": _("needed to look into misuse"),
    "purpose": _("needed for the work alone"),
    "accountability": _("needed to account for what left"),
}
DONE_WITH = {
    "delete": _("the row is deleted"),
    "empty": _("the words are taken out, the row stays"),
}
