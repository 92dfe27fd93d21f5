"""Each kind of act on a Discourse: how it is done, and how one sees that it was done."""

from collections.abc import Callable

from clients.autonomy.vocabulary import ActionKind
from clients.channels.discourse import posts
from clients.channels.discourse.forum import Forum
from clients.channels.discourse.posts import LIKE, Post
from clients.channels.discourse.writing import is_marked, source_of
from clients.channels.fetch import Reply
from clients.channels.marks import mark_of
from clients.channels.port import Outbound, SendFailed, Sent, SentState

Do = Callable[[Forum, Outbound], Sent]
Find = Callable[[Forum, Outbound], Sent | None]


def open_topic(forum: Forum, outbound: Outbound) -> Sent:
    return _open(forum, outbound, {"category": forum.settings["category"]})


def write_message(forum: Forum, outbound: Outbound) -> Sent:
    return _open(forum, outbound, {"archetype": "private_message", "target_recipients": _one_name(outbound)})


def reply(forum: Forum, outbound: Outbound) -> Sent:
    target = _target(forum, outbound)
    words = {"topic_id": target.topic, "reply_to_post_number": target.number, "raw": source_of(forum, outbound)}
    return _write(forum, outbound, words, find_reply)


def like(forum: Forum, outbound: Outbound) -> Sent:
    body = {"id": posts.target_of(outbound), "post_action_type_id": LIKE}
    try:
        answer = forum.do("POST", "/post_actions.json", body)
    except SendFailed as refusal:
        if refusal.status != 403 or refusal.code != "not_permitted":
            raise
        # A second like is forbidden like any other thing: so look whether the first one is there.
        found = find_like(forum, outbound)
        if found is None:
            raise
        return found
    return posts.read(answer.fields(), maybe_sent=True).sent(forum)


def correct(forum: Forum, outbound: Outbound) -> Sent:
    target = _target(forum, outbound)
    body = {"post": {"raw": source_of(forum, outbound)}}
    if outbound.title and target.number == 1:
        body |= {"title": outbound.title}  # type: ignore[dict-item]
    forum.do("PUT", f"/posts/{target.id}.json", body)
    return target.sent(forum)


def show(forum: Forum, outbound: Outbound) -> Sent:
    """A topic is taken out of all lists, or put back; a single post cannot be hidden over the API."""
    target = _target(forum, outbound)
    if target.number != 1:
        raise SendFailed("target_not_a_topic", permanent=True, maybe_sent=False)
    wanted = "true" if outbound.kind is ActionKind.UNHIDE else "false"
    forum.do("PUT", f"/t/{target.topic}/status.json", {"status": "visible", "enabled": wanted})
    return target.sent(forum, _shown(outbound))


def delete(forum: Forum, outbound: Outbound) -> Sent:
    """A reply, or the whole topic with its first post. What is gone already is what was wanted."""
    target = posts.post_at(forum, posts.target_of(outbound))
    if target is None or target.deleted:
        return _gone(outbound)
    path = f"/t/{target.topic}.json" if target.number == 1 else f"/posts/{target.id}.json"
    forum.do("DELETE", path)
    return _gone(outbound)


def find_reply(forum: Forum, outbound: Outbound) -> Sent | None:
    target = posts.post_at(forum, posts.target_of(outbound))
    if target is None:
        return posts.in_queue(forum, outbound)
    return posts.reply_of_ours(forum, outbound, target.topic)


def find_like(forum: Forum, outbound: Outbound) -> Sent | None:
    target = posts.post_at(forum, posts.target_of(outbound))
    return target.sent(forum) if target and target.liked_by_us else None


def find_correction(forum: Forum, outbound: Outbound) -> Sent | None:
    target = posts.post_at(forum, posts.target_of(outbound))
    return target.sent(forum) if target and is_marked(target.raw, outbound) else None


def find_shown(forum: Forum, outbound: Outbound) -> Sent | None:
    target = posts.post_at(forum, posts.target_of(outbound))
    topic = forum.ask(f"/t/{target.topic}.json") if target else None
    wanted = outbound.kind is ActionKind.UNHIDE
    return target.sent(forum, _shown(outbound)) if target and topic and topic.get("visible") is wanted else None


def find_deleted(forum: Forum, outbound: Outbound) -> Sent | None:
    target = posts.post_at(forum, posts.target_of(outbound))
    return _gone(outbound) if target is None or target.deleted else None


def _open(forum: Forum, outbound: Outbound, where: dict[str, object]) -> Sent:
    if not outbound.title.strip():
        raise SendFailed("title_missing", permanent=True, maybe_sent=False)
    # The name that we give it: a second topic of one name is refused, and by the name it is found.
    words = {"title": outbound.title, "external_id": mark_of(outbound.key), "raw": source_of(forum, outbound)}
    return _write(forum, outbound, {**where, **words}, posts.topic_of_ours)


def _write(forum: Forum, outbound: Outbound, words: dict[str, object], find: Find) -> Sent:
    """A new post. A refusal of what is there twice is no refusal when the other one is ours, from a call that broke."""
    try:
        answer = forum.do("POST", "/posts.json", words)
    except SendFailed as refusal:
        found = find(forum, outbound) if refusal.status == 422 else None
        if found is None:
            raise
        return found
    return _made(forum, answer)


def _made(forum: Forum, answer: Reply) -> Sent:
    said = answer.fields()
    if said.get("action") == "enqueued":
        waiting = said.get("pending_post")
        return posts.queued(waiting.get("id") if isinstance(waiting, dict) else 0)
    return posts.read(said, maybe_sent=True).sent(forum)


def _target(forum: Forum, outbound: Outbound) -> Post:
    found = posts.post_at(forum, posts.target_of(outbound))
    if found is None:
        raise SendFailed("target_gone", permanent=True, maybe_sent=False, status=404)
    return found


def _gone(outbound: Outbound) -> Sent:
    return Sent(remote_id=str(outbound.target), state=SentState.GONE)


def _shown(outbound: Outbound) -> SentState:
    return SentState.PUBLISHED if outbound.kind is ActionKind.UNHIDE else SentState.GONE


def _one_name(outbound: Outbound) -> str:
    """Names are separated by commas there: one person must not become two."""
    name = (outbound.recipient or "").strip().removeprefix("@")
    if not name or any(sign in name for sign in ", \t\n"):
        raise SendFailed("recipient_not_a_user", permanent=True, maybe_sent=False)
    return name


ACTS: dict[ActionKind, tuple[Do, Find]] = {
    ActionKind.PUBLISH: (open_topic, posts.topic_of_ours),
    ActionKind.DIRECT_MESSAGE: (write_message, posts.topic_of_ours),
    ActionKind.ANSWER: (reply, find_reply),
    ActionKind.ACKNOWLEDGE: (reply, find_reply),
    ActionKind.REACT: (like, find_like),
    ActionKind.CORRECT: (correct, find_correction),
    ActionKind.HIDE: (show, find_shown),
    ActionKind.UNHIDE: (show, find_shown),
    ActionKind.DELETE: (delete, find_deleted),
}
