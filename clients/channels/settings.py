"""What a brand typed to connect a channel, made into clean values or into one error that names the field. Pure."""

import ipaddress
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from clients.channels.port import SettingField, SettingType
from clients.channels.rules import has_control_characters, is_web_link
from tenants.errors import Invalid

LONGEST_VALUE = 1000
MOST_ADDRESSES = 100

# Deliberately narrower than RFC 5321: no quotes, no comments, no spaces. Whatever passes cannot end an SMTP command.
_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?P<local>{_LOCAL})@(?P<domain>[^@]+)")
_HOST = re.compile(rf"(?=.{{1,253}}\Z)(?:{_LABEL}\.)*{_LABEL}")


def clean_settings(
    fields: Sequence[SettingField], given: Mapping[str, Any], *, only: SettingType | None = None
) -> tuple[dict[str, Any], dict[str, str]]:
    """(settings, secrets) of a connector's fields. Raises Invalid(code, field) at the first wrong one.

    With `only`, fields of other types are neither read nor missed: a new password comes without the host.
    """
    wanted = [field for field in fields if only is None or field.type is only]
    for name in given:
        if name not in {field.name for field in wanted}:
            raise Invalid("setting_unknown", str(name)[:50])
    settings: dict[str, Any] = {}
    secrets: dict[str, str] = {}
    for field in wanted:
        value = _clean(field, given.get(field.name))
        if field.type is not SettingType.SECRET:
            settings[field.name] = value
        elif value:
            secrets[field.name] = value
    return settings, secrets


def clean_address(value: str, field: str) -> str:
    """A mail address whose host is in ASCII, ready for an SMTP command. Raises Invalid('not_an_address', field)."""
    found = _ADDRESS.fullmatch(value.strip())
    if found is None or ".." in value or found["local"].startswith(".") or found["local"].endswith("."):
        raise Invalid("not_an_address", field)
    try:
        return f"{found['local']}@{clean_host(found['domain'], field)}"
    except Invalid:
        raise Invalid("not_an_address", field) from None


def clean_host(value: str, field: str) -> str:
    """A host name or IP address, lower-case and in ASCII. Raises Invalid('not_a_host', field)."""
    host = value.strip().lower().rstrip(".")
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        pass
    try:
        host = host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        raise Invalid("not_a_host", field) from None
    # A last label of digits alone is an address in disguise ('127.1', '0x7f.1' and friends), not a name.
    if not _HOST.fullmatch(host) or re.fullmatch(r"(0x[0-9a-f]*|[0-9]+)", host.rsplit(".", 1)[-1]):
        raise Invalid("not_a_host", field)
    return host


def clean_site(value: str, field: str) -> str:
    """Where a server speaks HTTP, `https://` unless it says otherwise. Raises Invalid('not_a_site', field)."""
    given = value.strip() if "://" in value else f"https://{value.strip()}"
    try:
        parts = urlsplit(given)
        host, port = clean_host(parts.hostname or "", field), parts.port
    except (Invalid, ValueError):
        raise Invalid("not_a_site", field) from None
    if not is_web_link(given) or "@" in parts.netloc or parts.query or parts.fragment:
        raise Invalid("not_a_site", field)
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{parts.path.rstrip('/')}"


def _clean(field: SettingField, value: Any) -> Any:
    if value is None or (isinstance(value, str | list | tuple) and not value):
        if field.required and field.default is None:
            raise Invalid("setting_missing", field.name)
        return _empty(field) if field.default is None else field.default
    if field.type is SettingType.NUMBER:
        return _number(field, value)
    if field.type is SettingType.ADDRESSES:
        return _addresses(field, value)
    text = _text(field, value)
    if field.type in _CLEAN:
        return _CLEAN[field.type](text, field.name)
    if field.type is SettingType.CHOICE and text not in field.choices:
        raise Invalid("not_a_choice", field.name, choices=field.choices)
    return text


def _empty(field: SettingField) -> Any:
    return [] if field.type is SettingType.ADDRESSES else ""


def _text(field: SettingField, value: Any) -> str:
    if not isinstance(value, str):
        raise Invalid("not_a_text", field.name)
    # A password may begin or end with a blank; no other setting may.
    text = value if field.type is SettingType.SECRET else value.strip()
    if len(text) > LONGEST_VALUE:
        raise Invalid("setting_too_long", field.name, limit=LONGEST_VALUE, actual=len(text))
    if has_control_characters(text):
        raise Invalid("setting_control_characters", field.name)
    return text


def _number(field: SettingField, value: Any) -> int:
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,9}", str(value).strip()):
        raise Invalid("not_a_number", field.name)
    number = int(str(value).strip())
    if not field.least <= number <= field.most:
        raise Invalid("out_of_range", field.name, least=field.least, most=field.most, actual=number)
    return number


def _addresses(field: SettingField, value: Any) -> list[str]:
    """A list, or one text with commas, semicolons or lines between the addresses. Each once, in the order given."""
    if not isinstance(value, str | list | tuple) or not all(isinstance(part, str) for part in value):
        raise Invalid("not_a_text", field.name)
    parts = re.split(r"[,;\s]+", value.strip()) if isinstance(value, str) else value
    found = list(dict.fromkeys(clean_address(part, field.name) for part in parts if part))
    if len(found) > MOST_ADDRESSES:
        raise Invalid("too_many_addresses", field.name, limit=MOST_ADDRESSES, actual=len(found))
    return found


_CLEAN = {SettingType.HOST: clean_host, SettingType.SITE: clean_site, SettingType.ADDRESS: clean_address}
