"""A page on a small Graph API, as its public documentation describes it: feed, unseen pictures, comments, hiding, errors."""

import re
import time
from email import message_from_bytes
from typing import Any
from urllib.parse import parse_qsl

from tests.channels.fakes.serving import Answer, Ask, Fake

PAGE, TOKEN = "1000", "person-token-"
GRANTED = (
    *("pages_show_list", "pages_read_engagement", "pages_read_user_content"),
    *("pages_manage_posts", "pages_manage_engagement"),
)


def dated(at: float | None = None) -> dict[str, Any]:
    moment = time.time() if at is None else at
    return {"at": moment, "created_time": time.strftime("%Y-%m-%dT%H:%M:%S+0000", time.gmtime(moment))}


def wrong(number: int, narrower: int = 0, status: int = 400) -> Answer:
    return status, {"error": {"message": "never to be read", "code": number, "error_subcode": narrower}}


class Facebook(Fake):
    token = TOKEN
    granted = GRANTED

    def empty(self) -> dict[str, Any]:
        return {"posts": {}, "comments": {}, "pictures": {}}

    @property
    def visible(self) -> list[dict[str, Any]]:
        return [*self.state["posts"].values(), *(c for c in self.state["comments"].values() if c["from"] == PAGE)]

    def seed(self, words: str = "Bonjour") -> str:
        """A comment of a visitor."""
        name = f"{PAGE}1_{self.next('id')}"
        self.state["comments"][name] = {"message": words, "from": "77", "on": "", "is_hidden": False, **dated()}
        return name

    def post(self, words: str, pictures: int = 0, by: str = PAGE, at: float | None = None) -> dict[str, Any]:
        """A post as it is shown: one picture is an attachment, several lie below an album, and no words are no field."""
        each = [{"media_type": "photo"}] * pictures
        shown = each if pictures < 2 else [{"media_type": "album", "subattachments": {"data": each}}]
        return (
            {"from": {"id": by}, **dated(at)}
            | ({"message": words} if words else {})
            | ({"attachments": {"data": shown}} if shown else {})
        )

    def answer(self, ask: Ask) -> Answer:
        bearer = ask.head.get("authorization", "").removeprefix("Bearer ")
        path = ask.path.strip("/")
        if bearer not in (self.token, f"page-{self.token}"):
            return wrong(190, 463, 401)
        if path == "me/permissions":
            return 200, {"data": [{"permission": each, "status": "granted"} for each in self.granted]}
        if path == PAGE:
            said = {"id": PAGE, "name": "Maison", "link": "https://www.facebook.com/maison"}
            return 200, said | {"access_token": f"page-{self.token}"}
        if bearer == self.token:
            return wrong(200)
        return self._as_page(ask, path, form_of(ask))

    def _as_page(self, ask: Ask, path: str, form: dict[str, str]) -> Answer:
        posts, comments = self.state["posts"], self.state["comments"]
        if path == f"{PAGE}/photos":
            assert form["published"] == "false" and form["alt_text_custom"] and form["source"]
            return 200, {"id": self._new(self.state["pictures"], {})}
        if path == f"{PAGE}/feed" and ask.method == "POST":
            fbids = [value for name, value in form.items() if name.startswith("attached_media")]
            assert all(re.search(r'"media_fbid": "(\d+_\d+)"', value)[1] in self.state["pictures"] for value in fbids)
            return 200, {"id": self._new(posts, self.post(form.get("message", ""), pictures=len(fbids)))}
        if path == f"{PAGE}/feed":
            since = int(ask.query["since"][0])
            return 200, {"data": [{"id": k, **p} for k, p in posts.items() if p["at"] >= since]}
        thing, _, edge = path.partition("/")
        known = posts.get(thing) or comments.get(thing)
        if known is None:
            return wrong(100, 33)
        if edge == "comments":
            return self._comments(ask, thing, form)
        return self._thing(ask, thing, known, form)

    def _comments(self, ask: Ask, on: str, form: dict[str, str]) -> Answer:
        comments = self.state["comments"]
        if ask.method == "POST":
            made = {"message": form["message"], "from": PAGE, "on": on, "is_hidden": False, **dated()}
            return 200, {"id": self._new(comments, made)}
        found = [{"id": k, **c, "from": {"id": c["from"]}} for k, c in comments.items() if c["on"] == on]
        return 200, {"data": found}

    def _thing(self, ask: Ask, name: str, known: dict[str, Any], form: dict[str, str]) -> Answer:
        if ask.method == "DELETE":
            self.state["posts"].pop(name, None)
            self.state["comments"].pop(name, None)
            return 200, {"success": True}
        if ask.method == "POST":
            known.update(
                {"message": form["message"]} if "message" in form else {"is_hidden": form["is_hidden"] == "true"}
            )
            return 200, {"success": True}
        return 200, {"id": name, **known, "comments": {"summary": {"total_count": 2}}}

    def _new(self, among: dict[str, Any], thing: dict[str, Any]) -> str:
        name = f"{PAGE}_{self.next('id')}"
        among[name] = thing
        return name


def form_of(ask: Ask) -> dict[str, str]:
    kind = ask.head.get("content-type", "")
    if not kind.startswith("multipart/"):
        return dict(parse_qsl(ask.body.decode(), keep_blank_values=True))
    parts = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + ask.body).get_payload()
    return {
        str(part.get_param("name", header="content-disposition")): part.get_payload(decode=True).decode(
            errors="replace"
        )
        for part in parts
    }
