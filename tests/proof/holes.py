"""The eight holes that comparable products leave open, each tried by page, by command and by worker, and each shut.

An attempt is refused when nothing of it reaches the wall and its item stands where it stood. Pages are the real ones,
pressed by people who are signed in; a command calls the action itself with `via=command`; a worker forges rows in the
brand's role (batches, verdicts, dispatches, versions, states) and performs everything due and everything done once
more. From the same set-up the right person is shown to be allowed, so that no hole is shut by shutting everything.

Seen to fall short when: `_require_brand` asked for no side and the table gave the verb to agency managers, or batches asked
nothing (P1); `hold_covers` knew no items (P2); `resume` asked for no side and role (P3); the questions at sending were skipped
(P4, P5, P7, P8); `perform_item` asked for no right (P8); the audit log was not append-only (P6).
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import time_machine
from django.db import connection
from django.utils import timezone

from clients.audit.queries import trail_of
from clients.autonomy.vocabulary import EntryPoint
from clients.gate.actions import (
    approve_item,
    approve_with_edit,
    begin_performing,
    confirm_performed,
    perform_item,
    resume,
    stop,
    submit_item,
    withdraw_item,
)
from clients.gate.actions.brakes import ask_held_again
from clients.gate.models import DecisionRecord, Dispatch, Receipt
from clients.items.actions import create_item, edit_item
from clients.items.models import Item, ItemVersion
from clients.outbox.models import OutboxRow
from clients.people.actor import Actor, process_of
from tenants.vocabulary import ROLES_OF, Role, Side
from tenants.walls.scope import brand_scope, durable
from tests.proof import _forgery as forge
from tests.proof._house import LATER, House
from tests.proof._pages import press, typed
from tests.proof._scene import code_of, digest, quiet, scene
from tests.world import World

AGENCY = sorted(ROLES_OF[Side.AGENCY])
WITHOUT_A_RIGHT = (Role.ANALYST, Role.AUDITOR, Role.DEPARTMENT_CONTACT, Role.APPROVER)
Attempts = Iterator[tuple[str, bool]]


def run(scale: str) -> tuple[str, bool]:
    """All holes; the full scale repeats them with people and moments in other orders."""
    with quiet(), time_machine.travel(timezone.now(), tick=False) as clock:
        house = House(scene(level=2), clock)
        for _ in range(1 if scale == "small" else 10):
            for name, hole in HOLES.items():
                house.tried.setdefault(name, []).extend(hole(house))
    attempts = [(name, way, good) for name, all_ in house.tried.items() for way, good in all_]
    for name, way, good in attempts:
        if not good:
            print(f"  {name}: {way}")
    opened = {name for name, way, good in attempts if not good and way != "allowed"}
    ways = all(
        {way.split()[0] for way, _ in all_} >= {"page", "command", "worker", "allowed"} for all_ in house.tried.values()
    )
    tried = sum(way != "allowed" for _, way, _ in attempts)
    allowed = len({name for name, way, good in attempts if way == "allowed" and good})
    figures = (
        f"{len(HOLES)} holes, {tried} attempts by page, command and worker: {len(HOLES) - len(opened)} refused, "
        f"{len(opened)} open; {allowed} allowed to the right person"
    )
    return figures, ways and not opened and allowed == len(HOLES) and all(good for *_, good in attempts)


def p1(house: House) -> Attempts:
    """An agency manager approves an item waiting for the brand."""
    world = house.world
    for role in AGENCY:
        item, person = house.waiting(), world.people[role]
        seen = {"item_id": item.pk, "seen_digest": digest(item)}
        status = press(world, role, "approve", {"digest": digest(item)}, item_id=item.pk)
        yield f"page approve {role}", status == 403 and house.stays_in(item, "waiting")
        press(world, role, "approve_batch", {"item": f"{item.pk}:{digest(item)}"})
        own = typed(world, item.title + " autrement", seen_digest=digest(item))
        press(world, role, "approve_edited", own, item_id=item.pk)
        yield f"page batch, edited {role}", house.stays_in(item, "waiting")
        refused = code_of(partial(approve_item, house.command(role), **seen))
        content = world.content(item.title + " autrement")
        other = code_of(partial(approve_with_edit, house.command(role), **seen, content=content))
        yield f"command {role}", bool(refused and other) and house.stays_in(item, "waiting")
        forge.batch_of(world, person, item)
        forge.yes_of(world, person, "agency", str(role), item)
        yield f"worker batch, verdict {role}", house.stays_in(item, "waiting")
        worker = process_of(world.brand, EntryPoint.WORKER, "worker")
        yield "worker approve", bool(code_of(partial(approve_item, worker, **seen))) and house.stays_in(item, "waiting")
    item = house.waiting()
    status = press(world, Role.APPROVER, "approve", {"digest": digest(item)}, item_id=item.pk)
    house.stays_in(item)
    yield "allowed", status == 303 and house.is_out(item)


def p2(house: House) -> Attempts:
    """The brand cannot hold an item already scheduled: it can, on every path, and then nothing sends it."""
    world = house.world
    by_page, by_command, by_worker = house.scheduled(), house.scheduled(), house.scheduled()
    status = press(world, Role.APPROVER, "stop", {"scope": f"item:{by_page.pk}"})
    press(world, Role.COMMUNITY_MANAGER, "submit", {"digest": digest(by_page)}, item_id=by_page.pk)
    press(world, Role.AGENCY_MANAGER, "perform", {"digest": digest(by_page)}, item_id=by_page.pk)
    yield "page", status == 303 and house.stays_in(by_page, "held")
    # The moment of all three has come; the two others have left unless they are held now.
    by_command, by_worker = house.scheduled(), house.scheduled()
    stop(house.command(Role.BRAND_MANAGER), scope="item", value=str(by_command.pk))
    again = code_of(
        partial(submit_item, house.command(Role.AGENCY_MANAGER), item_id=by_command.pk, seen_digest=digest(by_command))
    )
    stop(world.approver, scope="item", value=str(by_worker.pk))
    with durable(world.brand):
        Dispatch.objects.filter(item=by_worker).update(due_at=timezone.now() - LATER)
        OutboxRow.objects.filter(kind="gate.send", done_at=None).update(due_at=timezone.now() - LATER)
    forge.work_everything(world)
    yield "command", bool(again) and house.stays_in(by_command, "held")
    yield "worker", house.stays_in(by_worker, "held")
    free = house.scheduled()
    house.stays_in(free)
    yield "allowed", house.is_out(free)


def p3(house: House) -> Attempts:
    """The agency lifts the brand's hold."""
    world = house.world
    for role in [*AGENCY, Role.APPROVER]:
        item, hold = house.held()
        status = press(world, role, "resume", proved=True, hold_id=hold.pk)
        refused = code_of(partial(resume, house.command(role), hold_id=hold.pk))
        forge.work_everything(world)
        inside = house.stays_in(item, "held")
        yield f"page {role}", status == 403 and inside
        yield f"command {role}", bool(refused) and inside
    item, hold = house.held()
    forge.work_everything(world)
    worker = process_of(world.brand, EntryPoint.WORKER, "worker")
    refused = code_of(partial(resume, worker, hold_id=hold.pk))
    with durable(world.brand):
        OutboxRow.objects.create(kind="gate.resume", key="forged", payload={"hold": str(hold.pk)})
    code_of(partial(ask_held_again, worker, item_id=item.pk))
    yield "worker", bool(refused) and house.stays_in(item, "held")
    item, hold = house.held()
    status = press(world, Role.BRAND_MANAGER, "resume", proved=True, hold_id=hold.pk)
    house.stays_in(item)
    yield "allowed", status == 303 and house.is_out(item)


