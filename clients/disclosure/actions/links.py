"""Links for somebody without an account: made by the brand, opened under the same conditions each time, counted exactly.

INVARIANT: whether a link opens is one conditional UPDATE: not revoked, not over, a view left. Two readers of the last view
cannot both have it, and a revoked link is closed for the next request whatever cookie it brings.
"""

from datetime import datetime
from hmac import compare_digest
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from clients.audit.actions import record
from clients.autonomy.vocabulary import EntryPoint
from clients.disclosure.models import ShareLink
from clients.disclosure.queries import MISSES
from clients.disclosure.rules import MOST_MISSES, InfoClass
from clients.disclosure.steps import MadeLink, Matter, lend_link, tally
from clients.disclosure.tokens import code_digest, token_digest
from clients.people.actor import Actor, process_of
from tenants.walls.scope import BrandRef, durable


def make_link(
    actor: Actor,
    *,
    kind: str,
    object_id: UUID,
    digest: str,
    info_class: InfoClass,
    recipient: str,
    until: datetime,
    most_views: int,
    code: str = "",
    reason: str = "",
) -> MadeLink:
    """A link to one exact content, for somebody named in words. The caller has opened the object's own door.

    Raises Refused('not_allowed' | 'class_forbids'), Invalid('name_empty' | 'link_too_long' |
    'number_out_of_range' | 'code_missing').
    """
    with durable(actor.brand):
        return lend_link(
            actor,
            Matter(kind, (object_id,), info_class, digest),
            recipient=recipient,
            until=until,
            most_views=most_views,
            code=code,
            reason=reason,
        )


def exchange(brand: BrandRef, *, token: str, code: str) -> UUID | None:
    """Which open link a token and its recipient's code fit, or None. Spends no view; a wrong code is counted.

    One query for every token, whatever is the matter with it: unknown, revoked, over and used up cannot be told apart.
    """
    with durable(brand):
        # Locked, so that many codes tried at once are tried one after the other, and the last of the few closes the link.
        links = ShareLink.objects.select_for_update().filter(token_digest=token_digest(token))
        link: ShareLink | None = links.first()
        given, kept = code_digest(token, code), link.code_digest if link else ""
        if link is None or not link.is_open(timezone.now()):
            return None
        if kept and not compare_digest(kept, given):
            ShareLink.objects.filter(pk=link.pk).update(wrong_codes=F("wrong_codes") + 1)
            return None
        return link.pk


def open_link(brand: BrandRef, *, link_id: UUID) -> ShareLink | None:
    """Spend one view of a link. None when it is revoked, over or used up: the reader is not told which.

    The view and the line in the log are committed before anything is shown.
    """
    now = timezone.now()
    with durable(brand):
        open_now = ShareLink.objects.filter(pk=link_id, revoked_at=None, expires_at__gt=now, views__lt=F("most_views"))
        if not open_now.update(views=F("views") + 1):
            return None
        link: ShareLink = ShareLink.objects.get(pk=link_id)
        facts: dict[str, Any] = {
            "kind": link.object_kind,
            "object": str(link.object_id),
            "info_class": str(link.info_class),
        }
        visitor = process_of(brand, EntryPoint.PAGE, "link")
        record(visitor, "link.opened", link, **facts, digest=link.digest, view=link.views)
    return link


def note_miss(brand: BrandRef, *, about: str, since: datetime) -> None:
    """One more wrong token of an address in this minute; at the last one the brand's log is told, once. The address is not kept.

    INVARIANT: counted in the database, so that it is one count for all processes that serve pages.
    """
    with durable(brand):
        if tally(MISSES, about, since) == MOST_MISSES:
            record(process_of(brand, EntryPoint.PAGE, "link"), "link.guessed", None)


__all__ = ["MadeLink", "exchange", "make_link", "note_miss", "open_link"]
