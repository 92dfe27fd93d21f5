"""A signed webhook: class D. The receiver is the brand's own, and nobody can know whether it keeps our key in mind.

A receiver that does may treat a second delivery of one `webhook-id` as the first; we still never make one by ourselves.
"""

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings as installation

from clients.autonomy.vocabulary import ActionKind
from clients.channels.fetch import Reply, call, refused
from clients.channels.port import (
    Capabilities,
    Idempotency,
    Outbound,
    Proven,
    SendFailed,
    Sent,
    SentState,
    SettingField,
    SettingType,
)
from clients.channels.rules import is_web_link
from clients.channels.secret import Secrets
from clients.channels.webhook.body import body_of
from clients.channels.webhook.signature import headers, is_signing_secret
from clients.channels.website import check_endpoint
from tenants.errors import Invalid

BY_PEOPLE = frozenset({ActionKind.PHONE_CALL, ActionKind.EVENT})
ABOUT_A_POST = frozenset(
    {ActionKind.REACT, ActionKind.HIDE, ActionKind.UNHIDE, ActionKind.DELETE, ActionKind.CORRECT},
)
SECRETS = ("signing_secret", "signing_secret_old")
_LONGEST_ID = 200


class WebhookConnector:
    kind = "webhook"
    fields = (
        # An address to call is often a key itself: whoever knows it may post there.
        SettingField("endpoint", SettingType.SECRET),
        SettingField("signing_secret", SettingType.SECRET),
        SettingField("signing_secret_old", SettingType.SECRET, required=False),
    )
    declares = Capabilities(
        kinds=frozenset(ActionKind) - BY_PEOPLE,
        idempotency=Idempotency.NONE,
        max_length=100_000,
        max_title=200,
        max_media=4,
        media_types=frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"}),
        max_media_bytes=2_000_000,
        recipient_for=frozenset({ActionKind.DIRECT_MESSAGE, ActionKind.BAN}),
        target_for=ABOUT_A_POST,
        max_parts=25,
        first_comment=True,
        proven=Proven.DOCUMENTATION,
    )

    def check_settings(self, settings: Mapping[str, Any], secret: Secrets) -> None:
        """A web address, and secrets of the form that receivers of this standard expect."""
        check_endpoint(secret.reveal("endpoint"), "endpoint")
        for name in SECRETS:
            if secret.reveal(name) and not is_signing_secret(secret.reveal(name)):
                raise Invalid("signing_secret_malformed", name)

    def handle_of(self, secret: Secrets) -> str:
        """The receiver's host: by it a brand knows which of its servers is meant, and nobody can call it."""
        return urlsplit(secret.reveal("endpoint")).hostname or ""

    def send(self, outbound: Outbound, until: float) -> Sent:
        """One POST. Any 2xx says that it was taken over; what the receiver makes of it is not ours to know."""
        secrets = [outbound.secret.reveal(name) for name in SECRETS if outbound.secret.reveal(name)]
        # Channels of before keep it among their settings until `rotate_secrets` takes it in.
        endpoint = outbound.secret.reveal("endpoint") or str(outbound.settings.get("endpoint", ""))
        if not secrets or not endpoint:
            raise SendFailed("secret_unreadable", permanent=True, maybe_sent=False)
        body = body_of(outbound)
        signed = headers(secrets, key=outbound.key, moment=int(time.time()), body=body)
        reply = call(
            "POST",
            endpoint,
            until=until,
            allow_private=installation.ALLOW_PRIVATE_HOSTS,
            headers={"Content-Type": "application/json", **signed},
            content=body,
        )
        if not reply.ok:
            raise _refused(reply)
        return _sent(outbound, reply)

    def find(self, outbound: Outbound, until: float) -> Sent | None:
        raise SendFailed("cannot_look_up", permanent=True, maybe_sent=True)


def _refused(reply: Reply) -> SendFailed:
    """410 means, in this standard: never call this address again."""
    if reply.status == 410:
        return SendFailed("receiver_gone", permanent=True, maybe_sent=False, status=410)
    if reply.status == 404:
        return SendFailed("receiver_missing", permanent=True, maybe_sent=False, status=404)
    return refused(reply)


def _sent(outbound: Outbound, reply: Reply) -> Sent:
    """A receiver may name what it made ({"id", "url"}); else it is our key, or the post that the act was about."""
    try:
        said = reply.fields()
    except SendFailed:
        said = {}
    name, url = said.get("id"), said.get("url")
    known = isinstance(name, str | int) and not isinstance(name, bool) and 0 < len(str(name)) <= _LONGEST_ID
    return Sent(
        remote_id=str(name) if known else _ours(outbound),
        url=url if isinstance(url, str) and is_web_link(url) else "",
        state=SentState.ACCEPTED,
    )


def _ours(outbound: Outbound) -> str:
    return outbound.target if outbound.kind in ABOUT_A_POST and outbound.target else outbound.key


CONNECTOR = WebhookConnector()
