"""What somebody wants as a look, checked and made ready: for the page that shows it before it is kept, and for keeping it."""

from clients.people.actor import Actor
from reports.looks.queries import look_in_force
from reports.looks.rules import NO_MARK, Wanted, checked_alternative, checked_colour, checked_mark
from reports.rendering.look import Look
from reports.rendering.pictures import Ready
from tenants.walls.scope import brand_scope


def fitting_look(actor: Actor, wanted: Wanted) -> tuple[Look, Ready]:
    """As a document wears it, and the mark as it would be kept. Nothing is written. Raises Invalid as `actions.set_look`."""
    colour, second = checked_colour(wanted.colour, "colour"), checked_colour(wanted.second, "second")
    mark = _kept_mark(actor) if wanted.logo is None else checked_mark(wanted.logo)
    alternative = checked_alternative(wanted.alternative, has_mark=bool(mark.content))
    return Look(actor.brand.name, colour, second, mark.content or None, alternative), mark


def _kept_mark(actor: Actor) -> Ready:
    with brand_scope(actor.brand):
        kept = look_in_force()
    return Ready(bytes(kept.logo), kept.media_type, 0, 0) if kept else NO_MARK
