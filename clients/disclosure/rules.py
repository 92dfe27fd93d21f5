"""Who may read what, and what may leave by which way: the information classes as tables. Pure.

INVARIANT: the classes are ordered, and raising one gives nobody a reading but those it names: whoever reads `brand` reads
`named`, and so on down. So a list that is filtered by a class a person may read can never hold more than its details show.
"""

from collections.abc import Collection, Iterable
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from tenants.vocabulary import Role, Side


class InfoClass(StrEnum):
    """How strictly something is kept, from anybody to the brand's own people."""

    PUBLIC = "public"
    SHARED = "shared"  # the brand and its agency
    NAMED = "named"  # the brand, and the people it names
    BRAND = "brand"  # the brand's side alone


class Way(StrEnum):
    """How something leaves the brand's space."""

    CSV = "csv"
    PDF = "pdf"
    EXPORT = "export"
    BUNDLE = "bundle"  # the log with its proofs
    LINK = "link"
    API = "api"
    WEBHOOK = "webhook"
    MAIL = "mail"
    OPERATOR = "operator"  # whoever runs the installation looks at it, by an opening that the brand is told of


ORDER: tuple[InfoClass, ...] = tuple(InfoClass)

# The strictest class that may leave by a way at all. What a person takes home for themselves is bounded by what they may read.
STRICTEST_BY_WAY: dict[Way, InfoClass] = {
    Way.CSV: InfoClass.BRAND,
    Way.PDF: InfoClass.BRAND,
    Way.EXPORT: InfoClass.BRAND,
    Way.BUNDLE: InfoClass.BRAND,
    Way.LINK: InfoClass.NAMED,
    Way.API: InfoClass.NAMED,
    Way.WEBHOOK: InfoClass.SHARED,
    Way.MAIL: InfoClass.SHARED,
    Way.OPERATOR: InfoClass.BRAND,
}
STANDING: dict[str, InfoClass] = {"break_glass": InfoClass.BRAND}
"""Which standing arrangements of the house reach further than what is shared, and how far."""

