"""What would become of rows that a system brings: looked up in a handful of statements however many rows, and nothing written.

A dry run ends here; bringing them in goes on with `applying`, from the same plan. Inside the brand's scope.
INVARIANT: two are taken for one by exactly the same address or handle, where the brand's rule says so, and never by a guess.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower

from clients.community.models import Erasure, Member, MemberHandle
from clients.community.queries import members_closing
from clients.crm.models import ANYBODY, Clash, Contact, Fact, PurposeConsent, System, Trace
from clients.crm.queries import digests
from clients.crm.reading import RowProblem, Said
from clients.crm.rules import ON_MEMBER, Effect, FieldRule, Outcome, Same, Why, policy_of, settled
from clients.disclosure.rules import strictness

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(slots=True)
class Row:
    """One row and what becomes of it. `effects`: by our name of a field. `handles`: those that the member has not got yet."""

    number: int
    said: Said
    outcome: Outcome = Outcome.INVALID
    contact: Contact | None = None
    member: Member | None = None
    effects: dict[str, Effect] = field(default_factory=dict)
    handles: list[tuple[str, str]] = field(default_factory=list)
    why: Why | None = None
    candidates: list[UUID] = field(default_factory=list)

    @property
    def differing(self) -> list[str]:
        return [name for name, effect in self.effects.items() if effect is Effect.ASKED]


@dataclass(slots=True)
class Known:
    """All that is known here about these rows, each part by one statement."""

    policy: dict[str, FieldRule]
    matching: dict[str, str]
    brings: str
    contacts: dict[str, Contact]
    by_id: dict[str, Contact]
    traces: set[str]
    digests: dict[str, str]
    facts: dict[UUID, dict[str, str]]
    consents: dict[UUID, dict[str, str]]
    closing: set[UUID]
    by_email: dict[str, set[UUID]]
    by_handle: dict[tuple[str, str], set[UUID]]
    members: dict[UUID, Member]
    linked: set[UUID]


def plan(system: System, rows: Sequence[Said], *, lock: bool = False) -> list[Row]:
    """One for each row, in order."""
    known = _known(system, rows, lock=lock)
    seen: dict[str, int] = {}
    taken: dict[UUID, int] = {}
    fresh: dict[str, int] = {}
    found = []
    for number, said in enumerate(rows, 1):
        row = Row(number, said)
        if not said.problems and said.external_id in seen:
            said.problems.append(RowProblem("external_id", "twice_here", {"line": seen[said.external_id]}))
        if not said.problems:
            seen[said.external_id] = number
            _decide(row, known, taken, fresh)
        found.append(row)
    return found


def plan_onto(system: System, said: Said, member: Member | None) -> Row:
    """One row, for a person has said whose it is: this member's, or nobody's yet."""
    known = _known(system, [said], lock=True)
    row = Row(1, said, Outcome.MADE if member is None else Outcome.LINKED, member=member)
    if member is not None:
        row.contact = Contact.objects.filter(system=system, member=member).first()
        known.facts |= _facts([row.contact.pk]) if row.contact else {}
        known.consents |= _consents([member.pk])
    _weigh(row, known)
    return row


def clashes_of(system: System, rows: Iterable[Row]) -> dict[str, Clash]:
    """By external id: what a person is asked already."""
    ids = [row.said.external_id for row in rows if row.outcome is Outcome.ASKED or row.differing]
    if not ids:
        return {}
    return {one.external_id: one for one in Clash.objects.filter(system=system, decided_at=None, external_id__in=ids)}


def _decide(row: Row, known: Known, taken: dict[UUID, int], fresh: dict[str, int]) -> None:
    said = row.said
    contact = known.contacts.get(said.external_id) or (known.by_id.get(said.claims) if said.claims else None)
    if said.claims and contact is None:
        said.problems.append(RowProblem("claims", "contact_missing"))
        return
    if contact is None and known.digests[said.external_id] in known.traces:
        row.outcome = Outcome.ERASED
        return
    if contact is None:
        contact = _recognised(row, known, taken, fresh)
        if row.outcome in (Outcome.ASKED, Outcome.INVALID, Outcome.ERASED):
            return
    if contact is not None:
        row.contact, row.member = contact, known.members[contact.member_id]
        if contact.external_id not in ("", said.external_id) or taken.get(contact.pk, row.number) != row.number:
            said.problems.append(RowProblem("claims", "contact_taken"))
            row.outcome = Outcome.INVALID
            return
        taken[contact.pk] = taken[contact.member_id] = row.number
        if contact.member_id in known.closing:
            row.outcome = Outcome.ERASED
            return
    _weigh(row, known)


def _recognised(row: Row, known: Known, taken: dict[UUID, int], fresh: dict[str, int]) -> Contact | None:
    """Sets the outcome and the member of a row that no contact goes by; the member's contact where it was offered one."""
    said = row.said
    hits = _hits(said, known)
    ids = sorted({one for found in hits.values() for one in found})
    if known.closing.intersection(ids):
        row.outcome = Outcome.ERASED
        return None
    if any(Same(known.matching.get(key, Same.NEW)) is Same.ASK for key, found in hits.items() if found):
        row.why = Why.MAYBE
    if len(ids) > 1:
        row.why = Why.SEVERAL
    twin = bool(said.email) and _rule(known, "email") is not Same.NEW and said.email in fresh
    offered = next((one for one in known.by_id.values() if ids and one.member_id == ids[0]), None)
    if ids and ((ids[0] in known.linked and offered is None) or ids[0] in taken):
        row.why = Why.TAKEN
    if twin:
        row.why = Why.TAKEN
    if row.why is not None:
        row.outcome, row.candidates = Outcome.ASKED, ids
        return None
    if ids:
        taken[ids[0]] = row.number
        row.outcome, row.member = Outcome.LINKED, known.members[ids[0]]
        return offered
    if not said.values.get("name"):
        said.problems.append(RowProblem(known.policy["name"].theirs, "name_empty"))
        return None
    row.outcome = Outcome.MADE
    if said.email:
        fresh[said.email] = row.number
    return None


