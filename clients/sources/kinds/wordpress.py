"""Comments of a connected WordPress, those that wait for its moderators included; never our own."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from clients.channels.wordpress.site import Site, listed
from clients.mentions.raw import RawMention
from clients.sources.moments import told_moment
from clients.sources.plain import LONGEST_ID, from_html, line_of, web_link
from clients.sources.port import Ask, Found, Kind
from clients.sources.rules import believable

A_PAGE, MOST_PAGES = 100, 10
_OURS = "Relais "


def read(ask: Ask) -> Found:
    """Forward from the number of the last one known: numbers only grow, whatever date a comment bears."""
    site = Site(ask.settings, ask.secret, ask.until)
    known, newest, found = int(ask.cursor.get("newest", 0)), 0, list[dict[str, Any]]()
    for number in range(1, (MOST_PAGES if known else 1) + 1):
        page = listed(
            site.ask_as_editor("comments", status="all", orderby="id", order="desc", per_page=A_PAGE, page=number)
        )
        numbers = [_number(said) for said in page]
        newest = max([newest, *numbers])
        found += [said for said in page if _number(said) > known]
        if len(page) < A_PAGE or min(numbers) <= known:
            break
    raws = tuple(raw for said in found if (raw := _raw(said, ask)))
    return Found(raws=raws, cursor={"newest": max(newest, known)})


def _number(said: Mapping[str, Any]) -> int:
    number = said.get("id")
    return number if isinstance(number, int) else 0


def _raw(said: Mapping[str, Any], ask: Ask) -> RawMention | None:
    if not _number(said) or str(said.get("author_user_agent") or "").startswith(_OURS):
        return None
    content, name = said.get("content"), f"comment-{_number(said)}"
    return RawMention(
        own_id=name,
        text=from_html(str(content.get("rendered") or "")) if isinstance(content, dict) else "",
        author=line_of(from_html(str(said.get("author_name") or ""))),
        author_handle=line_of(str(said.get("author_email") or "")),
        url=web_link(str(said.get("link") or "")),
        published_at=believable(told_moment(said.get("date_gmt")), ask.now),
        channel=ask.channel,
        remote_id=name[:LONGEST_ID],
        in_reply_to=f"comment-{parent}" if (parent := said.get("parent")) and isinstance(parent, int) else "",
    )


KIND = Kind(
    name="wordpress",
    icon="pen",
    channels=("wordpress",),
    opens=True,
    keeps_all=True,
    read=read,
    every=timedelta(minutes=10),
)
