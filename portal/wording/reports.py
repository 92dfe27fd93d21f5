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
    "report.notice_delivered": _("told somebody who may release it that a report waits"),
    "report.notice_bounced": _("could not tell somebody who may release it that a report waits"),
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
    "report.key_brought": _("brought a key that reports are signed with"),
    "look.set": _("set how the brand’s paper looks"),
}
ERRORS = {
    "ends_before_begins": _("The last day comes before the first."),
    "period_too_long": _("A period has at most %(most)s days."),
    "period_not_begun": _("This period has not begun: there is nothing to tell of it yet."),
    "period_too_early": _("A report tells of the year %(year)s at the earliest."),
    "period_does_not_fit": _("A weekly report tells of one week, a monthly report of one month."),
    "unknown_view": _("There is no such page of figures."),
    "not_a_time": _("This is not a time of day, such as 08:00."),
    "unknown_person": _("Please choose somebody who has a place here."),
    "nobody_chosen": _("Please choose somebody, or give an address."),
    "nothing_to_check": _("Please give the code, or choose the file."),
    "password_empty": _("Please type the password."),
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
    "seal_not_a_key": _(
        "This is no private key that we can read. Please choose a PEM file that begins with “BEGIN PRIVATE KEY”."
    ),
    "seal_key_locked": _("This key is locked with a passphrase. Please take it off before you bring it."),
    "seal_key_too_weak": _(
        "This key is too weak, too long or of another kind: RSA has 2,048 to 4,096 bits, a curve must be P-256, P-384 or "
        "P-521."
    ),
    "seal_not_a_certificate": _(
        "This is no certificate that we can read. Please choose a PEM file that begins with “BEGIN CERTIFICATE”."
    ),
    "seal_not_a_pair": _("This certificate belongs to another key."),
    "seal_not_in_force": _("This certificate is not in force now: it begins later, or has run out."),
    "seal_not_for_signing": _("This certificate is not for signing documents: its use must include “non-repudiation”."),
    "seal_not_a_chain": _("These certificates do not lead up from this key’s: each must be signed by the next."),
    "seal_key_known": _("This key signs here already, or did before."),
    "seal_too_large": _("This file is too large to be a key or a certificate."),
    "seal_key_over": _(
        "The key that signs has run out, so nothing can be signed. The brand changes it on the page of reports by themselves."
    ),
    "not_a_colour": _("Please give a colour as # and six digits or letters from a to f, as #1f4e5f."),
    "colour_too_weak": _(
        "Text in this colour is hard to read: it has %(has)s to 1 against white paper, and 4.5 to 1 are needed. The nearest that "
        "would do is %(nearest)s."
    ),
    "logo_not_a_picture": _("This is no picture that we can read. Please choose a PNG, a JPEG or an SVG."),
    "logo_too_large": _("This file is too large for a logo. Please choose a smaller one."),
    "logo_too_many_pixels": _("This picture has too many pixels for a logo. Please choose a smaller one."),
    "logo_svg_refused": _(
        "This drawing holds more than shapes, or has no size. Please export it as a plain SVG: text as outlines, no styles, no "
        "pictures, nothing from elsewhere. Or choose a PNG."
    ),
    "logo_not_drawn": _("A page with this logo could not be drawn. Please choose a simpler drawing, or a PNG."),
    "alternative_missing": _("Please say what is on the logo, for people who cannot see it."),
    "file_too_large": _("This file is too large to be checked here."),
}
