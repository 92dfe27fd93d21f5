"""E-mail: class D. A mail server promises nothing about repeats, so an act whose end we did not see stays uncertain.

`accepted` is all SMTP can say: the server took the message over. Whether it arrives is another server's word.
"""

from collections.abc import Mapping
from typing import Any

from clients.autonomy.vocabulary import ActionKind
from clients.channels.port import (
    Capabilities,
    Idempotency,
    Outbound,
    SelfTest,
    SendFailed,
    Sent,
    SettingField,
    SettingType,
)
from clients.channels.secret import Secrets
from clients.channels.smtp.account import FIELDS, check_account, deliver
from clients.channels.smtp.message import build, recipient_of_test, recipients_of

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
    fields = (*FIELDS, SettingField("to", SettingType.ADDRESSES, required=False))
    declares = Capabilities(
        kinds=TO_ONE_PERSON | {ActionKind.NEWSLETTER},
        idempotency=Idempotency.NONE,
        max_length=100_000,
        max_title=200,
        by_mail=True,
        title_required_for=TO_ONE_PERSON | {ActionKind.NEWSLETTER},
        max_media=10,
        media_types=frozenset({"image/jpeg", "image/png", "image/gif"}),
        max_media_bytes=5_000_000,
        max_media_pixels=16_000_000,
        recipient_for=TO_ONE_PERSON,
        self_test=SelfTest.MAIL,
    )

    def check_settings(self, settings: Mapping[str, Any], secret: Secrets) -> None:
        check_account(settings, secret)

    def send(self, outbound: Outbound, until: float) -> Sent:
        """One message to one person, or to every address of the list, each unseen by the others."""
        recipients = recipients_of(outbound)
        return deliver(outbound, build(outbound, recipients), recipients, until)

    def self_test(self, outbound: Outbound, until: float) -> None:
        """To the one address that is named, never to the channel's list."""
        to = recipient_of_test(outbound)
        deliver(outbound, build(outbound, to), to, until)

    def find(self, outbound: Outbound, until: float) -> Sent | None:
        raise SendFailed("cannot_look_up", permanent=True, maybe_sent=True)


CONNECTOR = EmailConnector()
