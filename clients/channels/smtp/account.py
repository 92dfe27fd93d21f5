"""The SMTP account of a brand: what has to be known of it, and under which conditions we use it."""

from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from typing import Any

from django.conf import settings as installation

from clients.channels.port import Outbound, SendFailed, Sent, SentState, SettingField, SettingType
from clients.channels.secret import Secrets
from clients.channels.smtp.session import hand_over, opened
from tenants.errors import Invalid

MAIL_PORTS = frozenset({25, 465, 587, 2525})
FIELDS = (
    SettingField("host", SettingType.HOST),
    SettingField("port", SettingType.NUMBER, default=587, least=1, most=65535),
    SettingField("tls", SettingType.CHOICE, default="starttls", choices=("starttls", "implicit", "none")),
    SettingField("user", required=False),
    SettingField("password", SettingType.SECRET, required=False),
    SettingField("from_address", SettingType.ADDRESS),
    SettingField("from_name", required=False),
)


def check_account(settings: Mapping[str, Any], secret: Secrets) -> None:
    """A password goes with a user and never over a line that others can read, except on one's own machine."""
    if bool(settings["user"]) != bool(secret):
        raise Invalid("user_and_password_together", "password" if settings["user"] else "user")
    if installation.ALLOW_PRIVATE_SMTP:
        return
    if settings["tls"] == "none":
        raise Invalid("tls_required", "tls")
    if settings["port"] not in MAIL_PORTS:
        raise Invalid("out_of_range", "port", choices=sorted(MAIL_PORTS), actual=settings["port"])


def deliver(outbound: Outbound, message: EmailMessage, recipients: Sequence[str], until: float) -> Sent:
    """One message in one transaction, to as many recipients as the server takes: all of them at once, or none."""
    try:
        # Once more: the installation may have become stricter since the brand connected the channel.
        check_account(outbound.settings, outbound.secret)
    except Invalid as error:
        raise SendFailed(error.code, permanent=True, maybe_sent=False) from None
    private = installation.ALLOW_PRIVATE_SMTP
    with opened(outbound.settings, outbound.secret, until, allow_private=private) as session:
        refused = hand_over(session, outbound.settings["from_address"], recipients, message.as_bytes())
    return Sent(remote_id=message["Message-ID"], state=SentState.ACCEPTED, refused=refused)
