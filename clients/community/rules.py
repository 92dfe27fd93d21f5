"""What may be written about a member, and how long kinds of data are kept unless the brand says otherwise. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tenants.errors import Conflict, Invalid


class Consent(StrEnum):
    """Whether the member allows a thing: being written to beyond the answer they asked for, or their name in reports."""

    NONE = "none"
    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class Basis(StrEnum):
    """On what ground a member is erased (GDPR, article 17)."""

    REQUEST = "request"
    CONSENT = "consent"
    PURPOSE = "purpose"
    LAW = "law"


class Stored(StrEnum):
    """A kind of data that goes by itself after some time."""

    ORIGINS = "origins"
    IMPORTS = "imports"
    QUEUE = "queue"
    NOTICES = "notices"
    DISCLOSURE_WORDS = "disclosure_words"
    EVIDENCE = "evidence"
    TURNS = "turns"
    CONVERSATIONS = "conversations"
    CONVERSATION_NOTES = "conversation_notes"
    SKETCHES = "sketches"
    INSIGHTS = "insights"
    INSIGHT_ANSWERS = "insight_answers"
    REPORTS = "reports"


@dataclass(frozen=True, slots=True)
class Default:
    """How long, on what ground, and what is done: `delete` the row, or `empty` the columns that hold words."""

    days: int
    basis: str
    action: str


DEFAULTS: dict[Stored, Default] = {
    Stored.ORIGINS: Default(90, "security", "delete"),
    Stored.IMPORTS: Default(180, "purpose", "empty"),
    Stored.QUEUE: Default(90, "purpose", "delete"),
    Stored.NOTICES: Default(365, "purpose", "delete"),
    Stored.DISCLOSURE_WORDS: Default(1095, "accountability", "empty"),
    Stored.EVIDENCE: Default(365, "accountability", "delete"),
    Stored.TURNS: Default(730, "purpose", "empty"),
    Stored.CONVERSATIONS: Default(1095, "accountability", "empty"),
    Stored.CONVERSATION_NOTES: Default(730, "purpose", "empty"),
    Stored.SKETCHES: Default(90, "purpose", "delete"),
    Stored.INSIGHTS: Default(1095, "purpose", "empty"),
    Stored.INSIGHT_ANSWERS: Default(1095, "purpose", "empty"),
    Stored.REPORTS: Default(1825, "accountability", "empty"),
}
"""Who comes later with data that should go (watch lists) adds a kind here and its rows in `retention`."""

SHORTEST_KEPT, LONGEST_KEPT = 7, 3650
PREFERRED = ("", "email", "phone", "network", "in_person")
LONGEST = {
    "name": 200,
    "email": 254,
    "phone": 40,
    "notes": 4_000,
    "handle": 200,
    "network": 40,
    "reason": 300,
    "how": 200,
}
MOST_HANDLES = 20


@dataclass(frozen=True, slots=True)
class About:
    """What somebody wrote about a member. `handles`: (network, handle), as ('mastodon', '@lea@social.example')."""

    name: str
    email: str = ""
    phone: str = ""
    preferred: str = ""
    consent: Consent = Consent.NONE
    notes: str = ""
    handles: tuple[tuple[str, str], ...] = ()
    also: tuple[str, ...] = ()


def checked(about: About) -> About:
    """Raises Invalid('name_empty' | 'too_long' | 'bad_email' | 'unknown_preferred' | 'too_many_lines' | 'control_characters')."""
    clean = About(
        name=" ".join(about.name.split()),
        email=about.email.strip().lower(),
        phone=about.phone.strip(),
        preferred=about.preferred,
        consent=Consent(about.consent),
        notes=about.notes.strip(),
        handles=tuple(dict.fromkeys((network.strip().lower(), handle.strip()) for network, handle in about.handles)),
        also=tuple(dict.fromkeys(" ".join(one.split()) for one in about.also if one.strip())),
    )
    if not clean.name:
        raise Invalid("name_empty", "name")
    if clean.email and ("@" not in clean.email.strip("@") or " " in clean.email):
        raise Invalid("bad_email", "email")
    if clean.preferred not in PREFERRED:
        raise Invalid("unknown_preferred", "preferred")
    _check_lengths(clean)
    return clean


def checked_naming(consent: str, how: str, *, stands: str) -> tuple[Consent, str]:
    """What is noted of a member's consent to being named: they agree and somebody knows how, or they take it back.

    Raises Invalid('unknown_consent', 'naming'), Invalid('how_missing' | 'too_long' | 'control_characters', 'how'),
    Conflict('naming_stands') where nothing would change.
    """
    if consent not in {Consent.GIVEN, Consent.WITHDRAWN}:
        raise Invalid("unknown_consent", "naming")
    if (consent == Consent.GIVEN) is (stands == Consent.GIVEN):
        raise Conflict("naming_stands")
    words = " ".join(how.split())
    if consent == Consent.GIVEN and not words:
        raise Invalid("how_missing", "how")
    _check_text(words, "how", LONGEST["how"])
    return Consent(consent), words


def _check_lengths(about: About) -> None:
    if len(about.handles) > MOST_HANDLES or len(about.also) > MOST_HANDLES:
        raise Invalid("too_many_lines", "handles", most=MOST_HANDLES)
    for field in ("name", "email", "phone", "notes"):
        _check_text(getattr(about, field), field, LONGEST[field])
    for one in about.also:
        _check_text(one, "also", LONGEST["name"])
    for network, handle in about.handles:
        if not network or not handle:
            raise Invalid("column_missing", "handles")
        _check_text(network, "handles", LONGEST["network"])
        _check_text(handle, "handles", LONGEST["handle"])


def _check_text(text: str, field: str, most: int) -> None:
    if len(text) > most:
        raise Invalid("too_long", field, most=most)
    if any(ord(c) < ord(" ") and c not in "\n\r\t" for c in text):
        raise Invalid("control_characters", field)


def due_before(now: datetime, days: int) -> datetime:
    """What is older than this goes."""
    return now - timedelta(days=days)
