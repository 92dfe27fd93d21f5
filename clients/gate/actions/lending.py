"""Lending pictures to a network that fetches them itself: noted before it is told where, and asked for again at each reading.

INVARIANT: an address is worth as much as the act it was made for. A stop, a revoked channel, a mandate suspended, an act
taken back or already sent: the gate says no, and the picture is as absent as one that never was.

Each reader's first reading of a picture within an hour is a line; how often it was read besides is one line when that is over.
Whoever holds an address may ask as often as they like, and fills no log by it.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import timezone
from django.utils.crypto import salted_hmac

from clients.audit.actions import record
from clients.audit.queries import trail_of
from clients.autonomy.decide import decide
from clients.autonomy.vocabulary import EntryPoint
from clients.disclosure.queries import tally_of
from clients.disclosure.steps import tally
from clients.gate.facts import gather, question_on
from clients.gate.lent import LENT_FOR, Lent, lent_by
from clients.gate.models import Dispatch
from clients.gate.outbound import channel_of
from clients.gate.steps import doer_of
from clients.gate.words import DispatchState
from clients.items.files import bytes_of
from clients.items.life import ItemState
from clients.items.models import Item
from clients.items.queries import media_by_digest
from clients.outbox.actions import enqueue
from clients.people.actor import Actor, process_of
from tenants.errors import Missing, RelaisError
from tenants.walls.scope import BrandRef, durable

FETCHED = "gate.fetched"
"""Kind of the outbox row that tells of an hour's readings; payload {"dispatch", "digest", "since"}."""
READER, READERS, AGAIN = "lent.reader", "lent.readers", "lent.again"
MOST_READERS = 20
"""Readers of one picture in one hour that have a line each."""
AN_HOUR = timedelta(hours=1)
ON_THEIR_WAY = frozenset({DispatchState.PENDING, DispatchState.SENDING})


class Picture(NamedTuple):
    """What is read at a lent address."""

    data: bytes
    mime: str


def note_lending(actor: Actor, dispatch: Dispatch) -> datetime | None:
    """In the transaction of a mark: the pictures of this act may be fetched until then. None where there is nothing to lend.

    Committed with the mark, so that the line stands before anybody outside has heard of an address.
    """
    try:
        digests = [ref.digest for ref in dispatch.version.exact_content().media]
    except ValueError:
        return None  # altered: the last question before the call says so
    if not digests:
        return None
    until = timezone.now() + LENT_FOR
    record(
        actor,
        "media.lent",
        dispatch.item,
        channel=str(dispatch.channel_id),
        dispatch=str(dispatch.pk),
        digests=digests,
        until=until.isoformat(),
    )
    return until


def read_lent(brand: BrandRef, *, token: str, reader: str = "") -> Picture:
    """Exactly the approved bytes behind an address lent in this brand, and a line in the log. Missing('media') otherwise.

    `reader` is the network address that asks. Locks nothing of the act: it may stand in the middle of its call.
    """
    lent = lent_by(token)
    if lent is None or lent.brand_id != brand.id:
        raise Missing("media")
    with durable(brand):
        found = Dispatch.objects.select_related("item", "version").filter(pk=lent.dispatch_id, state__in=ON_THEIR_WAY)
        dispatch = found.filter(channel_id=lent.channel_id).first()
        if dispatch is None:
            raise Missing("media")
        actor = process_of(brand, EntryPoint.API, channel_of(dispatch).name)
        picture = _picture(actor, dispatch, lent)
        _note_reading(actor, dispatch, lent, reader)
    return picture


def tell_fetched(brand: BrandRef, *, dispatch_id: UUID, digest: str, since: datetime) -> None:
    """The hour is over: how often a picture was read beyond the readings that have lines. For a worker; once."""
    with durable(brand):
        again = tally_of(AGAIN, _about(dispatch_id, digest), since)
        dispatch = Dispatch.objects.select_related("item").get(pk=dispatch_id)
        told = trail_of(Item._meta.label_lower, dispatch.item_id).filter(
            verb="media.fetched_again", facts__digest=digest, facts__since=since.isoformat()
        )
        if again and not told.exists():
            actor = process_of(brand, EntryPoint.API, channel_of(dispatch).name)
            facts: dict[str, Any] = {"channel": str(dispatch.channel_id), "digest": digest, "count": again}
            record(actor, "media.fetched_again", dispatch.item, since=since.isoformat(), **facts)


def _note_reading(actor: Actor, dispatch: Dispatch, lent: Lent, reader: str) -> None:
    hour, picture = timezone.now().replace(minute=0, second=0, microsecond=0), _about(dispatch.pk, lent.digest)
    who = salted_hmac("relais.lent.reader", f"{picture}:{reader}").hexdigest()[:40]
    if tally(READER, who, hour) == 1 and tally(READERS, picture, hour) <= MOST_READERS:
        private = {"ip": reader} if reader else {}
        record(actor, "media.fetched", dispatch.item, private=private, channel=str(lent.channel_id), digest=lent.digest)
    elif tally(AGAIN, picture, hour) == 1:
        payload = {"dispatch": str(dispatch.pk), "digest": lent.digest, "since": hour.isoformat()}
        enqueue(FETCHED, payload, key=f"{picture}:{hour:%Y%m%d%H}", due_at=hour + AN_HOUR)


def _about(dispatch_id: UUID, digest: str) -> str:
    return f"{dispatch_id.hex}:{digest[:32]}"


def _picture(actor: Actor, dispatch: Dispatch, lent: Lent) -> Picture:
    try:
        if not _may_leave(actor, dispatch):
            raise Missing("media")
        if lent.digest not in {ref.digest for ref in dispatch.version.exact_content().media}:
            raise Missing("media")
        media = media_by_digest([lent.digest])[lent.digest]
        return Picture(bytes_of(media), media.mime)
    except (ValueError, KeyError, OSError, RelaisError):
        raise Missing("media") from None


def _may_leave(actor: Actor, dispatch: Dispatch) -> bool:
    """The gate's answer at this moment, not kept: nothing leaves upon it that it had not let leave before."""
    item, channel = dispatch.item, channel_of(dispatch)
    if item.state not in (ItemState.CLEARED, ItemState.SENDING) or item.version_id != dispatch.version_id:
        return False
    item.version = dispatch.version
    facts = gather(doer_of(actor, item), item, timezone.now(), leaving=False, since=dispatch.due_at, only=channel)
    question = question_on(facts, str(dispatch.channel_id), dispatch.due_at)
    return decide(question, facts.bond.charter).sends
