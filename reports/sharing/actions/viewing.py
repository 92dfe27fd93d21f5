"""Looks through a link: a password tried, a view, a copy. Each is committed before the first byte leaves.

INVARIANT: whether a link is open is asked of the database at each of these; a cookie only says which link it was.
"""

from uuid import UUID

from django.contrib.auth.hashers import check_password
from django.db.models import F, QuerySet
from django.utils import timezone

from clients.audit.actions import record
from clients.autonomy.vocabulary import EntryPoint
from clients.disclosure.rules import InfoClass, Way
from clients.disclosure.steps import Matter, Recipient, close_links, disclose
from clients.people.actor import Actor, process_of
from reports.making.terms import LONGEST_PASSWORD
from reports.sharing.access import shown_by_link
from reports.sharing.models import Share
from reports.sharing.rules import KIND, MOST_WRONG
from tenants.walls.scope import BrandRef, brand_scope, durable

POLICY = "report_share"
"""By whose leave: that of whoever made the link."""


def fits_password(brand: BrandRef, *, link_id: UUID, password: str) -> bool:
    """Whether it is the password of this link. The last of a few wrong ones closes the link.

    INVARIANT: the slow hash is made outside of every transaction, so that no flood of guesses holds connections or the link's
    row. What is read before it only says whether to make it: what it finds counts if the link is open afterwards, under lock.
    """
    with brand_scope(brand):
        share = _may_be_tried(Share.objects.all(), link_id)
    if share is None:
        return False
    fits = check_password(password[:LONGEST_PASSWORD], share.password)
    with durable(brand):
        share = _may_be_tried(Share.objects.select_for_update(of=("self",)), link_id)
        if share is None or fits:
            return share is not None
        _count_wrong(process_of(brand, EntryPoint.PAGE, "link"), share)
        return False


def _may_be_tried(shares: QuerySet[Share], link_id: UUID) -> Share | None:
    """The share of a link that is open, with tries left."""
    share = shares.select_related("link", "report").filter(link=link_id).first()
    usable = share is not None and share.wrong < MOST_WRONG and share.link.is_open(timezone.now())
    return share if usable else None


def _count_wrong(visitor: Actor, share: Share) -> None:
    Share.objects.filter(pk=share.pk).update(wrong=F("wrong") + 1)
    record(visitor, "report.password_wrong", share.report, share=str(share.pk))
    if share.wrong + 1 >= MOST_WRONG:
        close_links(visitor, [share.link])


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
