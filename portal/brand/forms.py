"""The fields of a channel's kind as a form shows them, and what was typed as the connector wants it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from clients.channels.labels import CHOICES
from clients.channels.port import SettingField, SettingType
from portal.wording import word
from portal.wording.fields import SETTINGS

_INPUTS = {
    SettingType.SECRET: "password",
    SettingType.NUMBER: "number",
    SettingType.ADDRESS: "email",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form."""

    name: str
    label: str
    type: str
    value: str
    required: bool
    choices: tuple[tuple[str, str], ...]
    autocomplete: str
    wrong: bool


def field_of(field: SettingField, posted: Mapping[str, str], wrong: str | None) -> Field:
    """A secret is never filled in again, whatever was typed."""
    secret = field.type is SettingType.SECRET
    typed = posted.get(field.name, "" if field.default is None else str(field.default))
    return Field(
        name=field.name,
        label=word(SETTINGS, field.name),
        type=_INPUTS.get(field.type, "text"),
        value="" if secret else typed,
        required=field.required,
        choices=tuple((choice, word(CHOICES, choice)) for choice in field.choices),
        autocomplete="new-password" if secret else "off",
        wrong=wrong == field.name,
    )


def typed_values(fields: Iterable[SettingField], posted: Mapping[str, str]) -> dict[str, Any]:
    """Several addresses are separated by commas or lines."""
    found: dict[str, Any] = {}
    for field in fields:
        typed = posted.get(field.name, "")
        several = field.type is SettingType.ADDRESSES
        found[field.name] = [part for part in typed.replace(",", "\n").split() if part] if several else typed
    return found
