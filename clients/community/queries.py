"""Members for a list, the values by which one is found, what is held on them, and erasures so far."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from clients.audit.erasing.holders import outside
from clients.audit.erasing.steps import Piece, held, private_of
from clients.audit.erasing.values import Sought, same, worth_seeking
from clients.audit.models import Entry, Private
from clients.community.models import Erasure, Member, MemberHandle
from clients.disclosure.models import DisclosureWords, ShareLink
from clients.gate.models import Dispatch, Receipt
from clients.gate.words import DispatchState
from clients.items.models import ItemVersion
from clients.people.actor import Actor
from tenants.keeping.place import spaces_aside
from tenants.models import BrandPerson
from tenants.walls.scope import required_brand

NAMING_LINES = ("member.naming_given", "member.naming_withdrawn")


@dataclass
class Preview:
    """What an erasure would do: rows by kind, what stays and why."""

    counts: "Counter[str]"
    shared: tuple[str, ...]
    public: list[Receipt]
    waiting: int


def members(actor: Actor, words: str = "") -> QuerySet[Member]:
    """Those that `actor` may read, by name; `words` stand in the name, the address or a handle."""
    found: QuerySet[Member] = Member.objects.readable_by(actor).order_by("name", "id").prefetch_related("handles")
    if words.strip():
        wanted = words.strip()
        here = MemberHandle.objects.filter(handle__icontains=wanted).values("member")
        found = found.filter(Q(name__icontains=wanted) | Q(email__icontains=wanted) | Q(pk__in=here))
    return found


def erasures() -> QuerySet[Erasure]:
    return Erasure.objects.order_by("-at", "-id")


def values_of(member: Member) -> tuple[str, ...]:
    """All by which a member is known, and the digests by which networks' refusals name an address."""
    plain = [member.name, member.email, member.phone, *member.also, *(h.handle for h in member.handles.all())]
    return worth_seeking([*plain, *_digests(member.email)])


def sought_of(member: Member) -> tuple[Sought, tuple[str, ...]]:
    """What is looked for, and the values that are not: they are somebody else's too, and would take the wrong words out."""
    others = _values_of_others(member)
    mine = values_of(member)
    shared = tuple(value for value in mine if any(same(value, other) for other in others))
    values = tuple(value for value in mine if value not in shared)
    alone = Sought(values)
    return Sought(values, tuple(other for other in others if alone.found_in(other))), shared


def preview_of(member: Member) -> Preview:
    """What is held, in the open transaction. For a page, and for the erasure itself."""
    sought, shared = sought_of(member)
    own = {member.pk, *(handle.pk for handle in member.handles.all())}
    pieces = [piece for piece in held(sought) if piece.id not in own]
    counts = Counter(piece.kind for piece in pieces) + Counter({"members": 1})
    counts["log"] = len(lines_about(sought, [member.pk]))
    counts["links"] = links_to(pieces, member.pk).count()
    for place in outside():
        counts[place.kind] = place.count(sought)
    versions = [piece.id for piece in pieces if piece.table == ItemVersion._meta.db_table]
    items = ItemVersion.objects.filter(pk__in=versions).values("item")
    out = Receipt.objects.filter(item_id__in=items).order_by("-sent_at")
    waiting = Dispatch.objects.filter(item__in=items, state__in=[DispatchState.PENDING, DispatchState.SENDING]).count()
    return Preview(+counts, shared, list(out), waiting)


def links_to(pieces: Iterable[Piece], *own: UUID) -> QuerySet[ShareLink]:
    """Links that may still be opened: to what holds words about somebody, or made for them by name."""
    tables: dict[str, list[UUID]] = defaultdict(list)
    for piece in pieces:
        tables[piece.table].append(piece.id)
    items = ItemVersion.objects.filter(pk__in=tables[ItemVersion._meta.db_table]).values_list("item_id", flat=True)
    objects = {*own, *items, *(one for ids in tables.values() for one in ids)}
    for_them = Q(disclosure__words__in=tables[DisclosureWords._meta.db_table])
    return ShareLink.objects.filter(Q(object_id__in=objects) | for_them, revoked_at=None).select_related("disclosure")


def erasure_waiting(member_id: UUID) -> Erasure | None:
    """The erasure that was asked for and has not begun: until it has, this member is being erased."""
    return Erasure.objects.filter(member_id=member_id, certificate={}).first()


def members_closing(ids: Iterable[UUID]) -> set[UUID]:
    """Which of these members are being erased. One query."""
    return set(Erasure.objects.filter(member_id__in=list(ids), certificate={}).values_list("member_id", flat=True))


def begun_at(erasure: Erasure) -> datetime:
    """When the words were taken out, by the line that tells of it."""
    at: datetime = Entry.objects.values_list("at", flat=True).get(pk=erasure.certificate["line"])
    return at


def states_aside() -> int:
    """How many former states of this brand a restore has set aside: no role of ours reads them, so no erasure searches them."""
    with connection.cursor() as cursor:
        return len(spaces_aside(cursor, required_brand()))


def erasure_of_row(*rows: UUID) -> Erasure | None:
    """The newest erasure that took words out of one of these rows."""
    asked = Q()
    for row in rows:
        asked |= Q(rows__contains=[str(row)])
    return Erasure.objects.filter(asked).order_by("-at").first() if rows else None


def lines_about(sought: Sought, ids: Collection[UUID]) -> list[UUID]:
    """The lines of the log whose private part speaks of these members: by a value sought, or by how they said that reports may
    name them, which need hold none."""
    said = Entry.objects.filter(subject_kind=Member._meta.label_lower, subject_id__in=ids, verb__in=NAMING_LINES)
    return list({*private_of(sought), *Private.objects.filter(pk__in=said.values("pk")).values_list("pk", flat=True)})


def names_of_lines(lines: Iterable[UUID]) -> QuerySet[Entry]:
    """The lines that an access request tells of, oldest first."""
    return Entry.objects.filter(pk__in=list(lines)).order_by("seq")


def _digests(email: str) -> list[str]:
    return [sha256(one.encode()).hexdigest() for one in {email, email.lower()} if one]


def _values_of_others(member: Member) -> list[str]:
    others = Member.objects.exclude(pk=member.pk)
    found = [v for row in others.values_list("name", "email", "phone") for v in row if v]
    found += [one for also in others.values_list("also", flat=True) for one in also]
    found += MemberHandle.objects.exclude(member=member).values_list("handle", flat=True)
    found += [digest for email in others.values_list("email", flat=True) for digest in _digests(email)]
    found += [v for row in BrandPerson.objects.values_list("name", "email") for v in row if v]
    return list(worth_seeking(found))
