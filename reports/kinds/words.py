"""What sections, figures, columns and codes are called in reports. Words only."""

from collections.abc import Mapping

from django.conf.locale import LANG_INFO
from django.utils.functional import Promise
from django.utils.translation import get_language_info, gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from reports.kinds.handed import HANDED_OVER

Word = str | Promise
KINDS: dict[str, tuple[Word, Word]] = {
    "weekly": (_("Weekly report"), _("The week in review")),
    "monthly": (_("Monthly report"), _("The month in review")),
    "press": (_("Press review"), _("What the press wrote")),
    "audit": (_("Audit statement"), _("What was done, read and disclosed")),
    "dossier": (_("Hand-over dossier"), _("Everything at a glance, to hand over")),
    "custom": (_("Report"), _("A chosen view")),
}
CLASSES: dict[str, Word] = {
    "public": pgettext_lazy("report class", "Public"),
    "shared": pgettext_lazy("report class", "Brand and agency"),
    "named": pgettext_lazy("report class", "Named people"),
    "brand": pgettext_lazy("report class", "Brand only"),
}
SECTIONS: dict[str, Word] = {
    "done": _("What was done"),
    "talk": _("What people talked about"),
    "members": _("Who was active"),
    "pictures": _("Pictures"),
    "field": _("In the field"),
    "channels": _("Mix of channels"),
    "clocks": _("How fast members heard from us"),
    "fairness": _("Whether everybody was treated alike"),
    "insights": _("What we learnt"),
    "coming": _("What comes next"),
    "names": _("In whose name things went out"),
    "brakes": _("Vetoes, holds and incidents"),
    "trends": _("Trends"),
    "goals": _("Goals"),
    "benefit": _("What autonomy brought"),
    "business": _("What it brought the business"),
    "press": _("Press review"),
    "receipts": _("Receipts by rule"),
    "reads": _("Who saw what is confidential"),
    "left": _("What was disclosed"),
    "proof": _("Proof of the log"),
    "charter": _("Mandate and charter"),
    "briefing": _("Briefing in force"),
    "places": _("Channels and sources"),
    "people": _("Contacts of both sides"),
    "talks": _("Open conversations"),
    "plans": _("What is planned and what is held"),
    "ready": _("Words kept ready"),
    "known": _("Members who agreed to be named"),
    "lessons": _("Open insights"),
    "tickets": _("Open tickets of the brand’s systems"),
}
FIGURES: dict[str, Word] = {
    "acts.done": _("Acts in the brand’s name"),
    "channels.share": _("Share of acts"),
    "field.acts": _("Field acts"),
    "field.ratio": _("Field ratio"),
    "mentions.found": _("Mentions found"),
    "mentions.kind": _("Mentions by kind"),
    "mentions.topic": _("Mentions by topic"),
    "members.said": _("Words of members"),
    "members.active": _("Active members"),
    "pictures.shown": _("Pictures shown"),
    "clocks.rounds": _("Rounds begun"),
    "clocks.median": _("Median time"),
    "clocks.nine_in_ten": _("Nine in ten within"),
    "clocks.kept": _("Kept in time"),
    "clocks.late": _("Late"),
    "clocks.in_time": _("In time"),
    "clocks.waiting": _("Still running at the end"),
    "clocks.let_go": _("Closed without a word"),
    "promises.due": _("Promises due"),
    "promises.kept": _("Promises kept"),
    "promises.broken": _("Promises broken"),
    "insights.noted": _("Insights noted"),
    "insights.decided": _("Insights decided"),
    "insights.closed": _("Insights closed"),
    "insights.told": _("Told to the community"),
    "coming.items": _("Planned acts"),
    "acts.basis": _("Acts by right"),
    "acts.level": _("Acts by level"),
    "words.no": _("Refusals"),
    "words.veto": _("Vetoes"),
    "holds.placed": _("Holds placed"),
    "acts.unsent": _("Failed or uncertain"),
    "crises.proposed": _("Crises proposed"),
    "crises.declared": _("Crises declared"),
    "acts.at_once": _("Acts without waiting"),
    "waiting.median": _("Median wait for approval"),
    "waiting.saved": _("Waiting saved"),
    "incidents.level": _("Incidents put right"),
    "business.linked": _("Members linked to a customer"),
    "business.cases": _("Tickets and leads passed on"),
    "business.solved": _("Tickets and leads closed"),
    "acts.rule": _("Receipts"),
    "reads.noted": _("Readings noted"),
    "left.items": _("Disclosures"),
    "log.lines": _("Lines of the log"),
    "press.pieces": _("Pieces of the press"),
}
REACHED: dict[str, Word] = {
    "yes": pgettext_lazy("goal", "reached"),
    "no": pgettext_lazy("goal", "missed"),
    "under_way": pgettext_lazy("goal", "still under way"),
    "not_measurable": pgettext_lazy("goal", "not measurable"),
}
DIMENSIONS: dict[str, Word] = {
    "kind": pgettext_lazy("report", "Kind"),
    "channel": pgettext_lazy("report", "Channel"),
    "medium": pgettext_lazy("report", "Medium"),
    "topic": pgettext_lazy("report", "Topic"),
    "clock": pgettext_lazy("report", "Clock"),
    "language": pgettext_lazy("report", "Language"),
    "band": pgettext_lazy("report", "Activity"),
    "decision": pgettext_lazy("report", "Decision"),
    "asked": pgettext_lazy("report", "What was asked"),
    "basis": pgettext_lazy("report", "By right of"),
    "level": pgettext_lazy("report", "Level"),
    "state": pgettext_lazy("report", "State"),
    "rule": pgettext_lazy("report", "Rule"),
    "act": pgettext_lazy("report", "Line"),
    "side": pgettext_lazy("report", "Side"),
    "way": pgettext_lazy("report", "Way"),
    "recipient": pgettext_lazy("report", "Recipient"),
    "name": pgettext_lazy("report", "Name"),
}
CODES: dict[str, Word] = {
    "publish": _("publication"),
    "schedule": _("scheduled publication"),
    "acknowledge": _("acknowledgement"),
    "answer": _("answer"),
    "direct_message": _("direct message"),
    "react": _("reaction"),
    "hide": _("hiding a comment"),
    "unhide": _("showing a comment again"),
    "delete": _("deletion"),
    "ban": _("exclusion of a member"),
    "newsletter": _("newsletter"),
    "phone_call": _("phone call"),
    "event": _("event"),
    "ambassador_power": _("ambassador power"),
    "disclose": _("disclosure of information"),
    "correct": _("correction of a post"),
    "question": pgettext_lazy("report", "question"),
    "complaint": pgettext_lazy("report", "complaint"),
    "praise": pgettext_lazy("report", "praise"),
    "idea": pgettext_lazy("report", "idea"),
    "press": pgettext_lazy("report", "press"),
    "provocation": pgettext_lazy("report", "provocation"),
    "spam": pgettext_lazy("report", "spam"),
    "crisis_signal": pgettext_lazy("report", "sign of a crisis"),
    "other": pgettext_lazy("report", "other"),
    "mention": pgettext_lazy("report", "mention"),
    "comment": pgettext_lazy("report", "comment"),
    "direct": pgettext_lazy("report", "direct message"),
    "email": pgettext_lazy("report", "e-mail"),
    "phone": pgettext_lazy("report", "phone"),
    "field": pgettext_lazy("report", "field"),
    "approval": pgettext_lazy("report", "approval of the brand"),
    "standing": pgettext_lazy("report", "standing approval"),
    "silence": pgettext_lazy("report", "no veto in time"),
    "level": pgettext_lazy("report", "trust granted by level"),
    "brand": pgettext_lazy("report", "the brand itself"),
    "agency": pgettext_lazy("report", "the agency"),
    "house": pgettext_lazy("report", "the house"),
    "failed": pgettext_lazy("report", "failed"),
    "uncertain": pgettext_lazy("report", "uncertain"),
    "draft": pgettext_lazy("report", "draft"),
    "submitted": pgettext_lazy("report", "submitted"),
    "waiting": pgettext_lazy("report", "waiting for the brand"),
    "in_veto": pgettext_lazy("report", "in its veto window"),
    "cleared": pgettext_lazy("report", "cleared"),
    "sending": pgettext_lazy("report", "being sent"),
    "sent": pgettext_lazy("report", "sent"),
    "held": pgettext_lazy("report", "held"),
    "noted": pgettext_lazy("report", "noted"),
    "asked": pgettext_lazy("report", "asked of a department"),
    "late": pgettext_lazy("report", "its answer is late"),
    "answered": pgettext_lazy("report", "answered"),
    "decided": pgettext_lazy("report", "decided"),
    "closed": pgettext_lazy("report", "closed"),
    "newcomer": pgettext_lazy("report", "newcomer"),
    "regular": pgettext_lazy("report", "regular"),
    "very_active": pgettext_lazy("report", "very active"),
    "unknown": pgettext_lazy("report", "unknown"),
    "": pgettext_lazy("report", "none"),
    "fr": pgettext_lazy("report", "French"),
    "en": pgettext_lazy("report", "English"),
    "csv": _("table"),
    "pdf": _("PDF"),
    "export": _("export"),
    "bundle": _("log with its proofs"),
    "link": _("share link"),
    "api": _("interface for programs"),
    "webhook": _("message to a program"),
    "mail": _("letter"),
    "operator": _("look of the operator"),
    "person": _("a person here"),
    "address": _("an address"),
    "key": _("a key"),
    "network": _("a network"),
}
MEDIA: dict[str, Word] = {
    "feed": pgettext_lazy("report", "news feed"),
    "mailbox": pgettext_lazy("report", "mailbox"),
    "mastodon": "Mastodon",
    "bluesky": "Bluesky",
    "wordpress": pgettext_lazy("report", "comments on WordPress"),
    "forum": pgettext_lazy("report", "forum"),
    "webhook": pgettext_lazy("report", "told by a program"),
    "table": pgettext_lazy("report", "table brought along"),
    "hand": pgettext_lazy("report", "noted by hand"),
}
DECISIONS: dict[str, Word] = {
    "will_do": pgettext_lazy("report", "will be done"),
    "done": pgettext_lazy("report", "done"),
    "no": pgettext_lazy("report", "will not be done"),
}
SENSITIVITIES: dict[str, Word] = {
    "routine": pgettext_lazy("report", "routine"),
    "sensitive": pgettext_lazy("report", "sensitive"),
    "crisis": pgettext_lazy("report", "crisis"),
}
VERDICTS: dict[str, Word] = {
    "no": pgettext_lazy("report", "refusal"),
    "veto": pgettext_lazy("report", "veto"),
}
SCOPES: dict[str, Word] = {
    "all": pgettext_lazy("report scope", "everything"),
    "channel": pgettext_lazy("report scope", "one channel"),
    "kind": pgettext_lazy("report scope", "one kind of act"),
    "person": pgettext_lazy("report scope", "one person"),
    "item": pgettext_lazy("report scope", "one item"),
}
SEEN: dict[str, Word] = {
    "read": pgettext_lazy("report", "read"),
    "link.opened": pgettext_lazy("report", "opened by its link"),
    "media.fetched": pgettext_lazy("report", "picture fetched"),
    "media.fetched_again": pgettext_lazy("report", "picture fetched again"),
}
ASKED: dict[str, Word] = {"ticket": pgettext_lazy("customer system", "Ticket"), "lead": _("Lead")}
VALUES: dict[str, Mapping[str, Word]] = {
    "asked": ASKED,
    "sensitivity": SENSITIVITIES,
    "clock": {"acknowledge": _("First word"), "answer": _("Answer")},
    "medium": MEDIA,
    "decision": DECISIONS,
    "act": SEEN,
    "verdict": VERDICTS,
    "scope": SCOPES,
    "class": CLASSES,
    **HANDED_OVER,
}
"""Words for the values of one dimension, where `CODES` lacks them or means something else by them."""
NAMED = frozenset({"channel", "topic", "rule"})
"""Whose values the brand names itself: a number elsewhere is no entry of its watch list."""
RULE = "channel|kind|sensitivity"
SPELLED = frozenset({"topic", "rule", "theme"})
LISTINGS: dict[str, Word] = {
    "mandates": _("Mandate"),
    "charter": _("The charter, grant by grant"),
    "briefing": _("Briefing"),
    "channels": _("Channels"),
    "sources": _("Sources that are watched"),
    "people": _("People"),
    "talks": _("Open conversations"),
    "held": _("Holds that are on"),
    "plans": _("Asked for and not out"),
    "series": _("Series"),
    "standing": _("Standing approvals"),
    "ready": _("Quick answers and macros"),
    "known": _("Members"),
    "ambassadors": _("Powers granted to members"),
    "lessons": _("Open insights"),
    "tickets": _("Open tickets"),
    "readings": _("Reading by reading"),
    "disclosures": _("Disclosure by disclosure"),
    "acts": _("Act by act"),
    "told_at_once": _("Sent at once, the brand told at once (level 5)"),
    "trusted": _("Sent on trust, told here (level 6)"),
    "refusals": _("Vetoes and refusals"),
    "holds": _("Holds in force"),
    "incidents": _("Incidents, and how they were put right"),
    "noted": _("What was learnt"),
    "topics": _("Big topics"),
    "members": _("Most active members"),
    "pictures": _("Pictures of the period"),
    "told": _("You said, we did"),
    "coming": _("Planned to go out"),
    "watch": _("Days to watch"),
    "pieces": _("Pieces"),
    "check": _("Last recomputation of the log"),
}


