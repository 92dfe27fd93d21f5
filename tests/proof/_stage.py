"""Where the route matrix is played: two whole brands, a suspended one, somebody for every role and somebody for none.

Every brand has one of each thing that an address can name. `absent` names things that no brand has.
"""

import secrets
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.test import Client
from django.utils import timezone
from PIL import Image

from clients.approvals.actions import propose_standing
from clients.approvals.rules import Template
from clients.audit.models import Entry
from clients.audit.sealing import seal_batch
from clients.briefings.actions import propose_briefing
from clients.channels.actions import connect_channel, invite_to_connect
from clients.community.actions import add_member, erase_member, hold_member
from clients.community.rules import About
from clients.crisis.actions import declare_crisis, end_crisis, propose_crisis
from clients.crisis.models import CrisisCall
from clients.disclosure.rules import InfoClass
from clients.evidence.actions import add_checkpoint_address
from clients.gate import actions as gate
from clients.gate.models import Dispatch, Receipt
from clients.items.actions import add_media, begin_series, read_import, write_note
from clients.items.models import Item
from clients.mandates.actions import propose_charter
from clients.people.actions import invite_brand_person
from clients.press.actions import begin_review, write_watch_note
from clients.press.models import ReviewEntry
from clients.sources.actions import add_source
from clients.triage.actions import rule_together, save_view
from tenants.actions import change_state
from tenants.keeping.erased import BEGIN
from tenants.models import Membership, Person
from tenants.vocabulary import BrandState, Role
from tenants.walls.scope import brand_scope
from tests.conftest import make_member, make_person
from tests.database import brand_with
from tests.keys.made import make_static
from tests.proof._customers import of_customers
from tests.proof._hooked import of_webhooks
from tests.proof._insights import of_insights
from tests.proof._moderated import of_moderation
from tests.proof._pages import BACKEND
from tests.proof._reported import of_reports
from tests.proof._routes import Ids
from tests.proof._talks import of_conversations
from tests.triage.conftest import handed_before, said
from tests.world import World, make_world

OUTSIDER, STRANGER, OPERATOR, NOBODY = "outsider", "stranger", "operator", "nobody"
NO_MEMBERS = (OUTSIDER, STRANGER, OPERATOR)
WORD = "canari"
SHA256_HEX = 64
GRANTS: tuple[dict[str, Any], ...] = (
    {"channel": "", "kind": "", "sensitivity": "routine", "level": 2},
    {"channel": "", "kind": "phone_call", "sensitivity": "routine", "level": 6},
)


@dataclass
class Stage:
    """`who`: a browser per role of `ours`, and for those who have no role there."""

    ours: World
    theirs: World
    shut: World
    ids: dict[str, Ids]
    who: dict[str, Client] = field(default_factory=dict)
    unproved: dict[str, Client] = field(default_factory=dict)


def set_up() -> Stage:
    """Everything through the public actions, committed."""
    ours, theirs = (make_world(brand_with(slug), make_person) for slug in ("maison-a", "maison-b"))
    shut = _suspended()
    ids = {"own": _all_of(ours), "foreign": _all_of(theirs)}
    ids["absent"] = {name: _unlike(value) for name, value in ids["foreign"].items()}
    stage = Stage(ours, theirs, shut, ids)
    people = {str(role): person for role, person in ours.people.items()}
    people |= {OUTSIDER: theirs.people[Role.BRAND_OWNER], STRANGER: make_person()}
    people[OPERATOR] = make_person(is_operator=True)
    _member_everywhere(shut, people)
    stage.who = {name: browser(person, proved=True) for name, person in people.items()} | {NOBODY: browser(None)}
    stage.unproved = {str(role): browser(person) for role, person in ours.people.items()}
    return stage


def browser(person: Person | None, *, proved: bool = False) -> Client:
    """Somebody's browser; `proved`: they have just proved again who they are."""
    client = Client(headers={"accept-language": "en"}, raise_request_exception=False)
    if person is not None:
        client.force_login(person, backend=BACKEND)
    if proved:
        hub = {"host": settings.HUB_HOST}
        answer = client.post("/account/reauthenticate/", {"password": "correct horse"}, headers=hub)
        assert answer.status_code == 302, "the proof of who one is was not taken"
    return client


