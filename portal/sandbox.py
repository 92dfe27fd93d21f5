"""A brand to try the API on: people, a wall in memory, an agency with a careful charter, two keys, a little of everything.

Nothing that is done there reaches anybody: it has no other channel, and its people are nobody. Made through the same actions as
real work, and made anew by dropping the whole brand.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from clients.autonomy.vocabulary import ActionKind, EntryPoint
from clients.briefings.actions import acknowledge_briefing, publish_briefing
from clients.channels.actions import connect_channel
from clients.channels.models import Channel
from clients.conversations.actions import Talk, note_talk
from clients.crm.actions import bring_contacts, connect_system
from clients.crm.reading import read_row
from clients.crm.rules import policy_of
from clients.custody.rules import Medium
from clients.disclosure.actions import allow_integration
from clients.disclosure.rules import FIELDS, InfoClass
from clients.gate.actions import submit_item
from clients.items.actions import create_item
from clients.items.content import Content
from clients.keys.actions import Bounds, make_key
from clients.keys.actions.making import Made
from clients.keys.rules import Kind
from clients.keys.scopes import SCOPES
from clients.mandates.actions import activate_mandate, offer_mandate, propose_charter, sign_charter
from clients.people.access import actor_for
from clients.people.actor import Actor
from tenants import memberships
from tenants.actions import change_state, create_brand
from tenants.dropping import drop_space
from tenants.errors import Conflict, Invalid
from tenants.models import Agency, AgencyMember, Brand, Membership, Person
from tenants.vocabulary import BrandState, Role, Side
from tenants.walls.scope import BrandRef

SLUG = re.compile(r"sandbox(-[a-z0-9]+)*")
ADDRESS = "@sandbox.example"
LASTS = timedelta(days=300)
PEOPLE = {
    Role.BRAND_OWNER: "Olive Sandbox",
    Role.BRAND_MANAGER: "Max Sandbox",
    Role.COMMUNITY_MANAGER: "Alix Sandbox",
}
GRANTS = [{"channel": "", "kind": "", "sensitivity": one, "level": 2} for one in ("routine", "sensitive")]


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A brand, and the secrets of its two keys, which are told this once: one writes, the other one answers."""

    brand: BrandRef
    writes: str
    answers: str


def make_sandbox(slug: str = "sandbox", *, anew: bool = False, language: str = "fr") -> Sandbox:
    """Where there is one of this name it stays, unless it is made `anew`: then all that was in it is gone.

    Needs the owner's connection and a blank (`provisioning.top_up`). Raises Invalid('slug_shape') for a name that does not begin
    with 'sandbox', Conflict('slug_taken') for one that is there, Conflict('brand_state') for one where real people have a place.
    """
    if not SLUG.fullmatch(slug):
        raise Invalid("slug_shape", "slug")
    there = Brand.objects.filter(slug=slug).exclude(state=BrandState.GONE).first()
    if there is not None:
        if not anew:
            raise Conflict("slug_taken", "slug")
        _drop(there)
    Brand.objects.filter(slug=slug, state=BrandState.GONE).update(slug=F("schema_name"))  # a tombstone needs no address
    brand = create_brand("Sandbox", slug, language=language)
    actors = _people(brand, language)
    wall = _agree(actors)
    writer, answers = (_key(actors, role) for role in (Role.BRAND_MANAGER, Role.BRAND_OWNER))
    _fill(actors, wall, writer)
    return Sandbox(brand, writer.secret, answers.secret)


def _drop(brand: Brand) -> None:
    """INVARIANT: only what nobody works in: every person who ever had a place there is one of ours."""
    if Membership.objects.filter(brand=brand).exclude(person__email__endswith=ADDRESS).exists():
        raise Conflict("brand_state", state=brand.state)
    change_state(brand.ref(), BrandState.CLOSING)
    brand.refresh_from_db()
    drop_space(brand)


