"""Words for keys, for OAuth clients and for what each scope lets another system do: the page of consent says nothing else."""

from django.utils.translation import gettext_lazy as _

SCOPES = {
    "charter:read": _("Read the charter: what the agency may do, and how far"),
    "items:read": _("Read items: what is planned, what waits, what went out"),
    "items:write": _("Write items and submit them, as you could"),
    "items:approve": _("Approve, refuse and veto in your name"),
    "holds:read": _("Read which stops are in force"),
    "holds:write": _("Stop everything in your name"),
    "briefings:read": _("Read the briefing"),
    "mentions:read": _("Read what was said about the brand"),
    "mentions:write": _("Say what becomes of a mention"),
    "conversations:read": _("Read conversations, and which side holds them"),
    "conversations:write": _("Take conversations, pass them on and close them in your name"),
    "members:read": _("Read what is held on members of the community"),
    "members:write": _("Write members down and change what is held on them"),
    "insights:read": _("Read what was learnt from the community"),
    "insights:write": _("Note what was learnt, and what came of it"),
    "receipts:read": _("Read the receipts of what went out"),
    "audit:read": _("Read the log and its proofs"),
    "disclosures:read": _("Read what left the brand’s space"),
    "people:read": _("Read who works here, on both sides"),
    "changes:read": _("Follow what changes, to keep a copy up to date"),
    "webhooks:read": _("Read which systems are told of changes"),
    "webhooks:write": _("Decide which systems are told of changes"),
    "contacts:read": _("Read contacts that other systems brought"),
    "contacts:write": _("Bring contacts and their consents"),
    "tickets:read": _("Read tickets that came of conversations"),
    "tickets:write": _("Say what became of a ticket"),
}
KINDS = {
    "static": _("Key"),
    "service": _("Service (OAuth, for itself)"),
    "app": _("Application (OAuth, for whoever consents)"),
}
KIND_HINTS = {
    "static": _("One secret that a system sends with each request. The simplest."),
    "service": _("A system that exchanges its secret for tokens of an hour."),
    "app": _("A program in which people of the brand sign in: each consents for themselves."),
}
STATES = {
    "live": ("go", "check-circle", _("in force")),
    "idle": ("calm", "clock", _("in force, never used")),
    "unanswered": ("no", "alert", _("stopped: nobody answers for it")),
    "policy": ("no", "lock", _("stopped: what it may read has ended")),
    "over": ("calm", "lock", _("over")),
    "revoked": ("calm", "x", _("revoked")),
}
ENDINGS = {
    "brand": _("ended by the brand"),
    "policy": _("what it might read has ended"),
    "expired": _("its time was over"),
    "client": _("given back by the other system"),
    "reused": _("ended by us: something that is good once was used twice"),
    "renewed": _("ended with its former secret"),
}
VERBS = {
    "key.made": _("made a key for another system"),
    "key.changed": _("changed what a key may do"),
    "key.renewed": _("gave a key another secret"),
    "key.taken_over": _("took a key over that nobody answered for"),
    "key.revoked": _("revoked a key"),
    "key.consented": _("let an application act for them"),
    "key.tokens_given": _("gave an application its tokens"),
    "key.tokens_refreshed": _("gave an application its next tokens"),
    "key.token_given_back": _("took a token back from an application"),
    "key.tokens_ended": _("ended the tokens of an application"),
    "key.new_network": _("saw a key used from a new network"),
    "key.guessed": _("made an address wait that tried too many wrong secrets"),
}
ERRORS = {
    "key_revoked": _("This key was revoked."),
    "key_over": _("This key is over. Somebody of the brand has to make another."),
    "key_unanswered": _("Nobody answers for this key any more. Somebody of the brand has to take it over."),
    "key_elsewhere": _("This key may not be used from this address."),
    "key_answered": _("Somebody answers for this key: only they change it, or it is revoked."),
    "key_of_another": _("This key acts as somebody else: only they change it. You can revoke it."),
    "key_without_secret": _("This application has no secret."),
    "key_too_long": _("A key lives at most %(days)s days, and not longer than what it may read."),
    "scopes_missing": _("Please say what it may do."),
    "unknown_right": _("There is no such right."),
    "not_a_network": _("One of these is no address and no network. Please write them as 192.0.2.7 or 192.0.2.0/24."),
    "redirect_missing": _("Please say where its users are sent back to."),
    "not_a_redirect": _("These addresses must begin with https, or with http://127.0.0.1 on one’s own machine."),
    "unknown_kind_of_key": _("Please choose how the system comes in."),
    "client_unknown": _("There is no such application here, or it was revoked."),
    "redirect_unknown": _("This application asks to be answered where it was not registered. Nothing was given."),
    "request_invalid": _("This application asks in a way that we do not answer. Nothing was given."),
    "scope_invalid": _("This application asks for more than it was registered for. Nothing was given."),
    "grant_invalid": _("This code or token is good no more."),
}
