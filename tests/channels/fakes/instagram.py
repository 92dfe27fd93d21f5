"""A professional account on a small Graph API, as its public documentation describes it: containers, their status, one
publication each, the limit of a day, comments with their threads, hiding, deleting, errors with their subcodes."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.channels.fakes.facebook import form_of, wrong
from tests.channels.fakes.serving import Answer, Ask, Fake

ACCOUNT, TOKEN = "17841400000000001", "person-token-"
GRANTED = (
    *("instagram_basic", "instagram_content_publish", "instagram_manage_comments"),
    *("pages_show_list", "pages_read_engagement"),
)
NO_SUCH_FIELD = wrong(100)
GONE = wrong(100, 33)


class Instagram(Fake):
    """`fetch`: how it gets a picture, False when it cannot. `status`: what a new container says of itself."""

    token = TOKEN
    granted = GRANTED
    quota = 100
    status = "FINISHED"
    fetch: Callable[[str], bool] = staticmethod(lambda url: url.startswith("https://"))

    def empty(self) -> dict[str, Any]:
        return {"containers": {}, "posts": {}, "comments": {}}

    @property
    def visible(self) -> list[dict[str, Any]]:
        """What we did; what was there, or came by another hand, is not."""
        ours = (post for post in self.state["posts"].values() if post["pictures"])
        return [*ours, *(c for c in self.state["comments"].values() if c["by"] == ACCOUNT)]

    def seed_post(self, words: str = "Avant") -> str:
        return self._new(self.state["posts"], {"caption": words, "timestamp": _now(), "pictures": []})

    def seed(self, words: str = "Bonjour", on: str = "", under: str = "") -> str:
        """A comment of a visitor."""
        return self._comment(words, on or self.seed_post(), "77", under)

    def answer(self, ask: Ask) -> Answer:
        if ask.head.get("authorization") != f"Bearer {self.token}":
            return wrong(190, 463, 401)
        path = ask.path.strip("/")
        if path == "me/permissions":
            return 200, {"data": [{"permission": each, "status": "granted"} for each in self.granted]}
        thing, _, edge = path.partition("/")
        form = form_of(ask) if ask.method == "POST" else {name: values[0] for name, values in ask.query.items()}
        if thing == ACCOUNT:
            return self._account(ask.method, edge, form)
        for kind, serve in (("containers", self._container), ("posts", self._post), ("comments", self._a_comment)):
            if thing in self.state[kind]:
                return serve(ask.method, thing, edge, form)
        return GONE

    def _account(self, method: str, edge: str, form: dict[str, str]) -> Answer:
        if edge == "media" and method == "POST":
            return self._make(form)
        if edge == "media_publish":
            return self._publish(form["creation_id"])
        if edge == "media":
            newest = reversed(self.state["posts"].items())
            return 200, {"data": [{"id": name, **post} for name, post in newest][: int(form["limit"])]}
        if edge == "content_publishing_limit":
            config = {"quota_total": self.quota, "quota_duration": 86400}
            return 200, {"data": [{"quota_usage": len(self.state["posts"]), "config": config}]}
        return 200, {"id": ACCOUNT, "username": "maison.du.port"}

    def _make(self, form: dict[str, str]) -> Answer:
        children = [name for name in form.get("children", "").split(",") if name]
        if children:
            assert form["media_type"] == "CAROUSEL" and 2 <= len(children) <= 10
            parts = [self.state["containers"][name] for name in children]
            assert all(part["child"] and part["status"] == "FINISHED" for part in parts)
            pictures = [picture for part in parts for picture in part["pictures"]]
        else:
            if not self.fetch(form["image_url"]):
                return wrong(9004, 2207052)
            pictures = [{"image_url": form["image_url"], "alt_text": form.get("alt_text", "")}]
        child = form.get("is_carousel_item") == "true"
        made = {"status": self.status, "child": child, "pictures": pictures, "caption": form.get("caption", "")}
        return 200, {"id": self._new(self.state["containers"], made)}

    def _container(self, method: str, name: str, edge: str, form: dict[str, str]) -> Answer:
        assert form["fields"] == "status_code"
        return 200, {"id": name, "status_code": self.state["containers"][name]["status"]}

    def _publish(self, name: str) -> Answer:
        container = self.state["containers"].get(name)
        if container is None or container["child"] or container["status"] == "EXPIRED":
            return wrong(24, 2207006)
        if container["status"] != "FINISHED":
            return wrong(9007, 2207027)  # not ready, or published already
        if len(self.state["posts"]) >= self.quota:
            return wrong(9, 2207042)
        container["status"] = "PUBLISHED"
        made = {"caption": container["caption"], "timestamp": _now(), "pictures": container["pictures"]}
        if not made["caption"]:
            del made["caption"]
        return 200, {"id": self._new(self.state["posts"], made)}

    def _post(self, method: str, name: str, edge: str, form: dict[str, str]) -> Answer:
        post = self.state["posts"][name]
        if edge == "comments":
            return self._comments(method, name, "", form)
        if method == "DELETE" or "text" in form.get("fields", "") or "hide" in form:
            return NO_SUCH_FIELD
        count = sum(comment["on"] == name for comment in self.state["comments"].values())
        told = {"id": name, "permalink": f"https://www.instagram.com/p/{name}/", "comments_count": count}
        return 200, {**post, **told, "like_count": 3}

    def _a_comment(self, method: str, name: str, edge: str, form: dict[str, str]) -> Answer:
        comment = self.state["comments"][name]
        if edge == "replies":
            if method == "POST" and (comment["hidden"] or comment["parent_id"]):
                return wrong(100)
            return self._comments(method, comment["on"], name, form)
        if method == "DELETE":
            for gone in [name, *(k for k, c in self.state["comments"].items() if c["parent_id"] == name)]:
                del self.state["comments"][gone]
            return 200, {"success": True}
        if method == "POST":
            comment["hidden"] = form["hide"] == "true"
            return 200, {"success": True}
        told = {"id": name, **comment, "like_count": 1}
        return 200, told if comment["parent_id"] else {k: v for k, v in told.items() if k != "parent_id"}

    def _comments(self, method: str, on: str, under: str, form: dict[str, str]) -> Answer:
        if method == "POST":
            return 200, {"id": self._comment(form["message"], on, ACCOUNT, under)}
        found = [
            {"id": name, **comment} | ({"user": {"id": ACCOUNT}} if comment["by"] == ACCOUNT else {})
            for name, comment in self.state["comments"].items()
            if comment["on"] == on and comment["parent_id"] == under
        ]
        most = int(form["limit"])
        return 200, {"data": found[:most]} | ({"paging": {"next": "there"}} if len(found) > most else {})

    def _comment(self, words: str, on: str, by: str, under: str) -> str:
        made = {"text": words, "on": on, "by": by, "parent_id": under, "hidden": False, "timestamp": _now()}
        return self._new(self.state["comments"], made)

    def _new(self, among: dict[str, Any], thing: dict[str, Any]) -> str:
        name = f"1784{self.next('id'):013d}9"
        among[name] = thing
        return name


def _now() -> str:
    """As Meta writes it: no colon in the zone."""
    return datetime.fromtimestamp(time.time(), UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
