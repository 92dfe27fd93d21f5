"""A NodeBB of one category, after docs.nodebb.org/api.

What it keeps of the original: the envelope of the Write API and none of the Read API; 400 to whatever it refuses, a post
that comes too soon included; words as HTML in lists and as source in a post; a queue that shows its author what waits;
deletion that its moderators and the author still see.
"""

import re
import time
from html import escape
from typing import Any

from tests.channels.fakes.serving import Answer, Ask, Fake, main

TOKEN, MASTER, UID, SLUG, CATEGORY = "t" * 36, "m" * 36, 5, "la-marque", 3
LONGEST, SHORTEST = 32_767, 8
_DEFINITION = re.compile(r"^\[[^\]]+\]: \S+ \(.*\)$", re.MULTILINE)


class Nodebb(Fake):
    """`moderated`: everything is queued. `pace`: seconds between two posts of one account."""

    moderated, pace, token = False, 0.0, TOKEN

    def empty(self) -> dict[str, Any]:
        return {"topics": {}, "posts": {}, "queue": [], "last": 0}

    @property
    def visible(self) -> list[dict[str, Any]]:
        """Posts that a reader sees."""
        shown = [post for post in self.state["posts"].values() if post["uid"] == UID and not post["deleted"]]
        return [post for post in shown if not self.state["topics"][str(post["tid"])]["deleted"]]

    def answer(self, ask: Ask) -> Answer:
        said = ask.head.get("authorization", "")
        master = said == f"Bearer {MASTER}" and ask.query.get("_uid") == [str(UID)]
        if said != f"Bearer {self.token}" and not master:
            return 401, {"status": {"code": "not-authorised", "message": "A valid login session was not found."}}
        for method, pattern, do in ROUTES:
            found = re.fullmatch(pattern, ask.path)
            if method == ask.method and found:
                return do(self, ask, *found.groups())
        return _no(404)

    def seed(self, content: str) -> int:
        """A topic by somebody else; the number of its post."""
        with self.lock:
            return int(self.add(self.topic("Une question d’ici", CATEGORY), content, uid=9)["pid"])

    def topic(self, title: str, cid: int) -> int:
        tid = self.next("topic")
        self.state["topics"][str(tid)] = {"tid": tid, "cid": cid, "title": title, "mainPid": None, "deleted": 0}
        return tid

    def add(self, tid: int, content: str, to: int | None = None, uid: int = UID) -> dict[str, Any]:
        pid, topic = self.next("post"), self.state["topics"][str(tid)]
        topic["mainPid"] = topic["mainPid"] or pid
        post = {
            "pid": pid, "tid": tid, "uid": uid, "content": content, "toPid": to, "deleted": 0, "upvotes": 0, "replies": 0,
            "timestamp": int(time.time() * 1000), "upvoted": False, "moment": time.time() if uid == UID else 0.0,
        }  # fmt: skip
        self.state["posts"][str(pid)] = post
        if uid == UID:
            self.state["last"] = post["timestamp"]
        return post

    def post(self, pid: str) -> dict[str, Any] | None:
        post = self.state["posts"].get(pid)
        return post if post and self.shows(post["moment"]) else None

    def is_deleted(self, post: dict[str, Any]) -> bool:
        topic = self.state["topics"][str(post["tid"])]
        return bool(post["deleted"] or (topic["deleted"] and topic["mainPid"] == post["pid"]))


def open_topic(forum: Nodebb, ask: Ask) -> Answer:
    said = ask.said
    if said.get("cid") != CATEGORY:
        return _no(400)
    return _write(forum, said, lambda: _topic_made(forum, said), 202)


def answer(forum: Nodebb, ask: Ask, tid: str) -> Answer:
    if tid not in forum.state["topics"]:
        return _no(404)
    said = {**ask.said, "tid": int(tid)}
    return _write(forum, said, lambda: _shown(forum.add(int(tid), said["content"], said.get("toPid"))), 200)


def _write(forum: Nodebb, said: dict[str, Any], make: Any, when_queued: int) -> Answer:
    content = str(said.get("content", ""))
    if not SHORTEST <= len(content) <= LONGEST or ("cid" in said and not str(said.get("title", "")).strip()):
        return _no(400)
    if time.time() * 1000 - forum.state["last"] < forum.pace * 1000:
        return _no(400)
    if forum.moderated:
        name = f"{'topic' if 'cid' in said else 'reply'}-{int(time.time() * 1000)}"
        forum.state["queue"].append({"id": name, "uid": UID, "data": {**said, "rawContent": content}})
        return when_queued, _in({"id": name, "queued": True, "message": "Your post is queued."})
    return 200, _in(make())


