"""Who may read one thing: its class, the people it names, and why it was opened. One page for everything that has a class."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from clients.briefings.access import access_section
from clients.briefings.actions import classify_section
from clients.community.access import access_member
from clients.community.actions import classify_member
from clients.conversations.access import access_note as access_conversation_note
from clients.conversations.actions import classify_note_beside
from clients.crisis.access import access_note as access_crisis_note
from clients.crisis.access import access_review
from clients.crisis.actions import classify_crisis_note, classify_review
from clients.disclosure.models import Classified
from clients.disclosure.rules import InfoClass, classes_open_to
from clients.insights.access import access_insight
from clients.insights.actions import classify_insight
from clients.items.access import access_media_class, access_note
from clients.items.actions import classify_media, classify_note
from clients.people.access import require
from clients.people.queries import people_of_brand
from clients.people.rules import Verb, may
from clients.sources.access import access_source
from clients.sources.actions import classify_source
from portal.pages import back, brand_act, brand_page, render
from portal.wording import ROLES, badge, word
from portal.wording.disclosures import CLASS_CHOICES, CLASSES
from portal.wording.fields import SECTIONS
from tenants.errors import Invalid, Missing
from tenants.vocabulary import Role, Side


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing with a class: its door, its action, what to call it, and where it stands."""

    access: Callable[..., Any]
    change: Callable[..., object]
    argument: str
    title: Callable[[Any], str | Promise]
    page: str

    def there(self, row: Any) -> str:
        """Back to where it stands."""
        return reverse(self.page, args=_PARTS.get(self.page, lambda _row: [])(row))


_PARTS: dict[str, Callable[[Any], list[UUID]]] = {
    "item": lambda row: [row.item_id],
    "conversation": lambda row: [row.conversation_id],
    "member": lambda row: [row.pk],
    "source": lambda row: [row.pk],
    "insight": lambda row: [row.pk],
    "crisis_one": lambda row: [row.crisis_id],
    "crisis_review": lambda row: [row.crisis_id],
}
KINDS = {
    "section": Kind(access_section, classify_section, "section_id", lambda row: SECTIONS[row.section], "briefing"),
    "picture": Kind(
        access_media_class, classify_media, "mark_id", lambda _row: _("A picture of the library"), "library"
    ),
    "member": Kind(access_member, classify_member, "member_id", lambda row: row.name, "member"),
    "crisis_note": Kind(
        access_crisis_note, classify_crisis_note, "note_id", lambda _row: _("Words of a crisis"), "crisis_one"
    ),
    "crisis_review": Kind(
        access_review, classify_review, "crisis_id", lambda _row: _("A review of a crisis"), "crisis_review"
    ),
    "insight": Kind(access_insight, classify_insight, "insight_id", lambda row: row.title, "insight"),
    "source": Kind(access_source, classify_source, "source_id", lambda row: row.name, "source"),
    "conversation_note": Kind(
        access_conversation_note,
        classify_note_beside,
        "note_id",
        lambda _row: _("A note beside a conversation"),
        "conversation",
    ),
    "note": Kind(access_note, classify_note, "note_id", lambda _row: _("A remark"), "item"),
}


@brand_page
def classify_form(request: HttpRequest, kind: str, object_id: UUID) -> HttpResponse:
    """What its class is, and what it could be."""
    require(request.actor, Verb.CLASS_RAISE)
    known = kind_known(kind)
    row = known.access(request.actor, object_id)
    context = {
        "title": known.title(row),
        "there": known.there(row),
        "badge": badge(CLASSES, row.info_class),
        "classes": class_choices(request.POST.get("class", row.info_class)),
        "people": _people(row, request),
        "readers": reverse("readers", args=[kind, object_id]) if may(request.actor.role, Verb.AUDIT_READ) else "",
        "may_lower": may(request.actor.role, Verb.CLASS_LOWER),
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "brand/classify.html", context)


@brand_act(again=classify_form)
def classify(request: HttpRequest, kind: str, object_id: UUID) -> HttpResponse:
    known = kind_known(kind)
    row = known.change(
        request.actor,
        **{known.argument: object_id},
        info_class=class_typed(request.POST.get("class", "")),
        named=_ids(request.POST.getlist("named")),
        reason=request.POST.get("reason", ""),
    )
    messages.success(request, _("Noted: this is who may read it from now on."))
    return back(known.there(row))


def class_choices(chosen: str) -> list[tuple[str, str, bool]]:
    """The four classes for a list to choose from."""
    return [(code, str(words), code == chosen) for code, words in CLASS_CHOICES.items()]


def class_typed(typed: str) -> InfoClass:
    """Raises Invalid('unknown_class', 'class')."""
    if typed not in set(InfoClass):
        raise Invalid("unknown_class", "class")
    return InfoClass(typed)


def _people(row: Classified, request: HttpRequest) -> list[dict[str, Any]]:
    """Those whom naming would let in: who reads it anyway is not offered."""
    chosen = set(request.POST.getlist("named")) if request.method == "POST" else set(row.named)
    return [
        {"id": str(p.person_id), "name": p.name, "role": word(ROLES, p.role), "chosen": str(p.person_id) in chosen}
        for p in people_of_brand()
        if InfoClass.NAMED not in classes_open_to(Side(p.side), Role(p.role))
    ]


def kind_known(kind: str) -> Kind:
    if kind not in KINDS:
        raise Missing("section")
    return KINDS[kind]


def _ids(typed: list[str]) -> list[UUID]:
    try:
        return [UUID(one) for one in typed]
    except ValueError:
        raise Missing("person") from None
