"""Posts as NodeBB tells them, read with distrust; our mark in their source; and how one of ours is found again.

The mark is a Markdown definition that nothing refers to: it is in the source and in nothing that a reader is shown.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from clients.channels.marks import mark_of, same_words
from clients.channels.nodebb.forum import Forum
from clients.channels.port import Outbound, SendFailed, Sent, SentState
from clients.channels.rules import outgoing_text

LONGEST, ROOM = 32_767, 100
# How many of our newest posts are opened to look for a mark, and how wrong the forum's clock may be.
OPENED = 12
CLOCK = timedelta(minutes=15)
# INVARIANT: one spelling of each: custody finds the conversation by it.
_ID = re.compile(r"[1-9][0-9]{0,17}")
_QUEUED = re.compile(r"queued-(?:topic|reply)-[0-9]{1,18}")
_MARK = re.compile(r"\[//\]: # \(relais:[0-9a-f]{32}\)")


@dataclass(frozen=True, slots=True)
class Post:
    """What we need of a post."""

    id: int
    topic: int
    raw: str
    deleted: bool
    upvoted: bool
    votes: int | None
    replies: int | None

    def sent(self, forum: Forum, state: SentState = SentState.PUBLISHED) -> Sent:
        return sent(forum, self.id, state)


def sent(forum: Forum, number: int, state: SentState = SentState.PUBLISHED) -> Sent:
    return Sent(remote_id=str(number), url=f"{forum.site}/post/{number}", state=state)


def source_of(outbound: Outbound) -> str:
    return f"{outgoing_text(outbound.text, outbound.link)}\n\n{_mark(outbound)}"


def is_marked(raw: object, outbound: Outbound) -> bool:
    return isinstance(raw, str) and _mark(outbound) in raw


def says(raw: str, outbound: Outbound) -> bool:
    """Whether a source still says what the act said."""
    return same_words(_MARK.sub("", raw), outgoing_text(outbound.text, outbound.link))


def target_of(outbound: Outbound) -> int:
    """The number of the post that the act concerns. Raises SendFailed, permanently."""
    if not outbound.target or not _ID.fullmatch(outbound.target):
        raise SendFailed("target_not_a_post", permanent=True, maybe_sent=False)
    return int(outbound.target)


def post_at(forum: Forum, number: int) -> Post | None:
    """The post of this number; None when it is not there, or not for us."""
    said = forum.read(f"/posts/{number}")
    if said is None:
        return None
    return Post(
        id=number_in(said, "pid"),
        topic=number_in(said, "tid"),
        raw=str(said.get("content") or ""),
        deleted=bool(said.get("deleted")),
        upvoted=said.get("upvoted") is True,
        votes=_count(said.get("upvotes")),
        replies=_count(said.get("replies")),
    )


def number_in(said: dict[str, Any], name: str, *, maybe_sent: bool = False) -> int:
    found = _count(said.get(name))
    if not found:
        raise SendFailed("answer_unreadable", permanent=False, maybe_sent=maybe_sent)
    return found


def queued(number: object) -> Sent:
    """A post that waits for the forum's moderators; it will have another number, and has no address."""
    return Sent(remote_id=f"queued-{number}", state=SentState.QUEUED)


def is_queued(remote_id: str) -> bool:
    return bool(_QUEUED.fullmatch(remote_id))


def find_ours(forum: Forum, outbound: Outbound) -> Sent | None:
    """The post with our mark among our newest ones, or its place in the queue."""
    slug = quote(str(forum.me()["userslug"]), safe="")
    for number in _newest(forum.ask(f"/api/user/{slug}/posts") or {}, outbound):
        post = post_at(forum, number)
        if post is not None and is_marked(post.raw, outbound):
            return post.sent(forum, SentState.GONE if post.deleted else SentState.PUBLISHED)
    return _in_queue(forum, outbound)


def _newest(said: dict[str, Any], outbound: Outbound) -> Iterator[int]:
    """Those that are not older than the act; their words come as HTML there, so each has to be opened."""
    earliest = (outbound.moment - CLOCK).timestamp() * 1000
    young = [post for post in _dicts(said.get("posts")) if (_count(post.get("timestamp")) or earliest) >= earliest]
    return (number for number in (_count(post.get("pid")) for post in young[:OPENED]) if number)


def _in_queue(forum: Forum, outbound: Outbound) -> Sent | None:
    """The queue shows everybody what waits there of their own."""
    for waiting in _dicts((forum.ask("/api/post-queue") or {}).get("posts")):
        data = waiting.get("data")
        if isinstance(data, dict) and is_marked(data.get("rawContent"), outbound):
            return queued(waiting.get("id"))
    return None


def _mark(outbound: Outbound) -> str:
    return f"[//]: # (relais:{mark_of(outbound.key)})"


def _dicts(found: object) -> list[dict[str, Any]]:
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
