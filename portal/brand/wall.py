"""The memory wall: what the network `memory` has received, as the public of a real one would see it."""

from django.http import HttpRequest, HttpResponse

from clients.channels.queries import memory_wall
from clients.people.access import require
from clients.people.rules import Verb
from portal.brand.rows import channel_names, media_url
from portal.pages import brand_page, render
from portal.times import when
from portal.wording import kind_word

A_PAGE = 60


@brand_page
def wall(request: HttpRequest) -> HttpResponse:
    """The newest posts first."""
    require(request.actor, Verb.ITEM_READ)
    names = channel_names()
    posts = [
        {
            "channel": names.get(str(post.channel_id), "?"),
            "kind": kind_word(post.kind),
            "title": post.title,
            "text": post.text,
            "link": post.link,
            "pictures": [(media_url(m["digest"]), m["alt"]) for m in post.media],
            "when": when(post.at),
        }
        for post in memory_wall()[:A_PAGE]
    ]
    return render(request, "brand/wall.html", {"posts": posts})
