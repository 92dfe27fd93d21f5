"""A Discourse of one category, after docs.discourse.org and what its servers are seen to answer.

What it keeps of the original: 403 to a wrong key and to a forbidden act alike; 422 to a second topic of one title or
external_id and to a body that one has just posted; comments neither counted nor shown; `enqueued` for accounts under
moderation; `extras.wait_seconds` at a limit; the first post deletes only with its topic; a like only once. `repeats` holds
the topics that were offered under a name that one of ours has already.
"""

import re
import time
from typing import Any

from tests.channels.fakes.serving import Answer, Ask, Fake, main

KEY, USER, CATEGORY = "k" * 64, "la_marque", 7
LONGEST, SHORTEST = 32_000, 5
TAKEN = "External ID has already been taken"
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


class Discourse(Fake):
    """`moderated`: everything is queued. `limited`: seconds until the account may act again. `staff`: may moderate."""

    moderated, limited, staff, may_write, key = False, 0, True, True, KEY

    def empty(self) -> dict[str, Any]:
        return {"topics": {}, "posts": {}, "queue": {}, "uploads": {}, "repeats": []}

    @property
    def visible(self) -> list[dict[str, Any]]:
        """Posts that a reader sees."""
        return [post for post in self.state["posts"].values() if not post["deleted_at"] and not post["foreign"]]

    def answer(self, ask: Ask) -> Answer:
        if ask.head.get("api-key") != self.key or ask.head.get("api-username") != USER:
            return 403, {
                "errors": ["You are not permitted to view the requested resource."],
                "error_type": "invalid_access",
            }
        if ask.method != "GET" and self.limited:
            extras = {"wait_seconds": self.limited, "time_left": f"{self.limited} seconds"}
            return 429, {"errors": ["Too many times."], "error_type": "rate_limit", "extras": extras}
        for method, pattern, do in ROUTES:
            found = re.fullmatch(pattern, ask.path)
            if method == ask.method and found:
                return do(self, ask, *found.groups())
        return _missing()

    def seed(self, raw: str, title: str = "Une question d’ici") -> int:
        """A topic by somebody else; the number of its post."""
        with self.lock:
            topic = self.add_topic(title, None, CATEGORY)
            return int(self.add_post(topic, raw, foreign=True)["id"])

    def add_topic(self, title: str, external: str | None, category: int) -> int:
        topic = self.next("topic")
        self.state["topics"][str(topic)] = {
            "title": title, "external_id": external, "category": category, "visible": True, "deleted": False, "stream": [],
        }  # fmt: skip
        return topic

    def add_post(self, topic: int, raw: str, reply_to: int | None = None, *, foreign: bool = False) -> dict[str, Any]:
        number, stream = self.next("post"), self.state["topics"][str(topic)]["stream"]
        stream.append(number)
        post = {
            "id": number, "topic_id": topic, "post_number": len(stream), "raw": raw.rstrip(), "username": USER,
            "deleted_at": None, "hidden": False, "likes": 0, "acted": False, "moment": time.time(), "foreign": foreign,
            "reply_to": reply_to,
        }  # fmt: skip
        if foreign:
            post |= {"username": "quelqu_un", "moment": 0.0}
        self.state["posts"][str(number)] = post
        return post

    def post(self, number: str, *, even_new: bool = False) -> dict[str, Any] | None:
        post = self.state["posts"].get(number)
        return post if post and (even_new or self.shows(post["moment"])) else None


def show_post(post: dict[str, Any], *, raw: bool = True) -> dict[str, Any]:
    like = {"id": 2, "can_act": not post["acted"]}
    like |= {"count": post["likes"]} if post["likes"] else {}
    like |= {"acted": True, "can_undo": True} if post["acted"] else {}
    shown = {name: post[name] for name in ("id", "topic_id", "post_number", "username", "deleted_at", "hidden")}
    cooked = f"<p>{_COMMENT.sub('', post['raw']).strip()}</p>"
    shown |= {"cooked": cooked, "reply_count": 0, "user_deleted": False, "actions_summary": [like]}
    return shown | ({"raw": post["raw"]} if raw else {})


