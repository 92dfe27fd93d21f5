"""NodeBB: class C. It knows no keys for requests, but our newest posts can be searched for our mark.

No pictures: the way to upload one is not part of what a token opens.
"""

from collections.abc import Mapping
from typing import Any

from clients.autonomy.vocabulary import ActionKind
from clients.channels.nodebb import posts
from clients.channels.nodebb.acts import ACTS
from clients.channels.nodebb.forum import Forum
from clients.channels.port import (
    Account,
    Capabilities,
    Idempotency,
    Outbound,
    Proven,
    Seen,
    Sent,
    SentState,
    SettingField,
    SettingType,
)
from clients.channels.secret import Secrets
from clients.channels.website import check_line

NEW_TOPICS = frozenset({ActionKind.PUBLISH})


class NodebbConnector:
    kind = "nodebb"
    fields = (
        SettingField("site", SettingType.SITE),
        SettingField("token", SettingType.SECRET),
        SettingField("uid", SettingType.NUMBER, default=0, least=0, most=999_999_999),
        SettingField("category", SettingType.NUMBER, least=1, most=999_999_999),
    )
    declares = Capabilities(
        kinds=frozenset(ACTS),
        idempotency=Idempotency.LOOK_UP,
        max_length=posts.LONGEST - posts.ROOM,
        max_title=255,
        title_required_for=NEW_TOPICS,
        target_for=frozenset(ACTS) - NEW_TOPICS,
        gap_seconds=10.0,
        settle_seconds=45.0,
        proven=Proven.DOCUMENTATION,
    )

    def check_settings(self, settings: Mapping[str, Any], secret: Secrets) -> None:
        """The token would be read on a line that is not encrypted."""
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
        if post is None or post.deleted:
            return Seen(SentState.GONE)
        same = not outbound.text or posts.says(post.raw, outbound)
        state = SentState.PUBLISHED if same else SentState.EDITED
        return Seen(state, post.sent(forum).url, replies=post.replies, reactions=post.votes)

    def check(self, settings: Mapping[str, Any], secret: Secrets, until: float) -> Account:
        """Whose token it is."""
        forum = Forum(settings, secret, until)
        account = forum.me()
        return Account(handle=str(account.get("username", "")), url=f"{forum.site}/user/{account['userslug']}")


CONNECTOR = NodebbConnector()
