"""The door to one source, and to what opens it."""

from uuid import UUID

from clients.channels import vault
from clients.channels.models import Channel
from clients.channels.port import SendFailed
from clients.channels.secret import NO_SECRETS, Secrets
from clients.disclosure.access import require_readable
from clients.disclosure.steps import Reading, note_reads
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from clients.sources.models import Source
from tenants.errors import Conflict, Missing
from tenants.walls.scope import required_brand


def access_source(actor: Actor, source_id: UUID, *, lock: bool = False) -> Source:
    """One source that `actor` may read, with how it fares. Missing('source') otherwise."""
    require(actor, Verb.SOURCE_READ)
    rows = Source.objects.select_for_update() if lock else Source.objects.select_related("health")
    source = require_readable(actor, rows.filter(pk=source_id).first(), "source")
    if not lock:
        note_reads(actor, [reading(source)], subject=source)
    return source


def source_at_work(source_id: UUID, *, lock: bool = False) -> Source:
    """For a worker, who has no role that reads: it is trusted with the id it was given. Raises Missing('source')."""
    rows = Source.objects.select_for_update() if lock else Source.objects.all()
    source: Source | None = rows.filter(pk=source_id).first()
    if source is None:
        raise Missing("source")
    return source


def reading(source: Source) -> Reading:
    """A source, as the log names what was read."""
    return Reading(Source._meta.label_lower, source.pk, "", source.info_class)


def channel_of(source: Source, kinds: tuple[str, ...]) -> Channel | None:
    """The connected channel that it reads with. Raises SendFailed('channel_not_open') where that has ended or is broken."""
    if not kinds:
        return None
    channel = Channel.objects.open().filter(pk=source.channel or source.pk, kind__in=kinds).first()
    if channel is None:
        raise SendFailed("channel_not_open", permanent=True, maybe_sent=False)
    return channel


def secrets_of(source: Source) -> Secrets:
    """The source's own credentials for one look. INVARIANT: no page ever asks. Raises SendFailed('secret_unreadable')."""
    if not source.secret:
        return NO_SECRETS
    try:
        return vault.unseal(source.secret, brand_id=required_brand().id, channel_id=source.pk)
    except Conflict as error:
        raise SendFailed(error.code, permanent=True, maybe_sent=False) from None
