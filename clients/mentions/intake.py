"""What taking in makes of what a source handed over, inside an open transaction: what each is, what it repeats, and its rows.

INVARIANT: a handful of statements for a batch, however many are in it; no row of the log tells of a single mention.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from clients.autonomy.vocabulary import Sensitivity
from clients.crisis.steps import Found, count_all
from clients.disclosure.rules import InfoClass
from clients.mentions import storing
from clients.mentions.alike import Shingles, alike, marks, shingles
from clients.mentions.languages import language_of
from clients.mentions.learnt import Asked, Learnt
from clients.mentions.normal import normal
from clients.mentions.raw import RawMention
from clients.mentions.rules import MentionKind, MentionState, Outcome, SortedBy
from clients.mentions.sorting import Sorted, sort
from clients.mentions.urgency import priority
from clients.mentions.watching import Watch
from tenants.ids import uuid7
from tenants.walls.scope import required_brand

SAME_STORY_WITHIN = timedelta(days=7)
OLDEST_COUNTED = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Origin:
    """The source, as far as a mention has to know: its class and side are the mention's."""

    source: UUID
    medium: str
    name: str = ""
    info_class: InfoClass = InfoClass.SHARED
    owner_side: str = "brand"
    all_kept: bool = False

    @property
    def names(self) -> frozenset[str]:
        """By which an entry of the watch list may mean it."""
        return frozenset((str(self.source), self.medium, self.name))


@dataclass(frozen=True, slots=True)
class Made:
    """One mention that will be stored."""

    id: UUID
    key: str
    raw: RawMention
    language: str
    sorted: Sorted
    sorted_by: SortedBy
    matched: tuple[str, ...]
    sensitivity: Sensitivity
    priority: int
    priority_why: list[str]
    shingles: Shingles
    marks: list[int]
    found_at: datetime


@dataclass(slots=True)
class Batch:
    """What became of a batch."""

    made: list[Made] = field(default_factory=list)
    copies: dict[UUID, UUID] = field(default_factory=dict)
    unmatched: int = 0


def work_through(
    raws: Mapping[str, RawMention], origin: Origin, watch: Watch, learnt: Learnt | None, now: datetime
) -> Batch:
    """Everything but storing: language, watch list, kind, sensitivity, priority, and what repeats what."""
    batch = Batch()
    for key, raw in raws.items():
        made = _made(key, normal(raw), origin, watch, learnt, now)
        if made is None:
            batch.unmatched += 1
        else:
            batch.made.append(made)
    batch.copies = _copies(batch.made, now)
    return batch


def store(batch: Batch, origin: Origin) -> None:
    """The rows, and the numbers of their hours."""
    storing.insert(_row(made, origin, batch.copies.get(made.id)) for made in batch.made)
    count_all(_by_hour(batch.made))


def _made(key: str, raw: RawMention, origin: Origin, watch: Watch, learnt: Learnt | None, now: datetime) -> Made | None:
    text = f"{raw.title}\n{raw.text}" if raw.title else raw.text
    language = raw.language or language_of(text)
    seen = watch.ask(text, language, origin.names, now.astimezone(ZoneInfo(required_brand().time_zone)))
    if not seen.keys and not origin.all_kept:
        return None
    found, by = sort(raw.title, raw.text, language, origin.medium), SortedBy.RULES
    if learnt and (proposed := learnt.propose(Asked(text, language, origin.medium, found))):
        found, by = proposed, SortedBy.LEARNT
    sensitivity = Sensitivity.SENSITIVE if seen.delicate else Sensitivity.ROUTINE
    told = shingles(raw.title, raw.text)
    points, why = priority(found.kind, sensitivity, addressed=origin.all_kept, matched=len(seen.keys))
    return Made(
        id=uuid7(),
        key=key,
        raw=raw,
        language=language[:8],
        sorted=found,
        sorted_by=by,
        matched=seen.keys,
        sensitivity=sensitivity,
        priority=points,
        priority_why=why,
        shingles=told,
        marks=marks(told),
        found_at=now,
    )


def _copies(made: Sequence[Made], now: datetime) -> dict[UUID, UUID]:
    """Which of them tell a story that was told before, here or among themselves: by id, the id of the first."""
    asked = sorted({mark for one in made for mark in one.marks})
    told: dict[int, list[tuple[UUID, Shingles]]] = defaultdict(list)
    for pk, title, text, its_marks in storing.told_before(asked, now - SAME_STORY_WITHIN):
        known = shingles(title, text)
        for mark in its_marks:
            told[mark].append((pk, known))
    copies: dict[UUID, UUID] = {}
    for one in (one for one in made if one.shingles):
        first = _first(one.shingles, one.marks, told)
        if first is not None:
            copies[one.id] = first
            continue
        for mark in one.marks:
            told[mark].append((one.id, one.shingles))
    return copies


def _first(found: Shingles, its_marks: Iterable[int], told: Mapping[int, list[tuple[UUID, Shingles]]]) -> UUID | None:
    return next((pk for mark in its_marks for pk, other in told.get(mark, ()) if alike(found, other)), None)


def _row(made: Made, origin: Origin, copy_of: UUID | None) -> storing.Row:
    """In the order of `storing.COLUMNS`. A copy has its outcome from the beginning: it goes where the first one goes."""
    raw, sort_ = made.raw, made.sorted
    state, outcome = (MentionState.DONE, Outcome.MERGED) if copy_of else (MentionState.OPEN, "")
    return (
        made.id, str(origin.info_class), [], origin.owner_side, origin.source, origin.medium, made.key, copy_of,
        raw.title, raw.text, raw.author, raw.author_handle, raw.url, made.language, made.marks, raw.published_at,
        made.found_at, raw.channel, raw.remote_id, str(sort_.kind), list(sort_.why), str(made.sorted_by),
        list(made.matched), str(made.sensitivity), made.priority, made.priority_why, str(state), str(outcome),
    )  # fmt: skip


def _by_hour(made: Iterable[Made]) -> list[Found]:
    """One for each mention worth counting, at the hour it was said; what is old or from the future counts nowhere or now."""
    return [
        Found(_hour(one), one.matched, 1, int(one.sorted.negative), one.sorted.signals)
        for one in made
        if one.sorted.kind is not MentionKind.SPAM
        and (one.raw.published_at is None or one.raw.published_at > one.found_at - OLDEST_COUNTED)
    ]


def _hour(one: Made) -> datetime:
    said = one.raw.published_at
    return one.found_at if said is None or said > one.found_at else said
