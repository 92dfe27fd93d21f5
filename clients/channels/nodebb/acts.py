"""Each kind of act on a NodeBB: how it is done, and how one sees that it was done."""

from collections.abc import Callable
from typing import Any

from clients.autonomy.vocabulary import ActionKind
from clients.channels.nodebb import posts
from clients.channels.nodebb.forum import Forum
from clients.channels.nodebb.posts import Post
from clients.channels.port import Outbound, SendFailed, Sent, SentState

Do = Callable[[Forum, Outbound], Sent]
Find = Callable[[Forum, Outbound], Sent | None]


def open_topic(forum: Forum, outbound: Outbound) -> Sent:
    if not outbound.title.strip():
        raise SendFailed("title_missing", permanent=True, maybe_sent=False)
    words = {"cid": forum.settings["category"], "title": outbound.title, "content": posts.source_of(outbound)}
    return _made(forum, forum.post("/topics", words), "mainPid")


def reply(forum: Forum, outbound: Outbound) -> Sent:
    target = _target(forum, outbound)
    words = {"content": posts.source_of(outbound), "toPid": target.id}
    return _made(forum, forum.post(f"/topics/{target.topic}", words), "pid")


def upvote(forum: Forum, outbound: Outbound) -> Sent:
    target = posts.target_of(outbound)
    forum.do("PUT", f"/posts/{target}/vote", {"delta": 1})
    return posts.sent(forum, target)


def correct(forum: Forum, outbound: Outbound) -> Sent:
    target = posts.target_of(outbound)
    title = {"title": outbound.title} if outbound.title else {}
    forum.do("PUT", f"/posts/{target}", {"content": posts.source_of(outbound), **title})
    return posts.sent(forum, target)


def take_away(forum: Forum, outbound: Outbound) -> Sent:
    """NodeBB's deletion can be undone by its moderators; a topic goes with its first post."""
    target = posts.post_at(forum, posts.target_of(outbound))
    if target is not None and not target.deleted:
        forum.do("DELETE", f"{_place(forum, target)}/state")
    return _gone(outbound)


def bring_back(forum: Forum, outbound: Outbound) -> Sent:
    target = _target(forum, outbound)
    forum.do("PUT", f"{_place(forum, target)}/state")
    return target.sent(forum)


def find_upvote(forum: Forum, outbound: Outbound) -> Sent | None:
    target = posts.post_at(forum, posts.target_of(outbound))
    return target.sent(forum) if target and target.upvoted else None


def find_correction(forum: Forum, outbound: Outbound) -> Sent | None:
    target = posts.post_at(forum, posts.target_of(outbound))
    return target.sent(forum) if target and posts.is_marked(target.raw, outbound) else None


def find_taken_away(forum: Forum, outbound: Outbound) -> Sent | None:
    target = posts.post_at(forum, posts.target_of(outbound))
    return _gone(outbound) if target is None or target.deleted else None


def find_back(forum: Forum, outbound: Outbound) -> Sent | None:
    target = posts.post_at(forum, posts.target_of(outbound))
    return target.sent(forum) if target and not target.deleted else None


def _made(forum: Forum, said: dict[str, Any], name: str) -> Sent:
    if said.get("queued"):
        return posts.queued(said.get("id"))
    return posts.sent(forum, posts.number_in(said, name, maybe_sent=True))


def _target(forum: Forum, outbound: Outbound) -> Post:
    found = posts.post_at(forum, posts.target_of(outbound))
    if found is None:
        raise SendFailed("target_gone", permanent=True, maybe_sent=False, status=404)
    return found


def _place(forum: Forum, target: Post) -> str:
    topic = forum.read(f"/topics/{target.topic}") or {}
    return f"/topics/{target.topic}" if topic.get("mainPid") == target.id else f"/posts/{target.id}"


def _gone(outbound: Outbound) -> Sent:
    return Sent(remote_id=str(outbound.target), state=SentState.GONE)


ACTS: dict[ActionKind, tuple[Do, Find]] = {
    ActionKind.PUBLISH: (open_topic, posts.find_ours),
    ActionKind.ANSWER: (reply, posts.find_ours),
    ActionKind.ACKNOWLEDGE: (reply, posts.find_ours),
    ActionKind.REACT: (upvote, find_upvote),
    ActionKind.CORRECT: (correct, find_correction),
    ActionKind.HIDE: (take_away, find_taken_away),
    ActionKind.UNHIDE: (bring_back, find_back),
    ActionKind.DELETE: (take_away, find_taken_away),
}
