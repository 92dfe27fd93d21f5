"""A WordPress of few words, after developer.wordpress.org and compared with what version 6.1 answered on loopback.

What it keeps of the original: 401 to a wrong password; 400 to whoever may not list what readers do not see; a role's 403
in WordPress's own codes; 409 to the same comment twice; 400 `comment_flood` to two within 15 seconds by somebody who is
no moderator; a trashed post keeps its number and gives up its address; every change over the API puts the caller's
User-Agent into a comment unless it is named; totals in a header.
"""

import base64
import html
import re
import time
from email import message_from_bytes
from typing import Any

from tests.channels.fakes.serving import Answer, Ask, Fake, main

PASSWORD = "abcd efgh ijkl mnop"
AUTHOR = {"edit_posts", "publish_posts", "edit_published_posts", "delete_published_posts", "upload_files", "read"}
ROLES: dict[str, set[str]] = {
    "editor": AUTHOR | {"moderate_comments"},
    "author": AUTHOR,
    "contributor": {"edit_posts", "read"},
    "subscriber": {"read"},
}
FLOOD_SECONDS = 15
TRASHED = "__trashed"


class WordPress(Fake):
    """`held`: a plug-in keeps every comment in the queue. The password is the same for all four accounts."""

    password, held = PASSWORD, False

    def empty(self) -> dict[str, Any]:
        return {"posts": {}, "comments": {}, "media": {}, "last_comment": {}}

    @property
    def visible(self) -> int:
        """Posts and comments that a reader sees."""
        posts = sum(post["status"] == "publish" for post in self.state["posts"].values())
        return posts + sum(comment["status"] == "approved" for comment in self.state["comments"].values())

    def answer(self, ask: Ask) -> Answer:
        who = self.who(ask)
        if who is None:
            return _error(401, "rest_not_logged_in")
        route = (ask.query.get("rest_route") or [""])[0]
        for method, pattern, do in ROUTES:
            found = re.fullmatch(f"/wp/v2/{pattern}", route)
            if method == ask.method and found:
                return do(self, ask, who, *found.groups())
        return _error(404, "rest_no_route")

    def who(self, ask: Ask) -> str | None:
        kind, _, given = ask.head.get("authorization", "").partition(" ")
        user, _, password = base64.b64decode(given).decode().partition(":") if kind == "Basic" else ("", "", "")
        return user if user in ROLES and password.replace(" ", "") == self.password.replace(" ", "") else None

    def seed(self, kind: str, **said: Any) -> int:
        """A post or comment by somebody else."""
        number = self.next(kind)
        if kind == "posts":
            found = {"status": "publish", "slug": f"theirs-{number}", "title": "Le leur", "content": "Leur texte"}
        else:
            found = {"status": "approved", "post": 1, "parent": 0, "content": "Bravo", "agent": "A browser", "by": "jo"}
        self.state[kind][str(number)] = {"id": number, **found, **said}
        return number


def _error(status: int, code: str) -> Answer:
    return status, {"code": code, "message": "In many words.", "data": {"status": status}}


def _me(site: WordPress, ask: Ask, who: str) -> Answer:
    rights = dict.fromkeys(ROLES[who], True)
    return 200, {"id": 2, "name": who.title(), "link": f"{site.url}/?author=2", "capabilities": rights}


def _list_posts(site: WordPress, ask: Ask, who: str) -> Answer:
    if "edit_posts" not in ROLES[who]:
        return _error(400, "rest_invalid_param")
    slug = (ask.query.get("slug") or [""])[0]
    found = [p for p in site.state["posts"].values() if p["slug"] == slug and p["status"] != "trash"]
    return 200, [_show_post(site, post) for post in found], {"X-WP-Total": str(len(found))}


def _one_post(site: WordPress, ask: Ask, who: str, number: str) -> Answer:
    post = site.state["posts"].get(number)
    if post is None:
        return _error(404, "rest_post_invalid_id")
    return (200, _show_post(site, post)) if "edit_posts" in ROLES[who] else _error(403, "rest_forbidden_context")


def _make_post(site: WordPress, ask: Ask, who: str) -> Answer:
    if "edit_posts" not in ROLES[who]:
        return _error(403, "rest_cannot_create")
    number = site.next("posts")
    post = {"id": number, "status": "draft", "slug": "", "title": "", "content": "", **_said_of_post(ask)}
    site.state["posts"][str(number)] = post
    return 201, _show_post(site, post)


def _change_post(site: WordPress, ask: Ask, who: str, number: str) -> Answer:
    post, said = site.state["posts"].get(number), _said_of_post(ask)
    if post is None:
        return _error(404, "rest_post_invalid_id")
    if said.get("status") == "publish" and "publish_posts" not in ROLES[who]:
        return _error(403, "rest_cannot_publish")
    post.update(said)
    return 200, _show_post(site, post)


def _trash_post(site: WordPress, ask: Ask, who: str, number: str) -> Answer:
    post = site.state["posts"].get(number)
    if post is None:
        return _error(404, "rest_post_invalid_id")
    if ask.query.get("force") == ["true"]:
        del site.state["posts"][number]
        return 200, {"deleted": True, "previous": {"id": int(number)}}
    if post["status"] == "trash":
        return _error(410, "rest_already_trashed")
    post.update(status="trash", slug=post["slug"] + TRASHED)
    return 200, _show_post(site, post)