def host_of(slug: str) -> str:
    return f"{slug}.{settings.HUB_HOST}"


def _things(world: World) -> Ids:
    """One of each thing, as ids; `digest_…` are what a press says it has seen."""
    word = f"{WORD}-{world.brand.slug}"
    phone = connect_channel(actor=world.owner, kind="phone", name=f"Téléphone {word}")
    world.sign(*GRANTS)
    call = world.submitted(f"À dire {word}", kind="phone_call", channels=(str(phone.pk),))
    sent, waiting, later = (world.submitted(f"Texte {n} {word}", title=f"Titre {n} {word}") for n in range(3))
    gate.approve_item(world.approver, item_id=sent.pk, seen_digest=_seen(sent))
    world.run_outbox("gate.send")
    batch = gate.approve_batch(world.owner, items=[(later.pk, _seen(later))])
    media = add_media(world.cm, data=picture(world.brand.slug), declared="image/png", alt=f"Image {word}")
    table = read_import(world.cm, data=f"date,time,text\n2030-01-08,10:00,Ligne {word}\n".encode(), name="plan.csv")
    manager = world.actor(Role.AGENCY_MANAGER)
    asked = propose_charter(actor=manager, mandate_id=world.mandate.pk, base=2, grants=GRANTS[:1])
    template = Template("", "publish", "routine", (), f"Bonjour {word}")
    standing = propose_standing(world.cm, title=f"Accord {word}", template=template)
    series = begin_series(
        world.cm, content=world.content(f"Chaque semaine {word}"), rule="FREQ=WEEKLY", first_day=date(2030, 1, 7),
        clock=time(10), last_day=None, most=None,
    )  # fmt: skip
    hold = gate.stop(world.owner, scope="kind", value="ban", reason=f"Stop {word}")
    note = write_note(world.cm, item_id=waiting.pk, text=f"Remarque {word}")
    to_connect = invite_to_connect(actor=world.owner, kind="mastodon", name=f"Invité {word}")
    invited = invite_brand_person(actor=world.owner, email=f"{secrets.token_hex(4)}@example.org", role=Role.AUDITOR)
    target = make_member(world.brand, Role.DEPARTMENT_CONTACT)
    shared, held, gone = (add_member(world.cm, about=About(f"{n} {word}")) for n in ("Membre", "Retenu", "Parti"))
    hold_member(world.owner, member_id=held.pk, because="Litige")
    erasure = erase_member(world.owner, member_id=gone.pk, basis="request")
    world.run_outbox(BEGIN)
    mention, copy, into, spam, told = (said(world.brand, f"Dit {n} {word}") for n in range(5))
    rulings = rule_together(world.cm, mention_ids=[spam.pk], step="no_reply", reason="spam")
    handing = handed_before(world, told, f"Pour vous {word}")
    proposed = propose_briefing(actor=world.cm, base=1, changes={"tone": f"Ton {word}"}).proposal
    assert proposed is not None
    over = declare_crisis(world.owner, text=f"Crise {word}")
    end_crisis(world.owner, crisis_id=over.pk, text=f"Finie {word}")
    crisis = propose_crisis(world.cm, text=f"Peut-être {word}")
    said(world.brand, f"Un article {word}", kind="press", title=f"Un article {word}")
    now = timezone.now()
    review = begin_review(world.cm, since=now - timedelta(days=1), until=now + timedelta(minutes=1))
    coming = write_watch_note(world.cm, day=timezone.localdate() + timedelta(days=2), subject=f"Salon {word}")
    view = save_view(world.cm, name=f"Vue {word}", filters={"kind": "question"})
    key, _secret = make_static(world, name=f"Clé {word}")
    with brand_scope(world.brand):
        receipt, dispatch = Receipt.objects.get(), Dispatch.objects.get(item=call)
        found = {
            "item_id": waiting.pk, "digest_seen": _seen(waiting), "dispatch_id": dispatch.pk, "call_id": call.pk,
            "batch_id": batch.pk, "digest": media.digest, "series_id": series.pk, "mandate_id": world.mandate.pk,
            "import_id": table.pk, "charter_id": asked.pk, "digest_charter": asked.digest,
            "standing_id": standing.pk, "digest_standing": standing.digest, "receipt_id": receipt.pk,
            "channel_id": world.wall.pk, "fill_id": to_connect.pk, "hold_id": hold.pk, "person_id": target.person_id,
            "approver_id": world.people[Role.APPROVER].pk, "invitation_id": invited, "note_id": note.pk,
            "member_id": shared.pk, "held_id": held.pk, "erasure_id": erasure.pk,
            "mention_id": mention.pk, "copy_id": copy.pk, "into_id": into.pk, "together": rulings[0].together,
            "crisis_id": crisis.pk, "over_id": over.pk, "contact_id": CrisisCall.objects.filter(crisis=crisis)[0].pk,
            "handing_id": handing.pk, "view_id": view.pk, "review_id": review.pk,
            "entry_of_review": ReviewEntry.objects.filter(review=review)[0].pk, "watch_note_id": coming.pk,
            "proposal_id": proposed.pk, "digest_proposal": proposed.digest, "key_id": key.pk,
        }  # fmt: skip
    return {name: str(value) for name, value in found.items()}


