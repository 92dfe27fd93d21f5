"""Instagram, for professional accounts: class B for posts, C for answers, which have no draft there.

Instagram fetches the pictures itself, from addresses that the gate lends it. Nothing can be corrected over this API, and
only comments can be deleted. Written to the public documentation of the Graph API; not run against the live service.
"""

from collections.abc import Callable, Mapping
from typing import Any

from clients.autonomy.vocabulary import ActionKind
from clients.channels.graph import API, Graph, granted_to, id_in, oauth_for
from clients.channels.instagram import comments, posts
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
from tenants.errors import Invalid

SCOPES = (
    "instagram_basic",
    "instagram_content_publish",
    "instagram_manage_comments",
    "pages_show_list",
    "pages_read_engagement",
)
ACTS: dict[ActionKind, tuple[Callable[[Graph, Outbound], Sent], Callable[[Graph, Outbound], Sent | None]]] = {
    ActionKind.PUBLISH: (posts.publish_post, posts.find_post),
    ActionKind.ANSWER: (comments.answer, comments.find_answer),
    ActionKind.ACKNOWLEDGE: (comments.answer, comments.find_answer),
    ActionKind.HIDE: (comments.hide, comments.find_hidden),
    ActionKind.UNHIDE: (comments.hide, comments.find_hidden),
    ActionKind.DELETE: (comments.delete, comments.find_gone),
}
# Their subcodes, from the reference of error codes; what is not here means what its number or its status means.
NARROWER = {
    2207003: ("media_not_fetched", False),
    2207006: ("target_gone", True),
    2207008: ("service_refused", False),
    2207020: ("draft_expired", True),
    2207027: ("media_not_ready", False),
    2207042: ("daily_limit", False),
    2207050: ("not_permitted", True),
    2207051: ("not_permitted", True),
    2207052: ("media_not_fetched", False),
}


class InstagramConnector:
    kind = "instagram"
    api = API
    fields = (SettingField("account"), SettingField("access_token", SettingType.SECRET))
    oauth = oauth_for(SCOPES)
    declares = Capabilities(
        kinds=frozenset(ACTS),
        idempotency=Idempotency.TWO_PHASE,
        looked_for=frozenset({ActionKind.ANSWER, ActionKind.ACKNOWLEDGE}),
        max_length=2_200,
        max_hashtags=30,
        min_media=1,
        max_media=10,
        media_types=frozenset({"image/jpeg"}),
        max_media_bytes=8_000_000,
        max_alt=1_000,
        fetches_media=True,
        first_comment=True,
        target_for=frozenset(ACTS) - {ActionKind.PUBLISH},
        gap_seconds=2.0,
        settle_seconds=60.0,
        proven=Proven.DOCUMENTATION,
    )

    def check_settings(self, settings: Mapping[str, Any], secret: Secrets) -> None:
        """The account's number, as Meta's Business Suite shows it."""
        if not (settings["account"].isascii() and settings["account"].isdigit()):
            raise Invalid("not_a_number", "account")

    def prepare(self, outbound: Outbound, until: float) -> str:
        """The container of a post, or the comment that an act is about."""
        if outbound.kind is ActionKind.PUBLISH:
            return posts.draft_post(self._account(outbound.secret, until), outbound)
        return comments.comment_of(outbound)

    def send(self, outbound: Outbound, until: float) -> Sent:
        return ACTS[outbound.kind][0](self._account(outbound.secret, until), outbound)

    def find(self, outbound: Outbound, until: float) -> Sent | None:
        return ACTS[outbound.kind][1](self._account(outbound.secret, until), outbound)

    def look(self, outbound: Outbound, until: float) -> Seen:
        """The post, or our answer: nobody can edit a comment there."""
        account, target = self._account(outbound.secret, until), comments.comment_of(outbound)
        try:
            if outbound.kind is ActionKind.PUBLISH:
                return posts.look_at_post(account, outbound, target)
            said = account.ask(target, fields="text,like_count")
        except SendFailed as failure:
            if failure.code != "target_gone":
                raise
            return Seen(SentState.GONE)
        return Seen(SentState.PUBLISHED, reactions=posts.count_in(said, "like_count"))

    def check(self, settings: Mapping[str, Any], secret: Secrets, until: float) -> Account:
        """The account, and what the person who connected it has granted."""
        person = self._account(secret, until)
        granted = granted_to(person)
        said = person.ask(settings["account"], fields="id,username")
        name = str(said.get("username") or "")
        url = f"https://www.instagram.com/{name}/" if name.replace(".", "").replace("_", "").isalnum() else ""
        missing = tuple(scope for scope in SCOPES if scope not in granted)
        return Account(f"@{name}" if name else id_in(said), url, granted, missing)

    def _account(self, secret: Secrets, until: float) -> Graph:
        return Graph(self.api, secret.reveal("access_token"), until, NARROWER)


CONNECTOR = InstagramConnector()
