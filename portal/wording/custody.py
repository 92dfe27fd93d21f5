"""What custody tells in words: lines of the log (each completes 'Name …'), and refusals around holidays and portfolios."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "conversation.open": _("began a conversation"),
    "conversation.take": _("took a conversation in hand"),
    "conversation.let_go": _("let a conversation go, within their side"),
    "conversation.pass": _("offered a conversation to others"),
    "conversation.accept": _("accepted a conversation"),
    "conversation.decline": _("declined a conversation"),
    "conversation.lapse": _("saw that nobody answered an offer in time"),
    "conversation.withdraw": _("took an offer of a conversation back"),
    "conversation.take_back": _("took a conversation back from the other side"),
    "conversation.return": _("gave a conversation back"),
    "conversation.lock": _("locked a conversation for the brand"),
    "conversation.unlock": _("unlocked a conversation"),
    "conversation.stand_in": _("gave a conversation to whoever stands in"),
    "conversation.hand_over": _("handed a conversation over"),
    "conversation.wait": _("noted that a conversation waits for the member"),
    "conversation.said": _("heard the member in a conversation again"),
    "conversation.snooze": _("put a conversation off"),
    "conversation.wake": _("brought a conversation back that was put off"),
    "conversation.close": _("closed a conversation"),
    "conversation.reopen": _("opened a conversation again"),
    "conversation.merge": _("merged a conversation into another"),
    "conversation.split": _("took a conversation apart"),
    "stand_in.set": _("said who stands in for somebody who is away"),
    "stand_in.begun": _("gave a deputy what somebody holds who is away"),
    "stand_in.ended": _("ended somebody’s absence"),
    "portfolio.handed": _("handed over all conversations of one person"),
    "portfolio.let_go": _("freed the conversations of people who have left"),
}
ERRORS = {
    "merge_across_classes": _("These two are not kept alike, so one cannot stand within the other."),
    "merge_across_locks": _("The brand has locked one of them and not the other. Lock both, or neither."),
    "merge_with_closed": _("The other one is closed. Please open it again first."),
    "merge_with_department": _(
        "A department has the other one, or is offered it, and would read this one, too. Take it back first."
    ),
    "merged_too_often": _("It has been merged %(most)s times. Please leave it on its own."),
    "not_merged": _("It is not merged into another."),
    "already_away": _("Another absence is noted for that time already."),
    "deputy_away": _("Whoever is to stand in is away then, too."),
    "is_deputy": _("This person stands in for somebody else at that time: please find another deputy for them first."),
    "stand_in_for_oneself": _("Nobody stands in for themselves."),
    "ends_before_it_begins": _("The end lies before the beginning."),
    "briefing_not_acknowledged": _(
        "%(person)s has not acknowledged the briefing in force, so nothing is handed to them yet."
    ),
}
