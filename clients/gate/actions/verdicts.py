"""The brand's word on one exact content: yes, no, not like this, and no in a veto window.

INVARIANT (promise 2): each of these asks for a brand-side person first, whatever role, key or job calls it, and nobody says
yes to their own item.
"""

from uuid import UUID

from clients.approvals.steps import write_verdict
from clients.approvals.words import VerdictKind
from clients.audit.actions import record
from clients.autonomy.vocabulary import BRAND_ROLES_THAT_ACT
from clients.gate.steps import cancel_dispatches, check_seen, reask, watch_the_time
from clients.items.content import Content
from clients.items.life import Event, ItemState
from clients.items.models import Item
from clients.items.steps import check_content, lock_item, move, set_deadline, write_version
from clients.people.access import require, require_side
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Invalid, Refused
from tenants.vocabulary import Side
from tenants.walls.scope import durable

OPEN_TO_A_YES = frozenset({ItemState.SUBMITTED, ItemState.WAITING, ItemState.IN_VETO, ItemState.HELD})
NO_WORDING = ("kind", "channels", "recipient", "target", "sensitivity")
"""What an approver's own wording leaves as it is."""


def approve_item(actor: Actor, *, item_id: UUID, seen_digest: str, comment: str = "") -> Item:
    """Say yes to the content that was seen. With enough yeses the item is cleared; a held item is asked again.

    Raises Conflict('stale_version') when the content has changed since, Conflict('already_decided') when somebody was faster,
    Refused('own_item') for one's own.
    """
    _require_brand(actor)
    with durable(actor.brand):
        item = lock_item(item_id)
        check_seen(item, seen_digest)
        say_yes(actor, item, comment)
        return item


def say_yes(actor: Actor, item: Item, comment: str = "") -> None:
    """A yes to a locked item's content, for single approvals and batches. Needs an open transaction."""
    require_open_to_a_yes(actor, item)
    assert item.version is not None
    write_verdict(actor, item.pk, item.version.digest, VerdictKind.YES, comment)
    record(actor, "item.approved", item, digest=item.version.digest)
    if item.state == ItemState.HELD:
        move(item, Event.RESUME)
        set_deadline(item, None)
    reask(actor, item)


def require_open_to_a_yes(actor: Actor, item: Item) -> None:
    """Conflict('already_decided') unless a yes may still be said, Refused('own_item') unless by another."""
    if item.state not in OPEN_TO_A_YES:
        raise Conflict("already_decided", item=str(item.pk), state=str(item.state))
    if actor.person_id in (item.author_id, item.submitter_id):
        raise Refused("own_item")


def approve_with_edit(actor: Actor, *, item_id: UUID, seen_digest: str, content: Content, comment: str = "") -> Item:
    """Say yes to one's own wording of another's item: the new content is what is approved, and only that.

    Raises as `approve_item` does, and Refused('own_item') where more than the wording changes.
    """
    _require_brand(actor)
    with durable(actor.brand):
        item = lock_item(item_id)
        check_seen(item, seen_digest)
        require_open_to_a_yes(actor, item)
        _require_wording(actor, item, content)
        check_content(content)
        write_version(item, actor, content, comment)
        watch_the_time(item)
        record(actor, "item.edited", item, from_digest=seen_digest, by_approver=True)
        say_yes(actor, item, comment)
        return item


def _require_wording(actor: Actor, item: Item, content: Content) -> None:
    """Another act, or to somewhere else, is an item of one's own: who may not publish alone needs the yes of another for it."""
    assert item.version is not None
    before = item.version.exact_content()
    if actor.role not in BRAND_ROLES_THAT_ACT and any(getattr(before, n) != getattr(content, n) for n in NO_WORDING):
        raise Refused("own_item")


def refuse_item(actor: Actor, *, item_id: UUID, seen_digest: str, comment: str = "") -> Item:
    """Say no. The same content is refused from now on, however it comes back."""
    return _say_no(actor, item_id, seen_digest, VerdictKind.NO, Event.REFUSE, comment)


def ask_change(actor: Actor, *, item_id: UUID, seen_digest: str, comment: str) -> Item:
    """Send an item back to its author with what is to be changed."""
    if not comment.strip():
        raise Invalid("comment_missing", field="comment")
    return _say_no(actor, item_id, seen_digest, VerdictKind.CHANGE, Event.ASK_CHANGE, comment)


def veto_item(actor: Actor, *, item_id: UUID, seen_digest: str = "", comment: str = "") -> Item:
    """Say no to what would go out by itself: in its window, or cleared and waiting for its moment."""
    return _say_no(actor, item_id, seen_digest, VerdictKind.VETO, Event.VETO, comment)


def _say_no(actor: Actor, item_id: UUID, seen_digest: str, kind: VerdictKind, event: Event, comment: str) -> Item:
    _require_brand(actor)
    with durable(actor.brand):
        item = lock_item(item_id)
        # A veto stops whatever the item holds now; the other words speak of what was read.
        if seen_digest or kind is not VerdictKind.VETO:
            check_seen(item, seen_digest)
        move(item, event)
        assert item.version is not None
        write_verdict(actor, item.pk, item.version.digest, kind, comment)
        cancel_dispatches(item)
        record(actor, f"item.{kind}", item, digest=item.version.digest)
        return item


def _require_brand(actor: Actor) -> None:
    require_side(actor, Side.BRAND)
    require(actor, Verb.ITEM_APPROVE)
