"""What the brand approves in advance: proposed by either side, read whole and signed by somebody else, ended at will."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.approvals.actions import end_standing, propose_standing, sign_standing
from clients.approvals.models import StandingApproval
from clients.approvals.queries import as_template
from clients.approvals.rules import SLOT, Template
from clients.approvals.words import StandingState
from clients.autonomy.vocabulary import IRREVERSIBLE, ActionKind, Sensitivity
from clients.channels.queries import channels_of_brand
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from portal.brand.rows import channel_names, names_of
from portal.brand.trying import attempt, content_typed
from portal.failures import Failure, failure_of
from portal.pages import back, brand_act, brand_page, brand_question, render
from portal.times import when
from portal.typed import day_typed, number_typed
from portal.wording import SENSITIVITIES, STANDING_STATES, Badge, badge, kind_word, word
from tenants.errors import Invalid, Missing
from tenants.vocabulary import Side

A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Card:
    """A standing approval as it is read: the exact wording with its slots, and every condition."""

    id: UUID
    url: str
    title: str
    state: Badge
    subject: tuple[tuple[bool, str], ...]
    text: tuple[tuple[bool, str], ...]
    conditions: tuple[tuple[str, str], ...]
    proposed: str
    signed: str
    digest: str
    may_sign: bool
    may_end: bool
    own: bool


@brand_page
def standing(request: HttpRequest, standing_id: UUID) -> HttpResponse:
    """One, whole: what is signed is what stands on this page. A text can be tried on it."""
    return _page(request, _access(request.actor, standing_id), {})


@brand_question(again=standing)
def attempt_text(request: HttpRequest, standing_id: UUID) -> HttpResponse:
    """Whether a text would match, and why, criterion by criterion. Nothing is kept and nothing leaves."""
    row, wrong = _access(request.actor, standing_id), None
    found = None
    try:
        found = attempt(as_template(row), content_typed(request.POST), channel_names(), timezone.localdate())
    except Invalid as error:
        wrong = failure_of(error)
    request.failure = wrong
    return _page(request, row, {"attempt": found, "typed": request.POST})


@brand_page
def propose_form(request: HttpRequest) -> HttpResponse:
    require(request.actor, Verb.STANDING_PROPOSE)
    posted = request.POST
    context = _choices() | {"typed": posted, "chosen": posted.getlist("channels"), "field": _field(request)}
    return render(request, "brand/standing_propose.html", context)


@brand_act(again=propose_form)
def propose(request: HttpRequest) -> HttpResponse:
    """Propose a yes in advance; it counts once somebody else of the brand has signed it."""
    row = propose_standing(request.actor, title=request.POST.get("title", ""), template=_template(request.POST))
    messages.success(request, _("Proposed. It counts once the brand has signed it."))
    return back(reverse("standing", args=[row.pk]))


@brand_act(again=standing)
def sign(request: HttpRequest, standing_id: UUID) -> HttpResponse:
    """The brand's signature under exactly what was shown."""
    sign_standing(request.actor, standing_id=standing_id, seen_digest=request.POST.get("digest", ""))
    messages.success(request, _("Signed. What matches it goes out where the charter says “standing”."))
    return back(reverse("standing", args=[standing_id]))


@brand_act(again=standing)
def end(request: HttpRequest, standing_id: UUID) -> HttpResponse:
    end_standing(request.actor, standing_id=standing_id)
    messages.success(request, _("Ended. It approves nothing any more."))
    return back(reverse("standing", args=[standing_id]))


def cards_by_state(actor: Actor) -> list[tuple[str, list[Card]]]:
    """The newest of each state under its heading: what waits for a signature first. Two queries."""
    headings = {
        StandingState.PROPOSED: _("Waiting for a signature"),
        StandingState.SIGNED: _("Signed"),
        StandingState.ENDED: _("Ended"),
    }
    names = channel_names()
    rows = list(StandingApproval.objects.order_by("-proposed_at", "-id")[:A_PAGE])
    groups = [(words, [_card(actor, r, names) for r in rows if r.state == state]) for state, words in headings.items()]
    return [(words, cards) for words, cards in groups if cards]


