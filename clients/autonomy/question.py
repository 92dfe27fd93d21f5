"""Everything an answer may depend on. Nothing is looked up while deciding, so a stored question can be asked again for ever."""

from dataclasses import dataclass
from datetime import datetime

from clients.autonomy.vocabulary import ActionKind, EntryPoint, MandateState, Sensitivity, WindowState
from tenants.vocabulary import Role, Side


@dataclass(frozen=True, slots=True)
class Yes:
    """The brand's yes to one exact content. Who said it is stated here, not believed: `decide` checks side and role."""

    person: str
    side: Side
    role: Role
    digest: str


@dataclass(frozen=True, slots=True)
class Window:
    """A veto window for one exact content."""

    state: WindowState = WindowState.NONE
    digest: str = ""
    closes_at: datetime | None = None


NO_WINDOW = Window()


@dataclass(frozen=True, slots=True)
class Question:
    """May this content, of this kind, go out on this channel now, for this actor?

    `moment` is aware and in the brand's time zone. `digest` is the content's SHA-256 in hex. `authors` are the people who wrote
    or submitted the item: their own yes does not count. `needs` names the people who must all say yes; empty means any one.
    `said_no` holds the digests that the brand refused or vetoed. `holds` are the brakes in force that cover this act.
    `sent_today` counts, per key of a covering grant with a cap, the acts already sent under it on the brand's day.
    `raised` says why `sensitivity` is above what the author said; `barred` why the agency's act is refused, and `cautions` why it
    needs at least the brand's approval: codes of `Reason`.
    `moderates`: the act takes away something of somebody else's. `rule` is the number of the house rule that it cites, '' for one
    that the briefing in force does not have; `urgent`: the brand marked that rule so. `cools_until` is the morning before which
    what cannot be undone waits; None where nobody knows it.
    `held_by` is the side that holds the conversation which the act would speak in, where it is not the one that speaks; '' else.
    `let_talk`: it was decided that members sort out among themselves what the act would speak of. `slow_until`: it was decided to
    answer there rarely, and before this moment the last answer is too near; None otherwise.
    """

    brand: str
    person: str
    side: Side | None
    role: Role | None
    via: EntryPoint
    kind: ActionKind
    channel: str
    sensitivity: Sensitivity
    digest: str
    moment: datetime
    mandate: MandateState = MandateState.NONE
    channel_open: bool = True
    briefing_version: int = 0
    briefing_acknowledged: bool = False
    not_after: datetime | None = None
    authors: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    yeses: tuple[Yes, ...] = ()
    said_no: tuple[str, ...] = ()
    standing: str = ""
    window: Window = NO_WINDOW
    holds: tuple[str, ...] = ()
    sent_today: tuple[tuple[str, int], ...] = ()
    raised: tuple[str, ...] = ()
    barred: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    moderates: bool = False
    rule: str = ""
    urgent: bool = False
    cools_until: datetime | None = None
    held_by: str = ""
    let_talk: bool = False
    slow_until: datetime | None = None
