"""A raid: many things hidden with one press, each by an item of its own through the gate, and all taken back with one press.

The press writes down what is to be done; a worker does it one thing at a time, in the name of whoever pressed as they stand then.
"""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.autonomy.vocabulary import EntryPoint
from clients.gate.actions.submitting import withdraw_locked
from clients.items.life import Event, ItemState, after
from clients.items.models import Item
from clients.items.steps import lock_item, require_no_meddling
from clients.moderation.access import (
    access_case,
    access_raid,
    access_subject,
    may_undo,
    raid_being_done,
    require_moderation,
)
from clients.moderation.actions.asking import unhide_locked
from clients.moderation.models import Act, Raid
from clients.moderation.queries import UNDER_WAY
from clients.moderation.rules import (
    HIDE,
    MOST_AT_ONCE,
    UNDO_WITHIN,
    UNHIDE,
    CaseState,
    checked_words,
    require_askable,
)
from clients.moderation.steps import RAID, UNRAID, ask_for, case_about, cite, reckon, rule_cited, standing_now
from clients.moderation.subjects import channel_of, takes
from clients.outbox.actions import enqueue
from clients.outbox.registry import Later
from clients.people.access import actor_of
from clients.people.actor import Actor, process_of
from tenants.errors import Conflict, Invalid, Refused, RelaisError
from tenants.walls.scope import BrandRef, durable

A_WHILE = timedelta(seconds=20)
"""What is leaving has left or failed by then: no outward call lasts longer."""


def begin_raid(actor: Actor, *, mention_ids: Collection[UUID], rule: str, why: str = "") -> Raid:
    """Hide all of these. Raises Invalid('nothing_chosen' | 'too_many_chosen', 'mention'), Invalid('unknown_rule', 'rule'),
    Missing('mention'), Refused('not_allowed')."""
    require_moderation(actor)
    words = checked_words(why, "why", needed=False)
    wanted = sorted(set(mention_ids))
    if not wanted:
        raise Invalid("nothing_chosen", "mention")
    if len(wanted) > MOST_AT_ONCE:
        raise Invalid("too_many_chosen", "mention", most=MOST_AT_ONCE)
    with durable(actor.brand):
        cited = rule_cited(actor, rule)
        for mention_id in wanted:
            access_subject(actor, mention_id=mention_id)
        raid: Raid = Raid.objects.create(
            rule=str(cited.number),
            why=words,
            things=[str(one) for one in wanted],
            by_person=actor.somebody,
            by_name=actor.name,
            side=str(actor.side),
        )
        record(actor, "moderation.raid", raid, rule=raid.rule, things=len(wanted))
        for mention_id in wanted:
            enqueue(RAID, {"raid": str(raid.pk), "mention": str(mention_id)}, key=f"{raid.pk}:{mention_id}")
        return raid


def undo_raid(actor: Actor, *, raid_id: UUID) -> Raid:
    """All of it back: what has not left is withdrawn, what has left is shown again. What the brand began is the brand's to
    take back. Raises Missing('raid'), Refused('not_allowed'), Conflict('raid_too_late')."""
    require_moderation(actor)
    with durable(actor.brand):
        raid = access_raid(actor, raid_id, lock=True)
        if not may_undo(actor, raid):
            raise Refused("not_allowed")
        if raid.undone_at is not None or timezone.now() > raid.at + UNDO_WITHIN:
            raise Conflict("raid_too_late")
        raid.undone_at, raid.undone_by = timezone.now(), actor.name
        raid.save(update_fields=("undone_at", "undone_by"))
        record(actor, "moderation.raid_undone", raid, things=len(raid.things))
        for act in raid.acts.filter(kind=HIDE):
            payload = {"act": str(act.pk), "person": str(actor.somebody)}
            enqueue(UNRAID, payload, key=str(act.pk))
        return raid


def hide_one(brand: BrandRef, *, raid_id: UUID, mention_id: UUID) -> Act | None:
    """For a worker: one thing of a raid. None where the raid was taken back, or where this one cannot be hidden."""
    with durable(brand):
        raid = raid_being_done(raid_id)
        if raid.undone_at is not None:
            return None
        try:
            actor = actor_of(raid.by_person, brand, EntryPoint.WORKER)
            require_moderation(actor)
            subject = access_subject(actor, mention_id=mention_id)
            cited = rule_cited(actor, raid.rule)
            case = case_about(actor, subject, cited)
            possible = takes(channel_of(case.channel), case.target, case.handle)
            require_askable([HIDE], standing_now(case), possible, urgent=False)
        except RelaisError as why:
            worker = process_of(brand, EntryPoint.WORKER, "worker")
            record(worker, "moderation.left_out", raid, mention=str(mention_id), code=why.code)
            return None
        cite(case, cited)
        return ask_for(actor, case, HIDE, rule=raid.rule, why=raid.why, raid=raid)


def show_one(brand: BrandRef, *, act_id: UUID, person_id: UUID) -> Act | None:
    """For a worker: one thing of a raid that was taken back. Raises `Later` while it is leaving."""
    with durable(brand):
        act = Act.objects.select_related("case").get(pk=act_id)
        try:
            actor = actor_of(person_id, brand, EntryPoint.WORKER)
            require_moderation(actor)
            case = access_case(actor, act.case_id, lock=True)
            item = lock_item(act.item_id)
            if item.state in UNDER_WAY:
                _taken_back(actor, item)
                return None
        except RelaisError as why:
            worker = process_of(brand, EntryPoint.WORKER, "worker")
            record(worker, "moderation.left_out", act.case, act=str(act_id), code=why.code)
            return None
        reckon(actor, case)
        if case.state != CaseState.HIDDEN or UNHIDE in standing_now(case).under_way:
            return None
        return unhide_locked(actor, case, "")


def _taken_back(actor: Actor, item: Item) -> None:
    """Raises Refused('other_sides_item'), and `Later` while it is leaving."""
    require_no_meddling(actor, item)
    if after(ItemState(item.state), Event.WITHDRAW) is None:
        raise Later(timezone.now() + A_WHILE)
    withdraw_locked(actor, item)