def _list_comments(site: WordPress, ask: Ask, who: str) -> Answer:
    if "context" in ask.query and "moderate_comments" not in ROLES[who]:
        return _error(403, "rest_forbidden_context")
    everything = ask.query.get("status") == ["all"]
    shown = ("approved", "hold") if everything else ("approved",)
    wanted = {name: int(ask.query[name][0]) for name in ("post", "parent") if name in ask.query}
    found = [
        comment
        for comment in site.state["comments"].values()
        if comment["status"] in shown and all(comment[name] == value for name, value in wanted.items())
    ]
    newest = sorted(found, key=lambda comment: -comment["id"])[: int(ask.query.get("per_page", ["10"])[0])]
    return 200, [_show_comment(site, comment) for comment in newest], {"X-WP-Total": str(len(found))}


def _one_comment(site: WordPress, ask: Ask, who: str, number: str) -> Answer:
    comment = site.state["comments"].get(number)
    if comment is None:
        return _error(404, "rest_comment_invalid_id")
    allowed = "moderate_comments" in ROLES[who]
    return (200, _show_comment(site, comment)) if allowed else _error(403, "rest_forbidden_context")


def _make_comment(site: WordPress, ask: Ask, who: str) -> Answer:
    said, moderates = ask.said, "moderate_comments" in ROLES[who]
    if ("status" in said or "author_user_agent" in said) and not moderates:
        return _error(403, "rest_comment_invalid_status")
    if str(said.get("post")) not in site.state["posts"]:
        return _error(403, "rest_comment_invalid_post_id")
    place = (said["post"], said.get("parent", 0), said["content"], who)
    if any((c["post"], c["parent"], c["content"], c["by"]) == place for c in site.state["comments"].values()):
        return _error(409, "comment_duplicate")
    if not moderates and time.time() - site.state["last_comment"].get(who, 0) < FLOOD_SECONDS:
        return _error(400, "comment_flood")
    site.state["last_comment"][who] = time.time()
    number = site.next("comments")
    status = said.get("status", "approved" if moderates else "hold")
    comment = {
        "id": number,
        "post": said["post"],
        "parent": said.get("parent", 0),
        "content": said["content"],
        "by": who,
    }
    comment |= {"status": status, "agent": said.get("author_user_agent") or ask.head.get("user-agent", "")}
    site.state["comments"][str(number)] = comment
    return 201, _show_comment(site, comment)


def _change_comment(site: WordPress, ask: Ask, who: str, number: str) -> Answer:
    comment, said = site.state["comments"].get(number), ask.said
    if comment is None:
        return _error(404, "rest_comment_invalid_id")
    comment["agent"] = said.get("author_user_agent") or ask.head.get("user-agent", "")
    comment["content"] = said.get("content", comment["content"])
    comment["status"] = "hold" if site.held else said.get("status", comment["status"])
    return 200, _show_comment(site, comment)


def _trash_comment(site: WordPress, ask: Ask, who: str, number: str) -> Answer:
    comment = site.state["comments"].get(number)
    if comment is None:
        return _error(404, "rest_comment_invalid_id")
    if comment["status"] == "trash":
        return _error(410, "rest_already_trashed")
    comment["status"] = "trash"
    return 200, _show_comment(site, comment)


def _list_media(site: WordPress, ask: Ask, who: str) -> Answer:
    slug = (ask.query.get("slug") or [""])[0]
    return 200, [found for found in site.state["media"].values() if found["slug"] == slug]


def _upload(site: WordPress, ask: Ask, who: str) -> Answer:
    if "upload_files" not in ROLES[who]:
        return _error(403, "rest_cannot_create")
    whole = message_from_bytes(b"Content-Type: " + ask.head["content-type"].encode() + b"\r\n\r\n" + ask.body)
    said = {
        str(part.get_param("name", header="content-disposition")): part.get_payload(decode=True)
        for part in whole.walk()
        if not part.is_multipart()
    }
    number, slug = site.next("media"), said["slug"].decode()  # type: ignore[union-attr]
    found = {"id": number, "slug": slug, "alt_text": said["alt_text"].decode()}  # type: ignore[union-attr]
    found |= {"source_url": f"{site.url}/wp-content/uploads/{slug}.png", "bytes": len(said["file"] or b"")}
    site.state["media"][str(number)] = found
    return 201, found


def _said_of_post(ask: Ask) -> dict[str, Any]:
    return {
        name: ask.said[name] for name in ("status", "slug", "title", "content", "featured_media") if name in ask.said
    }


def _show_post(site: WordPress, post: dict[str, Any]) -> dict[str, Any]:
    texts = {name: {"raw": post[name], "rendered": post[name]} for name in ("title", "content")}
    return {**post, **texts, "link": f"{site.url}/?p={post['id']}"}


def _show_comment(site: WordPress, comment: dict[str, Any]) -> dict[str, Any]:
    shown = {name: comment[name] for name in ("id", "post", "parent", "status")}
    content = {"raw": comment["content"], "rendered": f"<p>{html.escape(comment['content'])}</p>"}
    link = f"{site.url}/?p={comment['post']}#comment-{comment['id']}"
    return {**shown, "content": content, "link": link, "author_user_agent": comment["agent"]}


ROUTES: tuple[tuple[str, str, Any], ...] = (
    ("GET", "users/me", _me),
    ("GET", "posts", _list_posts),
    ("POST", "posts", _make_post),
    ("GET", r"posts/(\d+)", _one_post),
    ("POST", r"posts/(\d+)", _change_post),
    ("DELETE", r"posts/(\d+)", _trash_post),
    ("GET", "comments", _list_comments),
    ("POST", "comments", _make_comment),
    ("GET", r"comments/(\d+)", _one_comment),
    ("POST", r"comments/(\d+)", _change_comment),
    ("DELETE", r"comments/(\d+)", _trash_comment),
    ("GET", "media", _list_media),
    ("POST", "media", _upload),
)

if __name__ == "__main__":
    main(WordPress)
