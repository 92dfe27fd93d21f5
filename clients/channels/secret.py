"""Credentials in clear, for the seconds of one call: a value that cannot be printed, logged or pickled.

The clear text lives in a closure, so that neither `repr`, `vars`, `dataclasses.asdict`, a task's arguments nor a
traceback with locals can show it. `reveal` is the only way in; pass its result on and never keep it in a name.
"""

from collections.abc import Mapping
from typing import Any, NoReturn


class Secrets:
    """Named credentials of one channel, such as `password`."""

    __slots__ = ("_look_up", "names")

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        known = dict(values or {})
        self.names = tuple(sorted(known))
        self._look_up = known.get

    def reveal(self, name: str) -> str:
        """The clear text, or '' where the channel has none of this name."""
        return self._look_up(name) or ""

    def __bool__(self) -> bool:
        return bool(self.names)

    def __repr__(self) -> str:
        return f"Secrets({', '.join(self.names)})"

    def __copy__(self) -> "Secrets":
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> "Secrets":
        return self

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("secrets_stay_in_their_process")


NO_SECRETS = Secrets()
