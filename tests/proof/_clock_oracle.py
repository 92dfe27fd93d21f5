"""Both clocks once more, by walking: tick by tick, counting. Nothing of it is shared with `clients.custody.clocks`.

What happened is a list of (kind, tick, side), a tick a whole number of minutes or of seconds. At each tick what happened then is
told first; then every clock that runs is one tick older, for the side that holds the conversation, and one working tick if the
brand is open. Where a clock would have been due later is found by walking on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Told = tuple[str, int, str]
IsOpen = Callable[[int], int]
OURS = ("acknowledged", "answered", "asked")
FAR = 30 * 24 * 60 * 60


@dataclass
class Hand:
    """One hand of the two, in one round."""

    target: int | None
    begun: int
    working: dict[str, int] = field(default_factory=lambda: {"brand": 0, "agency": 0})
    elapsed: dict[str, int] = field(default_factory=lambda: {"brand": 0, "agency": 0})
    asleep: int = 0
    sleeps: bool = False
    ended: int | None = None
    ended_by: str = ""
    due: int | None = None
    warned: int | None = None
    late: int | None = None

    @property
    def used(self) -> int:
        return sum(self.working.values())

    def older(self, tick: int, side: str, *, is_open: bool) -> None:
        if self.ended is not None:
            return
        if self.sleeps:
            self.asleep += 1
            return
        if self.due is not None and self.late is None:
            self.late = tick
        self.elapsed[side] += 1
        if is_open:
            self.working[side] += 1
            self.strike(tick + 1, self.used)

    def strike(self, tick: int, used: int) -> None:
        """Note the ticks at which three quarters, and the whole, are used up."""
        if self.target is not None and self.warned is None and used * 4 >= self.target * 3:
            self.warned = tick
        if self.target is not None and self.due is None and used >= self.target:
            self.due = tick

    def end(self, tick: int, side: str) -> None:
        if self.ended is None:
            self.ended, self.ended_by = tick, side


@dataclass
class Turn:
    """One round."""

    opened: int
    seen: Hand
    done: Hand
    messages: int = 1
    answered: bool = False
    over: bool = False


def walk(
    own: Sequence[Told],
    host: Sequence[Told],
    is_open: IsOpen,
    targets: tuple[int | None, int | None],
    now: int,
    first: str,
) -> list[Turn]:
    """Every round as it stands at the tick `now`. `host`: what happened in that which `own` is at times merged into."""
    story = _one_story(own, host, now)
    turns: list[Turn] = []
    holder, place, tick = first, 0, story[0][1] if story else now
    while True:
        while place < len(story) and story[place][1] == tick:
            holder = _tell(story, place, turns, targets, holder)
            place += 1
        if tick >= now:
            break
        awake = any(hand.ended is None for turn in turns for hand in (turn.seen, turn.done))
        if not awake:  # nothing changes until something happens
            tick = story[place][1] if place < len(story) else now
            continue
        shown = bool(is_open(tick))
        for turn in turns:
            turn.seen.older(tick, holder, is_open=shown)
            turn.done.older(tick, holder, is_open=shown)
        tick += 1
    for turn in turns:
        for hand in (turn.seen, turn.done):
            _walk_on(hand, is_open, now)
    return turns


def _one_story(own: Sequence[Told], host: Sequence[Told], now: int) -> list[Told]:
    """What is known by `now`, in order; of the host only what was done while this conversation was inside it."""
    story, inside = [], False
    mine, theirs = sorted(own, key=lambda told: told[1]), sorted(host, key=lambda told: told[1])
    for tick in sorted({told[1] for told in (*own, *host) if told[1] <= now}):
        for told in [one for one in mine if one[1] == tick]:
            story.append(told)
            inside = {"merged": True, "split": False}.get(told[0], inside)
        if inside:
            story += [t for t in theirs if t[1] == tick and t[0] in (*OURS, "passed", "closed", "reopened")]
    return story


def _tell(story: list[Told], place: int, turns: list[Turn], targets: tuple[int | None, int | None], holder: str) -> str:
    """Tell one event; who holds the conversation afterwards."""
    kind, tick, side = story[place]
    if kind in ("passed", "merged", "split"):
        return side or holder
    last = turns[-1] if turns else None
    if kind == "spoke":
        if last is None or last.answered or last.over:
            turns.append(Turn(tick, Hand(targets[0], tick), Hand(targets[1], tick)))
        else:
            last.messages += 1
            last.done.sleeps = False
    elif last is not None and not last.answered:
        _ours(story, place, last)
    return holder


def _ours(story: list[Told], place: int, turn: Turn) -> None:
    kind, tick, side = story[place]
    if kind in OURS:
        turn.seen.end(tick, side)
    if kind == "answered":
        turn.done.end(tick, side)
        turn.answered = True
    elif kind == "asked":
        turn.done.sleeps = True
    elif kind == "closed":
        # A closing counts unless something taken up after it shows that it was none.
        if _next_of(story, place, ("spoke", "reopened", *OURS)) in ("", "spoke"):
            turn.seen.end(tick, "")
        if _next_of(story, place, ("spoke", "reopened", "answered", "asked")) in ("", "spoke"):
            turn.done.end(tick, "")
            turn.over = True


def _next_of(story: list[Told], place: int, kinds: tuple[str, ...]) -> str:
    return next((told[0] for told in story[place + 1 :] if told[0] in kinds), "")


def _walk_on(hand: Hand, is_open: IsOpen, now: int) -> None:
    """Where it would have struck, had it gone on from here. One that sleeps strikes nowhere."""
    if hand.sleeps or hand.target is None:
        return
    tick, used = now if hand.ended is None else hand.ended, hand.used
    while hand.due is None:
        assert tick < now + FAR
        used += is_open(tick)
        tick += 1
        hand.strike(tick, used)
