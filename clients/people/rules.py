"""Who may do what, as one table: verb -> roles. The gate, the pages and the docs all read this and nothing else.

Pure data and functions: no Django, no clock, no wording. The side is not repeated here because a role belongs to one
side (`tenants.vocabulary.ROLES_OF`): a verb that only the brand may do lists brand roles only.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from tenants.vocabulary import ROLES_OF, Role, SecondFactor, Side


class Verb(StrEnum):
    """Everything a person can ask for inside a brand."""

    ITEM_READ = "item_read"
    ITEM_CREATE = "item_create"
    ITEM_EDIT = "item_edit"
    ITEM_SUBMIT = "item_submit"
    ITEM_WITHDRAW = "item_withdraw"
    ITEM_APPROVE = "item_approve"  # also refuse, ask for a change, veto
    ITEM_PERFORM = "item_perform"  # level 1: the brand sends what the agency prepared
    ITEM_CONFIRM = "item_confirm"  # a phone or field act was done by a person
    STANDING_PROPOSE = "standing_propose"
    STANDING_SIGN = "standing_sign"
    POLICY_SET = "policy_set"
    BRAKE_STOP = "brake_stop"
    BRAKE_RESUME = "brake_resume"
    CHARTER_PROPOSE = "charter_propose"
    CHARTER_SIGN = "charter_sign"
    CHARTER_LOWER = "charter_lower"
    MANDATE_DECIDE = "mandate_decide"
    MANDATE_RESIGN = "mandate_resign"
    CHANNEL_CONNECT = "channel_connect"
    CHANNEL_CONNECT_INVITED = "channel_connect_invited"  # for the brand, which has asked for it and confirms it
    CHANNEL_REVOKE = "channel_revoke"
    BRIEFING_READ = "briefing_read"
    BRIEFING_WRITE = "briefing_write"
    BRIEFING_PROPOSE = "briefing_propose"
    BRIEFING_AGREE = "briefing_agree"  # for one's side; also refuse, and remind whoever has not read
    BRIEFING_ACKNOWLEDGE = "briefing_acknowledge"
    PEOPLE_INVITE_BRAND = "people_invite_brand"
    PEOPLE_INVITE_AGENCY = "people_invite_agency"
    PEOPLE_END_BRAND = "people_end_brand"
    PEOPLE_END_AGENCY = "people_end_agency"
    PEOPLE_SECURE = "people_secure"
    RECEIPTS_READ = "receipts_read"
    AUDIT_READ = "audit_read"
    OPENING_END = "opening_end"  # an operator who looks into the brand: their end, now
    CHECKPOINTS_SEND = "checkpoints_send"  # to addresses outside: where nobody here can take them back
    CLASS_RAISE = "class_raise"
    CLASS_LOWER = "class_lower"
    DISCLOSURE_READ = "disclosure_read"
    DISCLOSURE_END = "disclosure_end"
    LINK_SHARE = "link_share"
    INTEGRATION_ALLOW = "integration_allow"
    WEBHOOK_READ = "webhook_read"
    WEBHOOK_SET = "webhook_set"  # to whom it is told what changes, and with which secret
    WEBHOOK_USE = "webhook_use"  # test, tell again, pause, go on, end
    KEY_READ = "key_read"  # that there is a key, and what it may; never its secret
    KEY_MAKE = "key_make"  # also change it, and take over one that nobody answers for
    KEY_REVOKE = "key_revoke"
    KEY_CONSENT = "key_consent"  # let an application act for oneself
    MEMBER_READ = "member_read"
    MEMBER_WRITE = "member_write"
    MEMBER_ACCESS = "member_access"  # tell a member all that is held on them
    MEMBER_ERASE = "member_erase"  # also keep somebody from being erased
    RETENTION_SET = "retention_set"
    MENTION_READ = "mention_read"
    MENTION_TRIAGE = "mention_triage"  # say what becomes of a mention, and what kind it is
    PRESS_WRITE = "press_write"  # draw up a press review, and let it out
    PRESS_RULE = "press_rule"  # when one is drawn up by itself, and to whom it goes
    WATCH_NOTE_WRITE = "watch_note_write"
    HANDED_READ = "handed_read"  # what was handed to oneself, and say what came of it
    CRISIS_READ = "crisis_read"
    CRISIS_PROPOSE = "crisis_propose"  # also write notes, take it, and say that somebody could not be reached
    CRISIS_DECLARE = "crisis_declare"
    CRISIS_END = "crisis_end"  # also dismiss what was proposed
    CRISIS_RULE = "crisis_rule"  # when one begins by itself, and how long each contact has
    CRISIS_REVIEW = "crisis_review"
    CONVERSATION_READ = "conversation_read"
    CONVERSATION_HOLD = "conversation_hold"  # open, take, pass on, take back, put off, close
    CONVERSATION_HELD = "conversation_held"  # what was handed to oneself: accept, decline, give back
    CONVERSATION_LOCK = "conversation_lock"  # so that the agency may not take it back
    STAND_IN_SET = "stand_in_set"  # also for others of one's side; for oneself whoever may hold may
    PORTFOLIO_HAND = "portfolio_hand"
    INSIGHT_READ = "insight_read"
    INSIGHT_WRITE = "insight_write"  # note what was learnt, ask a department, close it back to members
    INSIGHT_DECIDE = "insight_decide"
    INSIGHT_RELEASE = "insight_release"  # what stands in 'you said, we did'
    INSIGHT_RULE = "insight_rule"  # departments, and how themes are called and merged
    SOURCE_READ = "source_read"
    SOURCE_WRITE = "source_write"  # add, change, pause, remove what anybody may read
    SOURCE_AGREE = "source_agree"  # let it read what only the brand's own credential opens
    SOURCE_BRING = "source_bring"  # a table, or what was heard
    CRM_READ = "crm_read"
    CRM_WRITE = "crm_write"  # bring contacts, decide who is who, say what became of a ticket
    CRM_SET = "crm_set"  # which systems there are, and what passes between
    REPORT_READ = "report_read"
    REPORT_DRAFT = "report_draft"  # have one made, and propose it
    REPORT_RELEASE = "report_release"  # hold it, write beside it, let it out, take it back
    REPORT_RULE = "report_rule"  # when they come by themselves, to whom, and whether silence lets them out
    LOOK_SET = "look_set"  # the brand's mark and colours on paper and on pages that are read by a link
    SEAL_KEY_BRING = "seal_key_bring"  # a key of the brand's own, to sign reports with


BRAND_HEADS = frozenset({Role.BRAND_OWNER, Role.BRAND_MANAGER})
AGENCY_HEADS = frozenset({Role.AGENCY_OWNER, Role.AGENCY_MANAGER})
APPROVERS = BRAND_HEADS | {Role.APPROVER}
SUBMITTERS = BRAND_HEADS | AGENCY_HEADS | {Role.COMMUNITY_MANAGER}
INSIDERS = frozenset(Role) - {Role.DEPARTMENT_CONTACT}
OWNER_ONLY = frozenset({Role.BRAND_OWNER})
DECIDERS = APPROVERS | AGENCY_HEADS
"""Whose word lets things out, or changes on what terms: of them a second factor is asked first."""

MAY: dict[Verb, frozenset[Role]] = {
    Verb.ITEM_READ: INSIDERS,
    Verb.ITEM_CREATE: SUBMITTERS | {Role.APPROVER},
    Verb.ITEM_EDIT: SUBMITTERS | {Role.APPROVER},
    Verb.ITEM_SUBMIT: SUBMITTERS,
    Verb.ITEM_WITHDRAW: SUBMITTERS,
    Verb.ITEM_APPROVE: APPROVERS,
    Verb.ITEM_PERFORM: BRAND_HEADS,
    Verb.ITEM_CONFIRM: SUBMITTERS,
    Verb.STANDING_PROPOSE: SUBMITTERS | {Role.APPROVER},
    Verb.STANDING_SIGN: APPROVERS,
    Verb.POLICY_SET: BRAND_HEADS,
    Verb.BRAKE_STOP: APPROVERS,
    Verb.BRAKE_RESUME: BRAND_HEADS,
    Verb.CHARTER_PROPOSE: AGENCY_HEADS | BRAND_HEADS,
    Verb.CHARTER_SIGN: OWNER_ONLY,
    Verb.CHARTER_LOWER: BRAND_HEADS,
    Verb.MANDATE_DECIDE: OWNER_ONLY,
    Verb.MANDATE_RESIGN: frozenset({Role.AGENCY_OWNER}),
    Verb.CHANNEL_CONNECT: BRAND_HEADS,
    Verb.CHANNEL_CONNECT_INVITED: AGENCY_HEADS,
    Verb.CHANNEL_REVOKE: BRAND_HEADS,
    Verb.BRIEFING_READ: frozenset(Role),
    Verb.BRIEFING_WRITE: BRAND_HEADS,
    Verb.BRIEFING_PROPOSE: SUBMITTERS,
    Verb.BRIEFING_AGREE: BRAND_HEADS | AGENCY_HEADS,
    Verb.BRIEFING_ACKNOWLEDGE: frozenset(Role) - {Role.AUDITOR},
    Verb.PEOPLE_INVITE_BRAND: BRAND_HEADS,
    Verb.PEOPLE_INVITE_AGENCY: AGENCY_HEADS,
    Verb.PEOPLE_END_BRAND: BRAND_HEADS,
    Verb.PEOPLE_END_AGENCY: AGENCY_HEADS | OWNER_ONLY,
    Verb.PEOPLE_SECURE: OWNER_ONLY,
    Verb.RECEIPTS_READ: INSIDERS,
    Verb.AUDIT_READ: BRAND_HEADS | {Role.AUDITOR},
    Verb.OPENING_END: BRAND_HEADS,
    Verb.CHECKPOINTS_SEND: OWNER_ONLY,
    Verb.CLASS_RAISE: SUBMITTERS | {Role.APPROVER},
    Verb.CLASS_LOWER: OWNER_ONLY,
    Verb.DISCLOSURE_READ: BRAND_HEADS | {Role.AUDITOR},
    Verb.DISCLOSURE_END: BRAND_HEADS,
    Verb.LINK_SHARE: BRAND_HEADS,
    Verb.INTEGRATION_ALLOW: OWNER_ONLY,
    Verb.WEBHOOK_READ: BRAND_HEADS | {Role.AUDITOR},
    Verb.WEBHOOK_SET: BRAND_HEADS,
    Verb.WEBHOOK_USE: BRAND_HEADS,
    Verb.KEY_READ: INSIDERS,
    Verb.KEY_MAKE: BRAND_HEADS,
    Verb.KEY_REVOKE: BRAND_HEADS,
    Verb.KEY_CONSENT: APPROVERS,
    Verb.MEMBER_READ: INSIDERS,
    Verb.MEMBER_WRITE: SUBMITTERS | {Role.APPROVER},
    Verb.MEMBER_ACCESS: BRAND_HEADS,
    Verb.MEMBER_ERASE: OWNER_ONLY,
    Verb.RETENTION_SET: OWNER_ONLY,
    Verb.MENTION_READ: INSIDERS,
    Verb.MENTION_TRIAGE: SUBMITTERS | {Role.APPROVER},
    Verb.PRESS_WRITE: SUBMITTERS | {Role.APPROVER},
    Verb.PRESS_RULE: BRAND_HEADS,
    Verb.WATCH_NOTE_WRITE: AGENCY_HEADS | {Role.COMMUNITY_MANAGER},
    Verb.HANDED_READ: frozenset(Role) - {Role.AUDITOR},
    Verb.CRISIS_READ: INSIDERS,
    Verb.CRISIS_PROPOSE: INSIDERS - {Role.AUDITOR},
    Verb.CRISIS_DECLARE: APPROVERS,
    Verb.CRISIS_END: BRAND_HEADS,
    Verb.CRISIS_RULE: BRAND_HEADS,
    Verb.CRISIS_REVIEW: SUBMITTERS | {Role.APPROVER},
    Verb.CONVERSATION_READ: INSIDERS,
    Verb.CONVERSATION_HOLD: SUBMITTERS | {Role.APPROVER},
    Verb.CONVERSATION_HELD: SUBMITTERS | {Role.APPROVER, Role.DEPARTMENT_CONTACT},
    Verb.CONVERSATION_LOCK: APPROVERS,
    Verb.STAND_IN_SET: BRAND_HEADS | AGENCY_HEADS,
    Verb.PORTFOLIO_HAND: AGENCY_HEADS | BRAND_HEADS,
    Verb.INSIGHT_READ: INSIDERS,
    Verb.INSIGHT_WRITE: SUBMITTERS | {Role.APPROVER},
    Verb.INSIGHT_DECIDE: APPROVERS,
    Verb.INSIGHT_RELEASE: BRAND_HEADS,
    Verb.INSIGHT_RULE: BRAND_HEADS,
    Verb.SOURCE_READ: INSIDERS,
    Verb.SOURCE_WRITE: AGENCY_HEADS | BRAND_HEADS,
    Verb.SOURCE_AGREE: BRAND_HEADS,
    Verb.SOURCE_BRING: SUBMITTERS | {Role.APPROVER},
    Verb.CRM_READ: APPROVERS | {Role.AUDITOR},
    Verb.CRM_WRITE: APPROVERS,
    Verb.CRM_SET: BRAND_HEADS,
    Verb.REPORT_READ: INSIDERS,
    Verb.REPORT_DRAFT: SUBMITTERS | {Role.APPROVER, Role.ANALYST},
    Verb.REPORT_RELEASE: APPROVERS,
    Verb.REPORT_RULE: BRAND_HEADS,
    Verb.LOOK_SET: BRAND_HEADS,
    Verb.SEAL_KEY_BRING: OWNER_ONLY,
}

# Which roles a role may hand out or change. Nobody hands out more than they hold: only an owner makes an owner.
MAY_GIVE: dict[Role, frozenset[Role]] = {
    Role.BRAND_OWNER: ROLES_OF[Side.BRAND],
    Role.BRAND_MANAGER: ROLES_OF[Side.BRAND] - {Role.BRAND_OWNER},
    Role.AGENCY_OWNER: ROLES_OF[Side.AGENCY],
    Role.AGENCY_MANAGER: ROLES_OF[Side.AGENCY] - {Role.AGENCY_OWNER},
}

# Which roles a role may end. The brand's owner may show anybody the door; the agency never ends a brand person.
MAY_END: dict[Role, frozenset[Role]] = MAY_GIVE | {Role.BRAND_OWNER: frozenset(Role)}

STEP_UP_LASTS = timedelta(minutes=10)


def may(role: Role | None, verb: Verb) -> bool:
    """Whether `role` may ask for `verb`. No role, and any verb the table does not know: no."""
    return role is not None and role in MAY.get(verb, frozenset())


def may_give(role: Role | None, given: Role) -> bool:
    """Whether somebody in `role` may hand out or take over the role `given`."""
    return role is not None and given in MAY_GIVE.get(role, frozenset())


def may_end(role: Role | None, ended: Role) -> bool:
    """Whether somebody in `role` may end a membership in the role `ended`."""
    return role is not None and ended in MAY_END.get(role, frozenset())


def wants_second_factor(rule: SecondFactor, role: Role) -> bool:
    """Whether `rule` asks a second factor of somebody in `role`. A rule that nobody knows asks it of everybody."""
    return {SecondFactor.NOBODY: False, SecondFactor.DECIDERS: role in DECIDERS}.get(rule, True)


def invite_verb(side: Side) -> Verb:
    return Verb.PEOPLE_INVITE_BRAND if side is Side.BRAND else Verb.PEOPLE_INVITE_AGENCY


def end_verb(side: Side) -> Verb:
    return Verb.PEOPLE_END_BRAND if side is Side.BRAND else Verb.PEOPLE_END_AGENCY


def is_stepped_up(stepped_up_at: datetime | None, now: datetime) -> bool:
    """Whether the person proved again who they are within the last ten minutes. A proof from the future is none."""
    return stepped_up_at is not None and timedelta(0) <= now - stepped_up_at <= STEP_UP_LASTS
