"""Insights ready to draw: a page of them in a fixed number of queries, and how departments and themes are called."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from clients.disclosure.rules import is_kept
from clients.insights.models import Department, Insight
from clients.insights.queries import departments, how_many, themes
from clients.insights.rules import OWED
from clients.people.actor import Actor
from portal.times import when
from portal.wording import Badge, badge, word
from portal.wording.disclosures import CLASSES
from portal.wording.insights import DECISIONS, DEPARTMENTS, STATES


@dataclass(frozen=True, slots=True)
class InsightRow:
    """One line of the list, and the head of an insight's own page."""

    id: UUID
    url: str
    title: str
    state: Badge
    decision: Badge | None
    kept: Badge | None
    department: str
    theme: str
    voices: int
    due: str
    by: str
    at: str


def rows_of(insights: Sequence[Insight]) -> list[InsightRow]:
    """One query, however many insights."""
    voices = how_many([one.pk for one in insights])
    return [_row(one, voices.get(one.pk, 0)) for one in insights]


def department_word(department: Department | None) -> str:
    if department is None:
        return ""
    return word(DEPARTMENTS, department.code) if department.code else department.name


def department_choices(chosen: str) -> list[tuple[str, str, bool]]:
    return [(one.key, department_word(one), one.key == chosen) for one in departments()]


def theme_choices(actor: Actor, chosen: str) -> list[tuple[str, str, bool]]:
    return [(str(one.pk), one.name, str(one.pk) == chosen) for one in themes(actor)]


def _row(one: Insight, voices: int) -> InsightRow:
    return InsightRow(
        id=one.pk,
        url=reverse("insight", args=[one.pk]),
        title=one.title or "…",
        state=badge(STATES, one.state),
        decision=badge(DECISIONS, one.decision) if one.decision else None,
        kept=badge(CLASSES, one.info_class) if is_kept(one.info_class) else None,
        department=department_word(one.department),
        theme=one.theme.name if one.theme else "",
        voices=voices,
        due=when(one.due_at) if one.state in OWED else "",
        by=one.by_name,
        at=when(one.created_at),
    )
