"""The charter: who may do what alone, as sentences and as a matrix; proposals, and lowering at once."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.autonomy.grant import ANY, NO_CHARTER, Charter, Grant
from clients.autonomy.levels import Level
from clients.autonomy.vocabulary import ActionKind, Sensitivity
from clients.mandates.access import access_mandate
from clients.mandates.actions.lower import close_cell, lower_grant
from clients.mandates.drafting import draft_of
from clients.mandates.matrix import Cell, holding
from clients.mandates.models import CharterVersion, Mandate
from clients.mandates.queries import charter_version, history, mandates_of_brand, proposals, version_in_force
from clients.mandates.rules import MANDATE_LIFE
from clients.mandates.sentences import sentence_of
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from portal.brand.preparing import Preparation, preparation_of
from portal.brand.rows import channel_names
from portal.pages import back, brand_act, brand_page, render
from portal.times import when
from portal.wording import CHARTER_STATES, MANDATE_STATES, Badge, badge, kind_word, level_word
from portal.wording.charters import charter_sentence
from portal.wording.mandates import mandate_sentence
from tenants.errors import Missing
from tenants.vocabulary import Side
from tenants.walls.scope import brand_scope


@dataclass(frozen=True, slots=True)
class GrantLine:
    """One grant as it is read and, by the brand, lowered."""

    key: str
    sentence: str
    level: int
    lower: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version of a charter in its history."""

    url: str
    number: int
    state: Badge
    who: str
    when: str


@dataclass(frozen=True, slots=True)
class MandateView:
    """A mandate with everything its section of the page shows."""

    id: UUID
    agency: str
    state: Badge
    amounts: str
    starts_on: date
    ends_on: date | None
    notice_days: int
    number: int
    lines: tuple[GrantLine, ...]
    heads: tuple[str, ...]
    matrix: tuple[tuple[str, tuple[int, ...]], ...]
    versions: tuple[VersionLine, ...]
    proposed: tuple[VersionLine, ...]
    prepared: Preparation
    steps: tuple[str, ...]


@brand_page
def charter(request: HttpRequest) -> HttpResponse:
    """Every mandate of the brand with the charter that holds under it; an agency sees its own."""
    require(request.actor, Verb.ITEM_READ)
    names = channel_names()
    views = [_view(request.actor, mandate, names) for mandate in _mandates(request.actor)]
    context = {
        "mandates": views,
        "may_propose": may(request.actor.role, Verb.CHARTER_PROPOSE),
        "may_lower": may(request.actor.role, Verb.CHARTER_LOWER),
        "may_offer": may(request.actor.role, Verb.MANDATE_DECIDE),
        "may_draft": may(request.actor.role, Verb.REPORT_DRAFT),
        "typed": request.POST,
        "field": _field_of_offer(request),
    }
    return render(request, "brand/charter.html", context)


@brand_act(again=charter)
def lower(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """Less, at once, without the agency and without a signature."""
    channel, kind, sensitivity = (request.POST.get("key", "") + "||").split("|")[:3]
    level = request.POST.get("level", "")
    if level == "0":
        close_cell(actor=request.actor, mandate_id=mandate_id, channel=channel, kind=kind, sensitivity=sensitivity)
    else:
        held = _draft_in_force(request, mandate_id, request.POST.get("key", ""))
        lower_grant(actor=request.actor, mandate_id=mandate_id, grant=held | {"level": level})
    messages.success(request, _("Lowered. It holds from this moment."))
    return back(reverse("charter"))


def matrix_of(held: Charter, names: dict[str, str]) -> tuple[tuple[str, ...], tuple[tuple[str, tuple[int, ...]], ...]]:
    """Heads and rows of the routine matrix: one row per action kind, one column per channel and one for all others."""
    named = sorted({grant.channel for grant in held.grants if grant.channel != ANY})
    columns, today = [*named, ANY], timezone.localdate()
    heads = tuple(
        names.get(c, "?") if c else (_("every other channel") if named else _("every channel")) for c in columns
    )
    rows = []
    for kind in ActionKind:
        levels = tuple(int(holding(held, Cell(c, kind, Sensitivity.ROUTINE), today).level) for c in columns)
        rows.append((kind_word(kind), levels))
    return heads, tuple(rows)


def _draft_in_force(request: HttpRequest, mandate_id: UUID, key: str) -> dict[str, object]:
    """The grant as it holds, limits and all: lowering changes its level and nothing else."""
    with brand_scope(request.brand):
        version = version_in_force(access_mandate(request.actor, mandate_id))
        held = charter_version(version.pk) if version else NO_CHARTER
        found = next((draft_of(grant) for grant in held.grants if grant.key == key), None)
    if found is None:
        raise Missing("charter")
    return found


def _field_of_offer(request: HttpRequest) -> str:
    """The field of the offer that was refused: other forms of this page have fields of other names."""
    failure = getattr(request, "failure", None)
    field = (failure and failure.field) or ""
    return field if field in {"agency", "starts_on", "ends_on", "notice_days"} else ""


def _mandates(actor: Actor) -> list[Mandate]:
    found = mandates_of_brand()
    if actor.side is Side.BRAND:
        return list(found)
    return list(found.filter(agency_id=actor.agency_id)) if actor.agency_id else []


def _view(actor: Actor, mandate: Mandate, names: dict[str, str]) -> MandateView:
    version = version_in_force(mandate)
    held = charter_version(version.pk) if version else NO_CHARTER
    heads, rows = matrix_of(held, names)
    today = mandate.amounts_to(timezone.localdate())
    return MandateView(
        id=mandate.pk,
        agency=mandate.agency_name,
        state=badge(MANDATE_STATES, today),
        amounts=mandate_sentence(mandate.state, today),
        starts_on=mandate.starts_on,
        ends_on=mandate.ends_on,
        notice_days=mandate.notice_days,
        number=held.version,
        lines=tuple(_line(grant, names) for grant in sorted(held.grants, key=_as_read)),
        heads=heads,
        matrix=rows,
        versions=tuple(_version(v) for v in history(mandate)),
        proposed=tuple(_version(v) for v in proposals(mandate)),
        prepared=preparation_of(actor, mandate),
        steps=tuple(_steps(actor, mandate)),
    )


def _line(grant: Grant, names: dict[str, str]) -> GrantLine:
    below = tuple((int(level), level_word(level)) for level in Level if level < grant.level)
    return GrantLine(grant.key, charter_sentence(sentence_of(grant), names), int(grant.level), below)


def _as_read(grant: Grant) -> tuple[int, int, str]:
    """Routine before sensitive before crisis, and the wide before the near."""
    order = list(Sensitivity).index(Sensitivity(grant.sensitivity))
    return order, (grant.channel != ANY) + (grant.kind != ANY), grant.key


def _version(version: CharterVersion) -> VersionLine:
    return VersionLine(
        url=reverse("proposal", args=[version.pk]),
        number=version.number,
        state=badge(CHARTER_STATES, version.state),
        who=version.proposed_by_name,
        when=when(version.proposed_at),
    )


def _steps(actor: Actor, mandate: Mandate) -> list[str]:
    moves = MANDATE_LIFE.items()
    return [str(step) for step, move in moves if mandate.state in move.sources and may(actor.role, move.verb)]
