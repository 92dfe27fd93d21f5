"""For the demonstration: the bakery's customer system comes in with a key, and it was used today."""

from datetime import timedelta

from django.utils import timezone

from clients.disclosure.actions import allow_integration
from clients.disclosure.rules import InfoClass
from clients.keys.actions import Bounds, make_key, note_use
from clients.keys.rules import Kind
from clients.people.actor import Actor

A_YEAR = timedelta(days=364)


def make_demo_key(owner: Actor) -> None:
    """Its secret is thrown away: whoever wants to try one makes their own on the page."""
    until = timezone.now() + A_YEAR
    policy = allow_integration(
        owner,
        name="CRM de la boutique",
        system="api",
        purpose="Savoir dans la fiche client ce que la maison a publié et répondu.",
        fields={"items.item": ["title", "state", "channels"], "gate.receipt": ["sent_at", "channel"]},
        most_class=InfoClass.SHARED,
        until=until,
    )
    bounds = Bounds("CRM de la boutique", ("items:read", "receipts:read", "changes:read"), ("192.0.2.0/24",))
    key = make_key(owner, kind=Kind.STATIC, bounds=bounds, policy_id=policy.pk, expires_at=until).key
    note_use(owner.brand, key_id=key.pk, ip="192.0.2.17")
