"""For the demonstration: the past is lived through at its own hours, by the same actions, with this process's clock set back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo

from django.utils import timezone


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Inside, it is `moment`, and time goes on from there: for everything here that asks Django what time it is.

    The database's own clock is not set back: what it stamps (a look of the operator, a sealed head) says when it really was.
    """
    back = datetime.now(UTC) - moment.astimezone(UTC)

    class Then(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            then = (datetime.now(UTC) - back).astimezone(tz)
            return then if tz else then.replace(tzinfo=None)

    names = vars(timezone)
    was, names["datetime"] = names["datetime"], Then
    try:
        yield
    finally:
        names["datetime"] = was