def p4(house: House) -> Attempts:
    """Text edited after approval and scheduling still goes out."""
    yield from _edited(house, lambda item: {"text": item.title + " tout autre"})


def p5(house: House) -> Attempts:
    """A per-channel variant edited after approval still goes out."""
    yield from _edited(house, lambda item: {"text": item.title, "variant": item.title + " variante"})


def _edited(house: House, change: Callable[[Item], dict[str, str]]) -> Attempts:
    world, wall = house.world, str(house.world.wall.pk)

    def content(item: Item) -> Any:
        words = change(item)
        variants = {wall: words["variant"]} if "variant" in words else {}
        return world.content(words["text"], variants=variants, not_before=item.not_before)

    item = house.scheduled()
    words = change(item)
    form = typed(
        world, words["text"], seen_digest=digest(item), not_before=f"{item.not_before.astimezone():%Y-%m-%dT%H:%M}"
    )  # type: ignore[union-attr]
    form |= {f"variant-{wall}": words["variant"]} if "variant" in words else {}
    status = press(world, Role.COMMUNITY_MANAGER, "item_edit", form | {"then": "submit"}, item_id=item.pk)
    yield "page", status == 303 and house.stays_in(item, "waiting")
    item = house.scheduled()
    edit_item(house.command(Role.AGENCY_MANAGER), item_id=item.pk, seen_digest=digest(item), content=content(item))
    yield "command", house.stays_in(item, "draft")
    item = house.scheduled()
    forge.other_version(world, item, content(item).as_data())
    yield "worker version", house.stays_in(item, "waiting")
    item = house.scheduled()
    update = f"UPDATE items_itemversion SET content = jsonb_set(content, '{{text}}', '\"Forgé\"') WHERE item_id = '{item.pk}'"
    yield "worker content", forge.statement_refused(world, update)
    item = house.scheduled()
    version = edit_item(world.cm, item_id=item.pk, seen_digest=digest(item), content=content(item))
    submit_item(world.cm, item_id=item.pk, seen_digest=version.digest)
    approve_item(world.approver, item_id=item.pk, seen_digest=version.digest)
    house.stays_in(item)
    yield "allowed", (change(item).get("variant") or change(item)["text"]) in world.on_the_wall()


