"""Discourse: class C. It knows no keys for requests, but every post of ours can be found again by a mark or a name.

A request that we gave up may still be worked on there for as long as its web server lets one run: only after
`settle_seconds` does not-found mean not-sent.
"""

from collections.abc import Mapping
from typing import Any

from clients.autonomy.vocabulary import ActionKind
from clients.channels.discourse import posts
from clients.channels.discourse.acts import ACTS
from clients.channels.discourse.forum import Forum
from clients.channels.discourse.writing import LONGEST, ROOM, says
from clients.channels.port import (
    Account,
    Capabilities,
    Idempotency,
    Outbound,
    Proven,
    Seen,
    SendFailed,
    Sent,
    SentState,
    SettingField,
    SettingType,
)
from clients.channels.secret import Secrets
from clients.channels.website import check_line

NEW_TOPICS = frozenset({ActionKind.PUBLISH, ActionKind.DIRECT_MESSAGE})
# What a category says to somebody who may open topics in it.
MAY_WRITE = 1


class DiscourseConnector:
    kind = "discourse"
    fields = (
        SettingField("site", SettingType.SITE),
        SettingField("user"),
        SettingField("api_key", SettingType.SECRET),
        SettingField("category", SettingType.NUMBER, least=1, most=999_999_999),
    )
    declares = Capabilities(
        kinds=frozenset(ACTS),
        idempotency=Idempotency.LOOK_UP,
        max_length=LONGEST - ROOM,
        max_title=255,
        title_required_for=NEW_TOPICS,
        max_media=10,
        media_types=frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"}),
        max_media_bytes=4_000_000,
        max_alt=500,
        recipient_for=frozenset({ActionKind.DIRECT_MESSAGE}),
        target_for=frozenset(ACTS) - NEW_TOPICS,
        gap_seconds=5.0,
        settle_seconds=45.0,
        proven=Proven.DOCUMENTATION,
    )

    def check_settings(self, settings: Mapping[str, Any], secret: Secrets) -> None:
        """The key would be read on a line that is not encrypted."""
        check_line(settings["site"], "site")

    def send(self, outbound: Outbound, until: float) -> Sent:
        do, _ = ACTS[outbound.kind]
        return do(Forum(outbound.settings, outbound.secret, until), outbound)

    def find(self, outbound: Outbound, until: float) -> Sent | None:
        _, find = ACTS[outbound.kind]
        return find(Forum(outbound.settings, outbound.secret, until), outbound)

    def look(self, outbound: Outbound, until: float) -> Seen:
        """A post as it is now. One that was queued is looked for by its mark, because it got another number."""
        forum = Forum(outbound.settings, outbound.secret, until)
        if posts.is_queued(outbound.target or ""):
            found = ACTS[outbound.kind][1](forum, outbound)
            return Seen(found.state, found.url) if found else Seen(SentState.GONE)
        post = posts.post_at(forum, posts.target_of(outbound))
        if post is None or post.deleted or post.hidden:
            return Seen(SentState.GONE)
        same = not outbound.text or says(post.raw, outbound)
        return Seen(
            SentState.PUBLISHED if same else SentState.EDITED,
            post.sent(forum).url,
            replies=post.replies,
            reactions=post.likes,
        )

    def check(self, settings: Mapping[str, Any], secret: Secrets, until: float) -> Account:
        """Whose key it is, and whether this account may open topics in the category."""
        forum = Forum(settings, secret, until)
        said = (forum.ask("/session/current.json") or {}).get("current_user")
        name = said.get("username") if isinstance(said, dict) else None
        if not isinstance(name, str) or not name:
            raise SendFailed("credentials_refused", permanent=True, maybe_sent=False)
        found = (forum.ask(f"/c/{settings['category']}/show.json") or {}).get("category")
        writes = isinstance(found, dict) and found.get("permission") == MAY_WRITE
        return Account(handle=name, url=f"{forum.site}/u/{name}", missing=() if writes else ("topics",))


CONNECTOR = DiscourseConnector()
