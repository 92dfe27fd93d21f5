"""From a dispatch to what the port sends: exactly the approved content, opened and checked at the last moment."""

from clients.autonomy.vocabulary import ActionKind
from clients.channels.access import credentials_of
from clients.channels.delivery import Port
from clients.channels.models import Channel
from clients.channels.port import Idempotency, MediaFile, Outbound
from clients.channels.registry import connector_for
from clients.custody.queries import before_in_thread
from clients.gate.models import Dispatch
from clients.items.content import Content
from clients.items.files import bytes_of
from clients.items.queries import media_by_digest
from tenants.errors import RelaisError
from tenants.walls.scope import BrandRef

_KEPT = "_channel_read"


class Unfit(Exception):
    """What was approved cannot be put together any more, so it does not go out."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def channel_of(dispatch: Dispatch) -> Channel:
    """The channel it goes to, read once for each time that the dispatch itself was read.

    INVARIANT: an act that leaves reads its dispatch, and so its channel, with the brake's lock held.
    """
    kept: Channel | None = dispatch.__dict__.get(_KEPT)
    if kept is None:
        kept = dispatch.__dict__[_KEPT] = Channel.objects.get(pk=dispatch.channel_id)
    return kept


def port_of(dispatch: Dispatch) -> Port:
    return connector_for(channel_of(dispatch).kind)


def class_of(dispatch: Dispatch) -> Idempotency:
    """What makes a repeat of this act harmless: a matter of its channel, and on a few networks of its kind besides."""
    takes = channel_of(dispatch).capabilities
    return takes.idempotency_of(ActionKind(dispatch.version.content["kind"])) if takes.looked_for else takes.idempotency


def outbound_for(brand: BrandRef, dispatch: Dispatch, *, hidden: bool = False) -> Outbound:
    """The act as plain values. Raises Unfit when text or media are not what their digests say (promise 3).

    `hidden`: an earlier call may have had its effect, and the connector is told since when.
    So it does when a medium or the credentials cannot be read: nothing has left, and trying again would not help.
    """
    channel = channel_of(dispatch)
    try:
        content = dispatch.version.exact_content()
        media, secret = _media(content), credentials_of(channel)
    except ValueError as altered:
        raise Unfit("content_altered") from altered
    except (OSError, KeyError) as missing:
        raise Unfit("media_missing") from missing
    except RelaisError as sealed:
        raise Unfit(sealed.code) from sealed
    return Outbound(
        key=str(dispatch.id),
        kind=content.kind,
        brand_id=brand.id,
        channel_id=channel.pk,
        text=content.text_for(str(channel.pk)),
        title=content.title,
        link=content.link,
        media=media,
        recipient=content.recipient or None,
        target=content.target or None,
        settings=channel.settings,
        secret=secret,
        parts=content.parts,
        first_comment=content.first_comment,
        references=before_in_thread(channel.pk, content.target)
        if content.target and channel.capabilities.by_mail
        else (),
        draft=dispatch.remote_draft,
        moment=dispatch.created_at,
        begun=(dispatch.begun_at or dispatch.started_at) if hidden else None,
    )


def _media(content: Content) -> tuple[MediaFile, ...]:
    stored = media_by_digest(ref.digest for ref in content.media)
    return tuple(MediaFile(bytes_of(stored[ref.digest]), stored[ref.digest].mime, ref.alt) for ref in content.media)
