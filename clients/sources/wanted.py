"""What somebody typed for a source, cleaned into values or one error that names the field. Writes nothing, asks no network."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from clients.channels.models import Channel
from clients.channels.port import SettingType
from clients.channels.settings import clean_settings
from clients.channels.wanted import clean_line
from clients.sources.port import Kind
from clients.sources.registry import kind_of
from clients.sources.rules import LONGEST_EVERY, SHORTEST_EVERY
from tenants.errors import Invalid

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Wanted:
    """A source as it would be."""

    kind: Kind
    name: str
    settings: dict[str, Any]
    secrets: dict[str, str] = field(repr=False)
    every: int


def wanted(kind_name: str, name: str, given: Mapping[str, Any], every: int | None = None) -> Wanted:
    """Raises Invalid(code, field)."""
    kind = kind_of(kind_name)
    clean_name = clean_line("name", name, LONGEST_NAME)
    settings, secrets = clean_settings(kind.fields, given)
    if kind.check:
        kind.check(settings)
    minutes = int(kind.every.total_seconds() // 60) if every is None else every
    if not SHORTEST_EVERY <= minutes <= LONGEST_EVERY:
        raise Invalid("out_of_range", "every", least=SHORTEST_EVERY, most=LONGEST_EVERY, actual=minutes)
    return Wanted(kind, clean_name, settings, secrets, minutes)


def secret_fields(kind: Kind) -> tuple[str, ...]:
    """The names of what opens it."""
    return tuple(field.name for field in kind.fields if field.type is SettingType.SECRET)


def checked_channel(kind: Kind, channel_id: UUID | None) -> UUID | None:
    """The channel that it reads with, in the open brand. Raises Invalid('channel_missing', 'channel')."""
    if not kind.channels:
        return None
    if channel_id is None or not Channel.objects.open().filter(pk=channel_id, kind__in=kind.channels).exists():
        raise Invalid("channel_missing", "channel")
    return channel_id
