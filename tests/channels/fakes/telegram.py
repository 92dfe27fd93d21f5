"""One chat of a small Telegram, as the documentation of the Bot API describes it: the token in the path, `ok` and `result`."""

import json
from typing import Any

from tests.channels.fakes.facebook import form_of
from tests.channels.fakes.serving import Answer, Ask, Fake

NAME, CHAT, BOT = "@maison", -1001234567890, 1000
TOKEN = f"{BOT}:AAE-"


def wrong(status: int, sentence: str, **parameters: int) -> Answer:
    said = {"ok": False, "error_code": status, "description": sentence}
    return status, said | ({"parameters": parameters} if parameters else {})


def fine(result: Any) -> Answer:
    return 200, {"ok": True, "result": result}


def units(words: str) -> int:
    return len(words.encode("utf-16-le")) // 2


class Telegram(Fake):
    token = TOKEN

    def __init__(self) -> None:
        super().__init__()
        self.chat: dict[str, Any] = {"id": CHAT, "type": "channel", "title": "Maison", "username": "maison"}
        self.member: dict[str, Any] = {"status": "administrator", "can_post_messages": True}

    def empty(self) -> dict[str, Any]:
        return {"messages": {}}

    @property
    def visible(self) -> list[Any]:
        return [each for each in self.state["messages"].values() if each["from"] == BOT]

    def seed(self, words: str = "Bonjour") -> str:
        """A message of somebody else."""
        return f"{CHAT}:{self._new({'from': 77, 'text': words})}"

    def answer(self, ask: Ask) -> Answer:
        start, _, method = ask.path.strip("/").partition("/")
        bot, _, secret = start.removeprefix("bot").partition(":")
        if not (start.startswith("bot") and bot.isdigit() and secret):
            return wrong(404, "Not Found")
        if start != f"bot{self.token}":
            return wrong(401, "Unauthorized")
        act = getattr(self, f"_{method.lower()}", None)
        if act is None:
            return wrong(404, "Not Found")
        upload = ask.head.get("content-type", "").startswith("multipart/")
        said: dict[str, Any] = form_of(ask) if upload else ask.said
        if method != "getMe" and str(said.get("chat_id")) not in (NAME, str(CHAT)):
            return wrong(400, "Bad Request: chat not found")
        return act(said)

    def _getme(self, said: dict[str, Any]) -> Answer:
        return fine({"id": BOT, "is_bot": True, "first_name": "Maison", "username": "maison_bot"})

    def _getchat(self, said: dict[str, Any]) -> Answer:
        return fine(self.chat)

    def _getchatmember(self, said: dict[str, Any]) -> Answer:
        assert said["user_id"] == BOT
        return fine(self.member | {"user": {"id": BOT}})

    def _sendmessage(self, said: dict[str, Any]) -> Answer:
        if not said["text"].strip():
            return wrong(400, "Bad Request: message text is empty")
        if units(said["text"]) > 4096:
            return wrong(400, "Bad Request: message is too long")
        return self._post({"text": said["text"]}, said.get("reply_parameters"))

    def _sendphoto(self, said: dict[str, Any]) -> Answer:
        assert said["photo"] and set(said) <= {"chat_id", "photo", "caption", "reply_parameters"}
        if units(said["caption"]) > 1024:
            return wrong(400, "Bad Request: message caption is too long")
        reply = said.get("reply_parameters")
        return self._post({"photo": True, "caption": said["caption"]}, json.loads(reply) if reply else None)

    def _editmessagetext(self, said: dict[str, Any]) -> Answer:
        return self._edit(said, "text", 4096)

    def _editmessagecaption(self, said: dict[str, Any]) -> Answer:
        return self._edit(said, "caption", 1024)

    def _deletemessage(self, said: dict[str, Any]) -> Answer:
        gone = self.state["messages"].pop(str(said["message_id"]), None)
        return fine(True) if gone else wrong(400, "Bad Request: message to delete not found")

    def _edit(self, said: dict[str, Any], part: str, most: int) -> Answer:
        known = self.state["messages"].get(str(said["message_id"]))
        if known is None:
            return wrong(400, "Bad Request: message to edit not found")
        if known["from"] != BOT:
            return wrong(400, "Bad Request: message can't be edited")
        if part not in known:
            return wrong(400, f"Bad Request: there is no {part} in the message to edit")
        if units(said[part]) > most:
            return wrong(
                400, "Bad Request: MEDIA_CAPTION_TOO_LONG" if most == 1024 else "Bad Request: MESSAGE_TOO_LONG"
            )
        if known[part] == said[part]:
            return wrong(400, "Bad Request: message is not modified")
        known[part] = said[part]
        return fine(self._shown(str(said["message_id"])))

    def _post(self, message: dict[str, Any], reply: dict[str, Any] | None) -> Answer:
        if reply is not None and str(reply["message_id"]) not in self.state["messages"]:
            return wrong(400, "Bad Request: message to be replied not found")
        return fine(self._shown(self._new(message | {"from": BOT, "on": (reply or {}).get("message_id")})))

    def _shown(self, number: str) -> dict[str, Any]:
        return {"message_id": int(number), "chat": self.chat, "date": 1}

    def _new(self, message: dict[str, Any]) -> str:
        number = str(self.next("message"))
        self.state["messages"][number] = message
        return number
