"""What happened in a crisis, in order: its steps, what the numbers said, who was called, and the words that a reader may see."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from clients.crisis.access import open_notes
from clients.crisis.models import Crisis, CrisisAlert, CrisisCall
from clients.crisis.rules import CallState
from clients.people.actor import Actor
from portal.times import when
from portal.wording import Badge, badge, word
from portal.wording.crises import BECAUSE, KINDS, REASONS, STEPS
from portal.wording.disclosures import CLASSES


@dataclass(frozen=True, slots=True)
class Moment:
    """One line. `tone` colours its mark; `mark` is the class of a note."""

    at: datetime
    title: str
    text: str = ""
    tone: str = ""
    mark: Badge | None = None
    note: str = ""

    @property
    def when(self) -> str:
        return when(self.at)


TONES = {"proposed": "wait", "in_force": "no", "ended": "go", "dismissed": ""}


def timeline(actor: Actor, crisis: Crisis) -> list[Moment]:
    """Oldest first. Four queries, however much happened."""
    steps = [
        Moment(
            c.at,
            " · ".join(str(part) for part in (STEPS[c.now], c.by_name if c.side else BECAUSE[c.because]) if part),
            tone=TONES[c.now],
        )
        for c in crisis.changes.all()
    ]
    told = [Moment(a.at, str(word(KINDS, a.kind)).capitalize(), reason(a), "wait") for a in crisis.alerts.all()]
    notes = [
        Moment(
            n.at,
            (_("%(who)s decided") if n.is_decision else _("%(who)s noted")) % {"who": n.by_name},
            n.text,
            mark=badge(CLASSES, n.info_class),
            note=str(n.pk),
        )
        for n in open_notes(actor, crisis)
    ]
    taken = (
        [Moment(crisis.taken_at, _("%(who)s took it") % {"who": crisis.taken_by_name}, tone="go")]
        if crisis.taken_at
        else []
    )
    called = [
        Moment(c.called_at, _("Called: %(who)s") % {"who": c.name}) for c in calls_of(actor, crisis) if c.called_at
    ]
    return sorted([*steps, *told, *notes, *taken, *called], key=lambda moment: moment.at)


def calls_of(actor: Actor, crisis: Crisis) -> list[CrisisCall]:
    """Whom the reader may see of the line: an agency sees those whom the briefing shows it."""
    return list(CrisisCall.objects.filter(crisis=crisis).readable_by(actor).order_by("place"))


def is_calling(crisis: Crisis) -> bool:
    """Whether somebody is being called at this moment, whoever may see whom."""
    return CrisisCall.objects.filter(crisis=crisis, state=CallState.CALLED).exists()


def reason(alert: CrisisAlert) -> str:
    """The sentence with the numbers. What an older release counted otherwise is shown as far as it goes."""
    figures: dict[str, Any] = {"key": alert.key, "weeks": 0} | alert.figures
    for name in ("usual", "piled", "bound"):
        if f"{name}_tenths" in figures:
            figures[name] = f"{figures[f'{name}_tenths'] / 10:.1f}"
    try:
        return word(REASONS, alert.kind) % figures
    except (KeyError, TypeError, ValueError):
        return word(KINDS, alert.kind)
