"""What may be said of a contact, where two people are taken for one, and how a ticket goes on. Pure: no Django, no clock.

Two values that differ are compared with what the system said last: where nobody here has touched what it said then, the newer one
holds; where both sides have changed it, the brand has decided for each field whose word counts, or that a person is asked.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tenants.errors import Conflict, Invalid


class SystemKind(StrEnum):
    """Which recipe a system is connected by; the door is the same for all."""

    GENERIC = "generic"
    DIRECTUS = "directus"
    TRYTON = "tryton"


class Same(StrEnum):
    """What becomes of a contact whose address, or handle, one member here has already."""

    LINK = "link"
    ASK = "ask"
    NEW = "new"  # they stay two


class Differs(StrEnum):
    """Whose word counts for a field that both sides have changed."""

    THEIRS = "theirs"
    OURS = "ours"
    ASK = "ask"


class Outcome(StrEnum):
    """What became, or would become, of one row that a system brings."""

    MADE = "made"
    LINKED = "linked"
    CHANGED = "changed"
    SAME = "same"
    ASKED = "asked"  # a person decides
    ERASED = "erased"  # was erased here on demand: it does not come back by a synchronisation
    INVALID = "invalid"


class Effect(StrEnum):
    """What becomes of one field of a row."""

    WRITTEN = "written"
    SAME = "same"
    OURS = "ours"  # ours stays
    ASKED = "asked"
    APART = "apart"  # kept beside the member, for those who may read it
    LEFT_OUT = "left_out"  # the brand does not let it in


class Why(StrEnum):
    """Why a person is asked."""

    SEVERAL = "several"  # more than one member fits
    MAYBE = "maybe"  # one member fits, and the brand wants to be asked
    TAKEN = "taken"  # the member that fits is another contact of the same system
    DIFFERS = "differs"  # both sides changed a field


class TicketKind(StrEnum):
    TICKET = "ticket"
    LEAD = "lead"


class TicketState(StrEnum):
    WAITING = "waiting"  # for the system to fetch it
    ACCEPTED = "accepted"
    ANSWERED = "answered"
    CLOSED = "closed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


T = TicketState
LIFE: dict[TicketState, frozenset[TicketState]] = {
    T.WAITING: frozenset({T.ACCEPTED, T.ANSWERED, T.CLOSED, T.REFUSED, T.WITHDRAWN}),
    T.ACCEPTED: frozenset({T.ANSWERED, T.CLOSED, T.REFUSED}),
    T.ANSWERED: frozenset({T.ACCEPTED, T.CLOSED}),
    T.CLOSED: frozenset({T.ACCEPTED}),
    T.REFUSED: frozenset(),
    T.WITHDRAWN: frozenset(),
}
"""From each state the next ones. All are the system's to say, but the withdrawal, which is ours."""
THEIRS = frozenset(T) - {T.WAITING, T.WITHDRAWN}

ON_MEMBER = ("name", "email", "phone", "preferred", "notes")
"""Fields that a member has a column for."""
FIELDS = (*ON_MEMBER, "handles", "organisation")
CONSENT, OWN = "consent:", "own:"
"""Before the name of a purpose, and of a field that the brand has added for itself."""
MOST_FIELDS = 60
MOST_AT_ONCE = 2_000
LONGEST = {
    "name": 200, "email": 254, "phone": 40, "preferred": 12, "notes": 4_000, "handles": 2_000, "organisation": 120,
    "external": 120, "value": 1_000, "title": 200, "text": 4_000, "words": 1_000, "kind": 40, "website": 300,
}  # fmt: skip
WORDS_YES = frozenset({"given", "yes", "true", "1", "oui", "vrai"})
WORDS_NO = frozenset({"withdrawn", "no", "false", "0", "non", "faux"})


@dataclass(frozen=True, slots=True)
class FieldRule:
    """The brand's decision about one field. `info_class` is how strictly what comes in by it is kept."""

    theirs: str
    inward: bool
    outward: bool
    info_class: str
    differs: Differs = Differs.ASK

    def plain(self) -> dict[str, object]:
        """As it is stored."""
        return {
            "theirs": self.theirs, "in": self.inward, "out": self.outward, "class": self.info_class,
            "differs": str(self.differs),
        }  # fmt: skip


Policy = Mapping[str, FieldRule]


