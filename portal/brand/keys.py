"""Keys of other systems: which there are and what each may; one of them, with its use; revoked on the spot."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.keys.access import access_key
from clients.keys.actions import end_consent, renew_secret, revoke_key, take_over
from clients.keys.models import Family, Key
from clients.keys.queries import days_of, families_of, keys, networks_of
from clients.keys.rules import Kind
from clients.people.access import require
from clients.people.queries import people_of_side
from clients.people.rules import Verb, may
from portal.brand.keys_fields import change_fields
from portal.pages import back, brand_act, brand_page, drawn_again, render
from portal.times import exact, when
from portal.wording import badge, word
from portal.wording.disclosures import CLASSES, OBJECTS
from portal.wording.keys import ENDINGS, KIND_HINTS, KINDS, SCOPES, STATES
from tenants.vocabulary import Side

SHOWN, DAYS = 200, 31


@brand_page
def keys_page(request: HttpRequest) -> HttpResponse:
    """All of them. The agency sees that there are keys and what they may; a secret is nowhere."""
    require(request.actor, Verb.KEY_READ)
    answering = _answering()
    context = {
        "keys": [_shown(key, answering) for key in keys()[:SHOWN]],
        "may_make": may(request.actor.role, Verb.KEY_MAKE),
        "kinds": [(kind, word(KINDS, kind), word(KIND_HINTS, kind)) for kind in map(str, Kind)],
    }
    return render(request, "brand/keys.html", context)


@brand_page
def key_page(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """One key: what it may, as whom, from where, how much it is used; its secret this once, where it was just made."""
    key, actor, now = access_key(request.actor, key_id), request.actor, timezone.now()
    answering, live = _answering(), key.revoked_at is None and now < key.expires_at
    mine = key.answered_by == actor.person_id
    makes = live and may(actor.role, Verb.KEY_MAKE)
    context = {
        "key": _shown(key, answering),
        "made": getattr(request, "made_secret", None),
        "secret": getattr(request, "made_secret", None) or "",
        "policy": _policy(key),
        "redirects": key.redirect_uris,
        "seen": [(one.network, when(one.at)) for one in networks_of(key)],
        "days": [(one.day, one.minutes) for one in days_of(key, (now - timedelta(days=DAYS)).date())],
        "families": [_family(one, actor) for one in families_of(key)[:SHOWN]],
        "may_revoke": live and may(actor.role, Verb.KEY_REVOKE),
        "may_change": makes and mine,
        "may_renew": makes and mine and key.is_confidential,
        "may_take": makes and key.answered_by not in answering,
        "may_ledger": may(actor.role, Verb.DISCLOSURE_READ),
        "fields": change_fields(request, key) if makes and mine else {},
    }
    return render(request, "brand/key.html", context)


@brand_act(again=key_page)
def revoke(request: HttpRequest, key_id: UUID) -> HttpResponse:
    revoke_key(request.actor, key_id=key_id)
    messages.success(request, _("Revoked. It opens nothing any more."))
    return back(reverse("key", args=[key_id]))


@brand_act(again=key_page)
def secret(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """INVARIANT: the secret stands in this answer and nowhere else: no redirect, no session, no log carries it."""
    request.made_secret = renew_secret(request.actor, key_id=key_id).secret
    return drawn_again(key_page, request, key_id=key_id)


@brand_act(again=key_page)
def take(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """Answer for it from now on; with another secret unless somebody unticked that."""
    made = take_over(request.actor, key_id=key_id, fresh_secret=request.POST.get("same") != "yes")
    request.made_secret = made.secret
    messages.success(request, _("You answer for this key now."))
    return drawn_again(key_page, request, key_id=key_id)


@brand_act(again=keys_page)
def consent_end(request: HttpRequest, family_id: UUID) -> HttpResponse:
    family = end_consent(request.actor, family_id=family_id)
    messages.success(request, _("Ended. Its tokens open nothing any more."))
    return back(reverse("key", args=[family.key_id]))


def _answering() -> set[UUID]:
    """Everybody of the brand who has a place here now."""
    return set(people_of_side(Side.BRAND).values_list("person_id", flat=True))


def _shown(key: Key, answering: set[UUID]) -> dict[str, Any]:
    return {
        "id": key.pk,
        "name": key.name,
        "prefix": key.prefix,
        "kind": word(KINDS, key.kind),
        "is_app": key.kind == Kind.APP,
        "is_static": key.kind == Kind.STATIC,
        "badge": badge(STATES, _state(key, answering)),
        "scopes": [(scope, word(SCOPES, scope)) for scope in key.scopes],
        "networks": key.networks,
        "answered": key.answered_name,
        "made": when(key.created_at),
        "made_by": key.made_by_name,
        "until": when(min(key.expires_at, key.policy.until)),
        "used": when(key.last_used) if getattr(key, "last_used", None) else "",
        "revoked": _("%(when)s: %(why)s") % {"when": when(key.revoked_at), "why": word(ENDINGS, key.revoked_why)}
        if key.revoked_at
        else "",
    }


def _state(key: Key, answering: set[UUID]) -> str:
    now = timezone.now()
    if key.revoked_at is not None:
        return "revoked"
    if now >= key.expires_at:
        return "over"
    if not key.policy.holds(now):
        return "policy"
    if key.answered_by not in answering and key.kind != Kind.APP:
        return "unanswered"
    return "live" if getattr(key, "last_used", None) else "idle"


def _policy(key: Key) -> dict[str, Any]:
    return {
        "name": key.policy.name,
        "purpose": key.policy.purpose,
        "badge": badge(CLASSES, key.policy.most_class),
        "fields": [(word(OBJECTS, kind), ", ".join(names)) for kind, names in sorted(key.policy.fields.items())],
    }


def _family(family: Family, actor: Any) -> dict[str, Any]:
    open_ = family.ended_at is None and timezone.now() < family.until
    mine = family.person_id == actor.person_id
    return {
        "id": family.pk,
        "who": family.person_name,
        "at": exact(family.at),
        "scopes": [word(SCOPES, scope) for scope in family.scopes],
        "until": when(family.until) if open_ else "",
        "ended": word(ENDINGS, family.ended_why or "expired") if not open_ else "",
        "may_end": open_ and (mine or may(actor.role, Verb.KEY_REVOKE)),
    }