def create(forum: Discourse, ask: Ask) -> Answer:
    said = ask.said
    raw, title, external = str(said.get("raw", "")), str(said.get("title", "")), said.get("external_id")
    new = "topic_id" not in said
    if new and not forum.may_write:
        return _forbidden()
    if new and "archetype" not in said and said.get("category") != CATEGORY:
        return _refused("Category is invalid")
    errors = list(_errors(forum, raw, title, external, new=new))
    if TAKEN in errors:
        forum.state["repeats"].append(raw)
    if errors:
        return _refused(*errors)
    if forum.moderated:
        number = forum.next("queue")
        waiting = {"id": number, "raw_text": raw, "title": title, "created_by_id": 1, "payload": said}
        forum.state["queue"][str(number)] = waiting
        return 200, {
            "action": "enqueued",
            "success": True,
            "pending_count": 1,
            "pending_post": {"id": number, "raw": raw},
        }
    return 200, show_post(publish(forum, said), raw=False)


def publish(forum: Discourse, said: dict[str, Any]) -> dict[str, Any]:
    topic = said.get("topic_id")
    if topic is None:
        topic = forum.add_topic(str(said["title"]), said.get("external_id"), said.get("category", 0))
    return forum.add_post(topic, str(said["raw"]), said.get("reply_to_post_number"))


def _errors(forum: Discourse, raw: str, title: str, external: Any, *, new: bool) -> Any:
    if len(_COMMENT.sub("", raw).strip()) < SHORTEST:
        yield "Body is too short (minimum is 5 characters)"
    if len(raw) > LONGEST:
        yield "Body is limited to 32000 characters"
    if any(post["raw"] == raw.rstrip() and not post["deleted_at"] for post in forum.state["posts"].values()):
        yield "Body is too similar to what you recently posted"
    topics = [topic for topic in forum.state["topics"].values() if not topic["deleted"]]
    if new and not title.strip():
        yield "Title can't be blank"
    if external and (len(external) > 50 or not re.fullmatch(r"[\w-]+", external)):
        yield "External ID is invalid"
    if external and any(topic["external_id"] == external for topic in topics):
        yield TAKEN


def one_post(forum: Discourse, ask: Ask, number: str) -> Answer:
    post = forum.post(number)
    return (200, show_post(post)) if post and (forum.staff or not post["deleted_at"]) else _missing()


def edit(forum: Discourse, ask: Ask, number: str) -> Answer:
    post = forum.post(number, even_new=True)
    if post is None:
        return _missing()
    if post["foreign"] and not forum.staff:
        return _forbidden()
    post["raw"] = str(ask.said["post"]["raw"]).rstrip()
    if ask.said.get("title"):
        forum.state["topics"][str(post["topic_id"])]["title"] = ask.said["title"]
    return 200, {"post": show_post(post)}


def delete_post(forum: Discourse, ask: Ask, number: str) -> Answer:
    post = forum.post(number, even_new=True)
    if post is None or post["deleted_at"]:
        return _missing()
    if post["post_number"] == 1:
        return _forbidden()
    post["deleted_at"] = "2026-01-01T00:00:00.000Z"
    return 200, None


def by_name(forum: Discourse, ask: Ask, name: str) -> Answer:
    for number, topic in forum.state["topics"].items():
        if topic["external_id"] == name and not topic["deleted"] and _shows(forum, topic):
            return 301, None, {"Location": f"http://{ask.head['host']}/t/un-sujet/{number}.json"}
    return _missing()


def one_topic(forum: Discourse, ask: Ask, number: str) -> Answer:
    topic = forum.state["topics"].get(number)
    if topic is None or topic["deleted"] or not _shows(forum, topic):
        return _missing()
    shown = [post for post in (forum.post(str(each)) for each in topic["stream"]) if post and not post["deleted_at"]]
    stream = {"stream": [post["id"] for post in shown], "posts": [show_post(post, raw=False) for post in shown[:20]]}
    return 200, {"id": int(number), "title": topic["title"], "visible": topic["visible"], "post_stream": stream}


