"""Words for insights: where one stands, whom the brand asks, what it decides, what was done, and why something is refused."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STATES = {
    "noted": ("calm", "pen", pgettext_lazy("insight", "noted")),
    "asked": ("wait", "clock", pgettext_lazy("insight", "asked")),
    "late": ("no", "alert", pgettext_lazy("insight", "overdue")),
    "answered": ("go", "comment", pgettext_lazy("insight", "answered")),
    "decided": ("go", "check", pgettext_lazy("insight", "decided")),
    "closed": ("calm", "check-circle", pgettext_lazy("insight", "closed")),
}
STATE_FILTERS = {
    "open": pgettext_lazy("insights", "still open"),
    "": pgettext_lazy("insights", "all"),
    "noted": pgettext_lazy("insights", "noted"),
    "asked": pgettext_lazy("insights", "asked"),
    "late": pgettext_lazy("insights", "overdue"),
    "answered": pgettext_lazy("insights", "answered"),
    "decided": pgettext_lazy("insights", "decided"),
    "closed": pgettext_lazy("insights", "closed"),
}
DEPARTMENTS = {
    "product": pgettext_lazy("department", "Product"),
    "service": pgettext_lazy("department", "Customer service"),
    "legal": pgettext_lazy("department", "Legal"),
    "press": pgettext_lazy("department", "Press"),
}
DECISIONS = {
    "will_do": ("go", "clock", pgettext_lazy("decision", "will be done")),
    "done": ("go", "check-circle", pgettext_lazy("decision", "done")),
    "no": ("calm", "x", pgettext_lazy("decision", "no")),
}
STEPS = {
    "note": _("noted it"),
    "add": _("put another voice under it"),
    "ask": _("asked a department"),
    "extend": _("gave more time"),
    "lapse": _("saw the due date pass"),
    "answer": _("answered"),
    "withdraw": _("withdrew the question"),
    "decide": _("decided"),
    "tell": _("prepared to tell a member"),
    "close": _("closed it"),
    "reopen": _("took it up again"),
}
WHY_NOT = {
    "already_told": _("told already"),
    "told_elsewhere": _("the same member is told already, where they spoke otherwise"),
    "consent_missing": _("answered already, and they did not ask to hear more"),
    "consent_withdrawn": _("they took their consent back"),
}
VERBS = {
    "insight.note": _("noted what the community taught"),
    "insight.add": _("put another voice under an insight"),
    "insight.edited": _("wrote an insight anew"),
    "insight.ask": _("asked a department about an insight"),
    "insight.extend": _("gave a department more time"),
    "insight.lapse": _("saw a department’s due date pass"),
    "insight.answer": _("answered what a department was asked"),
    "insight.withdraw": _("withdrew what a department was asked"),
    "insight.decide": _("decided what becomes of an insight"),
    "insight.tell": _("prepared to tell a member what came of an insight"),
    "insight.close": _("closed an insight"),
    "insight.reopen": _("took an insight up again"),
    "insight.released": _("let a line out for “you said, we did”"),
    "insight.unreleased": _("took a line off “you said, we did”"),
    "insight.department_named": _("named a department"),
    "insight.department_ended": _("ended a department"),
    "insight.theme_renamed": _("renamed a theme"),
    "insight.themes_merged": _("merged two themes"),
}
ERRORS = {
    "kept_more_strictly": _(
        "What was said is kept more strictly than this insight. Note it under an insight of its own."
    ),
    "already_under_it": _("This stands under it already."),
    "too_many_sources": _("At most %(most)s voices stand under one insight."),
    "too_many_themes": _("There are %(most)s themes already. Merge some first."),
    "too_many_departments": _("There are %(most)s departments already."),
    "too_many_answers": _("This has %(most)s answers already."),
    "insight_not_in_this_state": _("It stands elsewhere by now. Please look again."),
    "name_taken": _("There is one of this name already."),
    "due_missing": _("Please say by when you need the answer."),
    "link_open": _("A link shows these very words to somebody outside. Withdraw the question first, then ask again."),
    "link_ends_before": _("The link ends before that. Withdraw the question, then ask again."),
    "asking_closed": _("Nobody waits for this answer any more. Thank you."),
    "decide_first": _("First decide what becomes of it."),
    "already_told": _("This member is told already."),
    "told_elsewhere": _("This member is told already, where they spoke otherwise."),
    "consent_missing": _("This member was answered already, and did not ask to hear more."),
    "consent_withdrawn": _("This member took their consent back: only what they ask is answered."),
}
