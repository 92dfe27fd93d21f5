"""Looks through a link: a password tried, a view, a copy. Each is committed before the first byte leaves.

INVARIANT: whether a link is open is asked of the database at each of these; a cookie only says which link it was.
"""

from uuid import UUID

from django.contrib.auth.hashers import check_password
from django.db.models import F
from django.utils import timezone

from clients.audit.actions import record
from clients.autonomy.vocabulary import EntryPoint
from clients.disclosure.rules import InfoClass, Way
from clients.disclosure.steps import Matter, Recipient, close_links, disclose
from clients.people.actor import process_of
from reports.sharing.access import shown_by_link
from reports.sharing.models import Share
from reports.sharing.rules import KIND, LONGEST_PASSWORD, MOST_WRONG
from tenants.walls.scope import BrandRef, durable

POLICY = "report_share"
"""By whose leave: that of whoever made the link."""


def fits_password(brand: BrandRef, *, link_id: UUID, password: str) -> bool:
    """Whether it is the password of this link. One try at a time, each with a slow hash; the last of the few closes the link."""
    visitor = process_of(brand, EntryPoint.PAGE, "link")
    with durable(brand):
        share = (
            Share.objects.select_for_update(of=("self",)).select_related("link", "report").filter(link=link_id).first()
        )
        if share is None or share.wrong >= MOST_WRONG or not share.link.is_open(timezone.now()):
            return False
        if check_password(password[:LONGEST_PASSWORD], share.password):
            return True
        Share.objects.filter(pk=share.pk).update(wrong=F("wrong") + 1)
        record(visitor, "report.password_wrong", share.report, share=str(share.pk))
        if share.wrong + 1 >= MOST_WRONG:
            close_links(visitor, [share.link])
        return False


def note_view(brand: BrandRef, *, link_id: UUID) -> Share | None:
    """The line of the ledger for a view that a link has just spent; None when there is nothing to show any more."""
    return _noted(brand, link_id, Way.LINK, "viewed", "")


def note_copy(brand: BrandRef, *, link_id: UUID, digest: str) -> Share | None:
    """The line for a file that belongs to such a view: `digest` is that of the marked bytes. None as above."""
    return _noted(brand, link_id, Way.PDF, "viewed", digest)


def _noted(brand: BrandRef, link_id: UUID, way: Way, why: str, digest: str) -> Share | None:
    with durable(brand):
        share = shown_by_link(link_id)
        if share is None or not share.link.goes_on(timezone.now()):
            return None
        visitor = process_of(brand, EntryPoint.PAGE, "link")
        what = Matter(KIND, (share.report_id,), InfoClass.SHARED, digest or share.link.digest)
        to = Recipient("link", share.link_id, share.recipient)
        disclose(visitor, way=way, to=to, what=what, why=why, policy_name=POLICY)
        return share
