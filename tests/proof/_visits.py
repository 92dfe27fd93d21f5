"""Six brands full of canaries, many sessions, and a visitor that asks a real server for their pages in turn.

Every word, name and picture of a brand carries that brand's canary. An answer at a brand's host may hold its own canary and no
other; an answer of the hub may hold those of the reader's brands.
"""

import http.client
import re
import secrets
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from random import Random
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.test import Client

from clients.channels.actions import connect_channel
from clients.items.actions import add_media, write_note
from tenants import provisioning
from tenants.actions import create_brand
from tenants.brandref import BrandRef
from tenants.models import Membership, Person
from tenants.vocabulary import Role
from tests.conftest import make_person
from tests.database import brand_with
from tests.proof._pages import BACKEND
from tests.proof._stage import picture
from tests.world import World, make_world

BRANDS = tuple(f"maison-{letter}" for letter in "cdefgh")
OWN_ROLES = (Role.BRAND_OWNER, Role.APPROVER, Role.AUDITOR, Role.COMMUNITY_MANAGER)
LISTS = (
    "/", "/approvals/", "/items/", "/items/?group=waiting", "/calendar/", "/calendar/export.csv", "/charter/", "/asking/",
    "/receipts/", "/briefing/", "/channels/", "/people/", "/stops/", "/log/", "/media/", "/calendar/series/", "/wall",
)  # fmt: skip


@dataclass
class House:
    """One brand with its canary and what its addresses name."""

    world: World
    canary: str
    items: list[UUID] = field(default_factory=list)
    digest: str = ""

    @property
    def brand(self) -> BrandRef:
        return self.world.brand


@dataclass(frozen=True)
class Session:
    """A browser's cookie: who it belongs to, and where they have a place."""

    cookie: str
    brands: frozenset[str]
    role: str


@dataclass
class Seen:
    """What came back. `leaks` is what nothing may ever be in."""

    statuses: Counter[int] = field(default_factory=Counter)
    own: int = 0
    leaks: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)

    def __iadd__(self, other: "Seen") -> "Seen":
        self.statuses += other.statuses
        self.own += other.own
        self.leaks += other.leaks
        self.odd += other.odd
        return self


def build() -> tuple[list[House], list[Session]]:
    """Through the public actions, committed: brands, people, things, sessions; one community manager works for all six."""
    provisioning.top_up(len(BRANDS))
    for slug in BRANDS:
        create_brand(slug.title(), slug)
    houses = [_house(slug) for slug in BRANDS]
    everywhere = make_person(name="Partout")
    for house in houses:
        facts = {"side": "agency", "role": Role.COMMUNITY_MANAGER.value, "agency_id": house.world.agency.pk}
        Membership.objects.create(person=everywhere, brand_id=house.brand.id, **facts)
    return houses, list(_sessions(houses, everywhere))


def _house(slug: str) -> House:
    canary = f"canari{secrets.token_hex(6)}"

    def person(name: str = "", **fields: Any) -> Person:
        return make_person(name=f"{name} {canary}", **fields)

    world = make_world(brand_with(slug), person, level=2)
    house = House(world, canary)
    connect_channel(actor=world.owner, kind="memory", name=f"Mur {canary}")
    media = add_media(world.cm, data=picture(canary), declared="image/png", alt=f"Image {canary}")
    house.digest = media.digest
    for number in range(4):
        item = world.submitted(f"Texte {number} {canary}", title=f"Titre {number} {canary}")
        write_note(world.cm, item_id=item.pk, text=f"Remarque {canary}")
        house.items.append(item.pk)
    return house


def _sessions(houses: list[House], everywhere: Person) -> Iterator[Session]:
    for house in houses:
        for role in OWN_ROLES:
            yield Session(_cookie(house.world.people[role]), frozenset({house.brand.slug}), role)
    every = frozenset(house.brand.slug for house in houses)
    for _ in range(4):
        yield Session(_cookie(everywhere), every, Role.COMMUNITY_MANAGER)


def _cookie(person: Person) -> str:
    client = Client()
    client.force_login(person, backend=BACKEND)
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


