"""What left the brand's space: the ledger, the links that still open, what other systems may read; each ended on the spot."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from clients.disclosure.access import access_disclosure
from clients.disclosure.actions import end_disclosure, end_integration
from clients.disclosure.models import Disclosure, ShareLink
from clients.disclosure.queries import FILTERS, disclosures, links_open, policies
from clients.disclosure.rules import InfoClass, Way
from clients.disclosure.steps import Matter, Recipient, disclose
from clients.items.models import Item
from clients.items.tables import as_table
from clients.people.access import require
from clients.people.rules import Verb, may
from portal.handing_out import to_keep
from portal.pages import back, brand_act, brand_page, render
from portal.times import exact, when
from portal.wording import Badge, badge, word
from portal.wording.disclosures import CLASSES, OBJECTS, POLICIES, RECIPIENTS, SYSTEMS, WAYS, WHYS
from tenants.errors import Missing
from tenants.models import BrandPerson

A_PAGE, MOST_ROWS = 50, 10_000
CHOICES = {"way": WAYS, "class": {code: found[2] for code, found in CLASSES.items()}, "to": RECIPIENTS}
COLUMNS = ("at", "way", "recipient", "what", "count", "class", "digest", "why", "by", "until", "ended")


@dataclass(frozen=True, slots=True)
class Line:
    """One disclosure, ready to read."""

    id: UUID
    at: str
    way: str
    recipient: str
    what: str
    url: str
    class_badge: Badge
    why: str
    reason: str
    by: str
    until: str
    ended: str
    may_end: bool


@brand_page
def ledger(request: HttpRequest) -> HttpResponse:
    """The newest lines, filtered if asked for; above them the links that open now, and what other systems may read."""
    require(request.actor, Verb.DISCLOSURE_READ)
    now, may_end = timezone.now(), may(request.actor.role, Verb.DISCLOSURE_END)
    chosen, names = _chosen(request), _names()
    found = list(disclosures(chosen, _before(request))[: A_PAGE + 1])
    older = chosen | {"before": str(found[A_PAGE - 1].pk)} if len(found) > A_PAGE else {}
    context = {
        "lines": [_line(one, names, may_end=may_end) for one in found[:A_PAGE]],
        "links": [_link(one) for one in links_open(now)],
        "policies": [_policy(one, now) for one in policies()],
        "filters": [(name, _label(name), _options(name, chosen)) for name in CHOICES],
        "older": urlencode(older),
        "query": urlencode(chosen),
        "may_end": may_end,
        "may_allow": may(request.actor.role, Verb.INTEGRATION_ALLOW),
    }
    return render(request, "brand/disclosures.html", context)


@brand_act(again=ledger)
def end(request: HttpRequest, disclosure_id: UUID) -> HttpResponse:
    """End a link or another disclosure that goes on."""
    end_disclosure(request.actor, disclosure_id=disclosure_id)
    messages.success(request, _("Ended. It opens nothing any more."))
    return back(reverse("disclosures"))


@brand_act(again=ledger)
def policy_end(request: HttpRequest, policy_id: UUID) -> HttpResponse:
    end_integration(request.actor, policy_id=policy_id)
    messages.success(request, _("Ended. It reads nothing any more."))
    return back(reverse("disclosures"))


@brand_page
def export(request: HttpRequest) -> HttpResponse:
    """The ledger as a table, which is a disclosure itself: its line is the next one."""
    require(request.actor, Verb.DISCLOSURE_READ)
    found, names = list(disclosures(_chosen(request))[:MOST_ROWS]), _names()
    table = as_table(COLUMNS, (_cells(one, names) for one in found)).encode()
    what = Matter(
        Disclosure._meta.label_lower, tuple(one.pk for one in found), InfoClass.BRAND, sha256(table).hexdigest()
    )
    disclose(request.actor, way=Way.CSV, to=Recipient.person(request.actor), what=what, why="downloaded")
    return to_keep(table, "text/csv; charset=utf-8", f"{request.brand.slug}-disclosures.csv")


def _line(one: Disclosure, names: dict[str, str], *, may_end: bool) -> Line:
    words, ended = getattr(one, "words", None), getattr(one, "end", None)
    open_link = getattr(one, "link", None) is not None and ended is None
    return Line(
        id=one.pk,
        at=exact(one.at),
        way=word(WAYS, one.way),
        recipient=_recipient(one, names),
        what=_what(one),
        url=_url(one),
        class_badge=badge(CLASSES, one.info_class),
        why=word(WHYS, one.why),
        reason=words.reason if words else "",
        by=_by(one, names),
        until=when(one.until) if one.until else "",
        ended=when(ended.at) if ended else "",
        may_end=may_end and open_link and one.until is not None and one.until > timezone.now(),
    )


def _cells(one: Disclosure, names: dict[str, str]) -> list[str]:
    ended = getattr(one, "end", None)
    moments = [moment.isoformat() if moment else "" for moment in (one.at, one.until, ended.at if ended else None)]
    at, until, over = moments
    who = (_recipient(one, names), one.object_kind, str(one.count), str(one.info_class), one.digest, one.why)
    return [at, one.way, *who, _by(one, names), until, over]


def _link(link: ShareLink) -> dict[str, Any]:
    words = getattr(link.disclosure, "words", None)
    return {
        "id": link.disclosure_id,
        "for": words.recipient if words else word(RECIPIENTS, "link"),
        "what": word(OBJECTS, link.object_kind),
        "badge": badge(CLASSES, link.info_class),
        "until": when(link.expires_at),
        "views": _("%(views)s of %(most)s readings") % {"views": link.views, "most": link.most_views},
    }


def _policy(policy: Any, now: Any) -> dict[str, Any]:
    return {
        "id": policy.pk,
        "name": policy.name,
        "system": word(SYSTEMS, policy.system),
        "purpose": policy.purpose,
        "fields": [(word(OBJECTS, kind), ", ".join(names)) for kind, names in sorted(policy.fields.items())],
        "badge": badge(CLASSES, policy.most_class),
        "until": when(policy.until),
        "open": policy.holds(now),
    }


def _what(one: Disclosure) -> str:
    return f"{word(OBJECTS, one.object_kind)} ({one.count})" if one.count != 1 else word(OBJECTS, one.object_kind)


def _url(one: Disclosure) -> str:
    single = one.object_kind == Item._meta.label_lower and len(one.object_ids) == 1
    return reverse("item", args=[one.object_ids[0]]) if single else ""


def _recipient(one: Disclosure, names: dict[str, str]) -> str:
    words = getattr(one, "words", None)
    found = names.get(str(one.recipient_id), "") if one.recipient_id else ""
    return (words.recipient if words else "") or found or word(RECIPIENTS, one.recipient_kind)


def _by(one: Disclosure, names: dict[str, str]) -> str:
    person = names.get(str(one.leave_person), "?") if one.leave_person else ""
    return person or names.get(one.leave_policy) or word(POLICIES, one.leave_policy)


def _names() -> dict[str, str]:
    """Everybody who has, or had, a place here, and the systems that were ever allowed to read, by their ids."""
    people = BrandPerson.objects.values_list("person_id", "name")
    return {str(pk): name for pk, name in (*people, *policies().values_list("pk", "name"))}


def _chosen(request: HttpRequest) -> dict[str, str]:
    return {name: value for name in FILTERS if (value := request.GET.get(name, "")) in CHOICES[name]}


def _options(name: str, chosen: dict[str, str]) -> list[tuple[str, str, bool]]:
    return [(code, str(label), chosen.get(name) == code) for code, label in CHOICES[name].items()]


def _label(name: str) -> str:
    return {"way": _("By which way"), "class": _("Who may read it"), "to": _("To whom")}[name]


def _before(request: HttpRequest) -> Disclosure | None:
    typed = request.GET.get("before", "")
    try:
        return access_disclosure(request.actor, UUID(typed)) if typed else None
    except ValueError:
        raise Missing("disclosure") from None
