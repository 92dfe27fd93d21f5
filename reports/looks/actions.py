"""A brand sets how it looks on paper. What was made before keeps the look that it was made with."""

from hashlib import sha256

from django.utils import timezone

from clients.audit.actions import record
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from reports.kinds.example import example_page
from reports.looks.fitting import fitting_look
from reports.looks.models import BrandLook
from reports.looks.rules import Wanted
from reports.rendering.caps import PREVIEW
from reports.rendering.errors import Fault, NotDrawn
from reports.rendering.look import Look
from reports.rendering.printer import printer
from tenants.errors import Invalid
from tenants.ids import uuid7
from tenants.walls.scope import durable

ITS_OWN = frozenset({Fault.MEMORY, Fault.TIME, Fault.DIED, Fault.BROKEN, Fault.OUTSIDE})
"""What goes wrong with a drawing because of what is drawn; anything else is the machine's."""


def set_look(actor: Actor, *, wanted: Wanted) -> BrandLook:
    """The look that papers have from now on. With a mark one page is drawn first: what cannot be drawn is not taken.

    Raises Refused('not_allowed'); Invalid('not_a_colour' | 'colour_too_weak', 'colour' | 'second'), Invalid('logo_…', 'logo'),
    Invalid('alternative_missing' | 'too_long' | 'control_characters', 'alternative').
    """
    require(actor, Verb.LOOK_SET)
    look, mark = fitting_look(actor, wanted)
    if mark.content:
        _try(look)
    with durable(actor.brand):
        kept = BrandLook.objects.create(
            id=uuid7(),
            colour=look.colour,
            second=look.second,
            logo=mark.content,
            media_type=mark.media_type,
            alternative=look.alternative,
            set_by=actor.somebody,
            at=timezone.now(),
        )
        digest = sha256(mark.content).hexdigest() if mark.content else ""
        record(actor, "look.set", kept, colour=kept.colour, second=kept.second, mark=digest)
        return kept


def _try(look: Look) -> None:
    """Raises Invalid('logo_not_drawn', 'logo')."""
    try:
        printer().draw(example_page(look, "en", timezone.now()), caps=PREVIEW)
    except NotDrawn as error:
        if error.fault in ITS_OWN:
            raise Invalid("logo_not_drawn", "logo") from None
