"""What became of the notices to the brand. Silence can only count from the moment one of them arrived (promise 5)."""

from uuid import UUID

from django.utils import timezone

from clients.approvals.models import Notice, VetoWindow
from clients.approvals.queries import people_who_approve, window_of
from clients.approvals.steps import close_window, mark_notice, open_window
from clients.approvals.words import NoticeKind, NoticeState
from clients.audit.actions import record
from clients.autonomy.vocabulary import EntryPoint, WindowState
from clients.briefings.queries import calendar_in_force
from clients.gate.steps import WINDOW, reask
from clients.items.life import Event, ItemState
from clients.items.models import Item
from clients.items.steps import lock_item, move
from clients.outbox.actions import enqueue
from clients.people.actor import Actor, process_of
from tenants.walls.scope import BrandRef, durable


def notice_delivered(brand: BrandRef, *, notice_id: UUID) -> None:
    """The mail server of the brand's person took the notice. The first one opens the veto window."""
    _settle_notice(brand, notice_id, NoticeState.DELIVERED)


def notice_bounced(brand: BrandRef, *, notice_id: UUID) -> None:
    """The notice was refused. When none arrives, there is no silence to count: the item waits for a yes."""
    _settle_notice(brand, notice_id, NoticeState.BOUNCED)


def _settle_notice(brand: BrandRef, notice_id: UUID, state: NoticeState) -> None:
    actor = process_of(brand, EntryPoint.WORKER, "worker")
    with durable(brand):
        found = Notice.objects.filter(pk=notice_id).first()
        if found is None:
            return
        item = lock_item(found.item_id)
        notice = mark_notice(notice_id, state)
        record(actor, f"notice.{state}", item, kind=notice.kind, to=str(notice.person_id))
        window = window_of(item.pk, notice.digest)
        if notice.kind == NoticeKind.VETO and window is not None and window.state == WindowState.UNDELIVERED:
            _react(actor, item, notice, window)


def _react(actor: Actor, item: Item, notice: Notice, window: VetoWindow) -> None:
    wanted = item.state == ItemState.SUBMITTED and item.version is not None and item.version.digest == notice.digest
    if not wanted:
        return
    if notice.state == NoticeState.DELIVERED:
        closes_at = open_window(window, calendar_in_force(), timezone.now())
        move(item, Event.OPEN_WINDOW)
        enqueue(WINDOW, {"window": str(window.id)}, key=str(window.id), due_at=closes_at)
        record(actor, "window.opened", item, closes_at=closes_at.isoformat())
    elif not _any_on_the_way(notice):
        close_window(window, WindowState.BOUNCED)
        reask(actor, item)


def _any_on_the_way(notice: Notice) -> bool:
    """To somebody who may still say no: a notice to a person who has left is never mailed."""
    readers = [person.person_id for person in people_who_approve()]
    same = Notice.objects.filter(item_id=notice.item_id, digest=notice.digest, kind=notice.kind, person_id__in=readers)
    return same.exclude(state=NoticeState.BOUNCED).exists()
