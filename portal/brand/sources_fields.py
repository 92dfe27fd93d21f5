"""The form of a source: the fields of its kind, its channel, how often; and what was typed, as its kind wants it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from clients.channels.port import SettingField, SettingType
from clients.sources.models import Source
from clients.sources.port import Kind
from clients.sources.queries import channels_for
from clients.sources.rules import LONGEST_EVERY, SHORTEST_EVERY
from portal.brand.forms import Field, field_of
from portal.wording import sources as words
from portal.wording import word
from tenants.errors import Invalid


def form_of(request: HttpRequest, kind: Kind, source: Source | None, *, secrets: bool = False) -> dict[str, Any]:
    """Filled with what was typed, else with what is kept. Secrets are asked for only where they may be given."""
    failure = getattr(request, "failure", None)
    kept = {} if source is None else {name: str(value) for name, value in source.settings.items()}
    posted: Mapping[str, str] = request.POST if request.method == "POST" and "name" in request.POST else kept
    wrong = failure.field if failure else None
    fields = [f for f in kind.fields if secrets or f.type is not SettingType.SECRET]
    return {
        "kind": kind.name,
        "name": posted.get("name", source.name if source else "")
        if posted is not kept
        else (source.name if source else ""),
        "fields": [_field(each, posted, wrong) for each in fields],
        "channels": [(str(c.pk), c.name) for c in channels_for(kind)] if source is None else [],
        "needs_channel": bool(kind.channels) and source is None,
        "channel": request.POST.get("channel", ""),
        "every": posted.get("every") or (source.every if source else int(kind.every.total_seconds() // 60)),
        "least": SHORTEST_EVERY,
        "most": LONGEST_EVERY,
        "asked": kind.read is not None,
        "wrong": wrong,
    }


def settings_typed(kind: Kind, posted: Mapping[str, str], *, secrets: bool = True) -> dict[str, Any]:
    """The values of the kind's fields as they were typed."""
    fields = [f for f in kind.fields if secrets or f.type is not SettingType.SECRET]
    return {field.name: posted.get(field.name, "") for field in fields}


def channel_typed(posted: Mapping[str, str]) -> UUID | None:
    """The chosen channel. Raises Invalid('unknown_channel', 'channel')."""
    try:
        return UUID(posted["channel"]) if posted.get("channel") else None
    except ValueError:
        raise Invalid("unknown_channel", "channel") from None


def _field(field: SettingField, posted: Mapping[str, str], wrong: str | None) -> Field:
    drawn = field_of(field, posted, wrong)
    choices = tuple((choice, str(words.CHOICES.get(choice, shown))) for choice, shown in drawn.choices)
    return replace(drawn, label=str(words.SETTINGS.get(field.name, drawn.label)), choices=choices)


def setting_word(name: str) -> str:
    """What a setting is called."""
    return word(words.SETTINGS, name)