def some_posts(forum: Discourse, ask: Ask, number: str) -> Answer:
    raw = "include_raw" in ask.query
    asked = [forum.post(each) for each in ask.query.get("post_ids[]", [])]
    found = [show_post(post, raw=raw) for post in asked if post and post["topic_id"] == int(number)]
    return 200, {"id": int(number), "post_stream": {"posts": found}}


def delete_topic(forum: Discourse, ask: Ask, number: str) -> Answer:
    topic = forum.state["topics"].get(number)
    if topic is None or topic["deleted"]:
        return _missing()
    topic["deleted"] = True
    for post in topic["stream"]:
        forum.state["posts"][str(post)]["deleted_at"] = "2026-01-01T00:00:00.000Z"
    return 200, None


def set_status(forum: Discourse, ask: Ask, number: str) -> Answer:
    topic = forum.state["topics"].get(number)
    if topic is None:
        return _missing()
    if not forum.staff:
        return _forbidden()
    topic[ask.said["status"]] = ask.said["enabled"] == "true"
    return 200, {"success": "OK", "topic_status_update": None}


def like(forum: Discourse, ask: Ask) -> Answer:
    post = forum.post(str(ask.said.get("id")), even_new=True)
    if post is None:
        return _missing()
    if post["acted"] or not post["foreign"]:
        return _forbidden()
    post["acted"], post["likes"] = True, post["likes"] + 1
    return 200, show_post(post)


def upload(forum: Discourse, ask: Ask) -> Answer:
    if b'name="type"' not in ask.body or b"image-" not in ask.body:
        return _refused("No file")
    number = forum.next("upload")
    forum.state["uploads"][str(number)] = len(ask.body)
    return 200, {"id": number, "url": f"/uploads/{number}.png", "short_url": f"upload://picture{number}.png"}


def pending(forum: Discourse, ask: Ask, user: str) -> Answer:
    kept = ("id", "raw_text", "title", "created_by_id")
    return 200, {"pending_posts": [{name: each[name] for name in kept} for each in forum.state["queue"].values()]}


def current(forum: Discourse, ask: Ask) -> Answer:
    return 200, {
        "current_user": {"id": 1, "username": USER, "trust_level": 4, "admin": False, "moderator": forum.staff}
    }


def category(forum: Discourse, ask: Ask, number: str) -> Answer:
    if int(number) != CATEGORY:
        return _missing()
    return 200, {"category": {"id": CATEGORY, "name": "Ici", "permission": 1 if forum.may_write else 3}}


def _shows(forum: Discourse, topic: dict[str, Any]) -> bool:
    return bool(topic["stream"]) and forum.post(str(topic["stream"][0])) is not None


def _missing() -> Answer:
    return 404, {"errors": ["The requested URL or resource could not be found."], "error_type": "not_found"}


def _forbidden() -> Answer:
    return 403, {"errors": ["You are not permitted to view the requested resource."], "error_type": "invalid_access"}


def _refused(*errors: str) -> Answer:
    return 422, {"action": "create_post", "errors": list(errors)}


ROUTES = (
    ("POST", r"/posts\.json", create),
    ("GET", r"/posts/(\d+)\.json", one_post),
    ("PUT", r"/posts/(\d+)\.json", edit),
    ("DELETE", r"/posts/(\d+)\.json", delete_post),
    ("GET", r"/posts/([^/]+)/pending\.json", pending),
    ("GET", r"/t/external_id/([\w-]+)\.json", by_name),
    ("GET", r"/t/(?:[\w-]+/)?(\d+)\.json", one_topic),
    ("GET", r"/t/(\d+)/posts\.json", some_posts),
    ("DELETE", r"/t/(\d+)\.json", delete_topic),
    ("PUT", r"/t/(\d+)/status\.json", set_status),
    ("POST", r"/post_actions\.json", like),
    ("POST", r"/uploads\.json", upload),
    ("GET", r"/session/current\.json", current),
    ("GET", r"/c/(\d+)/show\.json", category),
)

if __name__ == "__main__":
    main(Discourse)