def _topic_made(forum: Nodebb, said: dict[str, Any]) -> dict[str, Any]:
    tid = forum.topic(said["title"], said["cid"])
    forum.add(tid, said["content"])
    return dict(forum.state["topics"][str(tid)])


def accept(forum: Nodebb) -> None:
    """The moderators let the first one through."""
    said = forum.state["queue"].pop(0)["data"]
    if "cid" in said:
        _topic_made(forum, said)
    else:
        forum.add(said["tid"], said["content"], said.get("toPid"))


def one_post(forum: Nodebb, ask: Ask, pid: str) -> Answer:
    post = forum.post(pid)
    return (200, _in({**_shown(post), "deleted": int(forum.is_deleted(post))})) if post else _no(404)


def one_topic(forum: Nodebb, ask: Ask, tid: str) -> Answer:
    topic = forum.state["topics"].get(tid)
    return (200, _in(topic)) if topic else _no(404)


def edit(forum: Nodebb, ask: Ask, pid: str) -> Answer:
    post = forum.state["posts"].get(pid)
    if post is None:
        return _no(404)
    if post["uid"] != UID:
        return _no(403)
    post["content"] = ask.said["content"]
    topic = forum.state["topics"][str(post["tid"])]
    if ask.said.get("title") and topic["mainPid"] == post["pid"]:
        topic["title"] = ask.said["title"]
    return 200, _in(_shown(post))


def set_state(forum: Nodebb, ask: Ask, kind: str, number: str) -> Answer:
    found = forum.state[kind].get(number)
    if found is None:
        return _no(404)
    wanted = int(ask.method == "DELETE")
    if found["deleted"] == wanted:
        return _no(400)
    found["deleted"] = wanted
    return 200, _in({})


def vote(forum: Nodebb, ask: Ask, pid: str) -> Answer:
    post = forum.state["posts"].get(pid)
    if post is None:
        return _no(404)
    if post["uid"] == UID:
        return _no(400)
    post["upvotes"] += not post["upvoted"]
    post["upvoted"] = True
    return 200, _in({})


def own_posts(forum: Nodebb, ask: Ask, slug: str) -> Answer:
    shown = [forum.post(pid) for pid in reversed(forum.state["posts"])]
    ours = [post for post in shown if post and post["uid"] == UID][:20]
    return 200, {"posts": [{**_shown(post), "content": _html(post["content"])} for post in ours], "nextStart": 20}


def own_queue(forum: Nodebb, ask: Ask) -> Answer:
    return 200, {"posts": forum.state["queue"][:20]}


def me(forum: Nodebb, ask: Ask) -> Answer:
    return 200, {"uid": UID, "username": "La Marque", "userslug": SLUG, "lastposttime": forum.state["last"]}


def _shown(post: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in post.items() if name != "moment"}


def _html(content: str) -> str:
    return f"<p>{escape(_DEFINITION.sub('', content).strip())}</p>"


def _in(response: Any) -> dict[str, Any]:
    return {"status": {"code": "ok", "message": "OK"}, "response": response}


def _no(status: int) -> Answer:
    codes = {400: "bad-request", 403: "forbidden", 404: "not-found"}
    return status, {"status": {"code": codes[status], "message": "In the language of the forum."}, "response": {}}


ROUTES = (
    ("POST", r"/api/v3/topics", open_topic),
    ("POST", r"/api/v3/topics/(\d+)", answer),
    ("GET", r"/api/v3/topics/(\d+)", one_topic),
    ("GET", r"/api/v3/posts/(\d+)", one_post),
    ("PUT", r"/api/v3/posts/(\d+)", edit),
    ("PUT", r"/api/v3/posts/(\d+)/vote", vote),
    ("PUT", r"/api/v3/(posts|topics)/(\d+)/state", set_state),
    ("DELETE", r"/api/v3/(posts|topics)/(\d+)/state", set_state),
    ("GET", r"/api/user/([^/]+)/posts", own_posts),
    ("GET", r"/api/post-queue", own_queue),
    ("GET", r"/api/self", me),
)

if __name__ == "__main__":
    main(Nodebb)
