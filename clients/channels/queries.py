"""What screens and features ask of a brand's channels."""

from collections.abc import Collection
from urllib.parse import urlsplit
from uuid import UUID

from clients.autonomy.vocabulary import ActionKind
from clients.channels.models import Channel, ChannelQuerySet, MemoryPost
from clients.channels.naming import tail_of
from clients.channels.oauth import is_available
from clients.channels.port import Added, Capabilities, Proven, SelfTest, SettingField, SettingType, Written
from clients.channels.registry import FOLDERS, connector_for, connectors
from clients.people.rules import BRAND_HEADS
from tenants.models import BrandPerson
from tenants.walls.stamps import BrandQuerySet


def channels_of_brand(*, revoked: bool = False) -> ChannelQuerySet:
    """All channels in the order they were connected; with `revoked` the ended ones too. Credentials stay behind."""
    channels = Channel.objects.defer("secret")
    return channels.all() if revoked else channels.live()


def channels_taking(kind: ActionKind) -> list[Channel]:
    """The open channels over which an act of this kind can leave, or on which a person can perform it."""
    return [channel for channel in channels_of_brand().open() if kind in channel.capabilities.kinds]


def kinds_on_offer() -> tuple[str, ...]:
    """The kinds of channel that a brand can connect, in the order in which a page offers them."""
    return tuple(FOLDERS)


def fields_of(kind: str) -> tuple[SettingField, ...]:
    """What a brand fills in to connect this kind. Raises Invalid('channel_kind_unknown', 'kind')."""
    return connector_for(kind).fields


def is_offered(kind: str) -> bool:
    """Whether this installation can connect the kind: a few networks want it registered with them first."""
    return is_available(kind)


def home_of(channel: Channel) -> str:
    """The host whose members are called there with or without it ('lea' is 'lea@host'); '' where names have one spelling."""
    name = channel.capabilities.at_home
    return (urlsplit(str(channel.settings.get(name, ""))).hostname or "") if name else ""


def kinds_by_tail() -> list[str]:
    """The kinds on whose networks one thing goes by two names (`Capabilities.by_tail`)."""
    return sorted(kind for kind in FOLDERS if connector_for(kind).declares.by_tail)


def spelt(channel_id: UUID | None, names: Collection[str]) -> frozenset[str]:
    """These remote ids of one channel, with the shorter name of each where its network has two for one thing."""
    given = frozenset(filter(None, names))
    shorter = {tail_of(name) for name in given} - given - {""}
    return given | shorter if shorter and _by_tail(channel_id) else given


def called_alike(channel_id: UUID | None, one: str, other: str) -> bool:
    """Whether two remote ids of one channel are the same thing. No query where they are spelt alike or end otherwise."""
    if one == other or not one or not other or tail_of(one) != tail_of(other):
        return bool(one) and one == other
    return _by_tail(channel_id)


def _by_tail(channel_id: UUID | None) -> bool:
    return channel_id is not None and Channel.objects.filter(pk=channel_id, kind__in=kinds_by_tail()).exists()


def declared_by(kind: str) -> Capabilities:
    """What the connector of a kind declares."""
    return connector_for(kind).declares


def added_by(kind: str, written: Written) -> Added:
    """What readers on a network of this kind will see beside what was written. No network is asked."""
    return connector_for(kind).adds(written)


def looks_at(kind: str) -> bool:
    """Whether its network shows what became of a post."""
    return connector_for(kind).looks


def tries(kind: str) -> bool:
    """Whether its credential can be tried without an effect."""
    return connector_for(kind).checks


def self_test_of(kind: str) -> SelfTest | None:
    """What a test over a channel of this kind does; None where there is none."""
    return connector_for(kind).declares.self_test


def gives_tokens(kind: str) -> bool:
    """Whether the network hands out its credential itself (OAuth)."""
    return connector_for(kind).oauth is not None


def is_proven(kind: str) -> bool:
    """Whether its connector has been run against the network's real program."""
    return connector_for(kind).declares.proven is Proven.REAL_SERVER


def kinds_by_mail() -> tuple[str, ...]:
    """The kinds whose acts are mails, which may come back."""
    return tuple(port.kind for port in connectors() if port.declares.by_mail)


def secret_names() -> frozenset[str]:
    """The names under which credentials are typed, of any kind of channel."""
    return frozenset(each.name for port in connectors() for each in port.fields if each.type is SettingType.SECRET)


def letter_about(channel_id: UUID, person_id: UUID) -> tuple[Channel, BrandPerson] | None:
    """For a letter: a channel that lives, and somebody who still answers for the brand."""
    channel = channels_of_brand().filter(pk=channel_id).first()
    person = BrandPerson.objects.filter(person_id=person_id, live=True, role__in=BRAND_HEADS).first()
    return None if channel is None or person is None else (channel, person)


def memory_wall(channel_id: UUID | None = None) -> BrandQuerySet[MemoryPost]:
    """What the network `memory` has received, newest first."""
    posts = MemoryPost.objects.all()
    return posts if channel_id is None else posts.filter(channel_id=channel_id)
