"""Doors to what the brand said and is told."""

from uuid import UUID

from clients.approvals.models import Notice
from clients.approvals.words import NoticeKind, NoticeState
from clients.items.models import Item
from tenants.models import BrandPerson


def notice_to_mail(notice_id: UUID) -> tuple[Notice, Item, BrandPerson] | None:
    """A queued notice with its item and reader; None when it is settled, its reader has left or its content is another now."""
    notice = Notice.objects.filter(pk=notice_id, state=NoticeState.QUEUED).first()
    if notice is None:
        return None
    item = Item.objects.select_related("version").filter(pk=notice.item_id).first()
    person = BrandPerson.objects.filter(person_id=notice.person_id, live=True).first()
    if item is None or item.version is None or person is None:
        return None
    if item.version.digest != notice.digest and notice.kind != NoticeKind.REPORT:
        return None
    return notice, item, person