def p6(house: House) -> Attempts:
    """Deleting an item erases its trail."""
    world, item = house.world, house.scheduled()
    house.stays_in(item)
    before = _trail(world, item)
    press(world, Role.AGENCY_OWNER, "withdraw", item_id=item.pk)
    yield "page", _trail(world, item) == before
    waiting = house.waiting()
    trail = _trail(world, waiting)
    withdraw_item(house.command(Role.AGENCY_OWNER), item_id=waiting.pk)
    yield "command withdraw", _trail(world, waiting) > trail
    for model in (Item, ItemVersion, DecisionRecord, Receipt, Dispatch):
        yield f"command delete {model.__name__}", _delete_refused(world, model, item) and _trail(world, item) == before
    for table, column in TRAIL:
        for target in (item, waiting):
            forge.statement_refused(world, f"DELETE FROM {table} WHERE {column} = '{target.pk}'")
            forge.statement_refused(
                world, f"UPDATE {table} SET {column} = gen_random_uuid() WHERE {column} = '{target.pk}'"
            )
        forge.statement_refused(world, f"TRUNCATE {table} CASCADE")
        yield f"worker {table}", _trail(world, item) == before
    status = press(world, Role.COMMUNITY_MANAGER, "withdraw", item_id=house.waiting().pk)
    yield "allowed", status == 303


TRAIL = (
    ("audit_entry", "subject_id"),
    ("items_itemversion", "item_id"),
    ("gate_decisionrecord", "item_id"),
    ("gate_receipt", "item_id"),
    ("approvals_verdict", "item_id"),
    ("items_item", "id"),
)


def _trail(world: World, item: Item) -> tuple[int, ...]:
    """How many lines each part of the trail has."""
    with brand_scope(world.brand), connection.cursor() as cursor:
        counts = [trail_of("items.item", item.pk).count()]
        for table, column in TRAIL[1:5]:
            cursor.execute(f"SELECT count(*) FROM {table} WHERE {column} = %s", [item.pk])
            counts.append(cursor.fetchone()[0])
    return tuple(counts)


def _delete_refused(world: World, model: Any, item: Item) -> bool:
    """By the ORM, as code of ours could. A dispatch may go: it is no part of the trail."""
    key = {"pk" if model is Item else "item_id": item.pk}
    try:
        with durable(world.brand):
            model.objects.filter(**key).delete()
    except Exception:
        return True
    return model is Dispatch


def p7(house: House) -> Attempts:
    """Somebody without the right to publish schedules a new item that nobody approved."""
    world = house.world
    for role in WITHOUT_A_RIGHT:
        text, moment = house.text(), timezone.now() + LATER
        soon = f"{moment.astimezone():%Y-%m-%dT%H:%M}"
        probe = Item(title=text)
        press(world, role, "item_new", typed(world, text, not_before=soon, then="submit"))
        house.clock.shift(LATER)
        forge.work_everything(world)
        yield f"page {role}", not house.is_out(probe)
        content = world.content(house.text(), not_before=timezone.now() + LATER)
        code = code_of(partial(_create_and_submit, house.command(role), content))
        house.clock.shift(LATER)
        forge.work_everything(world)
        yield f"command {role}", code == "not_allowed" and not house.is_out(Item(title=content.text))
        side = "agency" if role in AGENCY else "brand"
        forged = forge.item_of_nobody(world, world.people[role], side, world.content(house.text()).as_data())
        forge.dispatch_of_own(world, forged.pk, cleared=True)
        yield f"worker {role}", house.stays_in(forged, "refused", "waiting")
    item = house.scheduled()
    house.stays_in(item)
    yield "allowed", house.is_out(item)


def _create_and_submit(actor: Actor, content: Any) -> None:
    item = create_item(actor, content=content)
    submit_item(actor, item_id=item.pk, seen_digest=digest(item))


def p8(house: House) -> Attempts:
    """'Publish now' by an agency manager skips the brand."""
    world = house.world
    for role in AGENCY:
        item = house.waiting()
        seen = {"item_id": item.pk, "seen_digest": digest(item)}
        status = press(world, role, "perform", {"digest": digest(item)}, item_id=item.pk)
        again = press(world, role, "submit", {"digest": digest(item)}, item_id=item.pk)
        yield f"page {role}", status == 403 and again in (403, 409) and house.stays_in(item, "waiting")
        codes = [code_of(partial(act, house.command(role), **seen)) for act in (perform_item, submit_item)]
        yield f"command {role}", all(codes) and house.stays_in(item, "waiting")
        dispatch = forge.dispatch_of_own(world, item.pk, cleared=False)
        for act in (begin_performing, partial(confirm_performed, done=True)):
            code_of(partial(act, house.command(role), dispatch_id=dispatch))
        yield f"worker dispatch {role}", house.stays_in(item, "waiting")
        forge.dispatch_of_own(world, item.pk, cleared=True)
        yield f"worker state {role}", house.stays_in(item, "waiting")
    item = house.waiting()
    status = press(world, Role.BRAND_MANAGER, "perform", {"digest": digest(item)}, item_id=item.pk)
    house.stays_in(item)
    yield "allowed", status == 303 and house.is_out(item)


HOLES: dict[str, Callable[[House], Attempts]] = {
    "P1": p1, "P2": p2, "P3": p3, "P4": p4, "P5": p5, "P6": p6, "P7": p7, "P8": p8,
}  # fmt: skip
