"""A Ghost of one integration, after ghost.org/docs/admin-api and compared with what version 5.130 answered on loopback.

What it keeps of the original: a token signed with the key's secret, for `/admin/`, five minutes at most, or 401; 404 to an
address that nobody has; a number behind an address that is taken; '(Untitled)' over a post without a title; 409 to a change that
does not name the moment of the last one; pictures that are only ever added.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from tests.channels.fakes.serving import Answer, Ask, Fake, main

KEY = f"{'a1' * 12}:{'b2' * 32}"
START = datetime(2026, 11, 21, tzinfo=UTC)


class Ghost(Fake):
    """`meddling`: how many changes of somebody else come between our reading and our writing."""

    meddling = 0

    def empty(self) -> dict[str, Any]:
        return {"posts": {}, "images": []}

    @property
    def visible(self) -> int:
        """Posts that a reader sees."""
        return sum(post["status"] == "published" for post in self.state["posts"].values())

    def answer(self, ask: Ask) -> Answer:
        route = ask.path.removeprefix("/ghost/api/admin/")
        if route == "site/":
            return 200, {"site": {"title": "Maison A", "url": f"{self.url}/", "version": "5.130"}}
        if not self.lets_in(ask):
            return _error(401, "UnauthorizedError")
        for method, pattern, do in ROUTES:
            found = re.fullmatch(pattern, route)
            if method == ask.method and found:
                return do(self, ask, *found.groups())
        return _error(404, "NotFoundError")

    def lets_in(self, ask: Ask) -> bool:
        kind, _, token = ask.head.get("authorization", "").partition(" ")
        number, _, secret = KEY.partition(":")
        try:
            said = jwt.decode(token, bytes.fromhex(secret), algorithms=["HS256"], audience="/admin/")
            named = jwt.get_unverified_header(token).get("kid")
        except jwt.PyJWTError:
            return False
        return kind == "Ghost" and named == number and 0 < said["exp"] - said["iat"] <= 300

    def touch(self, post: dict[str, Any]) -> None:
        """Every change has a moment of its own."""
        moment = START + timedelta(seconds=self.next("change"))
        post["updated_at"] = moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _error(status: int, kind: str) -> Answer:
    return status, {"errors": [{"message": "In many words.", "type": kind, "code": None}]}


def _browse(site: Ghost, ask: Ask) -> Answer:
    return 200, {"posts": [_show(site, post) for post in site.state["posts"].values()][:1]}


def _read(site: Ghost, ask: Ask, name: str) -> Answer:
    post = site.state["posts"].get(name)
    return (200, {"posts": [_show(site, post)]}) if post else _error(404, "NotFoundError")


def _read_by_slug(site: Ghost, ask: Ask, slug: str) -> Answer:
    found = [post for post in site.state["posts"].values() if post["slug"] == slug]
    return (200, {"posts": [_show(site, found[0])]}) if found else _error(404, "NotFoundError")


def _make(site: Ghost, ask: Ask) -> Answer:
    said = ask.said["posts"][0]
    slug, taken = said["slug"], {post["slug"] for post in site.state["posts"].values()}
    if slug in taken:
        slug = next(f"{slug}-{place}" for place in range(2, 99) if f"{slug}-{place}" not in taken)
    post = {
        "id": f"{site.next('post'):024x}",
        "status": "draft",
        **said,
        "title": said.get("title") or "(Untitled)",
        "slug": slug,
    }
    site.touch(post)
    site.state["posts"][post["id"]] = post
    return 201, {"posts": [_show(site, post)]}


def _change(site: Ghost, ask: Ask, name: str) -> Answer:
    post, said = site.state["posts"].get(name), ask.said["posts"][0]
    if post is None:
        return _error(404, "NotFoundError")
    if site.meddling:
        site.meddling -= 1
        site.touch(post)
    if said.get("updated_at") != post["updated_at"]:
        return _error(409, "UpdateCollisionError")
    post.update(said)
    site.touch(post)
    return 200, {"posts": [_show(site, post)]}


def _delete(site: Ghost, ask: Ask, name: str) -> Answer:
    return (204, None) if site.state["posts"].pop(name, None) else _error(404, "NotFoundError")


def _upload(site: Ghost, ask: Ask) -> Answer:
    found = re.search(rb'filename="([^"]+)"', ask.body)
    if found is None:
        return _error(422, "ValidationError")
    url = f"{site.url}/content/images/2026/11/{found[1].decode()}"
    site.state["images"].append(url)
    return 201, {"images": [{"url": url, "ref": None}]}


def _show(site: Ghost, post: dict[str, Any]) -> dict[str, Any]:
    return {**post, "url": f"{site.url}/{post['slug']}/"}


ROUTES: tuple[tuple[str, str, Any], ...] = (
    ("GET", "posts/", _browse),
    ("POST", "posts/", _make),
    ("GET", r"posts/slug/([a-z0-9-]+)/", _read_by_slug),
    ("GET", r"posts/([0-9a-f]{24})/", _read),
    ("PUT", r"posts/([0-9a-f]{24})/", _change),
    ("DELETE", r"posts/([0-9a-f]{24})/", _delete),
    ("POST", "images/upload/", _upload),
)

if __name__ == "__main__":
    main(Ghost)
