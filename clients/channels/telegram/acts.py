"""What a bot can do in its chat. A post is named `chat:message` there, since a message's number counts in its chat only."""

import json
import re
from collections.abc import Callable
from typing import Any

from clients.autonomy.vocabulary import ActionKind
from clients.channels.port import Outbound, SendFailed, Sent, SentState
from clients.channels.rules import outgoing_text
from clients.channels.telegram.bot import ALREADY_SO, Bot

_POST = re.compile(r"(?P<chat>-?[0-9]{1,20}|@[A-Za-z0-9_]{1,64}):(?P<message>[0-9]{1,18})")

Act = Callable[[Bot, Outbound], Sent]


def publish(bot: Bot, outbound: Outbound) -> Sent:
    return _post(bot, outbound, {})


def answer(bot: Bot, outbound: Outbound) -> Sent:
    return _post(bot, outbound, {"message_id": _message(bot, outbound)})


def correct(bot: Bot, outbound: Outbound) -> Sent:
    """A post is a text or a picture with a caption, and which one only Telegram knows: it refuses the wrong call."""
    words = outgoing_text(outbound.text, outbound.link)
    said = {"chat_id": outbound.settings["chat"], "message_id": _message(bot, outbound)}
    ways = [("editMessageText", {**said, "text": words}), ("editMessageCaption", {**said, "caption": words})]
    first, second = reversed(ways) if outbound.media else ways
    try:
        _edit(bot, *first)
    except SendFailed as failure:
        if failure.code != "content_refused":
            raise
        _edit(bot, *second)
    return Sent(str(outbound.target))


def delete(bot: Bot, outbound: Outbound) -> Sent:
    said = {"chat_id": outbound.settings["chat"], "message_id": _message(bot, outbound)}
    try:
        bot.do("deleteMessage", said)
    except SendFailed as failure:
        if failure.code != "target_gone":
            raise
    return Sent(str(outbound.target), state=SentState.GONE)


ACTS: dict[ActionKind, Act] = {
    ActionKind.PUBLISH: publish,
    ActionKind.ANSWER: answer,
    ActionKind.ACKNOWLEDGE: answer,
    ActionKind.CORRECT: correct,
    ActionKind.DELETE: delete,
}


def _post(bot: Bot, outbound: Outbound, reply: dict[str, int]) -> Sent:
    """One message: a text, or a picture with its caption. The picture's own words have no place there."""
    chat, words = outbound.settings["chat"], outgoing_text(outbound.text, outbound.link)
    if not outbound.media:
        said = {"chat_id": chat, "text": words}
        return _sent(bot.do("sendMessage", {**said, "reply_parameters": reply} if reply else said))
    (file,) = outbound.media
    form = {"chat_id": chat, "caption": words}
    if reply:
        form["reply_parameters"] = json.dumps(reply)
    return _sent(bot.upload("sendPhoto", form, {"photo": ("picture", file.data, file.mime)}))


def _edit(bot: Bot, method: str, said: dict[str, Any]) -> None:
    try:
        bot.do(method, said)
    except SendFailed as failure:
        if failure.code != ALREADY_SO:
            raise


def _message(bot: Bot, outbound: Outbound) -> int:
    """The number of the post that this concerns. A post of another chat is none of this channel's business."""
    found = _POST.fullmatch(outbound.target or "")
    if found is None:
        raise SendFailed("target_not_a_post", permanent=True, maybe_sent=False)
    ours = outbound.settings["chat"]
    if found["chat"].lower() != ours.lower() and found["chat"] != str(bot.ask("getChat", chat_id=ours).get("id")):
        raise SendFailed("target_not_here", permanent=True, maybe_sent=False)
    return int(found["message"])


def _sent(made: Any) -> Sent:
    """The message that was made; in a public chat it has an address."""
    chat = made.get("chat") if isinstance(made, dict) else None
    number = made.get("message_id") if isinstance(made, dict) else None
    if not isinstance(chat, dict) or not isinstance(chat.get("id"), int) or not isinstance(number, int):
        raise SendFailed("answer_unreadable", permanent=False, maybe_sent=True)
    name = str(chat.get("username") or "")
    return Sent(f"{chat['id']}:{number}", f"https://t.me/{name}/{number}" if name.isidentifier() else "")
