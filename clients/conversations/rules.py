"""What a conversation is called outside, what may be written into it, and which filters the inbox knows. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from clients.custody.rules import Holder, Medium, Step, checked_note, checked_team
from clients.mentions.raw import RawMention
from tenants.errors import Invalid


class Box(StrEnum):
    """Where one looks: by who holds a conversation and where it stands."""

    ALL = "all"
    MINE = "mine"
    SIDE = "side"
    OFFERED = "offered"
    DUE = "due"
    WAITING = "waiting"
    SNOOZED = "snoozed"
    CLOSED = "closed"


IN_MACROS = (Step.PASS, Step.TAKE_BACK, Step.RETURN)
"""The steps of custody that a macro may hold: each with its note, under the rules of `custody.rules.WHO`."""


@dataclass(frozen=True, slots=True)
class Move:
    """The step of custody in a macro. `to`: to whom it is passed on; None for every other step."""

    step: Step
    note: str = ""
    to: Holder | None = None


BY_SOURCE: Mapping[str, Medium] = {
    "mailbox": Medium.EMAIL,
    "imap": Medium.EMAIL,
    "wordpress": Medium.COMMENT,
    "forum": Medium.COMMENT,
    "discourse": Medium.COMMENT,
    "hand": Medium.PHONE,
}
"""The kind of a source that a mention came from; every other is a mention on a network."""

BRINGS_DIRECT = frozenset({"mailbox", "imap", "mastodon"})
"""The kinds of sources that bring what is written to the brand alone."""

PRESENT_FOR = timedelta(minutes=2)
DUE_SOON = timedelta(hours=2)
ANSWERED = re.compile(r"^(?:(?:re|rép|aw|fwd?|tr|wg) ?: ?)+")
"""What programs of mail write before the subject of an answer, in small letters."""
SLOT = re.compile(r"\{[a-z_]+\}")
MOMENTS = frozenset({"quand", "when"})
"""How the slot for the promised moment is called in an approved answer: “we answer {when}”."""
LONGEST_NOTE = 4_000
LONGEST_NAME = 80
LONGEST_TITLE = 300
LONGEST_LABEL = 40
LONGEST_REPLY = 10_000
MOST_LABELS, MOST_REPLIES, MOST_VIEWS, MOST_FILES = 60, 100, 30, 5
LONGEST_FILTER = 100
FILTERS: Mapping[str, frozenset[str] | None] = {
    "box": frozenset(Box),
    "channel": None,
    "medium": frozenset(Medium),
    "label": None,
    "q": None,
}


def medium_of(source_kind: str, *, direct: bool = False) -> Medium:
    """A mail is a mail, and never a direct message on a network."""
    return BY_SOURCE.get(source_kind) or (Medium.DIRECT if direct else Medium.MENTION)


def thread_of(channel: UUID | None, root: str) -> str:
    """The name of a thread: SHA-256 in hex of the channel and of what its network calls the thread."""
    return sha256(f"{channel or ''}\n{root}".encode()).hexdigest()


def root_of(remote_id: str, in_reply_to: str, references: Iterable[str]) -> str:
    """What the network calls the thread, as far as one message tells: the first it goes back to, or itself."""
    return next(iter(references), in_reply_to or remote_id)


def checked_filters(typed: Mapping[str, str]) -> dict[str, str]:
    """Of the inbox of conversations, see `known_filters`."""
    return known_filters(typed, FILTERS)


def known_filters(typed: Mapping[str, str], table: Mapping[str, frozenset[str] | None]) -> dict[str, str]:
    """What is known and well formed; all else is left out, for an address is typed by anybody. `table`: None for any value."""
    found = {name: typed.get(name, "").strip()[:LONGEST_FILTER] for name in table}
    return {name: value for name, value in found.items() if value and value in (table[name] or {value})}


def with_moment(wording: str) -> tuple[str, str] | None:
    """What stands before and after the one {slot} for a moment in an approved answer; None for any other wording."""
    slots = SLOT.findall(wording)
    if len(slots) != 1 or slots[0].strip("{} ").casefold() not in MOMENTS:
        return None
    before, _, after = wording.partition(slots[0])
    return before, after


def begins_it(raw: RawMention) -> bool:
    """Whether a conversation may begin by itself with this. INVARIANT: never with bulk mail: it has no holder."""
    return raw.direct and not raw.bulk


def title_of(text: str) -> str:
    """What is said, as the title of what begins with it."""
    return " ".join(text.split())[:LONGEST_TITLE]


def plain_subject(title: str) -> str:
    """A subject as it is compared: without what programs write before it."""
    return ANSWERED.sub("", " ".join(title.split()).casefold())


def checked_text(text: str, most: int, field: str = "text") -> str:
    """Words of people here. Raises Invalid('text_empty' | 'too_long' | 'control_characters', field)."""
    clean = text.replace("\r\n", "\n").strip()
    if not clean:
        raise Invalid("text_empty", field)
    if len(clean) > most:
        raise Invalid("too_long", field, most=most)
    if any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in clean):
        raise Invalid("control_characters", field)
    return clean


def checked_move(move: Move) -> Move:
    """As it may be kept. Raises Invalid('unknown_step', 'step'), Invalid('nothing_chosen', 'to'),
    Invalid('note_missing' | 'too_long', 'note'), Invalid('too_long', 'team').
    """
    if move.step not in IN_MACROS:
        raise Invalid("unknown_step", "step")
    passes = move.step is Step.PASS
    if passes and move.to is None:
        raise Invalid("nothing_chosen", "to")
    to = replace(move.to, team=checked_team(move.to.team)) if passes and move.to else None
    return Move(move.step, checked_note(move.note, needed=passes), to)


def checked_name(name: str, most: int = LONGEST_NAME) -> str:
    """One line. Raises Invalid('name_empty' | 'too_long' | 'control_characters', 'name')."""
    clean = " ".join(name.split())
    if not clean:
        raise Invalid("name_empty", "name")
    return checked_text(clean, most, "name")
