"""Which rows each kind of data means, and which of them are over: read by the preview and by the daily run alike."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from clients.approvals.models import Notice
from clients.approvals.words import NoticeState
from clients.audit.erasing.steps import naming
from clients.audit.erasing.values import Sought
from clients.audit.models import Entry, Private
from clients.community.models import Member, RetentionRule
from clients.community.queries import values_of
from clients.community.rules import DEFAULTS, Default, Stored, due_before
from clients.custody.models import Conversation, Turn
from clients.disclosure.models import DisclosureWords
from clients.items.models import ItemImport
from clients.outbox.models import OutboxRow

ORIGINS = ("ip", "user_agent")


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind: its model, the rows older than a moment, and what `empty` leaves in which column."""

    model: type[Any]
    older: Callable[[datetime], QuerySet[Any]]
    words: tuple[str, ...] = ()
    empty: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for one kind now: the brand's own number of days, or the default."""

    kind: Stored
    days: int
    on: bool
    default: Default


KEPT: dict[Stored, Kept] = {
    Stored.ORIGINS: Kept(
        Private,
        lambda moment: Private.objects.filter(
            data__has_any_keys=ORIGINS, pk__in=Entry.objects.filter(at__lt=moment).values("pk")
        ),
        ("data",),
    ),
    Stored.IMPORTS: Kept(
        ItemImport,
        lambda moment: ItemImport.objects.filter(created_at__lt=moment).exclude(rows=[], name=""),
        ("name", "rows"),
        {"rows": "[]", "name": ""},
    ),
    Stored.QUEUE: Kept(OutboxRow, lambda moment: OutboxRow.objects.filter(done_at__lt=moment)),
    Stored.NOTICES: Kept(Notice, lambda moment: Notice.objects.filter(at__lt=moment).exclude(state=NoticeState.QUEUED)),
    Stored.DISCLOSURE_WORDS: Kept(
        DisclosureWords,
        lambda moment: DisclosureWords.objects.filter(disclosure__at__lt=moment).exclude(recipient="", reason=""),
        ("recipient", "reason"),
        {"recipient": "", "reason": ""},
    ),
    # Closed so long ago. Who held them when, and how long the member waited, stays.
    Stored.TURNS: Kept(
        Turn,
        lambda moment: Turn.objects.filter(conversation__closed_at__lt=moment).exclude(
            text="", author="", author_handle=""
        ),
        ("text", "author", "author_handle"),
        {"text": "", "author": "", "author_handle": ""},
    ),
    Stored.CONVERSATIONS: Kept(
        Conversation,
        lambda moment: Conversation.objects.filter(closed_at__lt=moment).exclude(title="", member_name="", handle=""),
        ("title", "member_name", "handle"),
        {"title": "", "member_name": "", "handle": ""},
    ),
}


def rules() -> list[Rule]:
    """One for each kind, in order."""
    own = {rule.kind: rule for rule in RetentionRule.objects.all()}
    return [
        Rule(kind, own[kind].days if kind in own else default.days, own[kind].on if kind in own else True, default)
        for kind, default in DEFAULTS.items()
    ]


def over(rule: Rule, moment: datetime, most: int | None = None) -> list[UUID]:
    """The rows that would go at a moment under a rule, the ones that name a member held back left out."""
    if not rule.on:
        return []
    kept = KEPT[rule.kind]
    ids = list(kept.older(due_before(moment, rule.days)).order_by("pk").values_list("pk", flat=True)[:most])
    held = held_back()
    kept_back = naming(kept.model, kept.words, ids, held) if held.values and kept.words else set()
    return [pk for pk in ids if pk not in kept_back]


def held_back() -> Sought:
    """The values of every member whose data must stay."""
    held = Member.objects.exclude(held_because="").prefetch_related("handles")
    return Sought(tuple(dict.fromkeys(value for member in held for value in values_of(member))))