def word(table: Mapping[str, Word], code: str) -> str:
    """What a code is called in the language in force; a code without a word is shown as it is, with spaces."""
    found = table.get(code)
    return str(found) if found is not None else code.replace("_", " ").replace(".", " ")


def rule_word(key: str, names: Mapping[str, str]) -> str:
    """A rule of the charter by what it covers, as `Grant.key` has it: 'Facebook, answer, routine'."""
    channel, kind, sensitivity = key.split("|")
    where = names.get(channel, channel) if channel else gettext("any channel")
    what = word(CODES, kind) if kind else gettext("any act")
    return f"{where}, {what}, {word(SENSITIVITIES, sensitivity)}"


def value_word(dimension: str, value: str, names: Mapping[str, str]) -> str:
    """What one value of a dimension is called; `names` knows channels, topics and rules of the brand."""
    if dimension in NAMED and value in names:
        return names[value]
    if dimension == "level":
        return gettext("Level %(level)s") % {"level": value}
    if dimension == "rule" and value.count("|") == RULE.count("|"):
        return rule_word(value, names)
    if dimension in SPELLED:
        return value.replace("_", " ") if value else pgettext("report", "none")
    if dimension == "language" and value in LANG_INFO and value not in CODES:
        return str(get_language_info(value)["name_translated"])
    known = VALUES.get(dimension, CODES)
    return word(known if value in known else CODES, value)
