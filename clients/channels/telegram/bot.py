"""Telegram's Bot API: one method call, and what its refusals mean.

INVARIANT: the token stands in the address, because the Bot API knows no other place. So no address is ever kept, shown
or logged here, and every call is a POST: `fetch` follows no redirect of one, and nobody else hears the address.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings as installation

from clients.channels.answers import retry_at
from clients.channels.fetch import Reply, call, refused
from clients.channels.port import SendFailed

_TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{20,100}")
# A refusal is a status and a sentence in English; the sentence only makes narrower what the status has said already.
_SENTENCES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("message is not modified",), "already_so"),  # never leaves this package
    (("chat not found", "peer_id_invalid"), "receiver_missing"),
    (("message to edit not found", "message to delete not found", "message_id_invalid"), "target_gone"),
    (("message to be replied not found", "replied message not found", "reply message not found"), "target_gone"),
    (("not enough rights", "no rights", "need administrator rights", "write_forbidden"), "not_permitted"),
    (("message can't be edited", "message can't be deleted"), "not_permitted"),
)
ALREADY_SO = "already_so"


class Bot:
    """Talks for one token until one moment."""

    __slots__ = ("_address", "_until")

    def __init__(self, api: str, token: str, until: float) -> None:
        """Raises SendFailed('credentials_refused') for what cannot be a token: it would make another address."""
        if not is_bot_token(token):
            raise SendFailed("credentials_refused", permanent=True, maybe_sent=False)
        self._address, self._until = f"{api}/bot{token}", until

    def ask(self, method: str, **said: Any) -> dict[str, Any]:
        """A question that nobody sees. Raises SendFailed."""
        found = self._call(method, said, effect=False)
        if isinstance(found, dict):
            return found
        raise SendFailed("answer_unreadable", permanent=False, maybe_sent=False)

    def do(self, method: str, said: Mapping[str, Any]) -> Any:
        """An act; what it made, or True. Raises SendFailed."""
        return self._call(method, said, effect=True)

    def upload(self, method: str, form: Mapping[str, str], files: Mapping[str, tuple[str, bytes, str]]) -> Any:
        """An act with a file. Raises SendFailed."""
        return self._call(method, None, effect=True, form=form, files=files)

    def _call(self, method: str, said: Mapping[str, Any] | None, *, effect: bool, **more: Any) -> Any:
        reply = call(
            "POST",
            f"{self._address}/{method}",
            until=self._until,
            allow_private=installation.ALLOW_PRIVATE_HOSTS,
            json=said,
            effect=effect,
            **more,
        )
        if not reply.ok:
            raise meant(reply)
        fields = reply.fields()
        if fields.get("ok") is True and fields.get("result"):
            return fields["result"]
        raise SendFailed("answer_unreadable", permanent=False, maybe_sent=effect, status=reply.status)


def is_bot_token(token: str) -> bool:
    """The bot's number, a colon and its secret, as BotFather shows them."""
    return _TOKEN.fullmatch(token) is not None


def meant(reply: Reply) -> SendFailed:
    """The error for a refusal: its parameters and its sentence where they say more than the status."""
    plain = refused(reply)
    if reply.status == 404:
        # Our methods exist: what is not found is a bot of this token.
        return SendFailed("credentials_refused", True, False, 404)
    sentence, parameters = _said(reply)
    if reply.status == 429:
        rest = retry_at({"retry-after": str(parameters.get("retry_after", ""))})
        return SendFailed(plain.code, plain.permanent, plain.maybe_sent, 429, rest or plain.retry_at)
    if reply.status != 400:
        return plain
    if "migrate_to_chat_id" in parameters:
        return SendFailed("chat_moved", True, False, 400)
    return SendFailed(_narrower(sentence) or plain.code, True, False, 400)


def _narrower(sentence: str) -> str:
    return next((code for parts, code in _SENTENCES if any(part in sentence for part in parts)), "")


def _said(reply: Reply) -> tuple[str, Mapping[str, Any]]:
    try:
        fields = reply.fields()
    except SendFailed:
        return "", {}
    parameters = fields.get("parameters")
    return str(fields.get("description", "")).lower(), parameters if isinstance(parameters, dict) else {}