def _all_of(world: World) -> Ids:
    word = f"{WORD}-{world.brand.slug}"
    found = _things(world) | _of_the_log(world) | _of_sources(world) | of_conversations(world, word)
    moderated = of_moderation(world, word, picture(f"preuve {word}"))
    found |= moderated | of_webhooks(world, word)
    return found | of_insights(world, word) | of_customers(world, word) | of_reports(world, word)


def _of_sources(world: World) -> Ids:
    """A feed, a program that tells us, tables, and what is written down: each readable by both sides."""
    word = f"{WORD}-{world.brand.slug}"
    given: dict[str, tuple[str, dict[str, str]]] = {
        "source_id": ("feed", {"url": f"https://{word.lower()}.example/feed"}),
        "hook_id": ("webhook", {"keep": "all"}),
        "box_id": ("mailbox", {"host": "127.0.0.1", "tls": "none", "user": "ecoute"}),
        "table_source_id": ("table", {"keep": "all"}),
        "hand_source_id": ("hand", {"what": "phone"}),
    }
    made = {
        name: add_source(
            actor=world.owner, kind=kind, name=f"Source {kind} {word}", settings=settings, info_class=InfoClass.SHARED
        )
        for name, (kind, settings) in given.items()
    }
    return {name: str(source.pk) for name, source in made.items()}


def _of_the_log(world: World) -> Ids:
    """A sealed line, and an address for checkpoints."""
    address = add_checkpoint_address(world.owner, email=f"it@{world.brand.slug}.example", language="fr")
    while seal_batch(world.brand).lines:
        pass
    with brand_scope(world.brand):
        return {"entry_id": str(Entry.objects.filter(verb="item.submitted")[0].pk), "address_id": str(address.pk)}


def _suspended() -> World:
    """A brand with people and things that is not served any more."""
    brand = brand_with("maison-s")
    change_state(brand, BrandState.ACTIVE)
    world = make_world(brand_with("maison-s"), make_person)
    change_state(brand, BrandState.SUSPENDED)
    return world


def _member_everywhere(world: World, people: dict[str, Person]) -> None:
    """Everybody who has a role with us has the same one in the suspended brand: it is not for want of a place that it is shut."""
    for role in Role:
        facts = Membership.objects.filter(person=world.people[role]).values("side", "role", "agency_id").get()
        Membership.objects.create(person=people[str(role)], brand_id=world.brand.id, **facts)


def _unlike(value: str) -> str:
    """Something of the same shape that no brand has."""
    try:
        UUID(value)
    except ValueError:
        return secrets.token_hex(32) if len(value) == SHA256_HEX else f"{value}-x"
    return str(uuid4())


def _seen(item: Item) -> str:
    assert item.version is not None
    return item.version.digest


def picture(of: str) -> bytes:
    """A small picture, another for each word: the same one would have the same digest in every brand."""
    out = BytesIO()
    Image.new("RGB", (8, 8), tuple(sha256(of.encode()).digest()[:3])).save(out, "PNG")
    return out.getvalue()
