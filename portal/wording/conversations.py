"""Words for conversations: where they stand, how one talks, what was said, who did what with them, and what went wrong."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STATES = {
    "open": ("wait", "comment", pgettext_lazy("conversation", "open")),
    "waiting": ("info", "question", pgettext_lazy("conversation", "waiting for the member")),
    "snoozed": ("calm", "hourglass", pgettext_lazy("conversation", "put off")),
    "closed": ("go", "check-circle", pgettext_lazy("conversation", "closed")),
}
MEDIUMS = {
    "mention": _("in public"),
    "comment": _("comment"),
    "direct": _("direct message"),
    "email": _("e-mail"),
    "phone": _("telephone"),
    "field": _("in person"),
}
SAYS: dict[str, str | Promise] = {
    "message": "",
    "acknowledgement": _("acknowledgement"),
    "answer": pgettext_lazy("turn", "answer"),
    "question": pgettext_lazy("turn", "question to the member"),
}
CLOCKS = {"acknowledge": _("to acknowledge"), "answer": _("to answer")}
DUE = {
    "running": ("calm", "clock", pgettext_lazy("clock", "runs")),
    "warned": ("wait", "clock", pgettext_lazy("clock", "due soon")),
    "late": ("no", "alert", pgettext_lazy("clock", "late")),
    "paused": ("info", "pause", pgettext_lazy("clock", "rests")),
}
PROMISES = {
    "open": ("wait", "hourglass", pgettext_lazy("promise", "promised")),
    "kept": ("go", "check-circle", pgettext_lazy("promise", "kept")),
    "broken": ("no", "alert", pgettext_lazy("promise", "broken, still owed")),
    "late": ("wait", "check", pgettext_lazy("promise", "kept too late")),
}
BOXES = {
    "all": pgettext_lazy("conversations", "open"),
    "mine": pgettext_lazy("conversations", "mine"),
    "side": pgettext_lazy("conversations", "my side"),
    "offered": pgettext_lazy("conversations", "offered to me"),
    "due": pgettext_lazy("conversations", "due soon"),
    "waiting": pgettext_lazy("conversations", "waiting for the member"),
    "snoozed": pgettext_lazy("conversations", "put off"),
    "closed": pgettext_lazy("conversations", "closed"),
}
STEPS = {
    "open": _("opened it"),
    "take": _("has it in hand"),
    "let_go": _("let it go"),
    "pass": _("offered it"),
    "accept": _("accepted it"),
    "decline": _("declined it"),
    "lapse": _("saw that nobody answered the offer in time"),
    "withdraw": _("withdrew the offer"),
    "take_back": _("took it back"),
    "return": _("gave it back"),
    "lock": _("locked it for the brand"),
    "unlock": _("unlocked it"),
    "stand_in": _("gave it to whoever stands in"),
    "hand_over": _("handed it over with the portfolio"),
    "wait": _("waits for the member"),
    "said": _("heard the member again"),
    "snooze": _("put it off"),
    "wake": _("brought it back"),
    "close": _("closed it"),
    "reopen": _("opened it again"),
    "merge": _("merged it into another"),
    "split": _("made it stand on its own"),
}
MACRO_STEPS = {
    "pass": pgettext_lazy("macro", "pass it on"),
    "take_back": pgettext_lazy("macro", "take it back"),
    "return": pgettext_lazy("macro", "give it back"),
}
VERBS = {
    "conversation.noted": _("wrote a note beside a conversation"),
    "conversation.sketched": _("changed their draft in a conversation"),
    "conversation.labelled": _("put a label on a conversation"),
    "conversation.unlabelled": _("took a label off a conversation"),
    "conversation.begins": _("said where conversations begin by themselves"),
    "conversation.view_saved": _("kept a view of the conversations"),
    "conversation.view_dropped": _("dropped a view of the conversations"),
    "conversation.reply_saved": _("kept words ready for conversations"),
    "conversation.reply_dropped": _("dropped words kept ready for conversations"),
}
ERRORS = {
    "held_by_other_side": _("The other side holds this conversation: only who holds it answers."),
    "nothing_offered": _("This is not offered to anybody any more."),
    "not_offered_to_you": _("This is offered to somebody else."),
    "for_people_alone": _("Only a person can do this."),
    "already_yours": _("Your side holds it already."),
    "locked_by_brand": _("The brand has locked it: ask the brand to pass it on."),
    "never_held_it": _("Your side never held it: ask the brand to pass it on."),
    "nothing_to_return": _("Nobody gave it to your side, so there is nobody to give it back to."),
    "brand_only": _("Only the brand may do this."),
    "house_only": _("Relais does this by itself."),
    "pass_to_holder": _("They hold it already."),
    "already_offered": _("It is offered already. Withdraw that offer first."),
    "nobody_there": _("Nobody is on that side."),
    "conversation_not_in_this_state": _("The conversation has moved on meanwhile: please look at where it stands."),
    "answer_is_leaving": _("An answer is leaving at this very moment. Please try again in a minute."),
    "note_missing": _("Please write a note: whoever gets it has to know what is up."),
    "unknown_medium": _("Please choose how you talked."),
    "time_future": _("This moment is still to come."),
    "talk_too_old": _("At most %(most)s days ago."),
    "before_held": _("Your side did not hold this conversation at that moment: it can only have answered since then."),
    "title_kept": _(
        "Both sides read the title of an item, and this is the subject of what not everybody reads. Choose another."
    ),
    "turn_is_ours": _("Only what the member said can stand on its own."),
    "turn_elsewhere": _("It stands in a conversation of its own already."),
    "turn_alone": _("The member said nothing else here: the conversation is about it already."),
    "too_many_files": _("At most %(most)s pictures."),
    "aside_without_files": _("The brand sees every picture that is kept here: a note for the agency alone takes none."),
    "too_many_labels": _("At most %(most)s labels. Use one that is there."),
    "too_many_replies": _("At most %(most)s saved replies. Please drop one first."),
}
