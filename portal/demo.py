"""Eight weeks and a day at the agency Lumen and its three brands, made through the same actions as real work.

Idempotent by brand: one that is there is left as it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from clients.approvals.actions import set_policy
from clients.autonomy.vocabulary import ActionKind, EntryPoint, Sensitivity
from clients.briefings.actions import acknowledge_briefing, publish_briefing
from clients.channels.actions import connect_channel
from clients.channels.models import Channel
from clients.disclosure.rules import InfoClass
from clients.mandates.actions import activate_mandate, offer_mandate, propose_charter, sign_charter
from clients.people.access import actor_for
from clients.people.actor import Actor
from portal.demo_bakery import bakery_day
from portal.demo_briefing import AUBIER, goal
from portal.demo_clock import clock_at
from portal.demo_day import Day, tomorrow
from portal.demo_looks import wear
from portal.demo_past import Rhythm, began, live_through
from portal.demo_reports import make_reports
from portal.demo_rhythms import BAKERY, BIKES, GARDEN
from tenants import memberships
from tenants.actions import create_brand
from tenants.models import Agency, AgencyMember, Brand, Person
from tenants.vocabulary import Role, Side
from tenants.walls.scope import BrandRef

PASSWORD = "relais-demo-2026"
AGENCY_PEOPLE = {
    Role.AGENCY_OWNER: ("Nadia Belkacem", "nadia@lumen.example"),
    Role.AGENCY_MANAGER: ("Hugo Marchetti", "hugo@lumen.example"),
    Role.COMMUNITY_MANAGER: ("Inès Caron", "ines@lumen.example"),
    Role.ANALYST: ("Théo Vasseur", "theo@lumen.example"),
}
LOGINS = (
    ("ines@lumen.example", "community manager, agence / agency"),
    ("hugo@lumen.example", "responsable d’agence / agency manager"),
    ("claire@aubier.example", "dirigeante / owner, Maison Aubier"),
    ("marc@aubier.example", "responsable / manager, Maison Aubier"),
    ("sophie@aubier.example", "validatrice / approver, Maison Aubier"),
    ("karim@mistral.example", "dirigeant / owner, Vélos Mistral"),
)


@dataclass(frozen=True)
class House:
    """One demo brand: who is in it, how it speaks, what it grants, what is going on."""

    name: str
    slug: str
    people: dict[Role, tuple[str, str]]
    sections: dict[str, Any]
    kept: dict[str, InfoClass]
    grants: tuple[dict[str, Any], ...]
    rhythm: Rhythm
    day: Callable[["Day"], None]


def make_demo() -> None:
    agency, _ = Agency.objects.get_or_create(slug="lumen", defaults={"name": "Agence Lumen"})
    team = {role: _person(*who) for role, who in AGENCY_PEOPLE.items()}
    for role, person in team.items():
        AgencyMember.objects.get_or_create(agency=agency, person=person, defaults={"role": role})
    for house in HOUSES:
        if not Brand.objects.filter(slug=house.slug).exists():
            _make_house(house, agency, team)


def _make_house(house: House, agency: Agency, team: dict[Role, Person]) -> None:
    """A brand that came eight weeks ago, lived through them, and has a day today."""
    with clock_at(began()):
        brand = create_brand(house.name, house.slug)
        people = {role: _person(*who) for role, who in house.people.items()}
        for role, person in people.items():
            _join(brand, person, role, Side.BRAND, None)
        for role, person in team.items():
            _join(brand, person, role, Side.AGENCY, agency.pk)

    def actors_now() -> dict[Role, Actor]:
        return {role: _actor(person, brand) for role, person in (people | team).items()}

    with clock_at(began()):
        then = actors_now()
        channels = _channels(then[Role.BRAND_OWNER])
        mandate = _agree(house, agency, then)
    wall, letter, phone = channels
    live_through(actors_now, wall, phone, house.rhythm)
    actors = actors_now()
    _bolder(house, mandate, actors)
    house.day(Day(actors, wall, letter, phone))
    wear(actors[Role.BRAND_OWNER])
    make_reports(actors, weeks=3 if Role.BRAND_MANAGER in actors else 1)


def _agree(house: House, agency: Agency, actors: dict[Role, Actor]) -> UUID:
    """Mandate, briefing that the agency's people have read, and the first charter. Returns the mandate's id."""
    owner = actors[Role.BRAND_OWNER]
    offered = offer_mandate(actor=owner, agency_id=agency.pk, starts_on=timezone.now().date() - timedelta(days=40))
    mandate = activate_mandate(actor=owner, mandate_id=offered.pk)
    everybody = dict.fromkeys(house.sections, InfoClass.SHARED) | house.kept
    publish_briefing(actor=owner, after=0, sections=house.sections, calendar={}, classes=everybody)
    for role in (Role.AGENCY_OWNER, Role.AGENCY_MANAGER, Role.COMMUNITY_MANAGER, Role.BRAND_OWNER):
        acknowledge_briefing(actor=actors[role], number=1)
    manager = actors[Role.AGENCY_MANAGER]
    first = propose_charter(actor=manager, mandate_id=mandate.pk, base=0, grants=house.grants, note="Pour commencer.")
    sign_charter(actor=owner, charter_id=first.pk, digest=first.digest)
    set_policy(owner, needs=[], decide_minutes=480, on_lapse="hold", veto_minutes=120)
    return mandate.pk


def _bolder(house: House, mandate_id: UUID, actors: dict[Role, Actor]) -> None:
    """What the agency would be allowed to do next."""
    bolder = [g | {"level": 5} if (g["kind"], g["sensitivity"]) == ("publish", "routine") else g for g in house.grants]
    propose_charter(
        actor=actors[Role.AGENCY_MANAGER],
        mandate_id=mandate_id,
        base=1,
        grants=bolder,
        note="Six semaines sans incident : publier plus vite.",
    )


def _channels(owner: Actor) -> tuple[Channel, Channel, Channel]:
    wall = connect_channel(actor=owner, kind="memory", name="Le mur")
    letter = connect_channel(
        actor=owner,
        kind="email",
        name="La lettre",
        settings={
            "host": settings.EMAIL_HOST or "127.0.0.1",
            "port": settings.EMAIL_PORT or 2525,
            "tls": "none",
            "from_address": f"bonjour@{owner.brand.slug}.example",
            "from_name": owner.brand.name,
            "to": "habitues@example.org",
        },
    )
    phone = connect_channel(actor=owner, kind="phone", name="Le téléphone")
    return wall, letter, phone


def _person(name: str, address: str) -> Person:
    known = Person.objects.filter(email=address).first()
    return known or Person.objects.create_user(address, PASSWORD, name=name, language="fr")


def _join(brand: BrandRef, person: Person, role: Role, side: Side, agency_id: UUID | None) -> None:
    memberships.begin(
        person_id=person.pk, brand_id=brand.id, side=side, role=role, agency_id=agency_id, now=timezone.now()
    )


def _actor(person: Person, brand: BrandRef) -> Actor:
    return actor_for(person, brand, EntryPoint.COMMAND, stepped_up_at=timezone.now())


def _bikes_day(day: Day) -> None:
    day.bring(
        "Révision d’hiver : freins, éclairage, transmission – sans rendez-vous le mercredi.", title="Révision d’hiver"
    )
    day.bring(
        "Sortie du dimanche : départ 9 h 30, quai Sud, 35 km tranquilles.",
        title="Sortie du dimanche",
        not_before=tomorrow(18),
    )
    day.approved(day.bring("On cherche trois testeurs pour le porte-bagages avant. Qui en est ?", title="Testeurs"))
    day.bring(
        "Rappel de la série M2 : comment vérifier votre potence.", title="Rappel M2", sensitivity=Sensitivity.SENSITIVE
    )


def _garden_day(day: Day) -> None:
    day.bring("Les bulbes de tulipes sont arrivés. Plantez-les avant les gelées.", title="Tulipes")
    day.bring(
        "Bonjour Paul, nous avons bien vu votre photo : réponse de notre jardinière demain matin.",
        kind=ActionKind.ACKNOWLEDGE,
        title="Accusé de réception à Paul",
        recipient="paul@membres.example",
    )


def _grant(kind: str, sensitivity: str, level: int, **limits: Any) -> dict[str, Any]:
    return {"channel": "", "kind": kind, "sensitivity": sensitivity, "level": level, **limits}


CAREFUL = (
    _grant("", "routine", 2),
    _grant("", "sensitive", 2),
    _grant("", "crisis", 1),
    _grant("publish", "routine", 3),
    _grant("answer", "routine", 5, daily_cap=20),
    _grant("acknowledge", "routine", 6),
    _grant("hide", "routine", 5),
    _grant("delete", "crisis", 0),
)
OPEN = (
    _grant("", "routine", 2),
    _grant("", "sensitive", 2),
    _grant("", "crisis", 1),
    _grant("publish", "routine", 4),
    _grant("answer", "routine", 6),
    _grant("acknowledge", "routine", 6),
)

HOUSES = (
    House(
        "Maison Aubier",
        "aubier",
        {
            Role.BRAND_OWNER: ("Claire Aubier", "claire@aubier.example"),
            Role.BRAND_MANAGER: ("Marc Dutilleul", "marc@aubier.example"),
            Role.APPROVER: ("Sophie Lenoir", "sophie@aubier.example"),
            Role.AUDITOR: ("Paul Ferrand", "paul@aubier.example"),
            Role.DEPARTMENT_CONTACT: ("Jeanne Morel", "jeanne@aubier.example"),
        },
        AUBIER,
        {"press_licences": InfoClass.BRAND},
        CAREFUL,
        BAKERY,
        bakery_day,
    ),
    House(
        "Vélos Mistral",
        "mistral",
        {
            Role.BRAND_OWNER: ("Karim Mistral", "karim@mistral.example"),
            Role.BRAND_MANAGER: ("Lou Ferrer", "lou@mistral.example"),
            Role.APPROVER: ("Anouk Perrin", "anouk@mistral.example"),
        },
        {
            "objectives": "Mettre la ville en selle.",
            "goals": [
                goal("acts.done", "at_least", 4, "week"),
                goal("field.acts", "at_least", 12, "month"),
                goal("clocks.nine_in_ten;clock=answer", "at_most", 240, "week"),
            ],
            "tone": "Direct, complice, concret.",
            "sensitive_topics": ["Rappels"],
        },
        {},
        OPEN,
        BIKES,
        _bikes_day,
    ),
    House(
        "Les Jardins de Lise",
        "lise",
        {
            Role.BRAND_OWNER: ("Lise Andrieu", "lise@jardins.example"),
            Role.APPROVER: ("Omar Benali", "omar@jardins.example"),
        },
        {
            "objectives": "Donner envie de planter.",
            "goals": [goal("members.active", "at_least", 3, "week"), goal("acts.done", "at_least", 1, "week")],
            "tone": "Patient et généreux.",
        },
        {},
        CAREFUL,
        GARDEN,
        _garden_day,
    ),
)
