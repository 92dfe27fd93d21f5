"""Accepting an invitation: the card it shows, and coming in, with an account that exists or with a new one."""

from django.contrib.auth import login
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from clients.autonomy.vocabulary import EntryPoint
from clients.people.actions import accept_as_new_person, accept_invitation
from portal import failures
from portal.bonds import holds_mandate
from portal.coming import INVITED
from portal.language import remember
from portal.links import brand_url, hub_url
from portal.pages import back
from portal.times import when
from portal.wording import ROLES, word
from tenants.errors import RelaisError
from tenants.invitations import Card, card_of
from tenants.models import Person

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def accept(request: HttpRequest, token: str) -> HttpResponse:
    """The page a letter leads to. Whoever holds the link sees who invites them to what, and nothing of the brand itself."""
    try:
        card = card_of(token, timezone.now())
        if request.method == "POST":
            return _come_in(request, token, card)
    except RelaisError as error:
        return failures.answer(request, error)
    return _page(request, token, card)


def _come_in(request: HttpRequest, token: str, card: Card) -> HttpResponse:
    try:
        if request.user.is_authenticated:
            accept_invitation(person=request.user, token=token, via=EntryPoint.MAIL_LINK, holds_mandate=holds_mandate)
        else:
            _begin(request, token, card)
    except RelaisError as error:
        return _page(request, token, card, failures.failure_of(error))
    return remember(back(brand_url(card.brand.slug, "home")), get_language() or "fr")


def _begin(request: HttpRequest, token: str, card: Card) -> None:
    """A new account for the invited address, signed in at once: opening the letter was the proof."""
    accept_as_new_person(
        token=token,
        name=request.POST.get("name", ""),
        password=request.POST.get("password", ""),
        language=get_language() or "fr",
        via=EntryPoint.MAIL_LINK,
        holds_mandate=holds_mandate,
    )
    login(request, Person.objects.get(email=card.email), backend=BACKEND)
    request.session[INVITED] = timezone.now().timestamp()


def _page(request: HttpRequest, token: str, card: Card, failure: failures.Failure | None = None) -> HttpResponse:
    here = hub_url("invitation", token)
    user = request.user
    context = {
        "card": card,
        "role": word(ROLES, card.role),
        "until": when(card.expires_at),
        "mine": user.is_authenticated and user.email == card.email,
        "another": user.is_authenticated and user.email != card.email,
        "sign_in": hub_url("account_login", next=here),
        "sign_out": hub_url("account_logout", next=here),
        "failure": failure,
        "name": request.POST.get("name", ""),
        "password_hints": password_validators_help_texts(),
    }
    return render(request, "hub/invitation.html", context, status=failure.status if failure else 200)
