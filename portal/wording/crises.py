"""Words for crises: where one stands, what the numbers said with their numbers, who was called."""

from django.utils.translation import gettext_lazy as _

STATES = {
    "proposed": ("wait", "question", _("to be decided")),
    "in_force": ("no", "alert", _("is on")),
    "ended": ("go", "check-circle", _("is over")),
    "dismissed": ("calm", "x-circle", _("dismissed")),
}
CALLS = {
    "waiting": ("calm", "hourglass", _("not called yet")),
    "called": ("wait", "phone", _("being called")),
    "passed": ("calm", "x", _("did not take it")),
    "taken": ("go", "check", _("took it")),
    "spared": ("calm", "pause", _("not needed")),
}
SIGHTS = {
    "loud": ("no", "alert", _("unusual")),
    "clear": ("go", "check-circle", _("nothing unusual")),
    "learning": ("wait", "hourglass", _("still learning what is usual")),
    "blind": ("no", "alert", _("sources are silent: no calm to be read here")),
}
STEPS = {
    "proposed": _("Crisis proposed"),
    "in_force": _("Crisis declared"),
    "ended": _("Crisis ended"),
    "dismissed": _("Proposal dismissed"),
}
DONE = {
    "declare": _("The crisis is in force: every act is asked anew."),
    "dismiss": _("Dismissed. The same alert stays quiet for a day, unless it doubles."),
    "end": _("The crisis is over. A review has been begun."),
}
OWN_ACTS = {
    "": _("Nothing of it leaves while nobody has answered."),
    "go_on": _("It goes on as planned."),
    "hold": _("It is held. What comes due stays for somebody to send or take back."),
}
BECAUSE = {"numbers": _("by the numbers"), "rule": _("by the brand’s rule"), "person": ""}
KINDS = {
    "volume": _("many more mentions than usual"),
    "negative": _("an unusual share of negative mentions"),
    "signal": _("a listed crisis signal"),
    "slow": _("a slow rise over hours and days"),
}
# What was seen, what is usual, and from when on it counts. `usual` comes with one decimal.
REASONS = {
    "volume": _(
        "%(seen)s mentions in %(hours)s h. Usual at this time: %(usual)s; from %(bound)s on it is an alert. "
        "Learnt from %(weeks)s weeks."
    ),
    "negative": _(
        "%(seen)s of %(of)s mentions in %(hours)s h are negative: %(percent)s %%. Usual: %(usual_percent)s %%."
    ),
    "signal": _("The listed signal “%(key)s” was found %(seen)s times within the hour."),
    "slow": _(
        "%(seen)s mentions in %(hours)s h, where %(usual)s are usual. The sum of what was above the usual has reached %(piled)s; "
        "from %(bound)s on it is an alert."
    ),
}
