"""Contacts as a system brings them: one, or many with one answer each. And what a person decides where two may be one."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.community.access import access_member
from clients.community.steps import change_members
from clients.crm.access import access_clash, access_contact, be_alone, system_to_bring
from clients.crm.models import Clash, Contact, Fact, System, Trace
from clients.crm.planning import Row, plan, plan_onto
from clients.crm.reading import Said
from clients.crm.rules import MOST_AT_ONCE, ON_MEMBER, Outcome, Why, policy_of
from clients.crm.steps.applying import apply
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Invalid, Missing
from tenants.walls.scope import durable

LINK, MAKE, TAKE, KEEP, DROP = "link", "make", "take", "keep", "drop"
WAYS = {LINK, MAKE, TAKE, KEEP, DROP}


def bring_contacts(actor: Actor, *, system_id: UUID, rows: Sequence[Said]) -> list[Row]:
    """Each row is written, asked about, or wrong by itself: one wrong row stops no other. At most `MOST_AT_ONCE`.

    Raises Refused('not_allowed'), Missing('system'), Invalid('nothing_brought' | 'too_many_rows', 'rows').
    """
    require(actor, Verb.CRM_WRITE)
    if not rows:
        raise Invalid("nothing_brought", "rows")
    if len(rows) > MOST_AT_ONCE:
        raise Invalid("too_many_rows", "rows", most=MOST_AT_ONCE)
    with durable(actor.brand):
        system = system_to_bring(actor, system_id)
        planned = plan(system, rows, lock=True)
        apply(actor, system, planned)
        tell_brought(actor, system, planned)
    return planned


def unlink_contact(actor: Actor, *, contact_id: UUID) -> None:
    """The member is no longer this contact; the member stays, and while they do, it may come again.

    Raises Refused('not_allowed'), Missing('contact').
    """
    require(actor, Verb.CRM_WRITE)
    with durable(actor.brand):
        be_alone()
        contact = access_contact(actor, contact_id)
        record(actor, "crm.unlinked", contact, system=str(contact.system_id), member=str(contact.member_id))
        Trace.objects.filter(system=contact.system_id, contact=contact.pk).update(unlinked=contact.member_id)
        contact.delete()


def decide_clash(actor: Actor, *, clash_id: UUID, way: str, member_id: UUID | None = None) -> Clash:
    """A person says who it is: `link` to a member, `make` a new one; or whose word holds: `take` theirs, `keep` ours. Or `drop`.

    Raises Refused('not_allowed'), Missing('clash' | 'member' | 'system'), Conflict('clash_decided' | 'contact_taken' |
    'contact_missing'), Invalid('unknown_way' | 'member_missing', 'way').
    """
    require(actor, Verb.CRM_WRITE)
    if way not in WAYS:
        raise Invalid("unknown_way", "way")
    with durable(actor.brand):
        be_alone()
        clash = access_clash(actor, clash_id, lock=True)
        if clash.decided_at is not None:
            raise Conflict("clash_decided")
        system = system_to_bring(actor, clash.system_id)
        if (clash.why == Why.DIFFERS) is (way in (LINK, MAKE)):
            raise Invalid("unknown_way", "way")
        clash.decided_at, clash.decided_by, clash.decided_name = timezone.now(), actor.somebody, actor.name
        clash.outcome = way
        clash.save()
        if way in (LINK, MAKE):
            _place(actor, system, clash, member_id if way == LINK else None, link=way == LINK)
        elif way in (TAKE, KEEP):
            _settle(clash, theirs=way == TAKE)
        record(actor, "crm.decided", clash, way=way, system=str(system.pk), why=clash.why)
        clash.row = {}
        clash.save(update_fields=("row",))
    return clash


def said_of(clash: Clash) -> Said:
    """What the system said, as it was kept for a person to decide."""
    kept = clash.row
    return Said(
        external_id=clash.external_id,
        values=dict(kept.get("values", {})),
        handles=tuple((network, handle) for network, handle in kept.get("handles", [])),
        consents=dict(kept.get("consents", {})),
    )


def tell_brought(actor: Actor, system: System, rows: Sequence[Row]) -> None:
    """One line for all that came at once; which rows it wrote, the trail of the tables says."""
    counts = Counter(str(row.outcome) for row in rows)
    record(actor, "crm.brought", system, rows=len(rows), counts=dict(counts))


def _place(actor: Actor, system: System, clash: Clash, member_id: UUID | None, *, link: bool) -> None:
    if link and member_id is None:
        raise Invalid("member_missing", "way")
    if Contact.objects.filter(system=system, external_id=clash.external_id).exists():
        raise Conflict("contact_taken")
    member = access_member(actor, member_id, lock=True) if member_id else None
    if member and Contact.objects.filter(system=system, member=member).exclude(external_id="").exists():
        raise Conflict("contact_taken")
    row = plan_onto(system, said_of(clash), member)
    if member is None and not row.said.values.get("name"):
        raise Invalid("name_empty", "way")
    apply(actor, system, [row])


def _settle(clash: Clash, *, theirs: bool) -> None:
    contact = Contact.objects.filter(system=clash.system_id, external_id=clash.external_id).first()
    if contact is None:
        raise Conflict("contact_missing")
    policy = policy_of(clash.system.fields)
    values = {name: clash.row["values"][name] for name in clash.differing if name in policy}
    if theirs:
        member = contact.member
        for name in set(values) & set(ON_MEMBER):
            setattr(member, name, values[name])
        change_members([member], ON_MEMBER)
    Fact.objects.bulk_create(
        [
            Fact(contact=contact, field=name, value=value, info_class=policy[name].info_class, owner_side="brand")
            for name, value in values.items()
        ],
        update_conflicts=True,
        unique_fields=("contact", "field"),
        update_fields=("value", "at", "info_class"),
    )


def require_written(row: Row) -> Contact:
    """For one row alone: its contact. Raises Conflict('asked' | 'was_erased')."""
    if row.outcome is Outcome.ERASED:
        raise Conflict("was_erased")
    if row.outcome is Outcome.ASKED and row.why is not Why.DIFFERS:
        raise Conflict("asked", why=str(row.why))
    if row.contact is None:
        raise Missing("contact")
    return row.contact
