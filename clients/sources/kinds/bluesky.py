"""Bluesky: who speaks to the connected account, or what one account says."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from clients.channels.bluesky.xrpc import Session, failed, log_in
from clients.channels.port import SettingField, SettingType
from clients.mentions.raw import RawMention
from clients.sources.moments import told_moment
from clients.sources.plain import LONGEST_ID, language_of, line_of, text_of, web_link
from clients.sources.port import Ask, Found, Kind
from clients.sources.rules import believable
from tenants.errors import Invalid

A_PAGE, MOST_PAGES = 50, 6
NOTIFICATIONS = "notifications"
_SPEAKING = frozenset({"mention", "reply", "quote"})


def check(settings: Mapping[str, Any]) -> None:
    if settings["what"] == "author" and not settings["author"]:
        raise Invalid("setting_missing", "author")


def read(ask: Ask) -> Found:
    """Back from now to where the last look ended; where that is too far for one look, it is said that something is missing."""
    session = log_in(ask.settings, ask.secret, ask.until)
    known, newest, cursor = str(ask.cursor.get("newest", "")), "", ""
    raws: list[RawMention] = []
    for _ in range(MOST_PAGES if known else 1):
        page, cursor = _page(session, ask, cursor)
        newest = newest or (_mark(page[0]) if page else "")
        raws += [raw for post in page if _mark(post) >= known and (raw := _raw(post, ask))]
        if not cursor or not page or _mark(page[-1]) < known:
            break
    else:
        return Found(raws=tuple(raws), cursor={"newest": newest or known}, problem="too_much" if known else "")
    return Found(raws=tuple(raws), cursor={"newest": newest or known})


def _page(session: Session, ask: Ask, cursor: str) -> tuple[list[dict[str, Any]], str]:
    params = {"limit": str(A_PAGE)} | ({"cursor": cursor} if cursor else {})
    if ask.settings["what"] == NOTIFICATIONS:
        reply, name = session.ask("app.bsky.notification.listNotifications", **params), "notifications"
    else:
        actor = ask.settings["author"].removeprefix("@")
        reply, name = session.ask("app.bsky.feed.getAuthorFeed", actor=actor, **params), "feed"
    if not reply.ok:
        raise failed(reply)
    said = reply.fields()
    found = said.get(name)
    page = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    return [each["post"] if isinstance(each.get("post"), dict) else each for each in page], str(
        said.get("cursor") or ""
    )


def _mark(post: Mapping[str, Any]) -> str:
    return str(post.get("indexedAt") or "")


def _raw(post: Mapping[str, Any], ask: Ask) -> RawMention | None:
    """None for what says nothing: a like, a new follower."""
    record, author, uri = post.get("record"), post.get("author"), str(post.get("uri") or "")
    if not isinstance(record, dict) or not isinstance(author, dict) or not uri:
        return None
    if post.get("reason") and post["reason"] not in _SPEAKING:
        return None
    handle, languages = str(author.get("handle") or ""), record.get("langs")
    place = f"https://bsky.app/profile/{author.get('did') or handle}/post/{uri.rpartition('/')[2]}"
    return RawMention(
        own_id=line_of(uri, LONGEST_ID),
        text=text_of(str(record.get("text") or "")),
        author=line_of(str(author.get("displayName") or handle)),
        author_handle=line_of(f"@{handle}") if handle else "",
        url=web_link(place),
        language=language_of(str(languages[0])) if isinstance(languages, list) and languages else "",
        published_at=believable(told_moment(record.get("createdAt")), ask.now),
        channel=ask.channel,
        remote_id=line_of(uri, LONGEST_ID),
        in_reply_to=_uri_of(record, "parent"),
        references=tuple(filter(None, [_uri_of(record, "root")])),
    )


def _uri_of(record: Mapping[str, Any], name: str) -> str:
    """The post that one answers, or that its thread began with; '' for none."""
    reply = record.get("reply")
    post = reply.get(name) if isinstance(reply, dict) else None
    return line_of(str(post.get("uri") or ""), LONGEST_ID) if isinstance(post, dict) else ""


KIND = Kind(
    name="bluesky",
    icon="comment",
    fields=(
        SettingField("what", SettingType.CHOICE, default=NOTIFICATIONS, choices=(NOTIFICATIONS, "author")),
        SettingField("author", required=False),
    ),
    channels=("bluesky",),
    opens=True,
    keeps_all=lambda settings: settings["what"] == NOTIFICATIONS,
    check=check,
    read=read,
    # A log-in each time, of which a server allows a few hundred a day.
    every=timedelta(minutes=10),
)