def policy_of(stored: Mapping[str, Mapping[str, object]]) -> dict[str, FieldRule]:
    """What stands on the system, as rules, by our name of the field."""
    return {
        name: FieldRule(
            str(one["theirs"]), bool(one["in"]), bool(one["out"]), str(one["class"]), Differs(str(one["differs"]))
        )
        for name, one in stored.items()
    }


def first_policy() -> dict[str, FieldRule]:
    """Of a new system: what tells who somebody is comes in, and nothing leaves before the brand has named it."""
    return {
        name: FieldRule(name, inward=name in ("name", "email", "handles"), outward=False, info_class="shared")
        for name in FIELDS
    }


@dataclass(frozen=True, slots=True)
class LineFault:
    """What is wrong with one line of such a decision: with which (from 0), its code and facts."""

    line: int
    code: str
    facts: Mapping[str, object]


def line_faults(lines: Sequence[tuple[str, FieldRule]]) -> list[LineFault]:
    """Of lines as they are typed (our name, the rule), at most one fault each. Where no line is the name's, the first has it."""
    ours: set[str] = set()
    theirs = {"external_id"}
    found = []
    for line, (name, rule) in enumerate(lines):
        try:
            _check_line(name, rule, ours, theirs)
        except Invalid as wrong:
            found.append(LineFault(line, wrong.code, wrong.facts))
        ours.add(name)
        theirs.add(rule.theirs.strip())
    if "name" not in ours:
        found.insert(0, LineFault(0, "name_stays_in", {}))
    return found


def _check_line(name: str, rule: FieldRule, ours: Collection[str], theirs: Collection[str]) -> None:
    said = rule.theirs.strip()
    if not name:
        raise Invalid("field_own_name_missing", "fields")
    if not is_field(name):
        raise Invalid("field_name_odd", "fields", name=name[:60])
    if name in ours:
        raise Invalid("field_here_twice", "fields", name=name)
    if not said or len(said) > LONGEST["external"]:
        raise Invalid("field_name_missing", "fields", name=name)
    if said in theirs:
        raise Invalid("field_twice", "fields", name=said)
    if name == "name" and not rule.inward:
        raise Invalid("name_stays_in", "fields")


def checked_policy(policy: Policy) -> dict[str, FieldRule]:
    """Raises Invalid('too_many_lines', 'fields') and the first of `line_faults`, with field 'fields'."""
    if len(policy) > MOST_FIELDS:
        raise Invalid("too_many_lines", "fields", most=MOST_FIELDS)
    for fault in line_faults(list(policy.items())):
        raise Invalid(fault.code, "fields", **fault.facts)
    return dict(policy)


def is_field(name: str) -> bool:
    """One of ours, a purpose of consent, or a field of the brand's own."""
    if name in FIELDS:
        return True
    prefix, _sign, rest = name.partition(":")
    return f"{prefix}:" in (CONSENT, OWN) and 0 < len(rest) <= 40 and rest.replace("_", "").isalnum() and rest.isascii()


def consent_said(text: str) -> str | None:
    """'given', 'withdrawn', '' for nothing said; None for what is neither."""
    word = text.strip().casefold()
    if not word:
        return ""
    return "given" if word in WORDS_YES else "withdrawn" if word in WORDS_NO else None


def settled(*, before: str | None, ours: str, theirs: str, differs: Differs) -> Effect:
    """What becomes of a field: `before` is what the system said last, None where it never did. Three-way."""
    if theirs == ours:
        return Effect.SAME
    if not ours or ours == before:
        return Effect.WRITTEN
    if theirs == before:
        return Effect.OURS
    return {Differs.THEIRS: Effect.WRITTEN, Differs.OURS: Effect.OURS}.get(differs, Effect.ASKED)


def next_state(state: TicketState, wanted: TicketState) -> TicketState:
    """Raises Conflict('ticket_over' | 'ticket_goes_not_there')."""
    if wanted not in LIFE[TicketState(state)]:
        raise Conflict("ticket_goes_not_there" if LIFE[TicketState(state)] else "ticket_over", state=str(state))
    return wanted


def checked_words(words: str, field: str, most: int, *, needed: bool = True) -> str:
    """Raises Invalid('words_missing' | 'too_long' | 'control_characters', field)."""
    clean = words.strip()
    if needed and not clean:
        raise Invalid("words_missing", field)
    if len(clean) > most:
        raise Invalid("too_long", field, most=most)
    if any((sign < " " and sign not in "\n\r\t") or "\ud800" <= sign <= "\udfff" for sign in clean):
        raise Invalid("control_characters", field)
    return clean
