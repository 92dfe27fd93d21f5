"""Every act explains itself: each stored answer is asked again and must be the same; acts outside and receipts are one to one.

Acts of every basis leave (approval, standing approval, silence, the levels 5 and 6, the brand in its own name, a call
that a person made) under several versions of charter and briefing, among others that are refused, held, vetoed or
stopped. Then every decision is replayed, each receipt is compared with its decision, its content and its post, and
posts plus calls are counted against receipts. The last step tampers as the owner of the database: one field of a stored
question, an outcome, a signed grant, a content; each must be seen. As the brand's role, the same statements must be
refused.

Seen to fall short when: `replay` compared the outcome only; a receipt named another digest; decisions were not
append-only; the second channel of an item got no receipt of its own.
"""

import random
from collections.abc import Iterator
from datetime import timedelta

import time_machine
from django.utils import timezone

from clients.approvals.actions import propose_standing, set_policy, sign_standing
from clients.approvals.models import Notice
from clients.approvals.rules import Template
from clients.approvals.words import OnLapse
from clients.audit.queries import unattributed
from clients.autonomy.vocabulary import ActionKind, Basis
from clients.briefings.actions import acknowledge_briefing, publish_briefing
from clients.channels.actions import connect_channel
from clients.channels.models import MemoryPost
from clients.gate.actions import (
    approve_item,
    begin_performing,
    confirm_performed,
    notice_delivered,
    perform_item,
    refuse_item,
    resume,
    stop,
    submit_item,
    veto_item,
)
from clients.gate.models import DecisionRecord, Dispatch, Receipt
from clients.gate.replay import replay
from clients.items.models import ItemVersion
from clients.mandates import queries as mandates
from tenants.models import BrandPerson
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.proof._forged_rows import FORGERIES, try_forgeries
from tests.proof._scene import digest, due_rows, quiet, scene, work_off
from tests.world import SECTIONS, World

ROUNDS = {"small": 6, "full": 120}


def run(scale: str) -> tuple[str, bool]:
    """Act, replay, count, tamper."""
    world = _house()
    with quiet():
        for number in range(ROUNDS[scale]):
            _a_day(world, number)
        _count(world)
        with brand_scope(world.brand):
            world.extra["untold"] = unattributed().count()
        world.extra |= try_forgeries(world)
    extra = world.extra
    figures = (
        f"{extra['decisions']:,} decisions replayed, {extra['differ']} differ; {extra['receipts']:,} receipts of "
        f"{extra['bases']} bases for {extra['acts']:,} acts outside, {len(extra['wrong'])} wrong; "
        f"{extra['untold']} changes of rows that no line of the log tells; "
        f"{extra['tampered']} of {len(FORGERIES)} tamperings seen, {extra['refused']} refused to the brand's role"
    )
    for line in extra["wrong"][:10]:
        print(f"  wrong: {line}")
    one_to_one = extra["acts"] == extra["receipts"] > 0 and extra["bases"] == len(Basis)
    seen = extra["tampered"] == extra["refused"] == len(FORGERIES)
    return figures, one_to_one and seen and not extra["untold"] and not extra["differ"] and not extra["wrong"]


def _house() -> World:
    world = scene(level=2)
    owner = world.owner
    set_policy(owner, needs=[], decide_minutes=None, on_lapse=OnLapse.HOLD, veto_minutes=30)
    other = connect_channel(actor=owner, kind="memory", name="Le deuxième mur")
    phone = connect_channel(actor=owner, kind="phone", name="Le téléphone")
    template = Template("", "publish", "routine", (), "Le menu du {jour}")
    row = propose_standing(world.cm, title="Le menu", template=template)
    sign_standing(owner, standing_id=row.pk, seen_digest=row.digest)
    world.extra |= {"both": (str(world.wall.pk), str(other.pk)), "phone": str(phone.pk), "wrong": []}
    return world


