"""Pages asked for as people do: signed in, on the brand's host, with or without having just proved who they are."""

from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from tenants import hosts
from tenants.models import Person
from tenants.vocabulary import Role
from tests.world import World

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def host_of(world: World) -> str:
    return f"{world.brand.slug}.{settings.HUB_HOST}"


def signed_in(person: Person, host: str, *, proved: bool = False) -> Client:
    """A browser with a session of `person`; `proved`: they gave their password again just now, on the hub."""
    client = Client(headers={"host": host, "accept-language": "en"}, raise_request_exception=False)
    client.force_login(person, backend=BACKEND)
    if proved:
        hub = {"host": settings.HUB_HOST}
        answer = client.post("/account/reauthenticate/", {"password": "correct horse"}, headers=hub)
        assert answer.status_code == 302, "the proof of who one is was not taken"
    return client


def press(
    world: World, role: Role, name: str, data: dict[str, Any] | None = None, *, proved: bool = False, **where: Any
) -> int:
    """Press a button of a brand's page: 303 when it worked, the status of the refusal otherwise (403 when sent elsewhere)."""
    hosts.forget()
    client = signed_in(world.people[role], host_of(world), proved=proved)
    answer = client.post(reverse(name, urlconf="portal.urls_brand", kwargs=where), data or {})
    sent_away = answer.status_code == 303 and not answer["Location"].startswith("/")
    return 403 if sent_away else answer.status_code


def typed(world: World, text: str, **more: Any) -> dict[str, Any]:
    """What the composer's form sends."""
    channels = more.pop("channels", (str(world.wall.pk),))
    return {"kind": "publish", "sensitivity": "routine", "channels": list(channels), "text": text} | more
