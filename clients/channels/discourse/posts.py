"""Posts as Discourse tells them, read with distrust: a post, its topic, where it is queued, and how it is found again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from clients.channels.discourse.forum import Forum
from clients.channels.discourse.writing import is_marked
from clients.channels.marks import mark_of
from clients.channels.port import Outbound, SendFailed, Sent, SentState

LIKE = 2
# The newest posts of a topic among which a reply of ours is looked for, and how many one question brings.
SEARCHED, AT_ONCE = 60, 20
# INVARIANT: one spelling of each: custody finds the conversation by it.
_ID = re.compile(r"[1-9][0-9]{0,17}")
_QUEUED = re.compile(r"queued-([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Post:
    """What we need of a post."""

    id: int
    topic: int
    number: int
    raw: str = ""
    deleted: bool = False
    hidden: bool = False  # by the community's flags: readers see a notice in its place
    liked_by_us: bool = False
    likes: int = 0
    replies: int | None = None

    def sent(self, forum: Forum, state: SentState = SentState.PUBLISHED) -> Sent:
        return Sent(remote_id=str(self.id), url=f"{forum.site}/t/{self.topic}/{self.number}", state=state)


def target_of(outbound: Outbound) -> int:
    """The number of the post that the act concerns. Raises SendFailed, permanently."""
    if not outbound.target or not _ID.fullmatch(outbound.target):
        raise SendFailed("target_not_a_post", permanent=True, maybe_sent=False)
    return int(outbound.target)


def post_at(forum: Forum, number: int) -> Post | None:
    """The post of this number; None when it is not there, or not for us."""
    found = forum.ask(f"/posts/{number}.json")
    return None if found is None else read(found)


def read(said: dict[str, Any], *, maybe_sent: bool = False) -> Post:
    """A post from its JSON. Raises SendFailed('answer_unreadable') where the numbers are none."""
    number, topic, place = (_count(said.get(name)) for name in ("id", "topic_id", "post_number"))
    if number is None or topic is None or place is None:
        raise SendFailed("answer_unreadable", permanent=False, maybe_sent=maybe_sent)
    liked = _likes(said)
    return Post(
        number,
        topic,
        place,
        raw=str(said.get("raw") or ""),
        deleted=bool(said.get("deleted_at") or said.get("user_deleted")),
        hidden=bool(said.get("hidden")),
        liked_by_us=bool(liked.get("acted")),
        likes=_count(liked.get("count")) or 0,
        replies=_count(said.get("reply_count")),
    )


def queued(number: object) -> Sent:
    """A post that waits for the forum's moderators. It has no address, and another number than it will have."""
    return Sent(remote_id=f"queued-{number}", state=SentState.QUEUED)


def is_queued(remote_id: str) -> bool:
    return bool(_QUEUED.fullmatch(remote_id))


def topic_of_ours(forum: Forum, outbound: Outbound) -> Sent | None:
    """The topic or message that we gave this name, or its place in the queue."""
    found = forum.ask(f"/t/external_id/{mark_of(outbound.key)}.json")
    if found is None:
        return in_queue(forum, outbound)
    posts = _posts_in(found)
    return min((read(post) for post in posts), key=lambda post: post.number).sent(forum) if posts else None


def reply_of_ours(forum: Forum, outbound: Outbound, topic: int) -> Sent | None:
    """The reply with our mark, or its place in the queue. Ours only: somebody may have quoted its source."""
    for said in _newest(forum, topic):
        if is_marked(said.get("raw"), outbound) and str(said.get("username", "")).lower() == forum.user.lower():
            return read(said).sent(forum)
    return in_queue(forum, outbound)


def in_queue(forum: Forum, outbound: Outbound) -> Sent | None:
    waiting = forum.ask(f"/posts/{quote(forum.user, safe='')}/pending.json") or {}
    for post in _dicts(waiting.get("pending_posts")):
        if is_marked(post.get("raw_text"), outbound):
            return queued(post.get("id"))
    return None


def _newest(forum: Forum, topic: int) -> Iterator[dict[str, Any]]:
    found = forum.ask(f"/t/{topic}.json") or {}
    stream = _part(found, "post_stream").get("stream")
    ids = [number for number in stream if isinstance(number, int)][-SEARCHED:] if isinstance(stream, list) else []
    while ids:
        ids, some = ids[:-AT_ONCE], ids[-AT_ONCE:]
        query = urlencode({"post_ids[]": some, "include_raw": "true"}, doseq=True)
        yield from _posts_in(forum.ask(f"/t/{topic}/posts.json?{query}") or {})


def _posts_in(said: dict[str, Any]) -> list[dict[str, Any]]:
    return _dicts(_part(said, "post_stream").get("posts"))


def _part(said: dict[str, Any], name: str) -> dict[str, Any]:
    part = said.get(name)
    return part if isinstance(part, dict) else {}


def _dicts(found: object) -> list[dict[str, Any]]:
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _likes(said: dict[str, Any]) -> dict[str, Any]:
    return next((each for each in _dicts(said.get("actions_summary")) if each.get("id") == LIKE), {})


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