class Visitor:
    """One connection that is kept, many sessions through it, one after the other in no order."""

    def __init__(self, port: int, houses: list[House], sessions: list[Session], seed: int) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.houses, self.sessions, self.random = houses, sessions, Random(seed)
        self.canaries = {house.canary: house.brand.slug for house in houses}
        self.any_canary = re.compile("|".join(self.canaries).encode())
        self.pictures = {sha256(picture(house.canary)).hexdigest(): house.brand.slug for house in houses}
        self.pictures |= {house.digest: house.brand.slug for house in houses}
        self.seen = Seen()

    def visit(self, times: int) -> Seen:
        for _ in range(times):
            self.one()
        self.line.close()
        return self.seen

    def one(self) -> None:
        """One request: mostly where one has a place; sometimes where one has none, for what is another's, or on the hub."""
        session, chance = self.random.choice(self.sessions), self.random.random()
        mine = [house for house in self.houses if house.brand.slug in session.brands]
        house = self.random.choice(mine)
        if chance < 0.08:
            self.ask(session, None, self.random.choice(("/", "/switcher")), {200})
        elif chance < 0.18:
            self.ask(
                session,
                other := self._other(session, house),
                self._page(other),
                {404} if self._out(session, other) else None,
            )
        elif chance < 0.28:
            other = self._other(session, house)
            path = self.random.choice((f"/items/{self.random.choice(other.items)}/", f"/media/{other.digest}"))
            self.ask(session, house, path, {404, 403})
        elif chance < 0.36:
            self.type(session, house)
        else:
            self.ask(session, house, self._page(house), None)

    def type(self, session: Session, house: House) -> None:
        """What is being typed, with the canary of the house, looked at as a preview; the form's token comes with the cookie."""
        token = "a" * 32
        typed = {
            "kind": "publish",
            "sensitivity": "routine",
            "channels": str(house.world.wall.pk),
            "text": house.canary,
        }
        body = urlencode(typed | {"csrfmiddlewaretoken": token})
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        self.ask(
            session,
            house,
            "/items/preview",
            {200, 403},
            ("POST", body, headers, f"; {settings.CSRF_COOKIE_NAME}={token}"),
        )

    def ask(
        self, session: Session, house: House | None, path: str, expected: set[int] | None,
        sending: tuple[str, str | None, dict[str, str], str] = ("GET", None, {}, ""),
    ) -> None:  # fmt: skip
        method, sent, headers, cookies = sending
        host = f"{house.brand.slug}.{settings.HUB_HOST}" if house else settings.HUB_HOST
        cookie = f"{settings.SESSION_COOKIE_NAME}={session.cookie}{cookies}"
        self.line.request(method, path, sent, {"Host": host, "Cookie": cookie, "Accept-Language": "fr", **headers})
        answer = self.line.getresponse()
        body = answer.read()
        self.judge(session, house, f"{method} {path}", answer.status, body, expected or {200, 403})

    def judge(
        self, session: Session, house: House | None, asked: str, status: int, body: bytes, expected: set[int]
    ) -> None:
        allowed = (
            {house.brand.slug}
            if house and not self._out(session, house)
            else session.brands
            if house is None
            else set()
        )
        found = {self.canaries[word.decode()] for word in set(self.any_canary.findall(body))}
        if (whose := self.pictures.get(sha256(body).hexdigest())) is not None:
            found.add(whose)
        self.seen.statuses[status] += 1
        self.seen.own += bool(found & allowed)
        if found - allowed:
            self.seen.leaks.append(f"{asked} at {house and house.brand.slug}: of {sorted(found - allowed)}")
        if status not in expected:
            self.seen.odd.append(f"{asked} as {session.role}: {status}")

    def _page(self, house: House) -> str:
        own = [f"/items/{self.random.choice(house.items)}/", f"/media/{house.digest}"]
        return self.random.choice((*LISTS, *own, *own))

    def _other(self, session: Session, house: House) -> House:
        return self.random.choice([other for other in self.houses if other is not house])

    def _out(self, session: Session, house: House) -> bool:
        return house.brand.slug not in session.brands
