"""What each resource of the API answers to whom: the one table that the API's matrix is derived from.

A new resource, or a new act, is declared here in one line, or `tests/api/test_every_resource.py` fails and names it. Said in the
words of `clients.people.rules`, and not read off the resources: that they agree is what the matrix shows.
"""

from clients.people.rules import MAY, Verb
from tenants.vocabulary import Role

Roles = frozenset[Role]
NOBODY: Roles = frozenset()
TRIAGE, HOLD = Verb.MENTION_TRIAGE, Verb.CONVERSATION_HOLD

READ: dict[str, Verb | tuple[Verb, ...]] = {
    "items": Verb.ITEM_READ,
    "approvals": Verb.ITEM_READ,
    "veto-windows": Verb.ITEM_READ,
    "holds": Verb.ITEM_READ,
    "standing-approvals": Verb.ITEM_READ,
    "channels": Verb.ITEM_READ,
    "media": Verb.ITEM_READ,
    "receipts": Verb.RECEIPTS_READ,
    "charters": Verb.ITEM_READ,
    "mandates": Verb.ITEM_READ,
    "briefings": Verb.BRIEFING_READ,
    "mentions": Verb.MENTION_READ,
    "conversations": (Verb.CONVERSATION_READ, Verb.CONVERSATION_HELD),
    "turns": (Verb.CONVERSATION_READ, Verb.CONVERSATION_HELD),
    "custody-steps": Verb.CONVERSATION_READ,
    "members": Verb.MEMBER_READ,
    "contacts": Verb.CRM_READ,
    "organisations": Verb.CRM_READ,
    "tickets": Verb.CRM_READ,
    "timeline": Verb.CRM_READ,
    "insights": Verb.INSIGHT_READ,
    "you-said-we-did": Verb.INSIGHT_READ,
    "reports": Verb.REPORT_READ,
    "report-readers": Verb.REPORT_RELEASE,
    "report-links": Verb.REPORT_RELEASE,
    "report-rules": Verb.REPORT_RULE,
    "people": Verb.ITEM_READ,
    "audit-entries": Verb.AUDIT_READ,
    "checkpoints": Verb.AUDIT_READ,
    "disclosures": Verb.DISCLOSURE_READ,
    "webhooks": Verb.WEBHOOK_READ,
    "webhook-deliveries": Verb.WEBHOOK_READ,
    "webhook-tries": Verb.WEBHOOK_READ,
}

LOOK: dict[str, dict[str, Verb]] = {
    "audit-entries": {"proof": Verb.AUDIT_READ},
    "reports": {"facts": Verb.REPORT_READ, "paper": Verb.REPORT_READ},
}
"""What is read below one row, at an address of its own: `<resource>/<id>/<word>`."""

ACT: dict[str, Verb | None] = {
    "items create": Verb.ITEM_CREATE,
    "items update": Verb.ITEM_EDIT,
    "items submit": Verb.ITEM_SUBMIT,
    "items withdraw": Verb.ITEM_WITHDRAW,
    **dict.fromkeys((f"approvals {act}" for act in ("approve", "refuse", "ask-change", "veto")), Verb.ITEM_APPROVE),
    "holds stop": Verb.BRAKE_STOP,
    "holds resume": None,  # wants a fresh proof of who one is: no key has one
    **dict.fromkeys(
        (
            f"mentions {act}"
            for act in ("hold", "let-go", "snooze", "dismiss", "mark-wrong", "reopen", "undo", "merge", "split", "hand")
        ),
        TRIAGE,
    ),
    **dict.fromkeys(
        (
            f"conversations {act}"
            for act in (
                *(
                    "take",
                    "let-go",
                    "take-back",
                    "give-back",
                    "pass-on",
                    "withdraw",
                    "wait-for-member",
                    "snooze",
                    "wake",
                ),
                *("close", "reopen"),
            )
        ),
        HOLD,
    ),
    **dict.fromkeys((f"conversations {act}" for act in ("accept", "decline")), Verb.CONVERSATION_HELD),
    **dict.fromkeys((f"conversations {act}" for act in ("lock", "unlock")), Verb.CONVERSATION_LOCK),
    "members create": Verb.MEMBER_WRITE,
    "members replace": Verb.MEMBER_WRITE,
    "contacts unlink": Verb.CRM_WRITE,
    "tickets tell": Verb.CRM_WRITE,
    "timeline tell": Verb.CRM_WRITE,
    "insights create": Verb.INSIGHT_WRITE,
    "insights replace": Verb.INSIGHT_WRITE,
    "insights add": Verb.INSIGHT_WRITE,
    "insights decide": Verb.INSIGHT_DECIDE,
    "insights close": Verb.INSIGHT_WRITE,
    "insights reopen": Verb.INSIGHT_WRITE,
    **dict.fromkeys(
        (f"reports {act}" for act in ("create", "cancel", "retry", "remake", "propose")), Verb.REPORT_DRAFT
    ),
    **dict.fromkeys(
        (f"reports {act}" for act in ("hold", "resume", "annotate", "release", "withdraw")), Verb.REPORT_RELEASE
    ),
    **dict.fromkeys((f"report-readers {act}" for act in ("create", "remove")), Verb.REPORT_RELEASE),
    **dict.fromkeys((f"report-links {act}" for act in ("create", "end")), Verb.LINK_SHARE),
    "report-rules set": Verb.REPORT_RULE,
    **dict.fromkeys((f"webhooks {act}" for act in ("test", "replay", "pause", "resume", "end")), Verb.WEBHOOK_USE),
    "webhook-deliveries replay": Verb.WEBHOOK_USE,
}


def roles(verb: Verb | tuple[Verb, ...] | None) -> Roles:
    """Who has the right, or one of them."""
    verbs = verb if isinstance(verb, tuple) else (verb,) if verb else ()
    return NOBODY.union(*(MAY[one] for one in verbs))
