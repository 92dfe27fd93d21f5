"""What a line of the log or of the ledger is about, by its title and with the address of its page.

One query for each kind among them. Titles of items and of rules are for everybody who may read log or ledger; what has a class of
its own is called by its kind, and its page asks who reads.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from clients.approvals.models import StandingApproval
from clients.breakglass.models import Opening
from clients.briefings.models import BriefingSection, BriefingVersion
from clients.channels.models import Channel
from clients.community.models import Member
from clients.disclosure.models import IntegrationPolicy
from clients.insights.models import Asking, Insight
from clients.items.models import Item, ItemNote
from clients.mandates.models import CharterVersion
from portal.brand.rows import channel_names
from portal.wording import word
from portal.wording.fields import SECTIONS

Key = tuple[str, UUID]
Titles = Mapping[Key, tuple[str, str]]
Found = Iterable[tuple[UUID, str, str]]
Finder = Callable[[set[UUID]], Found]


def titles_of(wanted: Iterable[tuple[str, UUID | None]]) -> dict[Key, tuple[str, str]]:
    """(title, address) by kind and id; what has none, or is gone, is not among them."""
    ids: dict[str, set[UUID]] = {}
    for kind, pk in wanted:
        if pk and kind in FINDERS:
            ids.setdefault(kind, set()).add(pk)
    return {(kind, pk): (title, url) for kind, known in ids.items() for pk, title, url in FINDERS[kind](known)}


def _items(ids: set[UUID]) -> Found:
    for pk, title in Item.objects.filter(pk__in=ids).values_list("pk", "title"):
        yield pk, title or _("Untitled"), reverse("item", args=[pk])


def _standing(ids: set[UUID]) -> Found:
    for pk, title in StandingApproval.objects.filter(pk__in=ids).values_list("pk", "title"):
        yield pk, title, reverse("standing", args=[pk])


def _charters(ids: set[UUID]) -> Found:
    for pk, number in CharterVersion.objects.filter(pk__in=ids).values_list("pk", "number"):
        yield pk, str(number), reverse("proposal", args=[pk])


def _channels(ids: set[UUID]) -> Found:
    names = channel_names()
    yield from ((pk, names[str(pk)], reverse("channels")) for pk in ids if str(pk) in names)


def _briefings(ids: set[UUID]) -> Found:
    for pk, number in BriefingVersion.objects.filter(pk__in=ids).values_list("pk", "number"):
        yield pk, _("Briefing, version %(number)s") % {"number": number}, reverse("briefing")


def _sections(ids: set[UUID]) -> Found:
    for pk, section in BriefingSection.objects.filter(pk__in=ids).values_list("pk", "section"):
        yield pk, word(SECTIONS, section), reverse("briefing")


def _members(ids: set[UUID]) -> Found:
    yield from ((pk, _("A member"), reverse("member", args=[pk])) for pk in _there(Member, ids))


def _notes(ids: set[UUID]) -> Found:
    for pk, item in ItemNote.objects.filter(pk__in=ids).values_list("pk", "item_id"):
        yield pk, _("A remark"), reverse("item", args=[item])


def _systems(ids: set[UUID]) -> Found:
    for pk, name in IntegrationPolicy.objects.filter(pk__in=ids).values_list("pk", "name"):
        yield pk, name, reverse("disclosures")


def _insights(ids: set[UUID]) -> Found:
    yield from ((pk, _("An insight"), reverse("insight", args=[pk])) for pk in _there(Insight, ids))


def _askings(ids: set[UUID]) -> Found:
    for pk, insight in Asking.objects.filter(pk__in=ids).values_list("pk", "insight_id"):
        yield pk, _("What a department was asked"), reverse("insight", args=[insight])


def _there(model: Any, ids: set[UUID]) -> Iterator[UUID]:
    yield from model.objects.filter(pk__in=ids).values_list("pk", flat=True)


def _openings(ids: set[UUID]) -> Found:
    yield from ((pk, _("Access of the operator"), reverse("operators")) for pk in _there(Opening, ids))


FINDERS: dict[str, Finder] = {
    Item._meta.label_lower: _items,
    StandingApproval._meta.label_lower: _standing,
    CharterVersion._meta.label_lower: _charters,
    Channel._meta.label_lower: _channels,
    BriefingVersion._meta.label_lower: _briefings,
    BriefingSection._meta.label_lower: _sections,
    Member._meta.label_lower: _members,
    ItemNote._meta.label_lower: _notes,
    IntegrationPolicy._meta.label_lower: _systems,
    Opening._meta.label_lower: _openings,
    Insight._meta.label_lower: _insights,
    Asking._meta.label_lower: _askings,
}
