"""How a member and their contact stand at a moment, as plain data: taken before a table is written and after, and put back."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q

from clients.community.models import Member, MemberHandle
from clients.community.steps import change_members, replace_handles
from clients.crm.models import ANYBODY, Contact, Fact, PurposeConsent, System, TimelineEntry, Trace
from clients.crm.queries import digests
from clients.crm.rules import ON_MEMBER
from clients.custody.models import Conversation

Snapshot = dict[str, Any]


def snapshots(system: System, members: Iterable[UUID]) -> dict[UUID, Snapshot]:
    """By member, in five statements however many. A member who is not here is not in it."""
    ids = list(members)
    found: dict[UUID, Snapshot] = {
        one.pk: {"member": {name: getattr(one, name) for name in ON_MEMBER}, "handles": [], "facts": {}, "consents": {},
                 "contact": None}
        for one in Member.objects.filter(pk__in=ids)
    }  # fmt: skip
    for handle in MemberHandle.objects.filter(member__in=ids).order_by("network", "handle"):
        found[handle.member_id]["handles"].append([handle.network, handle.handle])
    for contact in Contact.objects.filter(system=system, member__in=ids):
        found[contact.member_id]["contact"] = contact.external_id
    facts = Fact.objects.filter(contact__system=system, contact__member__in=ids).select_related("contact")
    for fact in facts.order_by("field"):
        found[fact.contact.member_id]["facts"][fact.field] = [fact.value, str(fact.info_class)]
    for consent in PurposeConsent.objects.filter(member__in=ids).order_by("purpose"):
        found[consent.member_id]["consents"][consent.purpose] = [consent.state, str(consent.system_id)]
    return found


def is_in_use(member_id: UUID, system: System) -> bool:
    """Whether something else here has come to hang on a member since."""
    others = Contact.objects.filter(member=member_id).exclude(system=system)
    told = TimelineEntry.objects.filter(contact__member=member_id)
    return any(rows.exists() for rows in (Conversation.objects.filter(member=member_id), others, told))


def put_back(system: System, contact_id: UUID, member: Member, was: Snapshot) -> None:
    """Exactly as it stood. In the open transaction; the caller has seen that nothing has changed since."""
    for name in ON_MEMBER:
        setattr(member, name, was["member"][name])
    change_members([member], ON_MEMBER)
    replace_handles(member, ((network, handle) for network, handle in was["handles"]))
    PurposeConsent.objects.filter(member=member).exclude(purpose__in=list(was["consents"])).delete()
    for purpose, (state, of) in was["consents"].items():
        PurposeConsent.objects.filter(member=member, purpose=purpose).update(state=state, system=UUID(of))
    _contact_back(system, contact_id, was)


def _contact_back(system: System, contact_id: UUID, was: Snapshot) -> None:
    contact = Contact.objects.filter(pk=contact_id).first()
    if contact is None:
        return
    if was["contact"] != contact.external_id:
        forget_traces(system, [contact.external_id])
    if was["contact"] is None:
        contact.delete()
        return
    contact.external_id = was["contact"]
    contact.save(update_fields=("external_id",))
    Fact.objects.filter(contact=contact).filter(~Q(field__in=list(was["facts"]))).delete()
    for field, (value, info_class) in was["facts"].items():
        Fact.objects.filter(contact=contact, field=field).update(value=value, info_class=info_class)


def forget_traces(system: System, external_ids: Iterable[str]) -> None:
    """What was undone may come again."""
    named = digests(one for one in external_ids if one)
    Trace.objects.filter(system=system, digest__in=list(named.values())).update(unlinked=ANYBODY)
