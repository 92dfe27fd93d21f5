"""Entries of the log and changes of rows, ready to read: on the pages, in tables and in the printed summary."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from clients.audit.models import Entry, RowChange
from clients.items.models import Item
from portal.brand.disclosed import disclosures_in_words
from portal.brand.log_told import beside, spelled, told
from portal.brand.titles import titles_of
from portal.times import exact
from portal.wording import ROLES, SIDES, word
from portal.wording.log import PROCESSES
from portal.wording.verbs import OPERATIONS, VERBS, VIAS
from tenants.models import BrandPerson

ITEM = Item._meta.label_lower
SHOWN_IDS = 3

Subjects = Mapping[tuple[str, UUID], tuple[str, str]]


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
    told: str
    facts: tuple[tuple[str, str], ...]
    beside: tuple[tuple[str, str], ...]
    session_url: str


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
    subjects, names = _subjects(entries), _names(entries)
    return [_line(entry, names, *_about(entry, subjects)) for entry in entries]


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


def _line(entry: Entry, names: Mapping[UUID, str], subject: str, url: str) -> Line:
    return Line(
        id=entry.pk,
        who=_who(entry, names),
        role=word(ROLES, entry.role) if entry.role else "",
        did=word(VERBS, entry.verb),
        via=word(VIAS, entry.via),
        at=exact(entry.at),
        subject=subject,
        url=url,
        told=told(entry),
        facts=tuple((name, spelled(value)) for name, value in sorted(entry.facts.items())),
        beside=beside(entry),
        session_url=_session(entry),
    )


def _who(entry: Entry, names: Mapping[UUID, str]) -> str:
    """A person, or what acted without one; either may have no name, a person because it was erased."""
    name = getattr(entry, "person_name", None)
    if entry.person_id:
        return name or names.get(entry.person_id) or _("somebody (erased)")
    return word(PROCESSES, name) if name else word(SIDES, "None")


def _subjects(entries: Iterable[Entry]) -> Subjects:
    """What the entries are about, by name and address: one query for each kind that has a page."""
    about = list(dict.fromkeys((entry.subject_kind, entry.subject_id) for entry in entries))
    return titles_of(about) | disclosures_in_words(about)


def _about(entry: Entry, subjects: Subjects) -> tuple[str, str]:
    return subjects.get((entry.subject_kind, entry.subject_id), ("", "")) if entry.subject_id else ("", "")


def _names(entries: Iterable[Entry]) -> dict[UUID, str]:
    """Who has, or had, a place here, for lines whose own name is gone: retention takes it with the address beside it."""
    nameless = {entry.person_id for entry in entries if entry.person_id and not getattr(entry, "person_name", None)}
    if not nameless:
        return {}
    return dict(BrandPerson.objects.filter(person_id__in=nameless).values_list("person_id", "name"))


def _session(entry: Entry) -> str:
    """The address of everything that happened in the same session."""
    session = entry.facts.get("session")
    if not session or not entry.person_id:
        return ""
    return f"{reverse('log')}?{urlencode({'person': entry.person_id, 'session': session})}"
