"""A Telegram channel or group, spoken to by a bot: class D.

The Bot API knows no key of ours: the same call again is a second post. Nor does it show a bot what it has posted, so an
act whose end nobody saw cannot be looked for: a person looks into the chat. A bot may take back what it posted within
48 hours only, where it is no administrator. Written to the public documentation; not run against the live service.
"""

import re
from collections.abc import Mapping
from typing import Any

from clients.autonomy.vocabulary import ActionKind
from clients.channels.port import (
    Account,
    Capabilities,
    Counting,
    Idempotency,
    Outbound,
    Proven,
    SendFailed,
    Sent,
    SettingField,
    SettingType,
)
from clients.channels.secret import Secrets
from clients.channels.telegram.acts import ACTS
from clients.channels.telegram.bot import Bot, is_bot_token
from tenants.errors import Invalid

_CHAT = re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}|-[0-9]{1,20}")


class TelegramConnector:
    kind = "telegram"
    api = "https://api.telegram.org"
    fields = (SettingField("chat"), SettingField("bot_token", SettingType.SECRET))
    declares = Capabilities(
        kinds=frozenset(ACTS),
        idempotency=Idempotency.NONE,
        max_length=4096,
        max_caption=1024,
        counting=Counting.UTF16,
        max_media=1,
        media_types=frozenset({"image/jpeg", "image/png"}),
        max_media_bytes=10_000_000,
        # Width and height together at most 10 000: no picture of more than this can keep that.
        max_media_pixels=25_000_000,
        # A photo has no place for its words: they are not asked for, and none that are given are sent.
        alt_text_required=False,
        target_for=frozenset(ACTS) - {ActionKind.PUBLISH},
        gap_seconds=3.0,  # a group takes 20 posts a minute
        pictures_stay=True,
        proven=Proven.DOCUMENTATION,
    )

    def check_settings(self, settings: Mapping[str, Any], secret: Secrets) -> None:
        """The chat as @name or number, and a token that can stand in an address."""
        if not _CHAT.fullmatch(settings["chat"]):
            raise Invalid("chat_malformed", "chat")
        if secret.reveal("bot_token") and not is_bot_token(secret.reveal("bot_token")):
            raise Invalid("bot_token_malformed", "bot_token")

    def send(self, outbound: Outbound, until: float) -> Sent:
        return ACTS[outbound.kind](Bot(self.api, outbound.secret.reveal("bot_token"), until), outbound)

    def find(self, outbound: Outbound, until: float) -> Sent | None:
        raise SendFailed("cannot_look_up", permanent=True, maybe_sent=True)

    def check(self, settings: Mapping[str, Any], secret: Secrets, until: float) -> Account:
        """The bot in its chat, and whether it may post there."""
        bot = Bot(self.api, secret.reveal("bot_token"), until)
        me = bot.ask("getMe")
        chat = _there(bot, "getChat", chat_id=settings["chat"])
        member = _there(bot, "getChatMember", chat_id=settings["chat"], user_id=me.get("id"))
        name = str(chat.get("username") or "")
        handle = f"@{name}" if name else str(chat.get("title") or chat.get("id"))
        return Account(handle, f"https://t.me/{name}" if name.isidentifier() else "", missing=_missing(chat, member))


def _there(bot: Bot, method: str, **said: Any) -> dict[str, Any]:
    """A bot that was shown the door hears 403: a person must let it in again."""
    try:
        return bot.ask(method, **said)
    except SendFailed as failure:
        if failure.code != "not_permitted":
            raise
        status = failure.status
    raise SendFailed("scope_missing", permanent=True, maybe_sent=False, status=status)


def _missing(chat: Mapping[str, Any], member: Mapping[str, Any]) -> tuple[str, ...]:
    """What the bot's place in the chat does not allow. In a channel only administrators post."""
    status = member.get("status")
    if status == "creator":
        return ()
    if chat.get("type") == "channel":
        return () if status == "administrator" and member.get("can_post_messages") else ("can_post_messages",)
    if status == "administrator":
        return ()
    rights = member if status == "restricted" else chat.get("permissions") or {}
    inside = status == "member" or (status == "restricted" and member.get("is_member"))
    wanted = ("can_send_messages", "can_send_photos")
    return tuple(name for name in wanted if not inside or rights.get(name) is False)


CONNECTOR = TelegramConnector()
