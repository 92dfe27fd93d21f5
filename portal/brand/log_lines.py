"""Entries of the log and changes of rows, ready to read: on the pages, in tables and in the printed summary."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from clients.approvals.models import StandingApproval
from clients.audit.models import Entry, RowChange
from clients.channels.models import Channel
from clients.items.models import Item
from clients.mandates.models import CharterVersion
from portal.brand.rows import channel_names
from portal.times import exact
from portal.wording import ROLES, SIDES, word
from portal.wording.log import PROCESSES
from portal.wording.verbs import OPERATIONS, VERBS, VIAS

ITEM, CHARTER = Item._meta.label_lower, CharterVersion._meta.label_lower
STANDING, CHANNEL = StandingApproval._meta.label_lower, Channel._meta.label_lower
SHOWN_IDS = 3

Subjects = dict[tuple[str, UUID | None], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """One entry, ready to read."""

    id: UUID
    who: str
    role: str
    did: str
    via: str
    at: str
    subject: str
    url: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Rows that a statement changed and no act tells of."""

    seq: int
    did: str
    table: str
    count: int
    ids: str
    at: str


def lines_of(entries: Sequence[Entry]) -> list[Line]:
    """`entries` as `clients.audit.queries.named` gives them. A query for each kind of subject among them."""
    subjects = _subjects(entries)
    return [_line(entry, *subjects.get((entry.subject_kind, entry.subject_id), ("", ""))) for entry in entries]


def change_of(change: RowChange) -> Change:
    ids = ", ".join(str(pk) for pk in change.rows[:SHOWN_IDS])
    return Change(
        seq=change.seq,
        did=word(OPERATIONS, change.op),
        table=change.table,
        count=change.count,
        ids=f"{ids}, …" if change.count > SHOWN_IDS else ids,
        at=exact(change.at),
    )


def _line(entry: Entry, subject: str, url: str) -> Line:
    return Line(
        id=entry.pk,
        who=_who(entry),
        role=word(ROLES, entry.role) if entry.role else "",
        did=word(VERBS, entry.verb),
        via=word(VIAS, entry.via),
        at=exact(entry.at),
        subject=subject,
        url=url,
        facts=tuple((name, _spelled(value)) for name, value in sorted(entry.facts.items())),
    )


def _who(entry: Entry) -> str:
    """A person, or what acted without one; either may have no name, a person because it was erased."""
    name = getattr(entry, "person_name", None)
    if entry.person_id:
        return name or _("somebody (erased)")
    return word(PROCESSES, name) if name else word(SIDES, "None")


def _subjects(entries: Iterable[Entry]) -> Subjects:
    """What the entries are about, by name and address: one query for each kind that has a page."""
    ids: dict[str, set[UUID]] = {}
    for entry in entries:
        if entry.subject_id:
            ids.setdefault(entry.subject_kind, set()).add(entry.subject_id)
    items = Item.objects.filter(pk__in=ids.get(ITEM, ())).values_list("pk", "title")
    standing = StandingApproval.objects.filter(pk__in=ids.get(STANDING, ())).values_list("pk", "title")
    charters = CharterVersion.objects.filter(pk__in=ids.get(CHARTER, ())).values_list("pk", "number")
    channels = channel_names() if CHANNEL in ids else {}
    found: Subjects = {(ITEM, pk): (title, reverse("item", args=[pk])) for pk, title in items}
    found |= {(STANDING, pk): (title, reverse("standing", args=[pk])) for pk, title in standing}
    found |= {(CHARTER, pk): (str(number), reverse("proposal", args=[pk])) for pk, number in charters}
    found |= {(CHANNEL, UUID(pk)): (name, reverse("channels")) for pk, name in channels.items()}
    return found


def _spelled(value: object) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)
