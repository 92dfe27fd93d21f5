"""Which entries of the log somebody wants to see: by act, person, side, path, subject, day; for page, table and PDF alike."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from clients.audit.models import Entry
from clients.audit.queries import named
from portal.brand.log_lines import ITEM
from portal.typed import day_typed
from portal.wording import SIDES
from portal.wording.verbs import SUBJECTS, VERBS, VIAS
from tenants.errors import Missing
from tenants.models import BrandPerson

READS = ("read", "break_glass.read", "disclosed", "log.read", "media.fetched", "media.fetched_again", "link.opened")
"""Acts by which somebody got to see or took home what is not public to them."""
FIELDS = ("act", "person", "side", "via", "subject", "from", "to", "item", "session")

Options = list[tuple[str, str, bool]]


@dataclass(frozen=True, slots=True)
class Choice:
    """What was asked for. `reads`: only who read what. `typed` is what stood in the address."""

    typed: Mapping[str, str]
    reads: bool = False
    person: UUID | None = None
    item: UUID | None = None
    since: date | None = None
    until: date | None = None
    before: UUID | None = None
    people: list[tuple[UUID, str]] = field(default_factory=list)

    def entries(self) -> QuerySet[Entry]:
        """Newest first, with names. Missing('item') for a place in the list that is none."""
        asked: dict[str, Any] = {
            "verb": self.typed.get("act"),
            "person_id": self.person,
            "side": self.typed.get("side"),
            "via": self.typed.get("via"),
            "subject_kind": ITEM if self.item else self.typed.get("subject"),
            "subject_id": self.item,
            "facts__session": self.typed.get("session"),
            "at__gte": _midnight(self.since),
            "at__lt": _midnight(self.until and self.until + timedelta(days=1)),
            "verb__in": READS if self.reads else None,
        }
        found = Entry.objects.filter(**{name: value for name, value in asked.items() if value})
        if self.typed.get("side") == "None":
            found = Entry.objects.filter(**{n: v for n, v in asked.items() if v and n != "side"}, side="")
        if self.before:
            found = found.filter(older_than(self.before))
        return named(found.order_by("-at", "-id"))

    def query(self, **more: str) -> str:
        """The same choice as an address, for other pages and files."""
        return urlencode({name: value for name, value in {**self.typed, **more}.items() if value})

    @property
    def narrows(self) -> bool:
        return any(self.typed.values())

    def selects(self) -> list[tuple[str, str, Options]]:
        """(name, label, options) for the form."""
        people = [(str(pk), name) for pk, name in self.people]
        acts = sorted(((code, str(words)) for code, words in VERBS.items()), key=lambda pair: pair[1].casefold())
        if self.reads:
            acts = [pair for pair in acts if pair[0] in READS]
        return [
            ("act", _("Act"), self._options("act", acts)),
            ("person", _("Person"), self._options("person", people)),
            ("side", _("Side"), self._options("side", _words(SIDES))),
            ("via", _("Path"), self._options("via", _words(VIAS))),
            ("subject", _("Subject"), self._options("subject", _words(SUBJECTS))),
        ]

    def _options(self, name: str, pairs: Iterable[tuple[str, str]]) -> Options:
        return [(code, words, code == self.typed.get(name)) for code, words in pairs]


def choice_of(got: Mapping[str, str], *, reads: bool = False) -> Choice:
    """From what stands in the address. Missing('item') for an id that is none, Invalid('not_a_date') for a day that is none."""
    typed = {name: got.get(name, "")[:100] for name in FIELDS}
    return Choice(
        typed=typed,
        reads=reads,
        person=uuid_typed(typed["person"]),
        item=uuid_typed(typed["item"]),
        since=day_typed(typed["from"], "from"),
        until=day_typed(typed["to"], "to"),
        before=uuid_typed(got.get("before", "")),
        people=list(dict(BrandPerson.objects.order_by("name").values_list("person_id", "name")).items()),
    )


def older_than(entry_id: UUID) -> Q:
    last = Entry.objects.filter(pk=entry_id).first()
    if last is None:
        raise Missing("item")
    return Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk)


def _midnight(day: date | None) -> datetime | None:
    """Where that day begins, in the brand's own time zone, which the page is in."""
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None


def _words(words: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(code, str(found)) for code, found in words.items()]


def uuid_typed(typed: str) -> UUID | None:
    """None for an empty filter. What is no id names nothing: Missing('item')."""
    try:
        return UUID(typed) if typed else None
    except ValueError:
        raise Missing("item") from None
