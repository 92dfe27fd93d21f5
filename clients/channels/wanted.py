"""What somebody typed to connect a channel, cleaned, and shown to the network before anything is kept. Writes nothing.

INVARIANT: called outside any transaction, because it may call the network.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from clients.channels.delivery import Port
from clients.channels.port import Account, SendFailed, SettingType
from clients.channels.registry import connector_for
from clients.channels.rules import has_control_characters
from clients.channels.secret import Secrets
from clients.channels.settings import clean_settings
from tenants.errors import Invalid

# Failures that speak of where we called, and not of the credential.
OF_THE_HOST = frozenset(
    {
        "certificate_refused",
        "connection_lost",
        "deadline",
        "host_not_allowed",
        "host_unknown",
        "redirected",
        "timeout",
        "tls_missing",
        "unreachable",
    }
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A channel as it would be, tried out with the network where the network can be asked."""

    kind: str
    name: str
    handle: str
    settings: dict[str, Any]
    secrets: dict[str, str] = field(repr=False)
    account: Account | None = None
    expires_at: datetime | None = None


def wanted(kind: str, name: str, handle: str, given: Mapping[str, Any]) -> Wanted:
    """Raises Invalid(code, field): for what was typed, and for what the network says of it."""
    port = connector_for(kind)
    name, handle = clean_line("name", name, 120), clean_line("handle", handle, 200, required=False)
    settings, secrets = clean_settings(port.fields, given)
    port.check_settings(settings, Secrets(secrets))
    account = asked(port, settings, secrets)
    handle = handle or port.handle_of(Secrets(secrets))[:200]
    return Wanted(kind, name, handle, settings, secrets, account, account.expires_at if account else None)


def asked(port: Port, settings: Mapping[str, Any], secrets: Mapping[str, str]) -> Account | None:
    """Whom the credential opens; None where a network cannot be asked. Raises Invalid(code, field)."""
    if not port.checks:
        return None
    try:
        account = port.check(settings, Secrets(secrets))
    except SendFailed as failure:
        error = Invalid(failure.code, field_of(port, failure.code))
    else:
        if not account.missing:
            return account
        error = Invalid("scope_missing", field_of(port, "scope_missing"), missing=account.missing)
    raise error


def field_of(port: Port, code: str) -> str | None:
    """At which field of the form a failure is shown."""
    about = SettingType.HOST if code in OF_THE_HOST else SettingType.SECRET
    return next((each.name for each in port.fields if each.type is about), None)


def clean_line(name: str, value: str, longest: int, *, required: bool = True) -> str:
    """One line for people. Raises Invalid(code, name)."""
    text = value.strip()
    if required and not text:
        raise Invalid("setting_missing", name)
    if len(text) > longest:
        raise Invalid("setting_too_long", name, limit=longest, actual=len(text))
    if has_control_characters(text):
        raise Invalid("setting_control_characters", name)
    return text
