"""What is asked when a key is made or changed, as the forms draw it and as they come back."""

from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from clients.disclosure.models import IntegrationPolicy
from clients.disclosure.queries import policies
from clients.keys.actions import Bounds
from clients.keys.models import Key
from clients.keys.rules import LONGEST, Kind
from clients.keys.scopes import RESOURCES
from portal.times import when
from portal.typed import day_typed
from portal.wording import word
from portal.wording.keys import KINDS, SCOPES
from tenants.errors import Invalid


def new_fields(request: HttpRequest, kind: Kind) -> dict[str, Any]:
    """For the page that makes one. Nothing is ticked before somebody ticks it."""
    typed, offered = request.POST, offered_policies()
    chosen = typed.get("policy", str(offered[0].pk) if offered else "")
    return {
        "kind": str(kind),
        "kind_word": word(KINDS, kind),
        "is_app": kind is Kind.APP,
        "has_secret": typed.get("secret", "yes") == "yes",
        "policies": [(str(p.pk), p.name, p.purpose, when(p.until), str(p.pk) == chosen) for p in offered],
        "until": typed.get("until", f"{_usual(offered):%Y-%m-%d}"),
    } | _shared(typed, (), "", (), ())


def change_fields(request: HttpRequest, key: Key) -> dict[str, Any]:
    """For the page of one key: what it has now, or what was just typed."""
    shared = _shared(
        request.POST if "name" in request.POST else None, key.scopes, key.name, key.networks, key.redirect_uris
    )
    return {"is_app": key.kind == Kind.APP} | shared


def bounds_typed(request: HttpRequest) -> Bounds:
    typed = request.POST
    lines = {name: typed.get(name, "").splitlines() for name in ("networks", "redirect_uris")}
    return Bounds(typed.get("name", ""), typed.getlist("scope"), lines["networks"], lines["redirect_uris"])


def end_typed(typed: str) -> datetime:
    """The end of that day, on the brand's clocks. Raises Invalid('not_a_date', 'until')."""
    day = day_typed(typed, "until")
    if day is None:
        raise Invalid("not_a_date", "until")
    return timezone.make_aware(datetime.combine(day, time(23, 59)))


def offered_policies() -> list[IntegrationPolicy]:
    """What the brand's owner lets programs read now."""
    now = timezone.now()
    return [policy for policy in policies().filter(system="api") if policy.holds(now)]


def _usual(offered: list[IntegrationPolicy]) -> datetime:
    """A day less than the longest, so that the end of that day is not beyond it."""
    day = timedelta(days=1)
    longest = timezone.localtime() + LONGEST - day
    return min(longest, timezone.localtime(offered[0].until) - day) if offered else longest


def _shared(typed: Any, scopes: Any, name: str, networks: Any, redirects: Any) -> dict[str, Any]:
    chosen = set(typed.getlist("scope")) if typed is not None else set(scopes)
    return {
        "name": typed.get("name", "") if typed is not None else name,
        "networks": typed.get("networks", "") if typed is not None else "\n".join(networks),
        "redirect_uris": typed.get("redirect_uris", "") if typed is not None else "\n".join(redirects),
        "groups": [
            [
                (f"{resource}:{verb}", word(SCOPES, f"{resource}:{verb}"), f"{resource}:{verb}" in chosen)
                for verb in verbs
            ]
            for resource, verbs in RESOURCES.items()
        ],
    }
