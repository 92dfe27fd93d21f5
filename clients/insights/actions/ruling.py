"""Departments that the brand names, and how themes are called: renamed, and merged where two mean the same."""

from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.insights.access import access_theme
from clients.insights.models import Department, Insight, Theme
from clients.insights.queries import theme_called
from clients.insights.rules import LONGEST_NAME, MOST_DEPARTMENTS, DepartmentCode, checked_line
from clients.insights.steps import theme_key
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Missing
from tenants.walls.scope import durable


def name_department(actor: Actor, *, name: str) -> Department:
    """A department of this brand's own; one that was ended is there again.

    Raises Invalid('name_empty' | 'too_long', 'name'), Conflict('name_taken' | 'too_many_departments').
    """
    require(actor, Verb.INSIGHT_RULE)
    clean = checked_line(name, LONGEST_NAME, "name")
    key = theme_key(clean)
    with durable(actor.brand):
        known = Department.objects.select_for_update().filter(key=key).first()
        if key in set(DepartmentCode) or (known and known.ended_at is None):
            raise Conflict("name_taken")
        if Department.objects.filter(ended_at=None).count() >= MOST_DEPARTMENTS:
            raise Conflict("too_many_departments", most=MOST_DEPARTMENTS)
        department = known or Department(key=key)
        department.name, department.ended_at = clean, None
        department.save()
        record(actor, "insight.department_named", department)
        return department


def end_department(actor: Actor, *, department_id: UUID) -> Department:
    """Nobody asks it any more; what it was asked stays. Those that every brand has stay. Raises Missing('department')."""
    require(actor, Verb.INSIGHT_RULE)
    with durable(actor.brand):
        rows = Department.objects.select_for_update().filter(pk=department_id, code="", ended_at=None)
        department = rows.first()
        if department is None:
            raise Missing("department")
        department.ended_at = timezone.now()
        department.save(update_fields=("ended_at",))
        record(actor, "insight.department_ended", department)
        return department


def rename_theme(actor: Actor, *, theme_id: UUID, name: str) -> Theme:
    """Raises Missing('theme'), Invalid('name_empty' | 'too_long', 'name'), Conflict('name_taken') where they are to be merged."""
    require(actor, Verb.INSIGHT_RULE)
    clean = checked_line(name, LONGEST_NAME, "name")
    with durable(actor.brand):
        theme = access_theme(actor, theme_id)
        other = theme_called(theme_key(clean))
        if other is not None and other.pk != theme.pk:
            raise Conflict("name_taken")
        theme.name, theme.key = clean, theme_key(clean)
        theme.save(update_fields=("name", "key"))
        record(actor, "insight.theme_renamed", theme)
        return theme


def merge_themes(actor: Actor, *, theme_id: UUID, into_id: UUID) -> Theme:
    """All that stood under the one stands under the other. Raises Missing('theme'), Conflict('merge_with_itself')."""
    require(actor, Verb.INSIGHT_RULE)
    if theme_id == into_id:
        raise Conflict("merge_with_itself")
    with durable(actor.brand):
        # Always in the same order: two people may merge two themes either way at the same moment.
        found = {pk: access_theme(actor, pk) for pk in sorted((theme_id, into_id))}
        theme, into = found[theme_id], found[into_id]
        count = Insight.objects.filter(theme=theme).update(theme=into)
        Theme.objects.filter(merged_into=theme).update(merged_into=into)
        theme.merged_into = into
        theme.save(update_fields=("merged_into",))
        record(actor, "insight.themes_merged", into, theme=str(theme.pk), count=count)
        return into
