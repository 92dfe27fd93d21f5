"""E-mail: class D. A mail server promises nothing about repeats, so an act whose end we did not see stays uncertain.

`accepted` is all SMTP can say: the server took the message over. Whether it arrives is another server's word.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings as installation

from clients.autonomy.vocabulary import ActionKind
from clients.channels.email.message import build, recipients_of
from clients.channels.email.session import hand_over, opened
from clients.channels.port import (
    Capabilities,
    Idempotency,
    Outbound,
    SendFailed,
    Sent,
    SentState,
    SettingField,
    SettingType,
)
from clients.channels.secret import Secrets
from tenants.errors import Invalid

MAIL_PORTS = frozenset({25, 465, 587, 2525})
TO_ONE_PERSON = frozenset(
    {
        ActionKind.ACKNOWLEDGE,
        ActionKind.ANSWER,
        ActionKind.DIRECT_MESSAGE,
        ActionKind.AMBASSADOR_POWER,
        ActionKind.DISCLOSE,
    }
)


class EmailConnector:
    kind = "email"
    fields = (
        SettingField("host", SettingType.HOST),
        SettingField("port", SettingType.NUMBER, default=587, least=1, most=65535),
        SettingField("tls", SettingType.CHOICE, default="starttls", choices=("starttls", "implicit", "none")),
        SettingField("user", required=False),
        SettingField("password", SettingType.SECRET, required=False),
        SettingField("from_address", SettingType.ADDRESS),
        SettingField("from_name", required=False),
        SettingField("to", SettingType.ADDRESSES, required=False),
    )
    declares = Capabilities(
        kinds=TO_ONE_PERSON | {ActionKind.NEWSLETTER},
        idempotency=Idempotency.NONE,
        max_length=100_000,
        max_title=200,
        title_required=True,
        max_media=10,
        media_types=frozenset({"image/jpeg", "image/png", "image/gif"}),
        max_media_bytes=5_000_000,
        max_media_pixels=16_000_000,
        recipient_for=TO_ONE_PERSON,
    )

    def check_settings(self, settings: Mapping[str, Any], secret: Secrets) -> None:
        """A password goes with a user and never over a line that others can read, except on one's own machine."""
        if bool(settings["user"]) != bool(secret):
            raise Invalid("user_and_password_together", "password" if settings["user"] else "user")
        if installation.ALLOW_PRIVATE_SMTP:
            return
        if settings["tls"] == "none":
            raise Invalid("tls_required", "tls")
        if settings["port"] not in MAIL_PORTS:
            raise Invalid("out_of_range", "port", choices=sorted(MAIL_PORTS), actual=settings["port"])

    def send(self, outbound: Outbound, until: float) -> Sent:
        """One message to one person, or to every address of the list, each unseen by the others."""
        try:
            # Once more: the installation may have become stricter since the brand connected the channel.
            self.check_settings(outbound.settings, outbound.secret)
        except Invalid as error:
            raise SendFailed(error.code, permanent=True, maybe_sent=False) from None
        recipients = recipients_of(outbound)
        message = build(outbound, recipients)
        private = installation.ALLOW_PRIVATE_SMTP
        with opened(outbound.settings, outbound.secret, until, allow_private=private) as session:
            refused = hand_over(session, outbound.settings["from_address"], recipients, message.as_bytes())
        return Sent(remote_id=message["Message-ID"], state=SentState.ACCEPTED, refused=refused)

    def find(self, outbound: Outbound, until: float) -> Sent | None:
        raise SendFailed("cannot_look_up", permanent=True, maybe_sent=True)


CONNECTOR = EmailConnector()
