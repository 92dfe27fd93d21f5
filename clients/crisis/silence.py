"""Who knows how many sources are silent. Sources lie above crises, so the arrow is turned round: they register here.

@tells_silence
def awake() -> tuple[int, int]: ...    # (how many sources are watched, how many of them are silent), in the brand's scope
"""

from collections.abc import Callable

Teller = Callable[[], tuple[int, int]]
_tellers: list[Teller] = []


def tells_silence(teller: Teller) -> Teller:
    """Register who is asked at each look."""
    if teller not in _tellers:
        _tellers.append(teller)
    return teller


def silence() -> tuple[int, int]:
    """(sources, silent) of all who know; (0, 0) while nobody watches anything."""
    said = [teller() for teller in _tellers]
    return sum(sources for sources, _ in said), sum(silent for _, silent in said)
