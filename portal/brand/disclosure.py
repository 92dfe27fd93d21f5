"""What left the brand's space: the ledger, the links that still open, what other systems may read; each ended on the spot."""

from collections.abc import Iterator
from dataclasses import dataclass
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
from clients.people.access import require
from clients.people.rules import Verb, may
from portal.brand.disclosed import Named, named_for
from portal.brand.long_table import Source, long_table, streamed
from portal.links import brand_url
from portal.pages import back, brand_act, brand_page, render
from portal.times import exact, when
from portal.wording import Badge, badge, word
from portal.wording.disclosures import CLASSES, OBJECTS, RECIPIENTS, SYSTEMS, WAYS, WHYS
from tenants.errors import Missing

A_PAGE = 50
CHOICES = {"way": WAYS, "class": {code: found[2] for code, found in CLASSES.items()}, "to": RECIPIENTS}
COLUMNS = ("at", "way", "recipient", "what", "title", "count", "class", "digest", "why", "by", "until", "ended")


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
    chosen, links, single = _chosen(request), list(links_open(now)), _place(request, "line")
    found = [single] if single else list(disclosures(chosen, _place(request, "before"))[: A_PAGE + 1])
    older = chosen | {"before": str(found[A_PAGE - 1].pk)} if len(found) > A_PAGE else {}
    named = named_for([*found[:A_PAGE], *(link.disclosure for link in links)])
    context = {
        "lines": [_line(one, named, may_end=may_end) for one in found[:A_PAGE]],
        "single": single,
        "links": [_link(one, named) for one in links],
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
    made = long_table(_source(request, _chosen(request), _place(request, "before")))
    what = Matter(Disclosure._meta.label_lower, made.ids, InfoClass.BRAND, made.digest, made.count)
    disclose(request.actor, way=Way.CSV, to=Recipient.person(request.actor), what=what, why="downloaded")
    return streamed(made.held, f"{request.brand.slug}-disclosures.csv", "text/csv; charset=utf-8")


def _source(request: HttpRequest, chosen: dict[str, str], before: Disclosure | None) -> Source[Disclosure]:
    def cells(stretch: list[Disclosure]) -> Iterator[list[str]]:
        named = named_for(stretch)
        return (_cells(one, named) for one in stretch)

    def address(last: Disclosure) -> str:
        part = urlencode(chosen | {"before": str(last.pk)})
        return f"{brand_url(request.brand.slug, 'disclosures_export')}?{part}"

    return Source(COLUMNS, lambda last: disclosures(chosen, last or before), cells, address)


def _line(one: Disclosure, named: Named, *, may_end: bool) -> Line:
    words, ended = getattr(one, "words", None), getattr(one, "end", None)
    open_link = getattr(one, "link", None) is not None and ended is None
    return Line(
        id=one.pk,
        at=exact(one.at),
        way=word(WAYS, one.way),
        recipient=named.recipient(one),
        what=named.what(one),
        url=named.url(one),
        class_badge=badge(CLASSES, one.info_class),
        why=word(WHYS, one.why),
        reason=words.reason if words else "",
        by=named.by(one),
        until=when(one.until) if one.until else "",
        ended=when(ended.at) if ended else "",
        may_end=may_end and open_link and one.until is not None and one.until > timezone.now(),
    )


def _cells(one: Disclosure, named: Named) -> list[str]:
    ended = getattr(one, "end", None)
    moments = [moment.isoformat() if moment else "" for moment in (one.at, one.until, ended.at if ended else None)]
    at, until, over = moments
    title = named.what(one) if named.url(one) else ""
    what = (one.object_kind, title, str(one.count), str(one.info_class), one.digest, one.why)
    return [at, one.way, named.recipient(one), *what, named.by(one), until, over]


def _link(link: ShareLink, named: Named) -> dict[str, Any]:
    return {
        "id": link.disclosure_id,
        "for": named.recipient(link.disclosure),
        "what": named.what(link.disclosure),
        "url": named.url(link.disclosure),
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


def _chosen(request: HttpRequest) -> dict[str, str]:
    return {name: value for name in FILTERS if (value := request.GET.get(name, "")) in CHOICES[name]}


def _options(name: str, chosen: dict[str, str]) -> list[tuple[str, str, bool]]:
    return [(code, str(label), chosen.get(name) == code) for code, label in CHOICES[name].items()]


def _label(name: str) -> str:
    return {"way": _("By which way"), "class": _("Who may read it"), "to": _("To whom")}[name]


def _place(request: HttpRequest, name: str) -> Disclosure | None:
    """The line of the ledger that the address names. Missing('disclosure') for what is none."""
    typed = request.GET.get(name, "")
    try:
        return access_disclosure(request.actor, UUID(typed)) if typed else None
    except ValueError:
        raise Missing("disclosure") from None
