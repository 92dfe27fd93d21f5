"""What a mandate amounts to today, and what a step did, in sentences."""

from django.utils.translation import gettext_lazy as _

from clients.autonomy.vocabulary import MandateState

BY_STATE = {
    MandateState.OFFERED: _("It permits nothing before the brand’s owner activates it."),
    MandateState.ACTIVE: _("The agency may do what the charter below says."),
    MandateState.SUSPENDED: _("It rests: nothing of the agency’s goes out until the brand’s owner resumes it."),
    MandateState.ENDED: _("It has ended: nothing of the agency’s goes out."),
}
NOT_BEGUN = _("It is activated, and its first day is still to come: until then nothing of the agency’s goes out.")
RUN_OUT = _("Its last day is past: nothing of the agency’s goes out. To go on, end it and offer a new one.")

STEPS_DONE = {
    "activate": _("Activated. From its first day the agency may do what the charter says."),
    "suspend": _("Suspended. Nothing of the agency’s goes out any more."),
    "resume": _("Resumed. The agency may again do what the charter says."),
    "end": _("Ended. Nothing of the agency’s goes out any more, and its people have no place here."),
    "resign": _("Resigned. Nothing of the agency’s goes out any more."),
}


def mandate_sentence(written: str, today: MandateState) -> str:
    """`written`: the state somebody set. `today`: what it amounts to with the dates agreed."""
    if today is MandateState.OFFERED and written == MandateState.ACTIVE:
        return str(NOT_BEGUN)
    if today is MandateState.ENDED and written != MandateState.ENDED:
        return str(RUN_OUT)
    return str(BY_STATE[today])
