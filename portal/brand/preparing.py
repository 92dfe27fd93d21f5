"""Whether an agency is prepared to speak for the brand: a list per mandate, seen by both sides before the agency gets level 3.

It stands in nobody's way: the brand sees what is missing where it signs, and decides.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from clients.autonomy.grant import Charter
from clients.autonomy.levels import STANDING
from clients.briefings.queries import briefing_in_force, open_proposals, people_yet_to_read, written_for_both
from clients.briefings.rules import Section
from clients.channels.queries import channels_of_brand
from clients.mandates.models import Mandate
from clients.people.actor import Actor
from clients.sources.queries import sources
from clients.sources.rules import SourceState


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to have done; where it is done."""

    done: bool
    word: str
    url: str


@dataclass(frozen=True, slots=True)
class Preparation:
    """All of it."""

    steps: tuple[Step, ...]

    @property
    def done(self) -> bool:
        return all(step.done for step in self.steps)

    @property
    def missing(self) -> list[Step]:
        return [step for step in self.steps if not step.done]


def preparation_of(actor: Actor, mandate: Mandate) -> Preparation:
    """How far an agency is with one brand. Seven queries."""
    version = briefing_in_force()
    written = written_for_both(version)
    yet = people_yet_to_read(version).filter(agency_id=mandate.agency_id).exists() if version else True
    agreed = bool(written) and not open_proposals().exists()
    return Preparation(
        (
            Step(
                agreed,
                _("The briefing is agreed: both can read it, and nothing of it is still proposed."),
                reverse("briefing"),
            ),
            Step(channels_of_brand().open().exists(), _("A channel is connected."), reverse("channels")),
            Step(Section.ESCALATION in written, _("Both know whom to call."), reverse("briefing")),
            Step(not yet, _("Everybody of the agency has read the briefing."), reverse("briefing_readers")),
            Step(sources(actor).filter(state=SourceState.ON).exists(), _("A source is watched."), reverse("sources")),
        )
    )


def asks_for_it(charter: Charter) -> bool:
    """Whether a charter lets the agency act on anything without a yes to that very item."""
    return any(grant.level >= STANDING for grant in charter.grants)
