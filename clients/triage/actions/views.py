"""Saved views: filters of the inbox under a name, for oneself or for one's side."""

from collections.abc import Mapping
from uuid import UUID

from clients.conversations.steps import drop_filters, keep_filters
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from clients.triage.access import access_view
from clients.triage.models import SavedView
from clients.triage.rules import checked_filters
from tenants.walls.scope import durable


def save_view(actor: Actor, *, name: str, filters: Mapping[str, str], shared: bool = False) -> SavedView:
    """Keep the filters; the same name again is the same view, changed.

    Raises Refused('not_allowed'), Invalid('name_empty' | 'too_long', 'name'), Conflict('too_many_views').
    """
    require(actor, Verb.MENTION_READ)
    known, views = checked_filters(filters), SavedView.objects.all()
    with durable(actor.brand):
        return keep_filters(actor, views, name=name, filters=known, shared=shared, verb="inbox.view_saved")


def drop_view(actor: Actor, *, view_id: UUID) -> None:
    """Raises Missing('view') for one that is not one's own."""
    require(actor, Verb.MENTION_READ)
    with durable(actor.brand):
        drop_filters(actor, access_view(actor, view_id), verb="inbox.view_dropped")
