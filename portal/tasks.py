"""The portal's share of the outbox: letters. Importing them registers their handlers."""

from portal import letters, notices

__all__ = ["letters", "notices"]