def _people(brand: BrandRef, language: str) -> dict[Role, Actor]:
    """Nobody can sign in as them: they have no password."""
    agency, _ = Agency.objects.get_or_create(slug="sandbox-agency", defaults={"name": "Sandbox agency"})
    actors = {}
    for role, name in PEOPLE.items():
        address = f"{role.value}{ADDRESS}"
        person = Person.objects.filter(email=address).first() or Person.objects.create_user(
            address, None, name=name, language=language
        )
        side = Side.AGENCY if role is Role.COMMUNITY_MANAGER else Side.BRAND
        if side is Side.AGENCY:
            AgencyMember.objects.get_or_create(agency=agency, person=person, defaults={"role": role})
        memberships.begin(
            person_id=person.pk, brand_id=brand.id, side=side, role=role, now=timezone.now(),
            agency_id=agency.pk if side is Side.AGENCY else None,
        )  # fmt: skip
        actors[role] = actor_for(person, brand, EntryPoint.COMMAND, stepped_up_at=timezone.now())
    return actors


def _agree(actors: Mapping[Role, Actor]) -> Channel:
    """A wall in memory, and a charter under which everything asks the brand first."""
    owner, agent = actors[Role.BRAND_OWNER], actors[Role.COMMUNITY_MANAGER]
    wall: Channel = connect_channel(actor=owner, kind="memory", name="Le mur")
    agency = Agency.objects.get(slug="sandbox-agency")
    offered = offer_mandate(actor=owner, agency_id=agency.pk, starts_on=timezone.now().date() - timedelta(days=1))
    mandate = activate_mandate(actor=owner, mandate_id=offered.pk)
    sections: dict[str, Any] = {"objectives": "Essayer l’API.", "tone": "Comme il vous plaira."}
    classes = dict.fromkeys(sections, InfoClass.SHARED)
    publish_briefing(actor=owner, after=0, sections=sections, calendar={}, classes=classes)
    for one in (owner, agent):
        acknowledge_briefing(actor=one, number=1)
    first = propose_charter(actor=owner, mandate_id=mandate.pk, base=0, grants=GRANTS, note="Sandbox")
    sign_charter(actor=owner, charter_id=first.pk, digest=first.digest)
    return wall


def _key(actors: Mapping[Role, Actor], role: Role) -> Made:
    """With every scope and every field that a policy can name: there is nothing here to be kept from anybody."""
    until, name = timezone.now() + LASTS, PEOPLE[role]
    fields = {kind: list(names) for kind, names in FIELDS.items()}
    policy = allow_integration(
        actors[Role.BRAND_OWNER], name=name, system="api", purpose="Sandbox", fields=fields, most_class=InfoClass.NAMED,
        until=until,
    )  # fmt: skip
    bounds = Bounds(name, SCOPES)
    return make_key(actors[role], kind=Kind.STATIC, bounds=bounds, policy_id=policy.pk, expires_at=until)


def _fill(actors: Mapping[Role, Actor], wall: Channel, writer: Made) -> None:
    """A draft, something that waits for the brand, a conversation, and a customer system with a contact."""
    owner, agent = actors[Role.BRAND_OWNER], actors[Role.COMMUNITY_MANAGER]
    for text, submits in (("Des fraises dès samedi.", True), ("Brouillon : les cerises.", False)):
        content = Content(kind=ActionKind.PUBLISH, channels=(str(wall.pk),), text=text, title=text)
        item = create_item(agent, content=content)
        if submits and item.version is not None:
            submit_item(agent, item_id=item.pk, seen_digest=item.version.digest)
    note_talk(agent, talk=Talk(Medium.PHONE, "Livrez-vous le samedi ?", name="M. Perrin", language="fr"))
    system = connect_system(owner, name="CRM", key_id=writer.key.pk, brings=InfoClass.SHARED)
    row = read_row(policy_of(system.fields), {"name": "Léa Martin", "email": "lea@example.org"}, "1", "")
    bring_contacts(owner, system_id=system.pk, rows=[row])
