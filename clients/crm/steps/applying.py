"""A plan is carried out: members, handles, contacts, traces, facts, consents, questions for a person. In the open transaction.

The number of statements does not depend on the number of rows.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone

from clients.community.models import Member
from clients.community.steps import add_handles, add_members, change_members
from clients.crm.models import Clash, Contact, Fact, PurposeConsent, System, Trace
from clients.crm.planning import Row, clashes_of
from clients.crm.queries import digests
from clients.crm.rules import ON_MEMBER, Effect, Outcome, policy_of
from clients.disclosure.rules import InfoClass
from clients.people.actor import Actor

WRITES = (Outcome.MADE, Outcome.LINKED, Outcome.CHANGED)


def apply(actor: Actor, system: System, rows: Sequence[Row], *, of_import: UUID | None = None) -> None:
    """Write what the plan says. The caller holds the brand's lock for bringing things in, and has locked the members."""
    asked = clashes_of(system, rows)
    written = [row for row in rows if row.outcome in WRITES or (row.outcome is Outcome.ASKED and row.contact)]
    _members(actor, system, written)
    _contacts(system, written)
    _facts(system, written)
    _consents(system, written)
    _ask(system, [row for row in rows if row.outcome is Outcome.ASKED or row.differing], asked, of_import)


def _members(actor: Actor, system: System, rows: Iterable[Row]) -> None:
    fresh, changed = [], []
    for row in rows:
        if row.member is None:
            row.member = Member(
                name=row.said.values["name"], created_by=actor.somebody, owner_side=str(actor.side),
                info_class=system.brings,
            )  # fmt: skip
            fresh.append(row.member)
        elif Effect.WRITTEN in (row.effects.get(name) for name in ON_MEMBER):
            changed.append(row.member)
        for name in ON_MEMBER:
            if row.effects.get(name) is Effect.WRITTEN:
                setattr(row.member, name, row.said.values[name])
    add_members(fresh)
    change_members(changed, ON_MEMBER)
    add_handles((row.member, *handle) for row in rows if row.member for handle in row.handles)


def _contacts(system: System, rows: Sequence[Row]) -> None:
    now, fresh, known = timezone.now(), [], []
    for row in rows:
        assert row.member is not None
        if row.contact is None:
            row.contact = Contact(system=system, external_id=row.said.external_id, member=row.member)
            fresh.append(row.contact)
        else:
            if not row.contact.external_id:
                row.contact.external_id, row.contact.linked_at = row.said.external_id, now
            row.contact.seen_at = now
            known.append(row.contact)
    Contact.objects.bulk_create(fresh)
    if known:
        Contact.objects.bulk_update(known, ("external_id", "linked_at", "seen_at"))
    leave_traces(system, [row.contact for row in rows if row.contact])


def leave_traces(system: System, contacts: Iterable[Contact]) -> None:
    """So that whoever is erased stays so, and the system that knew them is told. What is only offered has no id there yet."""
    found = {one.external_id or f"\0{one.pk}": one.pk for one in contacts}
    named = digests(found)
    traces = [Trace(system=system, digest=named[external], contact=pk) for external, pk in found.items()]
    Trace.objects.bulk_create(
        traces,
        update_conflicts=True,
        unique_fields=("system", "digest", "contact"),
        update_fields=("unlinked",),
    )


def _facts(system: System, rows: Iterable[Row]) -> None:
    """What is asked about stays as it was: the next time the system says it, it is still news."""
    policy, now = policy_of(system.fields), timezone.now()
    facts = [
        Fact(contact=row.contact, field=name, value=value, at=now, info_class=policy[name].info_class,
             owner_side="brand")
        for row in rows
        for name, value in row.said.values.items()
        if row.effects.get(name) is not Effect.ASKED
    ]  # fmt: skip
    Fact.objects.bulk_create(
        facts, update_conflicts=True, unique_fields=("contact", "field"), update_fields=("value", "at", "info_class")
    )


def _consents(system: System, rows: Iterable[Row]) -> None:
    now = timezone.now()
    consents: dict[tuple[UUID, str], PurposeConsent] = {}
    for row in rows:
        for purpose, state in row.said.consents.items():
            if row.effects.get(f"consent:{purpose}") is Effect.WRITTEN and row.member is not None:
                consents[row.member.pk, purpose] = PurposeConsent(
                    member=row.member, purpose=purpose, state=state, system=system, at=now
                )
    PurposeConsent.objects.bulk_create(
        consents.values(),
        update_conflicts=True,
        unique_fields=("member", "purpose"),
        update_fields=("state", "system", "at"),
    )


def _ask(system: System, rows: Iterable[Row], asked: dict[str, Clash], of_import: UUID | None) -> None:
    fresh, again = [], []
    for row in rows:
        clash = asked.get(row.said.external_id)
        if clash is None:
            clash = Clash(
                system=system, external_id=row.said.external_id, info_class=InfoClass.BRAND, owner_side="brand",
                of_import=of_import,
            )  # fmt: skip
            fresh.append(clash)
        else:
            again.append(clash)
        assert row.why is not None
        clash.why, clash.row, clash.differing = row.why, as_kept(row), row.differing
        clash.candidates = [str(one) for one in row.candidates or ([row.member.pk] if row.member else [])]
    Clash.objects.bulk_create(fresh)
    if again:
        Clash.objects.bulk_update(again, ("why", "row", "differing", "candidates"))


def as_kept(row: Row) -> dict[str, Any]:
    """What the system said, for whoever decides."""
    return {
        "values": row.said.values,
        "handles": [list(one) for one in row.said.handles],
        "consents": row.said.consents,
        "claims": row.said.claims,
    }
