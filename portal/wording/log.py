"""Words for what is wrong with a log, for what keeps it from being sealed, and for who acted where no person did."""

from django.utils.translation import gettext_lazy as _

FAULTS = {
    "changed": _("A line is not the one that was sealed."),
    "missing": _("A line that was sealed is gone."),
    "cut": _("The log is shorter than it was: sealed lines are missing from here on."),
    "private": _("A name or another personal detail is not the one that was sealed, or is gone without an erasure."),
    "forked": _("The history is another one than the checkpoints were signed for."),
    "checkpoint": _("A checkpoint is not the one that was signed."),
    "unsealed": _("A line stands in the log that never came through its door."),
}
ALARMS = {
    "late": _("Lines have been waiting to be sealed for longer than they should."),
    "trigger": _("A guard that notes changes of the database is switched off or missing."),
    "function": _("A guard that notes changes of the database is not the one we made."),
    "right": _("Somebody has been given a right to change the log."),
}
SEAL_FAULTS = FAULTS | {
    "head_forged": _(
        "The last checkpoint is not the one that was signed. Nothing more is sealed until this is explained."
    ),
    "cut_back": _("The log is shorter than it was. Nothing more is sealed until this is explained."),
    "line_missing": _("A line that was to be sealed is gone."),
    "log_key_unreadable": _(
        "The key of the log cannot be opened. Nothing more is sealed until the operator has put it right."
    ),
    "other": _("The log cannot be sealed at the moment. The operator has been told."),
}
# What is not here is a name already: a channel's, or the one of an author who is gone.
PROCESSES = dict.fromkeys(
    ("worker", "check", "checkpoints", "channels", "community", "bounce", "rotate_secrets", "renew_seals", "hub"),
    "Relais",
) | {"link": _("somebody with a shared link"), "operator": _("the operator")}
