"""A day at the agency Lumen and its three brands, made through the same actions as real work.

Idempotent by brand: one that is there is left as it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from clients.approvals.actions import propose_standing, set_policy, sign_standing
from clients.approvals.rules import Template
from clients.autonomy.vocabulary import ActionKind, EntryPoint, Sensitivity
from clients.briefings.actions import acknowledge_briefing, propose_briefing, publish_briefing
from clients.channels.actions import connect_channel
from clients.channels.models import Channel
from clients.disclosure.actions import allow_integration
from clients.disclosure.rules import InfoClass
from clients.gate.actions import approve_item, ask_change, submit_item
from clients.items.actions import create_item, write_note
from clients.items.content import Content
from clients.items.models import Item
from clients.mandates.actions import activate_mandate, offer_mandate, propose_charter, sign_charter
from clients.people.access import actor_for
from clients.people.actor import Actor
from portal.demo_briefing import AUBIER
from portal.demo_crisis import make_crisis
from portal.demo_crm import make_crm
from portal.demo_insights import make_insights
from portal.demo_keys import make_demo_key
from portal.demo_mentions import make_mentions
from portal.demo_moderation import make_moderation
from portal.demo_operator import make_opening
from portal.demo_reports import make_reports
from portal.demo_sources import make_sources
from portal.demo_webhooks import make_demo_webhook
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
    day: Callable[["Day"], None]


@dataclass(frozen=True)
class Day:
    """What the day's work needs: actors by role, and the channels by name."""

    actors: dict[Role, Actor]
    wall: Channel
    letter: Channel
    phone: Channel

    def bring(self, text: str, *, submit: bool = True, by: Role = Role.COMMUNITY_MANAGER, **values: Any) -> Item:
        content = Content(
            **{"kind": ActionKind.PUBLISH, "channels": (str(self.wall.pk),), "text": text, "title": text[:60]} | values
        )
        item = create_item(self.actors[by], content=content)
        return submit_item(self.actors[by], item_id=item.pk, seen_digest=seen(item)) if submit else item

    def approved(self, item: Item) -> Item:
        return approve_item(self.actors[Role.APPROVER], item_id=item.pk, seen_digest=seen(item))


def make_demo() -> None:
    agency, _ = Agency.objects.get_or_create(slug="lumen", defaults={"name": "Agence Lumen"})
    team = {role: _person(*who) for role, who in AGENCY_PEOPLE.items()}
    for role, person in team.items():
        AgencyMember.objects.get_or_create(agency=agency, person=person, defaults={"role": role})
    for house in HOUSES:
        if not Brand.objects.filter(slug=house.slug).exists():
            _make_house(house, agency, team)


def _make_house(house: House, agency: Agency, team: dict[Role, Person]) -> None:
    brand = create_brand(house.name, house.slug)
    people = {role: _person(*who) for role, who in house.people.items()}
    for role, person in people.items():
        _join(brand, person, role, Side.BRAND, None)
    for role, person in team.items():
        _join(brand, person, role, Side.AGENCY, agency.pk)
    actors = {role: _actor(person, brand) for role, person in (people | team).items()}
    day = Day(actors, *_channels(actors[Role.BRAND_OWNER]))
    _agree(house, agency, actors)
    house.day(day)
    make_reports(actors, weeks=3 if Role.BRAND_MANAGER in actors else 1)


