"""The portal's share of the outbox: letters. Importing them registers their handlers."""

from portal import channel_letters, letters, log_letters, notices

__all__ = ["channel_letters", "letters", "log_letters", "notices"]
