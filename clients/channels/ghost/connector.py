"""Ghost: class B, a draft first and its publication second. Members' comments are out of this API's reach."""

from collections.abc import Mapping
from typing import Any

from clients.autonomy.vocabulary import ActionKind
from clients.channels.ghost import posts
from clients.channels.ghost.site import Site, is_key, post_id
from clients.channels.port import (
    Account,
    Added,
    Capabilities,
    Idempotency,
    Outbound,
    Proven,
    Seen,
    SelfTest,
    SendFailed,
    Sent,
    SentState,
    SettingField,
    SettingType,
    Written,
)
from clients.channels.rules import is_web_link
from clients.channels.secret import Secrets
from clients.channels.website import check_line
from tenants.errors import Invalid

UPON_A_TARGET = {ActionKind.DELETE: posts.delete_post, ActionKind.CORRECT: posts.correct_post}


class GhostConnector:
    kind = "ghost"
    fields = (
        SettingField("site", SettingType.SITE),
        SettingField("admin_key", SettingType.SECRET),
        SettingField("tags", required=False),
    )
    declares = Capabilities(
        kinds=frozenset({*UPON_A_TARGET, ActionKind.PUBLISH}),
        idempotency=Idempotency.TWO_PHASE,
        max_length=100_000,
        max_title=255,
        max_media=1,
        media_types=frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"}),
        max_media_bytes=5_000_000,
        max_media_pixels=25_000_000,
        max_alt=191,
        target_for=frozenset(UPON_A_TARGET),
        self_test=SelfTest.DRAFT,
        proven=Proven.REAL_SERVER,
    )

    def check_settings(self, settings: Mapping[str, Any], secret: Secrets) -> None:
        """An encrypted line, and a key of the form that Ghost gives out."""
        check_line(settings["site"], "site")
        if "admin_key" in secret.names and not is_key(secret.reveal("admin_key")):
            raise Invalid("admin_key_malformed", "admin_key")

    def prepare(self, outbound: Outbound, until: float) -> str:
        """The draft, or the post that an act is about."""
        if outbound.kind in UPON_A_TARGET:
            return post_id(outbound.target)
        return posts.draft_post(Site.of(outbound, until), outbound)

    def send(self, outbound: Outbound, until: float) -> Sent:
        """Publish the draft, or act upon what is there."""
        act = UPON_A_TARGET.get(outbound.kind, posts.publish_post)
        return act(Site.of(outbound, until), outbound)

    def self_test(self, outbound: Outbound, until: float) -> None:
        posts.try_draft(Site.of(outbound, until), outbound)

    def find(self, outbound: Outbound, until: float) -> Sent | None:
        """What readers see of this act; of a correction or deletion, whether it is so."""
        site = Site.of(outbound, until)
        if outbound.kind not in UPON_A_TARGET:
            return posts.find_post(site, outbound)
        seen = posts.look_at_post(site, outbound)
        wanted = SentState.GONE if outbound.kind is ActionKind.DELETE else SentState.PUBLISHED
        return Sent(post_id(outbound.target), seen.url, wanted) if seen.state is wanted else None

    def adds(self, written: Written) -> Added:
        """The title that a post there must have, and the tags that the channel's settings name."""
        if written.kind not in (ActionKind.PUBLISH, ActionKind.CORRECT):
            return Added()
        tags = posts.tags_in(written.settings) if written.kind is ActionKind.PUBLISH else ()
        return Added(
            title="" if written.title else posts.title_of(written.title, written.text, written.link), tags=tags
        )

    def look(self, outbound: Outbound, until: float) -> Seen:
        """The post as it is now."""
        return posts.look_at_post(Site.of(outbound, until), outbound)

    def check(self, settings: Mapping[str, Any], secret: Secrets, until: float) -> Account:
        """The site that the key opens. An integration has all rights over posts or none: there are no scopes."""
        site = Site(settings, secret, until)
        site.ask("posts/", limit="1", fields="id")
        about = site.ask("site/").get("site")
        if not isinstance(about, dict) or not about.get("title"):
            raise SendFailed("answer_unreadable", permanent=False, maybe_sent=False)
        url = str(about.get("url", ""))
        return Account(handle=str(about["title"])[:200], url=url if is_web_link(url) else "")


CONNECTOR = GhostConnector()
