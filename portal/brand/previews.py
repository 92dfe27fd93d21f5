"""What the outside will see, channel by channel, and what keeps it off a channel. The same for drafts and for items."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from clients.channels.lengths import Measure, measured
from clients.channels.models import Channel
from clients.channels.port import Capabilities
from clients.channels.queries import channels_of_brand
from clients.channels.rules import MediaFacts, is_web_link, outgoing_text, validate_content
from clients.items.content import Content
from clients.items.queries import media_by_digest
from portal.brand.added import added_sentences, added_to
from portal.brand.rows import media_url
from portal.wording import error_sentence

ICONS = {"memory": "wall", "email": "mail", "phone": "phone", "field": "field"}


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of a preview."""

    url: str
    alt: str


@dataclass(frozen=True, slots=True)
class Counter:
    """How much is used of what a channel takes, in its own signs, or in bytes where those run out before."""

    used: int
    most: int
    in_bytes: bool

    @property
    def over(self) -> int:
        return max(self.used - self.most, 0)


@dataclass(frozen=True, slots=True)
class PartView:
    """One more post: of the thread, or the first comment under it."""

    text: str
    counter: Counter | None


@dataclass(frozen=True, slots=True)
class Preview:
    """One channel's view of a content."""

    channel_id: str
    channel: str
    icon: str
    title: str
    text: str
    link: str
    own_text: bool
    pictures: tuple[Picture, ...]
    counter: Counter | None
    errors: tuple[str, ...]
    needs_title: bool = False
    parts: tuple[PartView, ...] = ()
    comment: PartView | None = None
    target: str = ""
    recipient: str = ""
    added: tuple[str, ...] = ()

    @property
    def host(self) -> str:
        """Whose page the link leads to. The page itself is never asked for: what a network makes of it, it decides."""
        return (urlsplit(self.link).hostname or "") if self.leads else ""

    @property
    def leads(self) -> bool:
        """Whether the link may be pressed: a draft's may be anything, a script included."""
        return is_web_link(self.link)


def previews_of(content: Content) -> list[Preview]:
    """One per channel of the content, in the order of the channels page. Two queries, however many there are."""
    stored = media_by_digest(m.digest for m in content.media)
    facts = [
        MediaFacts(m.mime, m.size, ref.alt, m.width or 0, m.height or 0)
        for ref in content.media
        if (m := stored.get(ref.digest))
    ]
    pictures = tuple(Picture(media_url(ref.digest), ref.alt) for ref in content.media if ref.digest in stored)
    return [_preview(channel, content, facts, pictures) for channel in _channels(content.channels)]


def _channels(ids: Iterable[str]) -> list[Channel]:
    return list(channels_of_brand(revoked=True).filter(pk__in=list(ids)))


def _preview(channel: Channel, content: Content, facts: list[MediaFacts], pictures: tuple[Picture, ...]) -> Preview:
    takes = channel.capabilities
    text = content.text_for(str(channel.pk))
    errors = validate_content(
        text,
        facts,
        takes,
        kind=content.kind,
        title=content.title,
        link=content.link,
        recipient=content.recipient or None,
        target=content.target or None,
        parts=content.parts,
        first_comment=content.first_comment,
    )
    added = added_to(
        channel, kind=content.kind, text=text, title=content.title, link=content.link, recipient=content.recipient
    )
    text = f"{added.before} {text}" if added.before else text
    whole = outgoing_text(text, content.link).strip()
    return Preview(
        channel_id=str(channel.pk),
        channel=channel.name,
        icon=ICONS.get(channel.kind, "channel"),
        title=content.title or added.title if takes.max_title else "",
        text=text,
        link=content.link,
        own_text=str(channel.pk) in content.variants,
        pictures=pictures,
        counter=_counter(measured(whole, takes, beside_media=bool(facts))),
        needs_title=content.kind in takes.title_required_for,
        errors=tuple(error_sentence(e.code, limit=e.limit, actual=e.actual, field=e.field) for e in errors),
        parts=tuple(_part(part, takes) for part in content.parts),
        comment=_part(content.first_comment, takes) if content.first_comment else None,
        target=content.target,
        recipient=content.recipient,
        added=tuple(added_sentences(added)),
    )


def _part(text: str, takes: Capabilities) -> PartView:
    return PartView(text, _counter(measured(text, takes)))


def _counter(size: Measure) -> Counter | None:
    """What would be refused first is what is counted; None where the channel has no words at all."""
    if not size.most:
        return None
    in_bytes = not size.too_long and (size.too_heavy or size.by_weight)
    return Counter(size.weight, size.heaviest, True) if in_bytes else Counter(size.length, size.most, False)
