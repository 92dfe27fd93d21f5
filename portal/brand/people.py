"""People: who has a place in this brand and in what role, and inviting, changing and ending. Each side invites its own."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.people import actions
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.queries import has_hand_on, invitations_waiting, people_of_brand, people_shown_the_door
from clients.people.rules import MAY_GIVE, Verb, end_verb, invite_verb, may, may_give
from portal.bonds import holds_mandate
from portal.pages import back, brand_act, brand_page, render
from portal.times import when
from portal.wording import ROLES, SECOND_FACTORS, SIDES, word
from tenants.errors import Invalid
from tenants.models import Brand, BrandPerson
from tenants.vocabulary import Role, SecondFactor, Side
from tenants.walls.scope import hub_scope


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One member, and what the reader may do about them."""

    id: UUID
    name: str
    email: str
    side: str
    agency: str
    role: str
    roles: tuple[tuple[str, str, bool], ...]
    may_end: bool
    me: bool


@brand_page
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with a place here, and the open invitations of the reader's side."""
    require(request.actor, Verb.ITEM_READ)
    actor, now = request.actor, timezone.now()
    rows = [_row(actor, person) for person in people_of_brand()]
    may_invite = actor.side is not None and may(actor.role, invite_verb(actor.side))
    waiting = invitations_waiting(actor, now) if may_invite else []
    context = {
        "brand_people": [row for row in rows if row.side == Side.BRAND],
        "agency_people": [row for row in rows if row.side == Side.AGENCY],
        "invitations": [(i.id, i.email, word(ROLES, i.role), i.invited_by_name, when(i.expires_at)) for i in waiting],
        "shown_out": [(p.person_id, p.name, p.email) for p in people_shown_the_door()]
        if _may_let_return(actor)
        else [],
        "may_invite": may_invite,
        "side": word(SIDES, actor.side),
        "roles": [(str(role), word(ROLES, role)) for role in _roles_to_give(actor)],
        "email": request.POST.get("email", ""),
    }
    if may(actor.role, Verb.PEOPLE_SECURE):
        context |= _second_factor(request)
    return render(request, "brand/people.html", context)


@brand_act(again=people)
def invite(request: HttpRequest) -> HttpResponse:
    """Ask somebody in, to one's own side."""
    email, role = request.POST.get("email", ""), _role(request.POST.get("role", ""))
    if request.actor.side is Side.AGENCY:
        actions.invite_agency_person(actor=request.actor, email=email, role=role, holds_mandate=holds_mandate)
    else:
        actions.invite_brand_person(actor=request.actor, email=email, role=role)
    messages.success(request, _("Invited. The letter is on its way."))
    return back(reverse("people"))


@brand_act(again=people)
def change_role(request: HttpRequest, person_id: UUID) -> HttpResponse:
    actions.change_role(actor=request.actor, person_id=person_id, role=_role(request.POST.get("role", "")))
    messages.success(request, _("Changed. It holds from their next click."))
    return back(reverse("people"))


@brand_act(again=people)
def end(request: HttpRequest, person_id: UUID) -> HttpResponse:
    actions.end_membership(actor=request.actor, person_id=person_id)
    messages.success(request, _("Ended. They see nothing of this brand any more."))
    return back(reverse("people"))


@brand_act(again=people)
def let_return(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The brand takes back that it showed somebody the door."""
    actions.let_return(actor=request.actor, person_id=person_id)
    messages.success(request, _("Their agency may bring them again."))
    return back(reverse("people"))


@brand_act(again=people)
def invitation_step(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """Send an open invitation again, or close it."""
    if request.POST.get("step") == "again":
        actions.send_invitation_again(actor=request.actor, invitation_id=invitation_id)
        messages.success(request, _("Another letter is on its way; the one before opens nothing any more."))
    else:
        actions.revoke_invitation(actor=request.actor, invitation_id=invitation_id)
        messages.success(request, _("Closed."))
    return back(reverse("people"))


@brand_act(again=people)
def second_factor_rule(request: HttpRequest) -> HttpResponse:
    """Of whom the brand asks a second factor."""
    actions.ask_second_factor(actor=request.actor, of=request.POST.get("of", ""))
    messages.success(request, _("Saved. It holds within half a minute, also for those who are signed in."))
    return back(reverse("people"))


def _second_factor(request: HttpRequest) -> dict[str, Any]:
    """The brand's rule, as it stands, and what the installation asks besides."""
    with hub_scope():  # not as the host is remembered: another process may have changed it
        now = Brand.objects.values_list("second_factor", flat=True).get(pk=request.brand.id)
    chosen = request.POST.get("of", now)
    floor = settings.SECOND_FACTOR
    said = _("This installation asks it in any case of: %(whom)s.") % {"whom": word(SECOND_FACTORS, floor)}
    return {
        "second_factor": [(str(of), word(SECOND_FACTORS, of), of == chosen) for of in SecondFactor],
        "second_factor_floor": "" if floor == SecondFactor.NOBODY else said,
    }


def _row(actor: Actor, person: BrandPerson) -> PersonRow:
    role, me = Role(person.role), person.person_id == actor.person_id
    change = not me and may(actor.role, invite_verb(Side(person.side))) and may_give(actor.role, role)
    hand = has_hand_on(actor, role, person.agency_id) and may(actor.role, end_verb(Side(person.side)))
    same_side = change and person.side == actor.side
    return PersonRow(
        id=person.person_id,
        name=person.name,
        email=person.email,
        side=person.side,
        agency=person.agency_name,
        role=word(ROLES, role),
        roles=tuple((str(r), word(ROLES, r), r is role) for r in _roles_to_give(actor)) if same_side else (),
        may_end=me or hand,
        me=me,
    )


def _may_let_return(actor: Actor) -> bool:
    return actor.is_brand and may(actor.role, Verb.PEOPLE_END_AGENCY)


def _roles_to_give(actor: Actor) -> list[Role]:
    given = MAY_GIVE.get(actor.role, frozenset()) if actor.role else frozenset()
    # The strongest last: nobody becomes an owner because somebody did not look at the list.
    return sorted(
        (role for role in Role if role in given), key=lambda role: (role.endswith("owner"), role.endswith("manager"))
    )


def _role(value: str) -> Role:
    try:
        return Role(value)
    except ValueError:
        raise Invalid("unknown_role", "role") from None
