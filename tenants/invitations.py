"""An open door for one address into one brand: single use, seven days, and nothing in our tables that opens it.

The token is made when the letter is written, not when somebody presses 'invite': 32 random bytes that go into the mail and
nowhere else, while the row keeps their SHA-256. So neither an outbox row nor a copy of the database lets anybody in, and a
letter that is sent again makes the one before it useless. Writes need a transaction on the hub (`hub_scope`).
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import QuerySet

from tenants import memberships
from tenants.brandref import BrandRef
from tenants.errors import Conflict, Invalid, Missing, Refused
from tenants.models import AgencyMember, Invitation, Membership, Person
from tenants.vocabulary import Role, Side

LASTS = timedelta(days=7)
MOST_OPEN = 200
"""Open invitations of one brand at a time: nobody mails the world from here."""

_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Letter:
    """What the mail says. The only thing that ever holds a token: write it into the mail and let it go."""

    email: str
    token: str
    language: str
    brand_name: str
    side: Side
    role: Role
    agency_name: str
    invited_by_name: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """What somebody who holds the link may see before they accept."""

    id: UUID
    brand: BrandRef
    email: str
    side: Side
    role: Role
    agency_id: UUID | None
    agency_name: str
    invited_by_name: str
    expires_at: datetime
    has_account: bool


def write(
    *, email: str, brand_id: UUID, side: Side, role: Role, agency_id: UUID | None, invited_by: UUID, now: datetime
) -> Invitation:
    """Invite an address, after `lock_people`; an open one of that side to the same address is replaced.

    Raises Invalid('bad_email' | 'role_of_other_side' | 'agency_needed'), Conflict('already_member' |
    'too_many_invitations').
    """
    memberships.check_shape(side, role, agency_id)
    address = _address(email)
    if Membership.objects.filter(brand_id=brand_id, person__email=address, ended_at=None).exists():
        raise Conflict("already_member", field="email")
    same_door = {"email": address, "side": side, "agency_id": agency_id}
    invitations_open(brand_id, now).filter(**same_door).update(revoked_at=now)
    if invitations_open(brand_id, now).count() >= MOST_OPEN:
        raise Conflict("too_many_invitations", most=MOST_OPEN)
    return Invitation.objects.create(
        email=address,
        brand_id=brand_id,
        side=side,
        role=role,
        agency_id=agency_id,
        invited_by_id=invited_by,
        token_digest=digest_of(_new_token()),  # of a token that nobody has: the letter brings one that somebody does
        created_at=now,
        expires_at=now + LASTS,
    )


def write_letter(brand_id: UUID, invitation_id: UUID, now: datetime) -> Letter | None:
    """A letter with a fresh token, or None when the invitation is no longer open. Letters before it open nothing."""
    found = invitations_open(brand_id, now).select_for_update().filter(pk=invitation_id).first()
    if found is None:
        return None
    token = _new_token()
    Invitation.objects.filter(pk=found.pk).update(token_digest=digest_of(token))
    reader = Person.objects.filter(email=found.email).values_list("language", flat=True).first()
    return Letter(
        email=found.email,
        token=token,
        language=reader or found.brand.language,
        brand_name=found.brand.name,
        side=Side(found.side),
        role=Role(found.role),
        agency_name=found.agency.name if found.agency else "",
        invited_by_name=found.invited_by.name,
        expires_at=found.expires_at,
    )


def card_of(token: str, now: datetime) -> Card:
    """What a link leads to. Raises Missing('invitation'), Conflict('invitation_used' | '..._revoked' | '..._expired')."""
    found = _by_token(Invitation.objects.select_related("brand", "agency", "invited_by"), token)
    _check_open(found, now)
    return Card(
        id=found.pk,
        brand=found.brand.ref(),
        email=found.email,
        side=Side(found.side),
        role=Role(found.role),
        agency_id=found.agency_id,
        agency_name=found.agency.name if found.agency else "",
        invited_by_name=found.invited_by.name,
        expires_at=found.expires_at,
        has_account=Person.objects.filter(email=found.email).exists(),
    )


def accept(brand_id: UUID, token: str, person: Person, now: datetime) -> Membership:
    """Use an invitation up, after `lock_people` of the very brand it was made in: elsewhere it does not exist.

    Raises as `card_of` does, Refused('other_address') for anybody but the one it was sent to, Conflict('already_member').
    """
    found = _by_token(Invitation.objects.select_for_update().filter(brand_id=brand_id), token)
    _check_open(found, now)
    if person.email.lower() != found.email or not person.is_active:
        raise Refused("other_address")
    found.accepted_at = now
    found.save(update_fields=["accepted_at"])
    side, role = Side(found.side), Role(found.role)
    if found.agency_id:
        _join_agency(found.agency_id, person, role)
    return memberships.begin(
        person_id=person.pk, brand_id=brand_id, side=side, role=role, agency_id=found.agency_id, now=now
    )


def open_invitation(brand_id: UUID, invitation_id: UUID, now: datetime) -> Invitation:
    """One that is still open, after `lock_people`. Raises Missing('invitation')."""
    found = invitations_open(brand_id, now).filter(pk=invitation_id).first()
    if found is None:
        raise Missing("invitation")
    return found


def revoke(invitation: Invitation, now: datetime) -> None:
    """Close it, after `lock_people`."""
    invitation.revoked_at = now
    invitation.save(update_fields=["revoked_at"])


def revoke_made_by(brand_id: UUID, person_id: UUID, now: datetime, *, but: Collection[Role] = ()) -> None:
    """Close what a person left open who no longer may hand out these roles, after `lock_people`."""
    invitations_open(brand_id, now).filter(invited_by=person_id).exclude(role__in=but).update(revoked_at=now)


def revoke_of_agency(brand_id: UUID, agency_id: UUID, now: datetime) -> None:
    """Close every open invitation into a brand for an agency, after `lock_people`."""
    invitations_open(brand_id, now).filter(agency_id=agency_id).update(revoked_at=now)


def invitations_open(brand_id: UUID, now: datetime) -> QuerySet[Invitation]:
    """Neither accepted, revoked nor expired; the newest first."""
    rows = Invitation.objects.filter(brand_id=brand_id, accepted_at=None, revoked_at=None, expires_at__gt=now)
    return rows.order_by("-created_at", "-id")


def _join_agency(agency_id: UUID, person: Person, role: Role) -> None:
    """A letter into one brand makes nobody a head of the whole agency, who could then staff its other brands."""
    lesser = Role.COMMUNITY_MANAGER if role in {Role.AGENCY_OWNER, Role.AGENCY_MANAGER} else role
    AgencyMember.objects.get_or_create(agency_id=agency_id, person=person, defaults={"role": lesser})


def digest_of(token: str) -> str:
    """What the row keeps of a token."""
    return sha256(token.encode()).hexdigest()


def _new_token() -> str:
    return secrets.token_urlsafe(_TOKEN_BYTES)


def _by_token(rows: QuerySet[Invitation], token: str) -> Invitation:
    found = rows.filter(token_digest=digest_of(token)).first()
    if found is None:
        raise Missing("invitation")
    return found


def _check_open(invitation: Invitation, now: datetime) -> None:
    if invitation.accepted_at:
        raise Conflict("invitation_used")
    if invitation.revoked_at:
        raise Conflict("invitation_revoked")
    if invitation.expires_at <= now:
        raise Conflict("invitation_expired")


def _address(email: str) -> str:
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as bad:
        raise Invalid("bad_email", field="email") from bad
    return address