def _hits(said: Said, known: Known) -> dict[str, set[UUID]]:
    """By rule: the members that go by the same address, or by one of the same handles."""
    found: dict[str, set[UUID]] = {}
    if said.email and _rule(known, "email") is not Same.NEW:
        found["email"] = known.by_email.get(said.email, set())
    if _rule(known, "handle") is not Same.NEW:
        handles = [known.by_handle.get((n, _plain(h)), set()) for n, h in said.handles]
        found["handle"] = {one for hit in handles for one in hit}
    return found


def _rule(known: Known, key: str) -> Same:
    return Same(known.matching.get(key, Same.NEW))


def _weigh(row: Row, known: Known) -> None:
    """Field by field, against what stands here and what the system said last."""
    said, member = row.said, row.member
    before = known.facts.get(row.contact.pk, {}) if row.contact else {}
    brings = member.info_class if member else known.brings
    handles = said.handles
    if handles and strictness(known.policy["handles"].info_class) > strictness(brings):
        said.values["handles"], handles = "; ".join(f"{network} {handle}" for network, handle in handles), ()
    for name, value in said.values.items():
        row.effects[name] = _effect(name, known.policy[name], member, brings, before.get(name), value)
    for theirs in said.left_out:
        row.effects[theirs] = Effect.LEFT_OUT
    has = {(h.network, _plain(h.handle)) for h in member.handles.all()} if member else set()
    row.handles = [(n, h) for n, h in handles if (n, _plain(h)) not in has]
    if handles:
        row.effects["handles"] = Effect.WRITTEN if row.handles else Effect.SAME
    stand = known.consents.get(member.pk, {}) if member else {}
    for purpose, state in said.consents.items():
        row.effects[f"consent:{purpose}"] = Effect.SAME if stand.get(purpose) == state else Effect.WRITTEN
    row.why = Why.DIFFERS if row.differing else None
    if row.outcome in (Outcome.MADE, Outcome.LINKED):
        return
    if row.contact is not None and not row.contact.external_id:
        row.outcome = Outcome.LINKED
    elif row.differing:
        row.outcome = Outcome.ASKED
    else:
        moved = any(effect in (Effect.WRITTEN, Effect.APART) for effect in row.effects.values())
        row.outcome = Outcome.CHANGED if moved else Outcome.SAME


def _effect(
    name: str, rule: FieldRule, member: Member | None, member_class: str, before: str | None, value: str
) -> Effect:
    """INVARIANT: nothing goes onto a member that somebody who reads the member may not read."""
    if name not in ON_MEMBER or (name != "name" and strictness(rule.info_class) > strictness(member_class)):
        return Effect.SAME if before == value else Effect.APART
    if member is None:
        return Effect.WRITTEN if value else Effect.SAME
    return settled(before=before, ours=str(getattr(member, name)), theirs=value, differs=rule.differs)