def _page(request: HttpRequest, row: StandingApproval, more: dict[str, Any]) -> HttpResponse:
    context = _choices() | {"card": _card(request.actor, row, channel_names()), "row": row, "field": _field(request)}
    return render(request, "brand/standing.html", context | more)


def _access(actor: Actor, standing_id: UUID) -> StandingApproval:
    require(actor, Verb.ITEM_READ)
    row = StandingApproval.objects.filter(pk=standing_id).first()
    if row is None:
        raise Missing("standing")
    return row


def _card(actor: Actor, row: StandingApproval, names: dict[str, str]) -> Card:
    signs = may(actor.role, Verb.STANDING_SIGN) and actor.side is Side.BRAND
    waits, own = row.state == StandingState.PROPOSED, row.proposed_by == actor.person_id
    return Card(
        id=row.pk,
        url=reverse("standing", args=[row.pk]),
        title=row.title,
        state=badge(STANDING_STATES, row.state),
        subject=slotted(row.subject),
        text=slotted(row.template),
        conditions=tuple(_conditions(row, names)),
        proposed=f"{row.proposed_by_name}, {when(row.proposed_at)}",
        signed=f"{row.signed_by_name}, {when(row.signed_at)}" if row.signed_at else "",
        digest=row.digest,
        may_sign=signs and waits and not own,
        may_end=signs and row.state != StandingState.ENDED,
        own=signs and waits and own,
    )


def slotted(template: str) -> tuple[tuple[bool, str], ...]:
    """The pieces of a template in order, each with whether it is a slot."""
    parts, at = [], 0
    for slot in SLOT.finditer(template):
        parts += [(False, template[at : slot.start()]), (True, slot[0])]
        at = slot.end()
    return tuple((is_slot, text) for is_slot, text in [*parts, (False, template[at:])] if text)


def _conditions(row: StandingApproval, names: dict[str, str]) -> list[tuple[str, str]]:
    uses = row.uses_left
    left = (
        _("no limit") if uses is None else ngettext("%(count)d use left", "%(count)d uses left", uses) % {"count": uses}
    )
    return [
        (_("Action"), kind_word(row.kind)),
        (_("Sensitivity"), word(SENSITIVITIES, row.sensitivity)),
        (_("Channels"), names_of(row.channels, names) or _("every channel")),
        (_("Links"), ", ".join(row.link_hosts) or _("no link")),
        (_("Pictures"), _("any picture") if row.media_allowed else _("no picture")),
        (_("Last day"), date_format(row.until, "DATE_FORMAT") if row.until else _("no end")),
        (_("How often"), left),
    ]


def _choices() -> dict[str, Any]:
    return {
        "kinds": [(str(kind), kind_word(kind)) for kind in ActionKind if kind not in IRREVERSIBLE],
        "sensitivities": [(str(s), word(SENSITIVITIES, s)) for s in Sensitivity],
        "channels": [(str(c.pk), c.name) for c in channels_of_brand()],
    }


def _field(request: HttpRequest) -> str:
    failure: Failure | None = getattr(request, "failure", None)
    return (failure and failure.field) or ""


def _template(posted: QueryDict) -> Template:
    return Template(
        id="",
        kind=posted.get("kind", ""),
        sensitivity=posted.get("sensitivity", ""),
        channels=tuple(posted.getlist("channels")),
        text=posted.get("template", "").replace("\r\n", "\n"),
        link_hosts=tuple(posted.get("link_hosts", "").replace(",", " ").split()),
        media_allowed=bool(posted.get("media_allowed")),
        until=day_typed(posted.get("until", ""), "until"),
        uses_left=number_typed(posted.get("uses_left", ""), "uses_left"),
        subject=posted.get("subject", "").strip(),
    )
