"""Mastodon: what the connected account sees: who speaks to it, its home, the public timeline, a hashtag."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from clients.channels.mastodon.api import Server
from clients.channels.port import SendFailed, SettingField, SettingType
from clients.mentions.raw import RawMention
from clients.sources.moments import told_moment
from clients.sources.plain import LONGEST_ID, from_html, language_of, line_of, web_link
from clients.sources.port import Ask, Found, Kind
from clients.sources.rules import believable
from tenants.errors import Invalid

A_PAGE, MOST_PAGES = 40, 5
NOTIFICATIONS = "notifications"
_PATHS = {
    NOTIFICATIONS: "notifications",
    "home": "timelines/home",
    "local": "timelines/public",
    "public": "timelines/public",
}
_TAG = re.compile(r"#?(\w{1,100})")


def check(settings: Mapping[str, Any]) -> None:
    """A hashtag is needed where one is watched, and nowhere else."""
    if settings["what"] == "hashtag" and not _TAG.fullmatch(settings["tag"]):
        raise Invalid("setting_missing", "tag")


def read(ask: Ask) -> Found:
    """Forward from where the last look ended, page by page, so that nothing between two looks is lost."""
    server = Server(ask.settings["site"], ask.secret, ask.until)
    newest, raws, more = str(ask.cursor.get("newest", "")), list[RawMention](), False
    for _ in range(MOST_PAGES):
        page = _page(server, ask, newest)
        before, newest = newest, str(page[0].get("id") or newest) if page else newest
        raws += [raw for said in page for status in _statuses(said) if (raw := _raw(status, ask))]
        # The first look takes one page: what is older was there before anybody watched.
        more = bool(before) and len(page) >= A_PAGE and newest != before
        if not more:
            break
    return Found(raws=tuple(raws), cursor={"newest": newest}, more=more)


def _page(server: Server, ask: Ask, newest: str) -> list[dict[str, Any]]:
    """The page right above what is known, newest first."""
    what = ask.settings["what"]
    params = {"limit": str(A_PAGE)} | ({"min_id": newest} if newest else {})
    if what == NOTIFICATIONS:
        params |= {"types[]": "mention"}
    if what == "local":
        params |= {"local": "true"}
    tag = _TAG.fullmatch(ask.settings["tag"] or "")
    path = f"timelines/tag/{tag[1]}" if what == "hashtag" and tag else _PATHS[what]
    found = server.list(path, **params)
    if found is None:
        raise SendFailed("target_gone", permanent=True, maybe_sent=False)
    return found


def _statuses(said: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The status of a notification, the one that somebody boosted, or itself."""
    for name in ("status", "reblog"):
        if isinstance(said.get(name), dict):
            yield said[name]
            return
    if "content" in said:
        yield said


def _raw(status: Mapping[str, Any], ask: Ask) -> RawMention | None:
    account = status.get("account")
    account = account if isinstance(account, dict) else {}
    number, handle = status.get("id"), str(account.get("acct") or "")
    if not number or (ask.own_handle and handle.lower() == ask.own_handle.removeprefix("@").lower()):
        return None
    warning, said = str(status.get("spoiler_text") or ""), from_html(str(status.get("content") or ""))
    return RawMention(
        own_id=line_of(str(status.get("uri") or f"{ask.settings['site']} {number}"), LONGEST_ID),
        text=f"{line_of(warning)}\n{said}" if warning else said,
        author=line_of(str(account.get("display_name") or handle)),
        author_handle=line_of(f"@{handle}") if handle else "",
        url=web_link(str(status.get("url") or "")),
        language=language_of(str(status.get("language") or "")),
        published_at=believable(told_moment(status.get("created_at")), ask.now),
        channel=ask.channel,
        remote_id=line_of(str(number), LONGEST_ID),
        in_reply_to=line_of(str(status.get("in_reply_to_id") or ""), LONGEST_ID),
        direct=status.get("visibility") == "direct",
    )


KIND = Kind(
    name="mastodon",
    icon="comment",
    fields=(
        SettingField(
            "what",
            SettingType.CHOICE,
            default=NOTIFICATIONS,
            choices=(NOTIFICATIONS, "home", "local", "public", "hashtag"),
        ),
        SettingField("tag", required=False),
    ),
    channels=("mastodon",),
    opens=True,
    keeps_all=lambda settings: settings["what"] == NOTIFICATIONS,
    check=check,
    read=read,
    every=timedelta(minutes=5),
)
