"""The doors to what was handed to somebody, and to one saved view: refused equals absent."""

from uuid import UUID

from clients.conversations.access import own_view
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from clients.triage.models import Handing, SavedView
from tenants.errors import Missing


def access_handing(actor: Actor, handing_id: UUID, *, lock: bool = False) -> Handing:
    """What waits for this very person. The handing is their leave to read that one mention. Missing('handing') otherwise."""
    require(actor, Verb.HANDED_READ)
    rows = Handing.objects.select_for_update(of=("self",)) if lock else Handing.objects
    found = rows.select_related("mention").filter(pk=handing_id, to_person=actor.somebody).first()
    if found is None:
        raise Missing("handing")
    return found


def access_view(actor: Actor, view_id: UUID) -> SavedView:
    """A saved view of one's own. Missing('view') otherwise."""
    require(actor, Verb.MENTION_READ)
    return own_view(actor, SavedView.objects.all(), view_id)
