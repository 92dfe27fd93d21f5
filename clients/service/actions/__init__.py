"""What the house does about clocks: warn before one runs out, call the contacts once it has."""

from clients.service.actions.calling import call_next, letter_of
from clients.service.actions.looking import date_looks, look_at_clocks

__all__ = ["call_next", "date_looks", "letter_of", "look_at_clocks"]
