"""What is brought to a source: by a person who heard something, as a table, or by a program that signs what it says.

Handing over comes first and the line of the log after it: what is known is known, so whoever is interrupted tries again.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.autonomy.vocabulary import EntryPoint
from clients.channels.port import SendFailed
from clients.mentions.raw import RawMention
from clients.people.access import require
from clients.people.actor import Actor, process_of
from clients.people.rules import Verb
from clients.sources import steps
from clients.sources.access import access_source, secrets_of
from clients.sources.actions.opening import SIGNING
from clients.sources.handing import Taken, hand_over
from clients.sources.kinds import webhook
from clients.sources.models import Source
from clients.sources.plain import LONGEST_TITLE, line_of, text_of, web_link
from clients.sources.port import Found
from clients.sources.rules import SourceState, believable
from clients.sources.tables import ReadTable, read_rows
from tenants.errors import Conflict, Invalid, Missing
from tenants.walls.scope import BrandRef, brand_scope, durable


def bring_table(*, actor: Actor, source_id: UUID, data: bytes) -> Taken:
    """Take the rows of a table that are good; `tables.read_rows` says beforehand which these are.

    Raises Refused('not_allowed'), Missing('source'), Invalid(code, 'file'), Conflict('source_not_so').
    """
    source = _to_bring_to(actor, source_id, "table")
    table: ReadTable = read_rows(data, timezone.now())
    if not table.raws:
        raise Invalid("import_nothing", "file")
    return _brought(actor, source, table.raws)


def bring_by_hand(
    *,
    actor: Actor,
    source_id: UUID,
    token: str,
    text: str,
    title: str = "",
    author: str = "",
    author_handle: str = "",
    url: str = "",
    said_at: datetime | None = None,
) -> Taken:
    """Write down what was heard or read. `token` names this very form: pressed twice it is one mention.

    Raises Refused('not_allowed'), Missing('source'), Invalid(code, field), Conflict('source_not_so').
    """
    source = _to_bring_to(actor, source_id, "hand")
    words, head = text_of(text), line_of(title, LONGEST_TITLE)
    if not words and not head:
        raise Invalid("text_missing", "text")
    if url.strip() and not web_link(url):
        raise Invalid("link_not_web", "url")
    raw = RawMention(
        own_id=f"{actor.somebody} {line_of(token)}",
        title=head,
        text=words,
        author=line_of(author),
        author_handle=line_of(author_handle),
        url=web_link(url),
        published_at=believable(said_at, timezone.now()),
    )
    return _brought(actor, source, [raw])


def take_delivery(brand: BrandRef, source_id: UUID, /, *, headers: Mapping[str, str], body: bytes) -> Taken:
    """What a program says. Unknown, paused, unsigned, wrongly signed, too old: Missing('source'), all alike.

    The same delivery again is known. Raises Invalid(code) for what is signed and cannot be read.
    """
    now = timezone.now()
    with brand_scope(brand):
        source = Source.objects.filter(pk=source_id, kind="webhook", state=SourceState.ON).first()
        secret = _signing(source)
    if not webhook.is_signed(secret, headers, body, now) or source is None:
        raise Missing("source")
    raws = webhook.raws_of(body, key=headers["webhook-id"], now=now)
    worker = process_of(brand, EntryPoint.WORKER, "sources")
    taken = hand_over(brand, source, raws)
    with durable(brand):
        held = Source.objects.select_for_update().get(pk=source.pk)
        steps.note_success(worker, held, Found(), new=taken.new, signs=[now])
    return taken


def _signing(source: Source | None) -> str:
    try:
        return secrets_of(source).reveal(SIGNING) if source else ""
    except SendFailed:
        return ""


def _to_bring_to(actor: Actor, source_id: UUID, kind: str) -> Source:
    require(actor, Verb.SOURCE_BRING)
    with brand_scope(actor.brand):
        source = access_source(actor, source_id)
    if source.kind != kind or not source.is_on:
        raise Conflict("source_not_so")
    return source


def _brought(actor: Actor, source: Source, raws: list[RawMention]) -> Taken:
    taken = hand_over(actor.brand, source, raws, actor)
    with durable(actor.brand):
        held = access_source(actor, source.pk, lock=True)
        steps.note_success(actor, held, Found(), new=taken.new, signs=[timezone.now()])
        record(actor, "source.brought", held, new=taken.new, known=taken.known, unmatched=taken.unmatched)
    return taken
