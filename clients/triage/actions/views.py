"""Saved views: filters of the inbox under a name, for oneself or for one's side."""

from collections.abc import Mapping
from uuid import UUID

from clients.audit.actions import record
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from clients.triage.access import access_view
from clients.triage.models import SavedView
from clients.triage.rules import checked_filters
from tenants.errors import Conflict, Invalid
from tenants.walls.scope import durable

LONGEST_NAME = 80
MOST_VIEWS = 30


def save_view(actor: Actor, *, name: str, filters: Mapping[str, str], shared: bool = False) -> SavedView:
    """Keep the filters; the same name again is the same view, changed.

    Raises Refused('not_allowed'), Invalid('name_empty' | 'too_long', 'name'), Conflict('too_many_views').
    """
    require(actor, Verb.MENTION_READ)
    clean = " ".join(name.split())
    if not clean:
        raise Invalid("name_empty", "name")
    if len(clean) > LONGEST_NAME:
        raise Invalid("too_long", "name", most=LONGEST_NAME)
    with durable(actor.brand):
        mine = SavedView.objects.filter(person_id=actor.somebody)
        if mine.exclude(name=clean).count() >= MOST_VIEWS:
            raise Conflict("too_many_views", most=MOST_VIEWS)
        facts = {"filters": checked_filters(filters), "shared": shared, "side": str(actor.side)}
        view, _ = SavedView.objects.update_or_create(person_id=actor.somebody, name=clean, defaults=facts)
        record(actor, "inbox.view_saved", view, shared=shared)
        return view


def drop_view(actor: Actor, *, view_id: UUID) -> None:
    """Raises Missing('view') for one that is not one's own."""
    require(actor, Verb.MENTION_READ)
    with durable(actor.brand):
        view = access_view(actor, view_id)
        record(actor, "inbox.view_dropped", view)
        view.delete()