def _agree(house: House, agency: Agency, actors: dict[Role, Actor]) -> None:
    """Mandate, briefing that the agency's people have read, and the first charter."""
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
    bolder = [g | {"level": 5} if (g["kind"], g["sensitivity"]) == ("publish", "routine") else g for g in house.grants]
    propose_charter(
        actor=manager,
        mandate_id=mandate.pk,
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


def seen(item: Item) -> str:
    assert item.version is not None
    return item.version.digest


def _tomorrow(hour: int, days: int = 1) -> datetime:
    here = timezone.now().astimezone(ZoneInfo("Europe/Paris")) + timedelta(days=days)
    return here.replace(hour=hour, minute=0, second=0, microsecond=0)


def _bakery_day(day: Day) -> None:
    day.approved(day.bring("Le pain de seigle est de retour : fournée à 7 h 30, rue des Tanneurs.", title="Seigle"))
    day.bring(
        "Merci Lucie ! On garde la recette de la brioche secrète, mais on vous la fait goûter samedi.",
        kind=ActionKind.ANSWER,
        title="Réponse à Lucie",
        recipient="lucie@membres.example",
    )
    day.bring(
        "Samedi, atelier galette avec Claire : douze places, farine offerte.",
        title="Atelier galette",
        not_before=_tomorrow(9, days=3),
    )
    day.bring(
        "Deux nouveautés au comptoir : la focaccia aux herbes et le flan vanille.",
        title="Nouveautés",
        not_before=_tomorrow(11),
    )
    day.bring(
        "Nous avons lu vos messages sur l’allergène non étiqueté. Le lot est retiré ; voici ce que nous faisons.",
        title="Étiquetage : notre réponse",
        sensitivity=Sensitivity.SENSITIVE,
    )
    day.bring(
        "Chers habitués,\n\nla lettre de décembre : les bûches, les horaires de fête et un atelier pour les enfants.\n\n"
        "À très vite au comptoir,\nClaire",
        title="La lettre de décembre",
        kind=ActionKind.NEWSLETTER,
        channels=(str(day.wall.pk), str(day.letter.pk)),
    )
    item = day.bring(
        "On a testé pour vous la bûche au sarrasin. Verdict ?",
        title="Bûche au sarrasin",
        sensitivity=Sensitivity.SENSITIVE,
    )
    ask_change(
        day.actors[Role.APPROVER], item_id=item.pk, seen_digest=seen(item), comment="Sans « verdict », plus chaleureux."
    )
    write_note(day.actors[Role.COMMUNITY_MANAGER], item_id=item.pk, text="Je propose « Alors, on adopte ? » à la fin.")
    propose_briefing(
        actor=day.actors[Role.AGENCY_MANAGER],
        base=1,
        changes={
            "tone": "Chaleureux, précis, jamais ironique. On tutoie sur Mastodon, on vouvoie ailleurs, on signe de nos prénoms."
        },
        note="Sur Mastodon, tout le monde se tutoie.",
    )
    write_note(day.actors[Role.BRAND_MANAGER], item_id=item.pk, text="Entre nous : le prix n’est pas encore fixé.")
    allow_integration(
        day.actors[Role.BRAND_OWNER],
        name="Tableau de bord",
        system="report",
        purpose="Suivre chaque mois ce qui est publié.",
        fields={"gate.receipt": ["sent_at", "kind", "channel"]},
        most_class=InfoClass.SHARED,
        until=_tomorrow(18, days=180),
    )
    day.bring("Brouillon : carte de vœux 2027.", submit=False, title="Vœux 2027")
    day.bring(
        "Appeler Mme Garnier au sujet de sa commande de mariage.",
        kind=ActionKind.PHONE_CALL,
        channels=(str(day.phone.pk),),
        title="Appel à Mme Garnier",
        recipient="+33 1 23 45 67 89",
    )
    proposal = propose_standing(
        day.actors[Role.COMMUNITY_MANAGER],
        title="La fournée du jour",
        template=Template(
            id="",
            kind="publish",
            sensitivity="routine",
            channels=(str(day.wall.pk),),
            text="Aujourd’hui à la fournée : {pain}. À tout de suite !",
        ),
    )
    sign_standing(day.actors[Role.BRAND_MANAGER], standing_id=proposal.pk, seen_digest=proposal.digest)
    make_mentions(day.actors)
    make_insights(day.actors)
    make_moderation(day.actors, day.wall)
    make_sources(day.actors)
    make_crm(day.actors)
    make_crisis(day.actors)
    make_opening(day.actors[Role.BRAND_OWNER])
    make_demo_key(day.actors[Role.BRAND_OWNER])
    make_demo_webhook(day.actors[Role.BRAND_OWNER])


def _bikes_day(day: Day) -> None:
    day.bring(
        "Révision d’hiver : freins, éclairage, transmission – sans rendez-vous le mercredi.", title="Révision d’hiver"
    )
    day.bring(
        "Sortie du dimanche : départ 9 h 30, quai Sud, 35 km tranquilles.",
        title="Sortie du dimanche",
        not_before=_tomorrow(18),
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
        _bakery_day,
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
            "tone": "Direct, complice, concret.",
            "sensitive_topics": ["Rappels"],
        },
        {},
        OPEN,
        _bikes_day,
    ),
    House(
        "Les Jardins de Lise",
        "lise",
        {
            Role.BRAND_OWNER: ("Lise Andrieu", "lise@jardins.example"),
            Role.APPROVER: ("Omar Benali", "omar@jardins.example"),
        },
        {"objectives": "Donner envie de planter.", "tone": "Patient et généreux."},
        {},
        CAREFUL,
        _garden_day,
    ),
)
