"""Links for somebody without an account: made by the brand, opened under the same conditions each time, counted exactly.

INVARIANT: whether a link opens is one conditional UPDATE: not revoked, not over, a view left. Two readers of the last view
cannot both have it, and a revoked link is closed for the next request whatever cookie it brings.
"""

from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from clients.audit.actions import record
from clients.autonomy.vocabulary import EntryPoint
from clients.disclosure.models import Disclosure, ShareLink
from clients.disclosure.queries import MISSES
from clients.disclosure.rules import MOST_MISSES, MOST_VIEWS, InfoClass, Way, link_lasts, needs_code
from clients.disclosure.steps import Matter, Recipient, disclose, tally
from clients.disclosure.tokens import LEAST_CODE, code_digest, new_token, token_digest
from clients.people.access import require
from clients.people.actor import Actor, process_of
from clients.people.rules import Verb
from tenants.errors import Invalid, Refused
from tenants.walls.scope import BrandRef, durable


@dataclass(frozen=True, slots=True)
class MadeLink:
    """A new link and its token, which is told this once and never again."""

    link: ShareLink
    token: str


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
    require(actor, Verb.LINK_SHARE)
    _check(info_class, recipient, until, most_views, code)
    token = new_token()
    with durable(actor.brand):
        row = disclose(
            actor,
            way=Way.LINK,
            to=Recipient.link(recipient.strip()),
            what=Matter(kind, (object_id,), info_class, digest),
            why="shared",
            until=until,
            reason=reason.strip(),
        )
        link = _kept(row, token, code, most_views)
    return MadeLink(link, token)


def _kept(row: Disclosure, token: str, code: str, most_views: int) -> ShareLink:
    """What is kept of a link: its conditions, and digests of what opens it."""
    assert row.until is not None
    made: ShareLink = ShareLink.objects.create(
        disclosure=row,
        token_digest=token_digest(token),
        code_digest=code_digest(token, code) if needs_code(row.info_class) else "",
        object_kind=row.object_kind,
        object_id=UUID(row.object_ids[0]),
        digest=row.digest,
        info_class=row.info_class,
        expires_at=row.until,
        most_views=most_views,
    )
    return made


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


def _check(info_class: InfoClass, recipient: str, until: datetime, most_views: int, code: str) -> None:
    longest, now = link_lasts(info_class), timezone.now()
    if longest is None:
        raise Refused("class_forbids", info_class=str(info_class), way=str(Way.LINK))
    if not recipient.strip():
        raise Invalid("name_empty", "recipient")
    if not now < until <= now + longest:
        raise Invalid("link_too_long", "days", most=longest.days)
    if not 1 <= most_views <= MOST_VIEWS:
        raise Invalid("number_out_of_range", "views", most=MOST_VIEWS)
    if needs_code(info_class) and len(code.strip()) < LEAST_CODE:
        raise Invalid("code_missing", "code", least=LEAST_CODE)