# How long a link may live. A class that is not here has none.
LINK_LASTS: dict[InfoClass, timedelta] = {
    InfoClass.PUBLIC: timedelta(days=30),
    InfoClass.SHARED: timedelta(days=30),
    InfoClass.NAMED: timedelta(days=7),
}
# What a policy may let another system read, by kind of object: a list, so that a new field stays inside until it is named here
# and then by the brand. Who adds an endpoint or a report adds its kind.
FIELDS: dict[str, tuple[str, ...]] = {
    "items.item": (
        *("title", "text", "state", "kind", "channels", "not_before", "author", "state_since", "sensitivity", "author_side"),
        *("version", "digest", "content", "created_at", "decide_by"),
    ),
    "webhooks.subscription": ("name", "host", "resources", "state", "paused_why", "state_since", "created_at"),
    "webhooks.delivery": (
        *("webhook", "number", "event", "object", "state", "tries", "status", "error", "at", "due_at", "ended_at"),
    ),
    "webhooks.attempt": ("delivery", "number", "at", "took_ms", "status", "error", "body", "answer"),
    "crm.contact": ("fields", "member", "linked_at"),
    "crm.organisation": ("name", "website", "created_at"),
    "crm.ticket": (
        *("title", "text", "contact", "conversation", "external_id", "said", "version", "opened_by", "opened_at"),
        "changed_at",
    ),
    "crm.timelineentry": ("ref", "kind", "title", "text", "happened_at"),
    "approvals.vetowindow": ("item", "digest", "state", "minutes", "asked_at", "opened_at", "closes_at"),
    "approvals.hold": ("scope", "value", "reason", "placed_by", "placed_at", "lifted_by", "lifted_at"),
    "approvals.standingapproval": (
        *("title", "state", "kind", "sensitivity", "channels", "template", "subject", "link_hosts", "media_allowed", "until"),
        *("uses_left", "digest", "proposed_by", "proposed_at", "signed_by", "signed_at", "ended_at"),
    ),
    "gate.receipt": (
        *("sent_at", "kind", "channel", "basis", "level", "digest", "person", "item", "title", "channel_name", "person_name"),
        *("side", "charter_version", "briefing_version", "approved_by", "remote_id", "url", "reasons"),
    ),
    "channels.channel": (
        *("name", "kind", "handle", "url", "state", "health", "health_since", "kinds", "max_length", "expires_at"),
        "created_at",
    ),
    "items.media": ("digest", "mime", "size", "width", "height", "alt", "info_class", "created_at"),
    "mandates.mandate": (
        *("agency", "agency_name", "state", "state_since", "starts_on", "ends_on", "notice_days", "created_at"),
    ),
    "mandates.charterversion": (
        *("mandate", "state", "state_since", "digest", "note", "base", "proposed_by", "proposed_side", "proposed_at"),
        *("signed_by", "signed_at", "grants"),
    ),
    "briefings.briefingsection": ("section", "text", "version_id", "digest", "agreed_at"),
    "mentions.mention": (
        *("medium", "source", "title", "text", "author", "author_handle", "url", "language", "published_at", "found_at"),
        *("channel", "kind", "sorted_by", "sensitivity", "priority", "matched", "state", "outcome", "snoozed_until"),
        *("held_by", "copy_of", "info_class"),
    ),
    "custody.conversation": (
        *("channel", "medium", "title", "language", "topic", "sensitivity", "priority", "state", "until", "member"),
        *("member_name", "handle", "holder_side", "holder_person", "holder_team", "held_since", "locked", "opened_at"),
        *("closed_at", "merged_into", "last_said_at", "info_class"),
    ),
    "custody.turn": (
        *("number", "voice", "kind", "text", "author", "author_handle", "channel", "mention", "item", "at", "seen_at"),
    ),
    "custody.holding": (
        *("number", "step", "was_side", "was_person", "was_team", "now_side", "now_person", "now_team", "now_state", "note"),
        *("by_person", "by_name", "at"),
    ),
    "community.member": (
        *("name", "email", "phone", "preferred", "consent", "consent_at", "notes", "also", "handles", "held", "created_at"),
        *("naming_consent", "naming_at", "naming_by", "naming_how", "info_class"),
    ),
    "insights.insight": (
        *("title", "text", "theme", "department", "state", "due_at", "decision", "why", "decided_at", "decided_by", "by_name"),
        *("side", "created_at", "closed_at", "info_class"),
    ),
    "insights.released": ("insight", "theme", "you_said", "we_did", "decision", "at"),
    "reports.report": (
        *("kind", "title", "language", "period", "starts_on", "ends_on", "state", "state_since", "number", "withheld"),
        *("asked_at", "release_at", "released_at", "info_class", "sections", "paper"),
    ),
    "reports.reader": ("person", "address", "delivery", "told", "told_at", "added_at"),
    "reports.share": (
        *("recipient", "reader", "has_password", "expires_at", "most_views", "views", "wrong", "made_by", "made_at"),
        "ended_at",
    ),
    "reports.rule": (
        *("rhythm", "at", "weekday", "day", "language", "sections", "info_class", "releases_itself", "window", "delivery"),
        *("readers", "outside_allowed", "addresses", "link_days", "link_views", "has_password", "next_at"),
    ),
    "reports.figure": ("numbers", "dimensions", "series", "listings", "lines"),
    "people.person": ("name", "email", "side", "role", "agency", "agency_name"),
    "audit.entry": (
        *("seq", "at", "person", "side", "role", "via", "verb", "subject_kind", "subject", "facts", "request_id"),
    ),
    "audit.checkpoint": ("at", "note"),
    "disclosure.disclosure": (
        *("at", "way", "recipient_kind", "recipient_id", "recipient", "reason", "object_kind", "object_ids", "count"),
        *("info_class", "digest", "why", "by_person", "by_policy", "side", "until", "ended_at"),
    ),
}  # fmt: skip
SYSTEMS = ("api", "webhook", "report")
MOST_VIEWS = 1_000
MOST_WRONG_CODES = 10
"""After so many wrong codes a link is closed: a code is short, and this is what keeps it from being tried out."""
MOST_MISSES = 10
"""Wrong tokens of one address within a minute; after these it waits."""
COUNTS_ONCE = timedelta(minutes=5)
"""The same person reading the same revision in the same session within this time is one line of the log."""


