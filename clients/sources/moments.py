"""Moments as programs write them in JSON. Pure."""

from datetime import UTC, datetime
from typing import Any


def told_moment(said: Any) -> datetime | None:
    """An ISO 8601 date with or without its zone, or seconds or milliseconds of the epoch; None for anything else."""
    try:
        if isinstance(said, int | float) and not isinstance(said, bool):
            return datetime.fromtimestamp(said / 1000 if said > 10**11 else said, UTC)
        found = datetime.fromisoformat(str(said).strip())
    except (ValueError, OverflowError, OSError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
