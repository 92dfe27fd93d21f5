"""The brand's log: who did what, when, for which side and on which path. Read by the brand's heads and its auditor."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from clients.approvals.models import StandingApproval
from clients.audit.models import Entry
from clients.audit.queries import named
from clients.channels.models import Channel
from clients.items.models import Item
from clients.mandates.models import CharterVersion
from clients.people.access import require
from clients.people.rules import Verb
from portal.brand.rows import channel_names
from portal.pages import brand_page, render
from portal.times import exact
from portal.wording import ROLES, SIDES, word
from portal.wording.verbs import VERBS, VIAS
from tenants.errors import Missing
from tenants.models import BrandPerson

A_PAGE = 50
ITEM, CHARTER = Item._meta.label_lower, CharterVersion._meta.label_lower
STANDING, CHANNEL = StandingApproval._meta.label_lower, Channel._meta.label_lower

Subjects = dict[tuple[str, UUID | None], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """One entry, ready to read."""

    who: str
    role: str
    did: str
    via: str
    at: str
    subject: str
    url: str
    facts: tuple[tuple[str, str], ...]


@brand_page
def log(request: HttpRequest) -> HttpResponse:
    """The newest entries, of one item or one person if asked for; `before` leads to older ones."""
    require(request.actor, Verb.AUDIT_READ)
    item, person, before = (_uuid(request.GET.get(name, "")) for name in ("item", "person", "before"))
    found = list(_entries(item, person, before)[: A_PAGE + 1])
    shown = found[:A_PAGE]
    older = {"item": item, "person": person, "before": shown[-1].pk} if len(found) > A_PAGE else {}
    context = {
        "lines": _lines(shown),
        "item": Item.objects.filter(pk=item).values_list("title", flat=True).first() if item else None,
        "item_id": item,
        "people": [(str(pk), name, pk == person) for pk, name in _people()],
        "older": urlencode({name: str(value) for name, value in older.items() if value}),
        "newest": before is None,
    }
    return render(request, "brand/log.html", context)


def _entries(item: UUID | None, person: UUID | None, before: UUID | None) -> QuerySet[Entry]:
    entries = named(Entry.objects.order_by("-at", "-id"))
    if item:
        entries = entries.filter(subject_kind=ITEM, subject_id=item)
    if person:
        entries = entries.filter(person_id=person)
    if before:
        last = Entry.objects.filter(pk=before).first()
        if last is None:
            raise Missing("item")
        entries = entries.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk))
    return entries


def _lines(entries: Sequence[Entry]) -> list[Line]:
    subjects = _subjects(entries)
    return [_line(entry, *subjects.get((entry.subject_kind, entry.subject_id), ("", ""))) for entry in entries]


def _line(entry: Entry, subject: str, url: str) -> Line:
    return Line(
        who=getattr(entry, "person_name", None) or _nameless(entry),
        role=word(ROLES, entry.role) if entry.role else "",
        did=word(VERBS, entry.verb),
        via=word(VIAS, entry.via),
        at=exact(entry.at),
        subject=subject,
        url=url,
        facts=tuple((name, _spelled(value)) for name, value in sorted(entry.facts.items())),
    )


def _nameless(entry: Entry) -> str:
    """A process, or a person whose name was erased."""
    return _("somebody (erased)") if entry.person_id else word(SIDES, "None")


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


def _people() -> list[tuple[UUID, str]]:
    """Everybody who has, or had, a place here."""
    return list(dict(BrandPerson.objects.order_by("name").values_list("person_id", "name")).items())


def _spelled(value: object) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _uuid(typed: str) -> UUID | None:
    """None for an empty filter. What is no id names nothing: Missing('item')."""
    try:
        return UUID(typed) if typed else None
    except ValueError:
        raise Missing("item") from None
