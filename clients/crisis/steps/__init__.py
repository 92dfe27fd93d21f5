"""Writes that others share, in their open transaction: counting what was found, and moving a crisis."""

from clients.crisis.steps.counting import Found, count, count_all, look_soon, note_sources

__all__ = ["Found", "count", "count_all", "look_soon", "note_sources"]
