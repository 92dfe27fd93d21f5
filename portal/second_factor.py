"""Whether somebody may come into a brand by a password alone: the installation says, and each brand itself; the stricter wins.

Asked of every page and press of a brand, before anything is shown; who has no second factor yet is led to setting one up.
"""

from collections.abc import Iterable
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from clients.people.rules import wants_second_factor
from tenants.errors import Refused
from tenants.memberships import standing_of
from tenants.models import Person
from tenants.vocabulary import Role, SecondFactor
from tenants.walls.scope import BrandRef, hub_scope

REAL = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(person: Person | AnonymousUser) -> bool:
    """A code generator, a passkey or a key; recovery codes alone are none."""
    with hub_scope():
        return bool(is_mfa_enabled(person, types=REAL))


def closed_to(person: Person, places: Iterable[tuple[BrandRef, Role]]) -> set[UUID]:
    """The brands among these that a person may not enter yet. Costs nothing where no rule is."""
    asking = {brand.id for brand, role in places if _asks(brand, role)}
    return asking if asking and not has_second_factor(person) else set()


def require_second_factor(request: HttpRequest, brand: BrandRef) -> None:
    """Raises Refused('second_factor_needed'). Whoever has no place here is told that by the door itself."""
    if {settings.SECOND_FACTOR, brand.second_factor} == {SecondFactor.NOBODY}:
        return
    assert isinstance(request.user, Person)  # `_guarded` sent everybody else to sign in
    standing = standing_of(request.user.pk, brand)
    if standing is not None and closed_to(request.user, [(brand, standing.role)]):
        raise Refused("second_factor_needed")


def _asks(brand: BrandRef, role: Role) -> bool:
    return any(wants_second_factor(SecondFactor(rule), role) for rule in (settings.SECOND_FACTOR, brand.second_factor))
