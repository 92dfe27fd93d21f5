"""A page on a small LinkedIn, as the documentation of its Posts, Images and Comments API describes it."""

import time
from typing import Any
from urllib.parse import unquote

from tests.channels.fakes.serving import Answer, Ask, Fake

ORGANIZATION, TOKEN = "5515715", "linkedin-token-"
PAGE = f"urn:li:organization:{ORGANIZATION}"


class LinkedIn(Fake):
    token = TOKEN

    def empty(self) -> dict[str, Any]:
        return {"posts": {}, "comments": {}, "pictures": {}}

    @property
    def visible(self) -> list[Any]:
        return [*self.state["posts"].values(), *(c for c in self.state["comments"].values() if c["actor"] == PAGE)]

    def seed(self) -> str:
        """A post of the page that somebody can answer under; it is not ours to count."""
        return f"urn:li:share:9{self.next('seed')}"

    def answer(self, ask: Ask) -> Answer:
        path = unquote(ask.path).strip("/")
        if path.startswith("upload/"):
            self.state["pictures"][path.removeprefix("upload/")] = len(ask.body)
            return 201, None
        if ask.head.get("authorization") != f"Bearer {self.token}":
            return 401, {"code": "REVOKED_ACCESS_TOKEN", "message": "never to be read"}
        assert ask.head["linkedin-version"].isdigit() and ask.head["x-restli-protocol-version"] == "2.0.0"
        first, _, rest = path.partition("/")
        return getattr(self, f"_{first.lower()}")(ask, rest)

    def _organizations(self, ask: Ask, rest: str) -> Answer:
        return 200, {"localizedName": "Maison", "vanityName": "maison"} if rest == ORGANIZATION else {}

    def _images(self, ask: Ask, rest: str) -> Answer:
        assert ask.query["action"] == ["initializeUpload"] and ask.said["initializeUploadRequest"]["owner"] == PAGE
        name = f"urn:li:image:C{self.next('id')}"
        return 200, {"value": {"uploadUrl": f"{self.url}/upload/{name}", "image": name}}

    def _posts(self, ask: Ask, urn: str) -> Answer:
        posts, meaning = self.state["posts"], ask.head.get("x-restli-method")
        if not urn and ask.method == "POST":
            return self._create(ask.said)
        if not urn:
            assert meaning == "FINDER" and ask.query["q"] == ["author"] and ask.query["author"] == [PAGE]
            return 200, {"elements": list(posts.values())}
        if urn not in posts:
            return 404, {"message": "never to be read"}
        if ask.method == "DELETE":
            del posts[urn]
            return 204, None
        if ask.method == "POST":
            assert meaning == "PARTIAL_UPDATE"
            posts[urn] |= ask.said["patch"]["$set"]
            return 204, None
        return 200, posts[urn]

    def _create(self, said: dict[str, Any]) -> Answer:
        assert said["author"] == PAGE and said["lifecycleState"] == "PUBLISHED" and said["distribution"]
        content = said.get("content", {})
        shown = [content["media"]] if "media" in content else content.get("multiImage", {}).get("images", [])
        assert all(self.state["pictures"][each["id"]] and each["altText"] for each in shown)
        urn = f"urn:li:share:{self.next('id')}"
        self.state["posts"][urn] = said | {"id": urn, "createdAt": int(time.time() * 1000)}
        return 201, None, {"x-restli-id": urn}

    def _socialactions(self, ask: Ask, rest: str) -> Answer:
        target, comments = rest.removesuffix("/comments"), self.state["comments"]
        if ask.method == "GET":
            return 200, {"elements": [each for each in comments.values() if each["object"] == target]}
        assert ask.said["actor"] == PAGE and ask.said["object"] == target
        urn = f"urn:li:comment:({target},{self.next('id')})"
        comments[urn] = ask.said | {"commentUrn": urn, "created": {"time": int(time.time() * 1000)}}
        return 201, comments[urn]
