"""Words for customer systems: how people are recognised, what becomes of a row and of a field, tickets, and what goes wrong."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KINDS: dict[str, str | Promise] = {"generic": _("Another system"), "directus": "Directus", "tryton": "Tryton"}
SAME = {
    "link": _("is that member"),
    "ask": _("somebody here is asked"),
    "new": _("stays somebody else"),
}
DIFFERS = {"theirs": _("theirs counts"), "ours": _("ours counts"), "ask": _("somebody here is asked")}
OUTCOMES = {
    "made": ("go", "plus", _("would be new")),
    "linked": ("go", "people", _("is a member already")),
    "changed": ("info", "work", _("would change")),
    "same": ("calm", "check", _("nothing new")),
    "asked": ("wait", "alert", _("somebody here is asked")),
    "erased": ("no", "lock", _("was erased here, and stays so")),
    "invalid": ("no", "x", _("something is wrong")),
}
WRITTEN = {
    "made": ("go", "plus", _("came in new")),
    "linked": ("go", "people", _("linked with a member")),
    "changed": ("info", "work", _("brought changes")),
    "same": ("calm", "check", _("nothing new")),
    "asked": ("wait", "alert", _("put to somebody here")),
    "erased": ("no", "lock", _("was erased here, and stays so")),
    "invalid": ("no", "x", _("left: something is wrong")),
}
"""The same of a table that was written: nothing of it would be any more."""
EFFECTS = {
    "written": _("is written"),
    "same": _("is the same"),
    "ours": _("ours stays"),
    "asked": _("somebody here is asked"),
    "apart": _("is kept beside the member, for those who may read it"),
    "left_out": _("is left out"),
}
WHYS = {
    "several": _("More than one member fits."),
    "maybe": _("One member fits."),
    "taken": _("The member that fits is another contact of this system already."),
    "differs": _("Both sides have changed the same field."),
}
TICKETS = {"ticket": pgettext_lazy("customer system", "Ticket"), "lead": _("Lead")}
TICKET_STATES = {
    "waiting": ("wait", "clock", _("waits to be fetched")),
    "accepted": ("info", "hand", _("taken in hand there")),
    "answered": ("go", "check", _("answered there")),
    "closed": ("calm", "lock", _("closed there")),
    "refused": ("no", "x", _("refused there")),
    "withdrawn": ("calm", "undo", _("withdrawn")),
}
UNDONE = {
    "back": _("put back as they stood"),
    "changed": _("left: somebody has changed them since"),
    "used": _("left: something else hangs on them since"),
    "gone": _("left: they are no longer here"),
}
FIELDS = {
    "name": _("Name"),
    "email": _("E-mail"),
    "phone": _("Telephone"),
    "preferred": _("Prefers to be reached"),
    "notes": _("Notes"),
    "handles": _("On networks"),
    "organisation": _("Organisation"),
}
ERRORS = {
    "asked": _("A person of the brand decides about it first."),
    "system": _("This customer system is not here, or no longer connected."),
    "contact": _("This contact is not here."),
    "clash": _("This question is not here."),
    "ticket": _("This ticket is not here."),
    "organisation": _("This organisation is not here."),
    "key_taken": _("This key belongs to another customer system already."),
    "clash_decided": _("Somebody has decided this already."),
    "contact_taken": _("This is a contact of that system already."),
    "contact_missing": _("There is no such contact of this system."),
    "import_not_confirmed": _("This table was not written yet."),
    "import_undone": _("This table was undone already."),
    "import_too_old": _("This table is too old to be undone."),
    "ticket_over": _("This ticket is over."),
    "ticket_goes_not_there": _("From where this ticket stands, it does not go there."),
    "ticket_changed": _("Somebody has changed this ticket since."),
    "was_erased": _("This person was erased here on demand, and does not come back by a synchronisation."),
    "unknown_way": _("Please choose what is to become of it."),
    "unknown_rule": _("Please choose from the list."),
    "member_missing": _("Please choose which member it is."),
    "nothing_brought": _("There is nothing in it."),
    "too_many_rows": _("At most %(most)s rows at once."),
    "field_not_named": _("The brand has not named a field “%(name)s” for this system."),
    "field_name_missing": _("Please say what the system calls each field."),
    "field_own_name_missing": _("Please say what the field is called here, as consent:letter or own:size."),
    "field_name_odd": _(
        "“%(name)s” is no field of ours. A purpose of consent is written consent:letter, a field of your own own:size."
    ),
    "field_here_twice": _("Another line above decides about “%(name)s” already."),
    "field_twice": _("Two fields have the same name in the system: “%(name)s”."),
    "name_stays_in": _("The name has to come in: without it nobody can be recognised."),
    "unknown_state": _("This is no state of a ticket."),
    "external_id_missing": _("The system’s own id is missing."),
    "not_a_text": _("This is not a text."),
    "consent_unclear": _("This says neither yes nor no."),
    "handles_unclear": _("Write the network first, then the handle; several with semicolons between them."),
    "twice_here": _("This id stands twice in what was sent."),
    "table_without_ids": _("The table needs a column “external_id” with the system’s own ids."),
    "sample_unreadable": _("This is neither a table nor JSON: please paste one of the two."),
}
VERBS = {
    "crm.connected": _("connected a customer system"),
    "crm.changed": _("changed how a customer system is connected"),
    "crm.fields": _("decided which fields pass between here and a customer system"),
    "crm.ended": _("ended a customer system"),
    "crm.brought": _("brought contacts from a customer system"),
    "crm.unlinked": _("unlinked a contact"),
    "crm.decided": _("decided who a contact is"),
    "crm.organisations": _("brought organisations from a customer system"),
    "crm.timeline": _("brought what happened with contacts"),
    "crm.talks_noted": _("noted conversations for a customer system"),
    "crm.import_read": _("brought a table of contacts to look at"),
    "crm.import_confirmed": _("wrote a table of contacts"),
    "crm.import_undone": _("undid a table of contacts"),
    "crm.imports_emptied": _("emptied old tables of contacts"),
    "ticket.opened": _("asked something of a customer system"),
    "ticket.withdrawn": _("withdrew what was asked of a customer system"),
    "ticket.told": _("was told what a customer system made of a ticket"),
}
