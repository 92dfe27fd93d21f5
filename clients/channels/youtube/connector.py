"""YouTube: answering and moderating comments; no videos. Class C: an answer is found again by its words and its moment.

The same words twice under one comment within minutes would be told as one. Written to the public documentation of the
Data API v3; not run against the live service.
"""

from collections.abc import Mapping
from typing import Any

from clients.autonomy.vocabulary import ActionKind
from clients.channels.marks import same_words
from clients.channels.port import (
    Account,
    Capabilities,
    Idempotency,
    OAuth,
    Outbound,
    Proven,
    Seen,
    SendFailed,
    Sent,
    SentState,
    SettingField,
    SettingType,
)
from clients.channels.recognising import Alike, moment_of, ours_among
from clients.channels.rules import outgoing_text
from clients.channels.secret import Secrets
from clients.channels.youtube.api import Api

REPLIES = frozenset({ActionKind.ANSWER, ActionKind.ACKNOWLEDGE})
WHOLE_PAGE = 100
# What a comment's moderation is called there.
MODERATED = {ActionKind.HIDE: "heldForReview", ActionKind.UNHIDE: "published"}
KINDS = REPLIES | MODERATED.keys() | {ActionKind.CORRECT, ActionKind.DELETE}


class YouTubeConnector:
    kind = "youtube"
    api = "https://www.googleapis.com/youtube/v3"
    fields = (SettingField("access_token", SettingType.SECRET),)
    oauth = OAuth(
        authorize="https://accounts.google.com/o/oauth2/v2/auth",
        token="https://oauth2.googleapis.com/token",  # noqa: S106 - an address
        revoke="https://oauth2.googleapis.com/revoke",
        scopes=("https://www.googleapis.com/auth/youtube.force-ssl",),
        client="google",
        extra=(("access_type", "offline"), ("prompt", "consent")),
    )
    declares = Capabilities(
        kinds=KINDS,
        idempotency=Idempotency.LOOK_UP,
        max_length=10_000,
        target_for=KINDS,
        gap_seconds=2.0,
        settle_seconds=60.0,
        proven=Proven.DOCUMENTATION,
    )

    def check_settings(self, settings: Mapping[str, Any], secret: Secrets) -> None:
        """There is nothing to set: the token names the channel."""

    def send(self, outbound: Outbound, until: float) -> Sent:
        api = self._api(outbound.secret, until)
        if outbound.kind in REPLIES:
            return _answer(api, outbound)
        if outbound.kind is ActionKind.DELETE:
            return _delete(api, outbound)
        if outbound.kind is ActionKind.CORRECT:
            snippet = {"id": outbound.target, "snippet": {"textOriginal": _words(outbound)}}
            api.do("PUT", "comments", {"part": "snippet"}, snippet)
        else:
            said = {"id": str(outbound.target), "moderationStatus": MODERATED[outbound.kind]}
            api.do("POST", "comments/setModerationStatus", said)
        return _sent(str(outbound.target))

    def find(self, outbound: Outbound, until: float) -> Sent | None:
        api = self._api(outbound.secret, until)
        if outbound.kind in REPLIES:
            return _find_answer(api, outbound)
        comment = _comment(api, outbound)
        if outbound.kind is ActionKind.DELETE:
            return Sent(str(outbound.target), state=SentState.GONE) if comment is None else None
        if comment is None:
            return None
        if outbound.kind is ActionKind.CORRECT:
            done = same_words(str(comment.get("textOriginal", "")), _words(outbound))
        else:
            done = comment.get("moderationStatus", "published") == MODERATED[outbound.kind]
        return _sent(str(outbound.target)) if done else None

    def look(self, outbound: Outbound, until: float) -> Seen:
        comment = _comment(self._api(outbound.secret, until), outbound)
        if comment is None:
            return Seen(SentState.GONE)
        same = not outbound.text or same_words(str(comment.get("textOriginal", "")), _words(outbound))
        likes = comment.get("likeCount")
        state = SentState.PUBLISHED if same else SentState.EDITED
        return Seen(state, reactions=likes if isinstance(likes, int) else None)

    def check(self, settings: Mapping[str, Any], secret: Secrets, until: float) -> Account:
        """The channel that the token opens; a Google account without one opens none."""
        mine = _mine(self._api(secret, until))
        return Account(str(mine["snippet"]["title"]), f"https://www.youtube.com/channel/{mine['id']}")

    def _api(self, secret: Secrets, until: float) -> Api:
        return Api(self.api, secret.reveal("access_token"), until)


def _answer(api: Api, outbound: Outbound) -> Sent:
    snippet = {"snippet": {"parentId": outbound.target, "textOriginal": _words(outbound)}}
    made = api.do("POST", "comments", {"part": "snippet"}, snippet).fields().get("id")
    if not isinstance(made, str) or not made:
        raise SendFailed("answer_unreadable", permanent=False, maybe_sent=True)
    return _sent(made)


def _delete(api: Api, outbound: Outbound) -> Sent:
    try:
        api.do("DELETE", "comments", {"id": str(outbound.target)})
    except SendFailed as failure:
        if failure.code != "target_gone":
            raise
    return Sent(str(outbound.target), state=SentState.GONE)


def _find_answer(api: Api, outbound: Outbound) -> Sent | None:
    own, words = _mine(api)["id"], _words(outbound)
    shown = api.ask("comments", part="snippet", parentId=str(outbound.target), maxResults=str(WHOLE_PAGE))
    alike = (
        Alike(str(each.get("id")), moment_of(snippet.get("publishedAt")))
        for each in shown
        if isinstance(snippet := each.get("snippet"), dict)
        and (snippet.get("authorChannelId") or {}).get("value") == own
        and same_words(str(snippet.get("textOriginal", "")), words)
    )
    made = ours_among(outbound, alike, whole=len(shown) < WHOLE_PAGE)
    return None if made is None else _sent(made)


def _comment(api: Api, outbound: Outbound) -> dict[str, Any] | None:
    found = api.ask("comments", part="snippet", id=str(outbound.target))
    return (found[0].get("snippet") or {}) if found else None


def _mine(api: Api) -> dict[str, Any]:
    found = api.ask("channels", part="snippet", mine="true")
    if not found or not isinstance(found[0].get("id"), str) or not isinstance(found[0].get("snippet"), dict):
        raise SendFailed("not_permitted", permanent=True, maybe_sent=False)
    return {"id": found[0]["id"], "snippet": {"title": found[0]["snippet"].get("title", "")}}


def _words(outbound: Outbound) -> str:
    return outgoing_text(outbound.text, outbound.link)


def _sent(remote_id: str) -> Sent:
    return Sent(remote_id)


CONNECTOR = YouTubeConnector()