def strictness(info_class: str) -> int:
    """0 for public, 3 for brand. ValueError for a word that is no class: nothing is read under an unknown one."""
    return ORDER.index(InfoClass(info_class))


def is_kept(info_class: str) -> bool:
    """Whether one side reads it alone, or named people do."""
    return strictness(info_class) > strictness(InfoClass.SHARED)


def strictest(classes: Iterable[str]) -> InfoClass:
    """The strictest of several; public for none."""
    return ORDER[max((strictness(one) for one in classes), default=0)]


def default_class(side: Side | None) -> InfoClass:
    """What somebody of this side writes, unless they say otherwise: the brand's is its own until shared on purpose."""
    return InfoClass.SHARED if side is Side.AGENCY else InfoClass.BRAND


def classes_open_to(side: Side | None, role: Role | None) -> frozenset[InfoClass]:
    """What a role reads without being named. A department contact reads what was handed to them; a process nothing."""
    if side is None or role is None:
        return frozenset()
    if role is Role.DEPARTMENT_CONTACT:
        return frozenset({InfoClass.PUBLIC})
    return frozenset(InfoClass) if side is Side.BRAND else frozenset({InfoClass.PUBLIC, InfoClass.SHARED})


def may_read(
    side: Side | None, role: Role | None, person: UUID | None, info_class: str, named: Collection[str] = ()
) -> bool:
    """Whether this person, here for this side in this role, may read what has this class and names these people."""
    if InfoClass(info_class) in classes_open_to(side, role):
        return True
    return side is not None and info_class == InfoClass.NAMED and str(person) in named


def is_logged(info_class: str) -> bool:
    """Whether each reading is written down before the first byte."""
    return strictness(info_class) >= strictness(InfoClass.NAMED)


def widens(was: str, was_named: Collection[str], now: str, now_named: Collection[str]) -> bool:
    """Whether a change lets anybody read who could not: a less strict class, or another name on the list."""
    if strictness(now) != strictness(was):
        return strictness(now) < strictness(was)
    return now == InfoClass.NAMED and bool(set(now_named) - set(was_named))


def may_leave(way: Way, info_class: str, side: Side | None, policy_class: InfoClass | None = None) -> bool:
    """Whether something of this class may leave by this way.

    The brand's people take out what is theirs; an agency what is shared; beyond that, and for a process, only as far as a
    policy of the brand says. `brand` never leaves by anybody else's hand; an operator may look at it.
    """
    own = {Side.BRAND: InfoClass.BRAND, Side.AGENCY: InfoClass.SHARED}.get(side) if side else None
    bounds = [bound for bound in (own, policy_class) if bound is not None]
    if not bounds or strictness(info_class) > strictness(STRICTEST_BY_WAY[way]):
        return False
    if side is not Side.BRAND and info_class == InfoClass.BRAND and way is not Way.OPERATOR:
        return False
    return strictness(info_class) <= max(strictness(bound) for bound in bounds)


def link_lasts(info_class: str) -> timedelta | None:
    """The longest life of a link to something of this class; None where there is none."""
    return LINK_LASTS.get(InfoClass(info_class))


def needs_code(info_class: str) -> bool:
    """Whether a link asks its recipient for a code that went another way."""
    return info_class == InfoClass.NAMED


def mail_tells_title(info_class: str) -> bool:
    """Whether a letter may carry the title; of what is stricter it carries the address alone. Content it never carries."""
    return strictness(info_class) <= strictness(InfoClass.SHARED)
