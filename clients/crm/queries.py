"""What the pages and the door ask: systems, who is linked, what waits for a person, tickets of a conversation, the timeline."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.crypto import salted_hmac

from clients.community.models import Member
from clients.crm.models import (
    Clash,
    Contact,
    ContactImport,
    Fact,
    Organisation,
    PurposeConsent,
    System,
    Ticket,
    TimelineEntry,
    Trace,
)
from clients.crm.outward import LETS_OUT, drawn_outward
from clients.crm.rules import ON_MEMBER, TicketState
from clients.people.actor import Actor
from tenants.walls.scope import required_brand


def systems(*, ended: bool = False) -> QuerySet[System]:
    """In the order in which they were connected."""
    found: QuerySet[System] = System.objects.all()
    return found if ended else found.filter(ended_at=None)


def system_of_key(key: UUID | None) -> System | None:
    """The one that comes with this key."""
    return systems().filter(key=key).first() if key else None


def had(system: System, contacts: Collection[UUID]) -> set[UUID]:
    """Of these contacts those that this system has, or has had under an id of its own."""
    return set(Trace.objects.filter(system=system, contact__in=contacts).values_list("contact", flat=True))


def contacts(actor: Actor) -> QuerySet[Contact]:
    """Those whose member `actor` may read."""
    found: QuerySet[Contact] = Contact.objects.readable_by(actor).select_related("member", "system")
    return found.prefetch_related("member__handles", "facts", "member__consents").order_by("id")


def organisations(actor: Actor) -> QuerySet[Organisation]:
    found: QuerySet[Organisation] = Organisation.objects.readable_by(actor).select_related("system").order_by("id")
    return found


def tickets(actor: Actor) -> QuerySet[Ticket]:
    """Those of which `actor` may read the class: a ticket has its conversation's."""
    found: QuerySet[Ticket] = Ticket.objects.readable_by(actor).select_related("system", "contact").order_by("id")
    return found


def tickets_of(actor: Actor, conversation_id: UUID) -> QuerySet[Ticket]:
    """Newest first."""
    return tickets(actor).filter(conversation=conversation_id).order_by("-at", "-id")


def timeline(actor: Actor) -> QuerySet[TimelineEntry]:
    found: QuerySet[TimelineEntry] = TimelineEntry.objects.readable_by(actor).select_related("system", "contact")
    return found.order_by("id")


def timeline_of(actor: Actor, member_id: UUID) -> QuerySet[TimelineEntry]:
    """What the systems told of a member, newest first."""
    return timeline(actor).filter(contact__member=member_id, here=False).order_by("-happened_at", "-id")


def contacts_of_member(actor: Actor, member: Member) -> QuerySet[Contact]:
    return contacts(actor).filter(member=member).order_by("linked_at")


def facts_of(actor: Actor, contacts: Collection[UUID]) -> QuerySet[Fact]:
    """What was said, as far as `actor` may read it."""
    found: QuerySet[Fact] = Fact.objects.readable_by(actor).filter(contact__in=contacts)
    return found.select_related("contact__system").order_by("field")


def consents_of(member: Member) -> QuerySet[PurposeConsent]:
    return PurposeConsent.objects.filter(member=member).order_by("purpose")


def clashes_open(actor: Actor) -> QuerySet[Clash]:
    """What waits for a person, oldest first."""
    found: QuerySet[Clash] = Clash.objects.readable_by(actor).filter(decided_at=None, system__ended_at=None)
    return found.select_related("system").order_by("at", "id")


def imports() -> QuerySet[ContactImport]:
    return ContactImport.objects.select_related("system").defer("rows")


def counts_by_system() -> dict[UUID, dict[str, int]]:
    """By system: how many contacts are linked or offered, and what waits. Three queries."""
    found: dict[UUID, dict[str, int]] = {}
    linked = Contact.objects.order_by().values("system").annotate(n=Count("pk", filter=~Q(external_id="")))
    waiting = Ticket.objects.filter(state=TicketState.WAITING).order_by().values("system").annotate(n=Count("pk"))
    asked = Clash.objects.filter(decided_at=None).order_by().values("system").annotate(n=Count("pk"))
    for name, rows in (("contacts", linked), ("tickets", waiting), ("clashes", asked)):
        for row in rows:
            found.setdefault(row["system"], {})[name] = row["n"]
    return found


def outward(actor: Actor, contact: Contact) -> dict[str, Any]:
    """What the system may read of a contact of `contacts`, whose rows come along."""
    member = contact.member
    return drawn_outward(
        contact.system.fields,
        *(getattr(member, name) for name in ON_MEMBER),
        [{"network": h.network, "handle": h.handle} for h in member.handles.all()],
        [{"purpose": one.purpose, "state": one.state} for one in member.consents.all()],
        [{"field": f.field, "value": f.value} for f in contact.facts.all() if f.info_class in LETS_OUT],
    )


def digests(external_ids: Iterable[str]) -> dict[str, str]:
    """By external id: what a trace keeps of it. Keyed with the installation's secret and the brand: it is not to be guessed."""
    salt = f"relais.crm.trace.{required_brand().schema_name}"
    return {one: salted_hmac(salt, one, algorithm="sha256").hexdigest() for one in external_ids}
