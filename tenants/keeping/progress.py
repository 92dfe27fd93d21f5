"""A bar on a terminal, nothing in a log."""

from typing import Any

_WIDTH = 30


class Bar:
    """Called with what is being done, how much of it is done, and how much there is."""

    def __init__(self, stdout: Any) -> None:
        self._stdout = stdout

    def __call__(self, what: str, done: int, whole: int) -> None:
        if self._stdout.isatty():
            full = _WIDTH * done // max(1, whole)
            end = "\n" if done == whole else ""
            self._stdout.write(f"\r[{'#' * full}{'.' * (_WIDTH - full)}] {done}/{whole} {what[:40]:<40}", ending=end)
