"""What the house does about clocks: warn before one runs out, call the contacts once it has."""

from clients.service.actions.calling import call_contact, letter_of
from clients.service.actions.looking import date_clocks, look_at_clocks

__all__ = ["call_contact", "date_clocks", "letter_of", "look_at_clocks"]
