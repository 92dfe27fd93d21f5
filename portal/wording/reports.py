"""Words for reports: what they are, where one stands, how far its making is, what was done, and why something is refused."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KINDS = {
    "weekly": pgettext_lazy("report", "Weekly report"),
    "monthly": pgettext_lazy("report", "Monthly report"),
    "press": pgettext_lazy("report", "Press review"),
    "audit": pgettext_lazy("report", "Audit statement"),
    "dossier": pgettext_lazy("report", "Hand-over dossier"),
    "custom": pgettext_lazy("report", "Report to order"),
}
STATES = {
    "due": ("calm", "calendar", pgettext_lazy("report", "due")),
    "making": ("info", "clock", pgettext_lazy("report", "being made")),
    "draft": ("wait", "pen", pgettext_lazy("report", "draft")),
    "proposed": ("wait", "send", pgettext_lazy("report", "proposed")),
    "annotated": ("wait", "comment", pgettext_lazy("report", "annotated")),
    "held": ("no", "stop", pgettext_lazy("report", "held")),
    "released": ("go", "check-circle", pgettext_lazy("report", "released")),
    "withdrawn": ("calm", "x", pgettext_lazy("report", "withdrawn")),
    "failed": ("no", "alert", pgettext_lazy("report", "not made")),
    "cancelled": ("calm", "x", pgettext_lazy("report", "cancelled")),
}
HUB_BOXES = {
    "open": pgettext_lazy("reports", "Open"),
    "due": pgettext_lazy("reports", "Due"),
    "made": pgettext_lazy("reports", "Made"),
    "proposed": pgettext_lazy("reports", "Proposed"),
    "held": pgettext_lazy("reports", "Held"),
    "released": pgettext_lazy("reports", "Released"),
    "failed": pgettext_lazy("reports", "Not made"),
}
PHASES = {
    "waiting": _("waits for its turn"),
    "facts": _("figures are counted"),
    "drawing": _("pages are drawn"),
    "keeping": _("the file is kept"),
    "done": _("done"),
}
RHYTHMS = {"never": _("only when somebody asks for one"), "weekly": _("once a week"), "monthly": _("once a month")}
DELIVERIES = {"link": _("summary, and a link to the PDF"), "attached": _("summary, and the PDF itself")}
TOLD = {
    "waiting": ("calm", "clock", pgettext_lazy("letter", "waits for the release")),
    "queued": ("wait", "clock", pgettext_lazy("letter", "on its way")),
    "told": ("go", "check", pgettext_lazy("letter", "sent")),
    "bounced": ("no", "alert", pgettext_lazy("letter", "came back")),
    "not_told": ("no", "x", pgettext_lazy("letter", "not sent: they may not read it")),
}
VERBS = {
    "report.asked": _("asked for a report"),
    "report.frozen": _("froze the figures of a report"),
    "report.drawn": _("drew the pages of a report"),
    "report.finish": _("finished a report"),
    "report.fail": _("could not make a report"),
    "report.cancel": _("cancelled a report"),
    "report.retry": _("tried to make a report once more"),
    "report.remake": _("had a report made anew"),
    "report.propose": _("proposed a report to the brand"),
    "report.annotate": _("wrote beside a report"),
    "report.hold": _("held a report"),
    "report.resume": _("let a held report go on"),
    "report.release": _("released a report"),
    "report.withdraw": _("withdrew a report"),
    "report.rule_set": _("set how reports come by themselves"),
    "report.run": _("began a report by the brand’s rule"),
    "report.reader_added": _("added a reader of a report"),
    "report.reader_removed": _("took a reader off a report"),
    "report.shared": _("made a link to a report"),
    "report.share_ended": _("ended a link to a report"),
    "report.password_wrong": _("typed a wrong password of a link"),
    "report.papers_dropped": _("let the files of old reports go"),
    "report.told": _("told a reader of a report"),
    "report.key_made": _("made a key that reports are signed with"),
}
ERRORS = {
    "ends_before_begins": _("The last day comes before the first."),
    "period_too_long": _("A period has at most %(most)s days."),
    "unknown_report": _("Please choose which report."),
    "unknown_delivery": _("Please choose how the PDF goes along."),
    "report_not_in_this_state": _("Somebody was faster: the report is not where it was. Please look at it again."),
    "report_words_unprinted": _("Your word is being put into the file. Please try again in a moment."),
    "disk_full": _("There is no room on the disk. Nothing was kept of this try; the other reports are as they were."),
    "making_failed": _("The report could not be made. Whoever runs Relais finds the reason in the log."),
    "pdf_fonts_missing": _("A font that Relais ships is missing here. Whoever runs Relais can put it back."),
    "pdf_memory": _(
        "The report wants more memory than one report gets. Please choose fewer sections or a shorter period."
    ),
    "pdf_time": _("The report took longer than one report gets. Please choose fewer sections or a shorter period."),
    "pdf_died": _("The drawing of this report broke off. Please try again; the other reports go on."),
    "pdf_outside": _("Something in this report wanted to be fetched from elsewhere, so it was not drawn."),
    "pdf_broken": _("The pages could not be drawn. Whoever runs Relais finds the reason in the log."),
    "pdf_disk": _("There is no room on the disk to draw the report. Nothing was kept of this try."),
    "outside_not_allowed": _("The brand’s rule for these reports allows no addresses outside."),
    "too_many_readers": _("A report has at most %(most)s readers."),
    "already_told": _("They have been told already."),
    "password_short": _("A password has at least %(least)s characters."),
    "file_too_large": _("This file is too large to be checked here."),
}
