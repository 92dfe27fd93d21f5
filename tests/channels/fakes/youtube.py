"""The comments of a small YouTube, as the documentation of the Data API v3 describes them."""

import time
from typing import Any

from tests.channels.fakes.serving import Answer, Ask, Fake

CHANNEL, TOKEN = "UCmaison", "google-token-"


def wrong(status: int, reason: str) -> Answer:
    return status, {"error": {"code": status, "message": "never to be read", "errors": [{"reason": reason}]}}


class YouTube(Fake):
    token = TOKEN

    def empty(self) -> dict[str, Any]:
        return {"comments": {}}

    @property
    def visible(self) -> list[Any]:
        return [c for c in self.state["comments"].values() if c["authorChannelId"]["value"] == CHANNEL]

    def seed(self, words: str = "Bonjour", parent: str = "") -> str:
        return self._new(words, "UCvisitor", parent)

    def answer(self, ask: Ask) -> Answer:
        if ask.head.get("authorization") != f"Bearer {self.token}":
            return wrong(401, "authError")
        path, comments = ask.path.strip("/"), self.state["comments"]
        query = {name: values[0] for name, values in ask.query.items()}
        if path == "channels":
            assert query["mine"] == "true"
            return 200, {"items": [{"id": CHANNEL, "snippet": {"title": "Maison"}}]}
        if path == "comments/setModerationStatus":
            comments[query["id"]]["moderationStatus"] = query["moderationStatus"]
            return 204, None
        assert path == "comments"
        return getattr(self, f"_{ask.method.lower()}")(query, ask.said)

    def _get(self, query: dict[str, str], said: dict[str, Any]) -> Answer:
        comments = self.state["comments"]
        wanted = [k for k, c in comments.items() if k == query.get("id") or c["parentId"] == query.get("parentId", "?")]
        return 200, {"items": [{"id": k, "snippet": comments[k]} for k in wanted]}

    def _post(self, query: dict[str, str], said: dict[str, Any]) -> Answer:
        if said["snippet"]["parentId"] not in self.state["comments"]:
            return wrong(404, "parentCommentNotFound")
        made = self._new(said["snippet"]["textOriginal"], CHANNEL, said["snippet"]["parentId"])
        return 200, {"id": made}

    def _put(self, query: dict[str, str], said: dict[str, Any]) -> Answer:
        self.state["comments"][said["id"]]["textOriginal"] = said["snippet"]["textOriginal"]
        return 200, {"id": said["id"]}

    def _delete(self, query: dict[str, str], said: dict[str, Any]) -> Answer:
        gone = self.state["comments"].pop(query["id"], None)
        return (204, None) if gone else wrong(404, "commentNotFound")

    def _new(self, words: str, author: str, parent: str) -> str:
        name = f"Ug{self.next('id')}"
        snippet = {"textOriginal": words, "authorChannelId": {"value": author}, "parentId": parent, "likeCount": 3}
        snippet |= {"publishedAt": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
        self.state["comments"][name] = snippet
        return name
