"""The words in which a question is put and an answer given; the same words appear in code, API, screens and PDF."""

from enum import StrEnum

from tenants.vocabulary import Role


class ActionKind(StrEnum):
    """One outward act in the brand's name, whatever the medium."""

    PUBLISH = "publish"
    SCHEDULE = "schedule"
    ACKNOWLEDGE = "acknowledge"
    ANSWER = "answer"
    DIRECT_MESSAGE = "direct_message"
    REACT = "react"
    HIDE = "hide"
    UNHIDE = "unhide"
    DELETE = "delete"
    BAN = "ban"
    NEWSLETTER = "newsletter"
    PHONE_CALL = "phone_call"
    EVENT = "event"
    AMBASSADOR_POWER = "ambassador_power"
    DISCLOSE = "disclose"
    CORRECT = "correct"  # other words in a post of ours that is out


MODERATING = frozenset({ActionKind.HIDE, ActionKind.DELETE, ActionKind.BAN})
"""What takes away something of somebody else's. Showing it again needs no rule."""
ANSWERING = frozenset({ActionKind.ANSWER, ActionKind.ACKNOWLEDGE, ActionKind.DIRECT_MESSAGE, ActionKind.REACT})
"""What speaks to a member in a conversation, which one side holds."""
IRREVERSIBLE = frozenset({ActionKind.DELETE, ActionKind.BAN, ActionKind.NEWSLETTER, ActionKind.DISCLOSE})


class Sensitivity(StrEnum):
    ROUTINE = "routine"
    SENSITIVE = "sensitive"
    CRISIS = "crisis"


class EntryPoint(StrEnum):
    """Where an act came in. Recorded, never weighed: the answer is the same on every path."""

    PAGE = "page"
    API = "api"
    WORKER = "worker"
    COMMAND = "command"
    MAIL_LINK = "mail_link"
    IMPORT = "import"


class MandateState(StrEnum):
    NONE = "none"
    OFFERED = "offered"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"


class WindowState(StrEnum):
    """A veto window. It opens when the notice was delivered, not when it was sent."""

    NONE = "none"
    UNDELIVERED = "undelivered"
    BOUNCED = "bounced"
    OPEN = "open"
    LAPSED = "lapsed"


class Outcome(StrEnum):
    SEND = "send"
    WAIT_APPROVAL = "wait_approval"
    WAIT_VETO = "wait_veto"
    WAIT_BRAND = "wait_brand"  # the brand performs it itself
    HOLD = "hold"
    REFUSE = "refuse"


SEND, WAIT_APPROVAL, WAIT_VETO, WAIT_BRAND, HOLD, REFUSE = Outcome
"""As plain names: see `levels`."""


class Basis(StrEnum):
    """By what right an act goes out; stands on its receipt."""

    APPROVAL = "approval"
    STANDING = "standing"
    SILENCE = "silence"
    LEVEL = "level"
    BRAND = "brand"


class Reason(StrEnum):
    """Why the answer is what it is. Codes are stored for ever: add, never rename."""

    # objections: any one of them wins
    RULE_FAILED = "rule_failed"
    NO_SIDE = "no_side"
    ROLE_MAY_NOT_ACT = "role_may_not_act"
    MANDATE_NOT_ACTIVE = "mandate_not_active"
    CHANNEL_NOT_OPEN = "channel_not_open"
    BRAND_SAID_NO = "brand_said_no"
    TIME_WINDOW_OVER = "time_window_over"
    ON_HOLD = "on_hold"
    RULE_NOT_CITED = "rule_not_cited"
    HELD_BY_OTHER_SIDE = "held_by_other_side"
    LET_TALK = "let_talk"
    # what the charter says
    NO_GRANT = "no_grant"
    GRANT = "grant"
    # what the brand said about topics and times, and what made an act more sensitive than its author said
    FORBIDDEN_TOPIC = "forbidden_topic"
    EMBARGOED_TOPIC = "embargoed_topic"
    SENSITIVE_TOPIC = "sensitive_topic"
    CRISIS_IN_FORCE = "crisis_in_force"
    # what lowers the level granted
    GRANT_ENDED = "grant_ended"
    OUTSIDE_HOURS = "outside_hours"
    DAILY_CAP_REACHED = "daily_cap_reached"
    IRREVERSIBLE_CEILING = "irreversible_ceiling"
    BRIEFING_NOT_ACKNOWLEDGED = "briefing_not_acknowledged"
    BRIEFING_ALTERED = "briefing_altered"
    # what the level then led to
    LEVEL_CLOSED = "level_closed"
    BRAND_PERFORMS = "brand_performs"
    APPROVAL_MISSING = "approval_missing"
    APPROVAL_OF_OTHER_CONTENT = "approval_of_other_content"
    OWN_ITEM = "own_item"
    APPROVED = "approved"
    STANDING_MATCHED = "standing_matched"
    VETO_WINDOW_PENDING = "veto_window_pending"
    NOTICE_NOT_DELIVERED = "notice_not_delivered"
    VETO_WINDOW_LAPSED = "veto_window_lapsed"
    LEVEL_PERMITS = "level_permits"
    BRAND_ACTS = "brand_acts"
    # what is slept on before it is done
    COOLING_OFF = "cooling_off"
    SECOND_PERSON_MISSING = "second_person_missing"
    # what is said rarely and late
    SLOW_MODE = "slow_mode"


AGENCY_ROLES_THAT_ACT = frozenset({Role.AGENCY_OWNER, Role.AGENCY_MANAGER, Role.COMMUNITY_MANAGER})
BRAND_ROLES_THAT_ACT = frozenset({Role.BRAND_OWNER, Role.BRAND_MANAGER})
ROLES_THAT_APPROVE = frozenset({Role.BRAND_OWNER, Role.BRAND_MANAGER, Role.APPROVER})