def _known(system: System, rows: Sequence[Said], *, lock: bool) -> Known:
    good = [row for row in rows if not row.problems]
    named = digests({row.external_id for row in good})
    matching = dict(system.matching)
    contacts = {one.external_id: one for one in Contact.objects.filter(system=system, external_id__in=list(named))}
    claimed = [row.claims for row in good if row.claims]
    by_email = _by_email(good) if matching.get("email", Same.NEW) != Same.NEW else {}
    by_handle = _by_handle(good) if matching.get("handle", Same.NEW) != Same.NEW else {}
    offered = _offered(system, claimed, {m for hit in (*by_email.values(), *by_handle.values()) for m in hit})
    by_id = offered | {str(one.pk): one for one in contacts.values() if str(one.pk) in claimed}
    linked_to = {one.member_id for one in (*contacts.values(), *by_id.values())}
    ids = linked_to | {m for hit in (*by_email.values(), *by_handle.values()) for m in hit}
    every = [*contacts.values(), *by_id.values()]
    return Known(
        policy=policy_of(system.fields),
        matching=matching,
        brings=str(system.brings),
        contacts=contacts,
        by_id=by_id,
        traces=_traces(system, named),
        digests=named,
        facts=_facts([one.pk for one in every]),
        consents=_consents(ids),
        closing=members_closing(ids),
        by_email=by_email,
        by_handle=by_handle,
        members=_members(ids, lock=lock),
        linked=set(Contact.objects.filter(system=system, member__in=ids).values_list("member_id", flat=True)),
    )


def _offered(system: System, claimed: Iterable[str], members: Iterable[UUID]) -> dict[str, Contact]:
    """Of what was offered to the system just what these rows are about: the others are nobody's to wait for."""
    ids = [one for one in claimed if _ID.fullmatch(one)]
    meant = Q(pk__in=ids) | Q(member__in=list(members))
    return {str(one.pk): one for one in Contact.objects.filter(meant, system=system, external_id="")}


def _traces(system: System, named: dict[str, str]) -> set[str]:
    """Of whom we know that they were erased: whose member was not only unlinked, or was and is here no more."""
    member = Member.objects.filter(pk=OuterRef("unlinked"))
    closing = Erasure.objects.filter(member_id=OuterRef("unlinked"), certificate={})
    here = Q(unlinked=ANYBODY) | Q(Exists(member), ~Exists(closing))
    found = Trace.objects.filter(system=system, digest__in=list(named.values())).exclude(here)
    return set(found.values_list("digest", flat=True))


def _facts(contacts: Iterable[UUID]) -> dict[UUID, dict[str, str]]:
    found: dict[UUID, dict[str, str]] = defaultdict(dict)
    for contact, name, value in Fact.objects.filter(contact__in=list(contacts)).values_list(
        "contact_id", "field", "value"
    ):
        found[contact][name] = value
    return found


def _consents(ids: Iterable[UUID]) -> dict[UUID, dict[str, str]]:
    found: dict[UUID, dict[str, str]] = defaultdict(dict)
    for member, purpose, state in PurposeConsent.objects.filter(member__in=list(ids)).values_list(
        "member_id", "purpose", "state"
    ):
        found[member][purpose] = state
    return found


def _by_email(rows: Sequence[Said]) -> dict[str, set[UUID]]:
    asked = {row.email for row in rows if row.email}
    found: dict[str, set[UUID]] = defaultdict(set)
    hits: Iterable[Member] = Member.objects.annotate(address=Lower("email")).filter(address__in=asked) if asked else []
    for member in hits:
        found[member.email.lower()].add(member.pk)
    return found


def _by_handle(rows: Sequence[Said]) -> dict[tuple[str, str], set[UUID]]:
    asked = {(network, _plain(handle)) for row in rows for network, handle in row.handles}
    found: dict[tuple[str, str], set[UUID]] = defaultdict(set)
    spelt = [text for _network, plain in asked for text in (plain, f"@{plain}")]
    hits: Iterable[MemberHandle] = (
        MemberHandle.objects.annotate(plain=Lower("handle")).filter(plain__in=spelt) if spelt else []
    )
    for one in hits:
        if (one.network, _plain(one.handle)) in asked:
            found[one.network, _plain(one.handle)].add(one.member_id)
    return found


def _members(ids: Iterable[UUID], *, lock: bool) -> dict[UUID, Member]:
    rows = Member.objects.select_for_update() if lock else Member.objects
    return {one.pk: one for one in rows.filter(pk__in=list(ids)).order_by("pk").prefetch_related("handles")}


def _plain(handle: str) -> str:
    return handle.strip().lstrip("@").lower()
