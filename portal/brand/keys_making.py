"""Making a key, and changing one: by the brand's heads, who prove who they are. A secret is shown once, where it was made."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.keys.actions import change_key, make_key
from clients.keys.rules import Kind
from clients.people.access import require
from clients.people.rules import Verb, may
from portal.brand.keys import key_page
from portal.brand.keys_fields import bounds_typed, end_typed, new_fields
from portal.pages import back, brand_act, brand_page, drawn_again, render
from tenants.errors import Invalid, Missing


@brand_page
def key_form(request: HttpRequest, kind: str) -> HttpResponse:
    """What the system may, what it reads, from where, until when."""
    require(request.actor, Verb.KEY_MAKE)
    fields = new_fields(request, _kind(kind))
    context = fields | {"fields": fields, "may_allow": may(request.actor.role, Verb.INTEGRATION_ALLOW)}
    return render(request, "brand/key_new.html", context)


@brand_act(again=key_form)
def make(request: HttpRequest, kind: str) -> HttpResponse:
    """INVARIANT: the secret stands in this answer and nowhere else: no redirect, no session, no log carries it."""
    typed = request.POST
    made = make_key(
        request.actor,
        kind=_kind(kind),
        bounds=bounds_typed(request),
        policy_id=_policy(typed.get("policy", "")),
        expires_at=end_typed(typed.get("until", "")),
        has_secret=typed.get("secret", "yes") == "yes",
    )
    request.made_secret = made.secret or made.key.prefix
    return drawn_again(key_page, request, key_id=made.key.pk)


@brand_act(again=key_page)
def change(request: HttpRequest, key_id: UUID) -> HttpResponse:
    change_key(request.actor, key_id=key_id, bounds=bounds_typed(request))
    messages.success(request, _("Changed. It holds from the next request on."))
    return back(reverse("key", args=[key_id]))


def _kind(typed: str) -> Kind:
    if typed not in set(map(str, Kind)):
        raise Missing("key")
    return Kind(typed)


def _policy(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        raise Invalid("policy_over", "policy") from None
