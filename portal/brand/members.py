"""Members of the community: a list, a form, and what may be done about one of them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.community.access import access_member, reading
from clients.community.actions import add_member, change_member, note_naming
from clients.community.models import Erasure, Member
from clients.community.queries import erasures, members, members_closing
from clients.community.rules import PREFERRED, About, Consent
from clients.disclosure.rules import default_class
from clients.disclosure.steps import note_reads
from clients.people.access import require
from clients.people.rules import Verb, may
from portal.brand.crm_beside import beside_member
from portal.brand.disclosure_classes import class_choices, class_typed
from portal.pages import back, brand_act, brand_page, render
from portal.times import when
from portal.wording import badge, word
from portal.wording.disclosures import CLASSES
from portal.wording.members import BASES, CONSENTS, NAMINGS
from portal.wording.members import PREFERRED as PREFERRED_WORDS
from tenants.errors import Invalid

A_PAGE = 60


@brand_page
def community(request: HttpRequest) -> HttpResponse:
    """The members one may read, by name; for whoever reads the log, erasures so far."""
    require(request.actor, Verb.MEMBER_READ)
    words = request.GET.get("q", "")[:80]
    listed = list(members(request.actor, words)[:A_PAGE])
    closing = members_closing(member.pk for member in listed)
    found = [member for member in listed if member.pk not in closing]
    note_reads(request.actor, [reading(member) for member in found])
    role = request.actor.role
    past = erasures()[:A_PAGE] if may(role, Verb.AUDIT_READ) else []
    context = {
        "members": [_row(member) for member in found],
        "words": words,
        "closing": len(closing),
        "may_write": may(role, Verb.MEMBER_WRITE),
        "may_retain": may(role, Verb.AUDIT_READ),
        "erasures": [(e.pk, when(e.at), e.by_name, word(BASES, e.basis), _state(e)) for e in past],
    }
    return render(request, "brand/members.html", context)


@brand_page
def new_form(request: HttpRequest) -> HttpResponse:
    require(request.actor, Verb.MEMBER_WRITE)
    choices = class_choices(request.POST.get("class", default_class(request.actor.side)))
    return render(request, "brand/member.html", {"form": _form(request, None), "classes": choices, "may_write": True})


@brand_act(again=new_form)
def new(request: HttpRequest) -> HttpResponse:
    member = add_member(
        request.actor, about=about_typed(request), info_class=class_typed(request.POST.get("class", ""))
    )
    messages.success(request, _("The member is in the list."))
    return back(reverse("member", args=[member.pk]))


@brand_page
def one(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """One member, with the form for whoever may change them."""
    member, role = access_member(request.actor, member_id), request.actor.role
    context = {
        "member": member,
        "form": _form(request, member),
        "badge": badge(CLASSES, member.info_class),
        "since": when(member.created_at),
        "naming": _naming(request, member),
        "may_write": may(role, Verb.MEMBER_WRITE),
        "may_classify": may(role, Verb.CLASS_RAISE),
        "may_tell": may(role, Verb.MEMBER_ACCESS),
        "may_see_readers": may(role, Verb.AUDIT_READ),
        "may_erase": may(role, Verb.MEMBER_ERASE),
    }
    return render(request, "brand/member.html", context | beside_member(request.actor, member))


@brand_act(again=one)
def change(request: HttpRequest, member_id: UUID) -> HttpResponse:
    change_member(request.actor, member_id=member_id, about=about_typed(request))
    messages.success(request, _("Kept."))
    return back(reverse("member", args=[member_id]))


@brand_act(again=one)
def naming(request: HttpRequest, member_id: UUID) -> HttpResponse:
    typed = request.POST
    note_naming(request.actor, member_id=member_id, consent=typed.get("naming", ""), how=typed.get("how", ""))
    messages.success(request, _("Noted. Reports that are made from now on follow it."))
    return back(reverse("member", args=[member_id]))


def about_typed(request: HttpRequest) -> About:
    """Handles come one a line, the network first: 'mastodon @lea@social.example'."""
    typed = request.POST
    if typed.get("consent", "none") not in set(Consent):
        raise Invalid("unknown_consent", "consent")
    pairs = [line.split(maxsplit=1) for line in typed.get("handles", "").splitlines() if line.strip()]
    if any(len(pair) == 1 for pair in pairs):
        raise Invalid("column_missing", "handles")
    return About(
        name=typed.get("name", ""),
        email=typed.get("email", ""),
        phone=typed.get("phone", ""),
        preferred=typed.get("preferred", ""),
        consent=Consent(typed.get("consent", "none")),
        notes=typed.get("notes", ""),
        handles=tuple((network.rstrip(":"), handle) for network, handle in pairs),
        also=tuple(typed.get("also", "").splitlines()),
    )


def _state(erasure: Erasure) -> str:
    if erasure.finished_at:
        return _("Erased, with a certificate")
    return _("Erased; being searched again") if erasure.is_begun else _("Being erased")


def _naming(request: HttpRequest, member: Member) -> dict[str, Any]:
    given = member.naming_consent == Consent.GIVEN
    return {
        "badge": badge(NAMINGS, member.naming_consent),
        "given": given,
        "next": str(Consent.WITHDRAWN if given else Consent.GIVEN),
        "by": member.naming_by_name,
        "at": when(member.naming_at),
        "how": member.naming_how,
        "typed": request.POST.get("how", ""),
    }


def _row(member: Member) -> dict[str, Any]:
    handles = [f"{h.handle} ({h.network})" for h in member.handles.all()]
    return {
        "id": member.pk,
        "name": member.name,
        "by": " · ".join([*handles, *filter(None, (member.email, member.phone))]),
        "badge": badge(CLASSES, member.info_class),
        "held": bool(member.held_because),
    }


def _form(request: HttpRequest, member: Member | None) -> dict[str, Any]:
    posted = request.POST if request.method == "POST" else {}
    stored: dict[str, str] = {}
    if member is not None:
        stored = {name: getattr(member, name) for name in ("name", "email", "phone", "preferred", "consent", "notes")}
        stored["handles"] = "\n".join(f"{h.network} {h.handle}" for h in member.handles.all())
        stored["also"] = "\n".join(member.also)
    names = ("name", "email", "phone", "preferred", "consent", "notes", "handles", "also")
    values = {name: posted.get(name, stored.get(name, "")) for name in names}
    return values | {
        "preferences": [(p, word(PREFERRED_WORDS, p), values["preferred"] == p) for p in PREFERRED],
        "consents": [(str(c), word(CONSENTS, c), (values["consent"] or "none") == c) for c in Consent],
    }
