"""Cases ready to draw: where each stands, what was asked for, and what that waits for, until when and for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.items.life import ItemState
from clients.moderation.models import Act, Case
from clients.moderation.queries import Wait, acts_of, left_at, waits_of
from portal.brand.inbox_rows import headed
from portal.times import when
from portal.wording import ITEM_STATES, Badge, badge, kind_word, reason_sentence
from portal.wording.moderation import CASE_STATES

WAITS = frozenset({ItemState.WAITING, ItemState.HELD, ItemState.SUBMITTED, ItemState.IN_VETO})


@dataclass(frozen=True, slots=True)
class ActRow:
    """One act of a case. `waits` are whole sentences; `reasons` those of the gate, where it let nothing out."""

    kind: str
    badge: Badge
    url: str
    who: str
    at: str
    why: str
    rule: str
    left: str
    waits: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of the list, and the head of a case's own page."""

    id: UUID
    url: str
    title: str
    badge: Badge
    by: str
    rule: str
    rule_words: str
    acted: str
    banned: str
    acts: tuple[ActRow, ...]
    waits: tuple[tuple[str, str], ...]


def rows_of(cases: Sequence[Case]) -> list[CaseRow]:
    """Three queries, however many cases."""
    acts = acts_of([case.pk for case in cases])
    every = [act for found in acts.values() for act in found]
    waits, left = waits_of([act.item_id for act in every]), left_at(every)
    return [_row(case, acts.get(case.pk, []), waits, left) for case in cases]


def _row(case: Case, acts: Sequence[Act], waits: dict[UUID, Wait], left: dict[UUID, datetime]) -> CaseRow:
    rows = tuple(_act(act, waits.get(act.item_id), left.get(act.item_id)) for act in acts)
    return CaseRow(
        id=case.pk,
        url=reverse("moderation_case", args=[case.pk]),
        title=headed(case.title, ""),
        badge=badge(CASE_STATES, case.state),
        by=case.author or case.handle,
        rule=case.rule,
        rule_words=case.rule_words,
        acted=when(case.acted_at),
        banned=when(case.banned_at),
        acts=rows,
        waits=tuple((row.kind, sentence) for row in rows for sentence in row.waits),
    )


def _act(act: Act, wait: Wait | None, left: datetime | None) -> ActRow:
    state = ItemState(act.item.state)
    return ActRow(
        kind=kind_word(act.kind),
        badge=badge(ITEM_STATES, state),
        url=reverse("item", args=[act.item_id]),
        who=act.by_name,
        at=when(act.at),
        why=act.why,
        rule=act.rule,
        left=when(left),
        waits=tuple(_waits(wait)) if wait and state in WAITS else (),
        reasons=tuple(reason_sentence(code) for code in wait.reasons) if wait and state == ItemState.REFUSED else (),
    )


def _waits(wait: Wait) -> list[str]:
    """Until when, and for whom."""
    found = []
    if wait.until and wait.until > timezone.now():
        found.append(_("not before %(moment)s") % {"moment": when(wait.until)})
    if wait.second_person:
        found.append(_("a second person, of the brand, has to say yes"))
    return found
