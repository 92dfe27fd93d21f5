"""A newsletter list: class D, and nothing but the irreversible kind that it is.

The whole list goes out in one SMTP transaction, unseen by one another: the server takes the issue for everybody whom it
accepted, or for nobody, so that no break can leave a list half served and unknown which half. That is why a list holds
no more than `settings.MOST_ADDRESSES` (100): the number of recipients that every server must take in one transaction
(RFC 5321, 4.5.3.1.8), and that fits into one call. A longer list belongs to a list server: put its address here.

One message for all cannot carry a link of one's own, so there is no one-click header (RFC 8058 wants the recipient known
from the link): `unsubscribe` is the address or page where anybody leaves the list.
"""

from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import Policy
from typing import Any
from urllib.parse import quote

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
from clients.channels.rules import is_web_link
from clients.channels.secret import Secrets
from clients.channels.settings import clean_address
from clients.channels.smtp.account import FIELDS, check_account, deliver
from clients.channels.smtp.message import build, recipient_of_test, recipients_of
from tenants.errors import Invalid

# A line of a mail ends after 998 signs at the latest.
LONGEST_PAGE = 900


class NewsletterConnector:
    kind = "newsletter"
    fields = (*FIELDS, SettingField("to", SettingType.ADDRESSES), SettingField("unsubscribe"))
    declares = Capabilities(
        kinds=frozenset({ActionKind.NEWSLETTER}),
        idempotency=Idempotency.NONE,
        max_length=100_000,
        max_title=200,
        by_mail=True,
        title_required_for=frozenset({ActionKind.NEWSLETTER}),
        max_media=10,
        media_types=frozenset({"image/jpeg", "image/png", "image/gif"}),
        max_media_bytes=2_000_000,
        max_media_pixels=16_000_000,
        self_test=SelfTest.MAIL,
    )

    def check_settings(self, settings: Mapping[str, Any], secret: Secrets) -> None:
        """An account, and a way out of the list."""
        check_account(settings, secret)
        way_out(settings)

    def send(self, outbound: Outbound, until: float) -> Sent:
        """One issue to the whole list; `Sent.refused` names those whom the server did not take."""
        if outbound.recipient:
            raise SendFailed("goes_to_the_list", permanent=True, maybe_sent=False)
        recipients = recipients_of(outbound)
        message = build(outbound, recipients)
        _as_list(message, outbound)
        return deliver(outbound, message, recipients, until)

    def self_test(self, outbound: Outbound, until: float) -> None:
        """To the one address that is named, never to the channel's list."""
        to = recipient_of_test(outbound)
        message = build(outbound, to)
        _as_list(message, outbound)
        deliver(outbound, message, to, until)

    def find(self, outbound: Outbound, until: float) -> Sent | None:
        raise SendFailed("cannot_look_up", permanent=True, maybe_sent=True)


class _Whole(str):
    """A header of one long word: the standard library would encode what does not fit into a line, and so break a URI."""

    __slots__ = ()
    name = "List-Unsubscribe"

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


def way_out(settings: Mapping[str, Any]) -> str:
    """The URI of List-Unsubscribe. Raises Invalid('unsubscribe_malformed', 'unsubscribe')."""
    given = str(settings.get("unsubscribe", "")).strip()
    # Angle brackets and commas would begin another address in the header.
    plain = given.isascii() and not set("<>,") & set(given)
    if given.startswith("https://") and is_web_link(given) and plain and len(given) <= LONGEST_PAGE:
        return given
    try:
        return f"mailto:{quote(clean_address(given, 'unsubscribe'), safe='@')}?subject=unsubscribe"
    except Invalid:
        raise Invalid("unsubscribe_malformed", "unsubscribe") from None


def _as_list(message: EmailMessage, outbound: Outbound) -> None:
    """What makes a mail one of a list (RFC 2919, 2369): filters, vacation notices and readers' buttons go by it."""
    try:
        uri = way_out(outbound.settings)
    except Invalid as error:
        code = error.code
    else:
        domain = outbound.settings["from_address"].rpartition("@")[2]
        message["List-Id"] = f"<{outbound.channel_id.hex}.{domain}>"
        message["List-Unsubscribe"] = _Whole(f"<{uri}>")
        message["Precedence"] = "bulk"
        message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
        return
    raise SendFailed(code, permanent=True, maybe_sent=False)


CONNECTOR = NewsletterConnector()
