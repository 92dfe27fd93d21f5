"""Labels of what people fill in: sections of a briefing, settings of a channel."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.channels.labels import KINDS as CHANNEL_KINDS
from clients.channels.labels import SETTINGS
from reports.kinds.handed import GOAL_PERIODS, PARTS

SECTIONS = PARTS

COLUMNS = {
    "figure": _("Figure"),
    "direction": pgettext_lazy("goal", "At least or at most"),
    "value": pgettext_lazy("goal", "How much"),
    "per": pgettext_lazy("goal", "Per"),
    "since": pgettext_lazy("goal", "From"),
    "question": _("Question"),
    "answer": _("Answer"),
    "topic": _("Topic"),
    "name": _("Name"),
    "contact": _("Contact"),
    "key": _("Key"),
    "number": _("Number"),
    "language": _("Language"),
    "rule": _("Rule"),
    "urgent": _("May an act wait?"),
    "words": _("Words"),
    "exclusions": _("Not with"),
    "then": _("What follows"),
    "until": _("Until when"),
    "label": _("Label"),
    "phrases": _("Phrases"),
    "pattern": _("Pattern"),
    "near": _("Near"),
    "within": _("At most so many words between"),
    "sources": _("Sources"),
    "hours": _("When"),
    "source": _("Source"),
    "licence": _("Licence"),
    "excerpt": _("Characters that may be quoted"),
    "remark": _("Remark"),
    "channel": _("Channel"),
    "sensitivity": _("Sensitivity"),
    "acknowledge_within": _("Acknowledge within (working minutes)"),
    "answer_within": _("Answer within (working minutes)"),
}

SECTION_HINTS = {
    "goals": _(
        "Which number a figure is to reach, or not to pass. Figures and reports show it as long as both sides may read this "
        "section, and hold each period against what was agreed before it ended."
    ),
    "approved_answers": _(
        "Words that you have approved: an answer that says exactly this, in the version in force, counts as approved. "
        "One {slot} at most may be filled in."
    ),
    "house_rules": _("Each keeps its number for ever, so that a moderation can cite it."),
    "forbidden_topics": _(
        "Words with semicolons between them; plural, feminine and conjugated forms are found as well."
    ),
    "sensitive_topics": _("What touches one counts as sensitive. Words with semicolons between them."),
    "embargoes": _("Words, and until when, by the brand’s clock. A date alone counts whole."),
    "watch_list": _("What to look for in what others write. Phrases with semicolons between them, or a pattern."),
    "escalation": _("Of several people for one topic, the first is called first; the others follow in their order."),
    "press_licences": _("What the press review may quote of a source, and under which licence."),
    "service": _(
        "Counted in the brand’s working hours. Of the lines that fit a conversation, the one that says most about it holds."
    ),
}

COLUMN_HINTS = {
    "value": _("In the unit that stands behind the figure."),
    "since": _("The first day from which a whole week or month counts. Nothing: as soon as it is agreed."),
    "channel": _("Its name, or a medium as email, phone, comment; nothing for all."),
    "key": _("Left empty, it is given."),
    "number": _("Left empty, it is given."),
    "language": _("fr, en, or nothing for any."),
    "until": _("As 2026-11-24 or 2026-11-24T08:00."),
    "near": _("Only where one of these words stands nearby."),
    "hours": _("Nothing for the working hours, “always”, or as 1-5 09:00-18:00 for Monday to Friday."),
    "sources": _("Nothing for all."),
    "urgent": _("Where it may, deleting and banning wait for the next working morning and for a second person."),
}

GOAL_DIRECTIONS = {"at_least": pgettext_lazy("goal", "at least"), "at_most": pgettext_lazy("goal", "at most")}
HOURS = {"": _("in the brand’s working hours"), "always": _("at any time")}
SAID = {"agree": _("agreed"), "refuse": _("said no"), "withdraw": _("took it back")}
URGENT = {
    "": _("yes"),
    "illegal": _("no: illegal content"),
    "personal_data": _("no: somebody’s personal data"),
    "danger": _("no: somebody is in danger"),
}
THEN = {"approve": _("the brand approves it first"), "refuse": _("it does not go out")}

ANY_SENSITIVITY = {"": _("any"), "routine": _("routine"), "sensitive": _("sensitive"), "crisis": _("crisis")}

LAPSES = {"hold": _("the item is held"), "skip": _("the item is skipped")}

MISMATCHES = {
    "kind": _("another action"),
    "sensitivity": _("another sensitivity"),
    "channel": _("another channel"),
    "title": _("another title"),
    "text": _("another text"),
    "link": _("a link that it does not name"),
    "media": _("a picture"),
    "ended": _("its last day is past"),
    "used_up": _("it is used up"),
}

__all__ = [
    "ANY_SENSITIVITY",
    "CHANNEL_KINDS",
    "COLUMNS",
    "COLUMN_HINTS",
    "GOAL_DIRECTIONS",
    "GOAL_PERIODS",
    "HOURS",
    "LAPSES",
    "MISMATCHES",
    "SAID",
    "SECTIONS",
    "SECTION_HINTS",
    "SETTINGS",
    "THEN",
    "URGENT",
]
