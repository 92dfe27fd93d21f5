"""The newest posts of a connected forum: Discourse or NodeBB, over their JSON APIs."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from clients.channels.discourse.forum import Forum as Discourse
from clients.channels.nodebb.forum import Forum as NodeBB
from clients.channels.port import SendFailed
from clients.mentions.raw import RawMention
from clients.sources.moments import told_moment
from clients.sources.plain import LONGEST_TITLE, from_html, line_of, web_link
from clients.sources.port import Ask, Found, Kind
from clients.sources.rules import believable

MOST_PAGES = 8


def read(ask: Ask) -> Found:
    """Which forum it is, its settings say: only a Discourse has a user."""
    return _discourse(ask) if "user" in ask.settings else _nodebb(ask)


def _discourse(ask: Ask) -> Found:
    """/posts.json goes back from the newest, a page at a time."""
    forum, known = Discourse(ask.settings, ask.secret, ask.until), int(ask.cursor.get("newest", 0))
    found: dict[int, dict[str, Any]] = {}
    before = ""
    for _ in range(MOST_PAGES if known else 1):
        page = _dicts((forum.ask(f"/posts.json{before}") or {}).get("latest_posts"))
        numbers = [number for post in page if (number := _number(post, "id"))]
        found |= {number: post for number, post in zip(numbers, page, strict=False) if number > known}
        if not numbers or min(numbers) <= known:
            break
        before = f"?before={min(numbers)}"
    raws = tuple(raw for number, post in sorted(found.items()) if (raw := _of_discourse(post, number, ask)))
    return Found(raws=raws, cursor={"newest": max([known, *found])})


def _of_discourse(post: Mapping[str, Any], number: int, ask: Ask) -> RawMention | None:
    user = str(post.get("username") or "")
    if user.lower() == str(ask.settings["user"]).lower():
        return None
    place = f"{ask.settings['site']}/t/{_number(post, 'topic_id')}/{_number(post, 'post_number')}"
    return RawMention(
        own_id=f"post-{number}",
        title=line_of(str(post.get("topic_title") or ""), LONGEST_TITLE),
        text=from_html(str(post.get("cooked") or post.get("raw") or "")),
        author=line_of(str(post.get("name") or user)),
        author_handle=line_of(user),
        url=web_link(place),
        published_at=believable(told_moment(post.get("created_at")), ask.now),
        channel=ask.channel,
        remote_id=str(number),
    )


def _nodebb(ask: Ask) -> Found:
    """The forum tells its recent topics, the newest first, and each with its posts of late."""
    forum, known = NodeBB(ask.settings, ask.secret, ask.until), int(ask.cursor.get("newest", 0))
    recent = forum.ask("/api/recent")
    if recent is None:
        raise SendFailed("target_gone", permanent=True, maybe_sent=False)
    own = _number(forum.me(), "uid")
    found: dict[int, RawMention] = {}
    for topic in _dicts(recent.get("topics"))[:20]:
        if _number(_part(topic, "teaser"), "pid") <= known and _number(topic, "mainPid") <= known:
            continue
        for post in _posts(forum, topic):
            number = _number(post, "pid")
            if number > known and _number(post, "uid") != own and not post.get("deleted"):
                found[number] = _of_nodebb(post, topic, number, ask)
    raws = tuple(raw for _, raw in sorted(found.items()))
    return Found(raws=raws, cursor={"newest": max([known, *found])})


def _posts(forum: NodeBB, topic: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    said = forum.ask(f"/api/topic/{_number(topic, 'tid')}?sort=newest_to_oldest")
    yield from _dicts((said or {}).get("posts"))


def _of_nodebb(post: Mapping[str, Any], topic: Mapping[str, Any], number: int, ask: Ask) -> RawMention:
    user = _part(post, "user")
    return RawMention(
        own_id=f"post-{number}",
        title=line_of(from_html(str(topic.get("title") or "")), LONGEST_TITLE),
        text=from_html(str(post.get("content") or "")),
        author=line_of(str(user.get("displayname") or user.get("username") or "")),
        author_handle=line_of(str(user.get("username") or "")),
        url=web_link(f"{ask.settings['site']}/post/{number}"),
        published_at=believable(told_moment(post.get("timestamp")), ask.now),
        channel=ask.channel,
        remote_id=str(number),
    )


def _number(said: Mapping[str, Any], name: str) -> int:
    value = said.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _part(said: Mapping[str, Any], name: str) -> dict[str, Any]:
    part = said.get(name)
    return part if isinstance(part, dict) else {}


def _dicts(found: object) -> list[dict[str, Any]]:
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


KIND = Kind(
    name="forum",
    icon="people",
    channels=("discourse", "nodebb"),
    opens=True,
    keeps_all=True,
    read=read,
    every=timedelta(minutes=10),
)