def _a_day(world: World, number: int) -> None:
    """One act of every basis, and some that do not leave, under rules of the day."""
    if number % 2:
        with brand_scope(world.brand):
            version = mandates.version_in_force(world.mandate)
        publish_briefing(
            actor=world.owner, after=1 + number // 2, sections=SECTIONS | {"tone": f"{version}"}, calendar={}
        )
        acknowledge_briefing(actor=world.cm, number=2 + number // 2)
    for level, act in ((2, _approved), (3, _standing), (4, _silent), (5, _alone), (6, _alone), (1, _by_the_brand)):
        world.charter(level, daily_cap=None if number % 3 else 40)
        act(world, f"{number}-{level}")
        _work(world)
    _refusals(world, number)
    _call(world, number)


def _work(world: World) -> None:
    work_off(world, due_rows(world, "gate.send", "gate.window", "gate.resume"))


def _approved(world: World, name: str) -> None:
    item = world.submitted(f"Approuvé {name}", channels=world.extra["both"])
    approve_item(random.choice((world.approver, world.owner)), item_id=item.pk, seen_digest=digest(item))


def _standing(world: World, name: str) -> None:
    world.submitted(f"Le menu du {name}")


def _silent(world: World, name: str) -> None:
    """Notices arrive, nobody objects, the window closes after working time: some days later it surely has."""
    item = world.submitted(f"Silence {name}")
    vetoed = world.submitted(f"Refusé {name}")
    with brand_scope(world.brand):
        notices = list(Notice.objects.filter(item_id__in=(item.pk, vetoed.pk)).values_list("id", flat=True))
    for notice in notices:
        notice_delivered(world.brand, notice_id=notice)
    veto_item(world.approver, item_id=vetoed.pk, seen_digest=digest(vetoed))
    with time_machine.travel(timezone.now() + timedelta(days=10), tick=False):
        _work(world)
        _work(world)


def _alone(world: World, name: str) -> None:
    world.submitted(f"Seul {name}", channels=world.extra["both"])


def _by_the_brand(world: World, name: str) -> None:
    item = world.submitted(f"Préparé {name}")
    perform_item(world.actor(Role.BRAND_MANAGER), item_id=item.pk, seen_digest=digest(item))
    world.submitted(f"La marque {name}", world.owner)


def _refusals(world: World, number: int) -> None:
    """What waits, is refused or held is decided and stored as well."""
    world.charter(2)
    refused = world.submitted(f"Non {number}")
    refuse_item(world.approver, item_id=refused.pk, seen_digest=digest(refused))
    hold = stop(world.owner)
    world.submitted(f"Pendant l'arrêt {number}")
    resume(world.owner, hold_id=hold.pk)
    world.charter(0)
    world.submitted(f"Fermé {number}")
    _work(world)


def _call(world: World, number: int) -> None:
    world.charter(6)
    item = world.draft(f"Appeler {number}", kind=ActionKind.PHONE_CALL, channels=(world.extra["phone"],))
    submit_item(world.cm, item_id=item.pk, seen_digest=digest(item))
    with brand_scope(world.brand):
        dispatch = Dispatch.objects.get(item=item)
    begin_performing(world.cm, dispatch_id=dispatch.pk)
    confirm_performed(world.cm, dispatch_id=dispatch.pk, done=True)


def _count(world: World) -> None:
    """Replay everything, and lay receipts, decisions, contents and posts side by side."""
    mandates._kept.clear()  # so that charters are read and verified anew
    with brand_scope(world.brand):
        kept, receipts = list(DecisionRecord.objects.all()), list(Receipt.objects.select_related("decision"))
        posts = {str(post.pk): post for post in MemoryPost.objects.all()}
        calls = Dispatch.objects.filter(channel_id=world.extra["phone"], state="sent").count()
        differ = sum(not replay(one).same for one in kept)
        wrong = [f"{receipt}: {what}" for receipt in receipts for what in _wrong_with(world, receipt, posts)]
    world.extra |= {"decisions": len(kept), "differ": differ, "receipts": len(receipts), "acts": len(posts) + calls}
    world.extra |= {"bases": len({receipt.basis for receipt in receipts}), "wrong": wrong}


def _wrong_with(world: World, receipt: Receipt, posts: dict[str, MemoryPost]) -> Iterator[str]:
    """Everything in which a receipt and what it tells of differ."""
    decision = receipt.decision
    again = replay(decision).now
    for name in ("basis", "level", "grant"):
        if getattr(receipt, name) != getattr(again, name):
            yield f"{name} is {getattr(receipt, name)}, replayed {getattr(again, name)}"
    if not again.sends or decision.question["digest"] != receipt.content_digest:
        yield "its decision does not permit this content"
    version = ItemVersion.objects.get(item=receipt.item_id, digest=receipt.content_digest)
    if str(receipt.channel_id) != world.extra["phone"]:
        post = posts.get(receipt.remote_id)
        if post is None or post.text != version.exact_content().text_for(str(receipt.channel_id)):
            yield "its post is missing or says something else"
    person = BrandPerson.objects.get(person_id=receipt.person_id)
    if receipt.person_name != person.name or receipt.side != person.side:
        yield f"names {receipt.person_name} ({receipt.side}) for {person.name} ({person.side})"
    if (receipt.charter_version, receipt.briefing_version) != (decision.charter_version, decision.briefing_version):
        yield "versions of charter or briefing differ from its decision's"
