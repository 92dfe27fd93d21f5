"""WordPress: class B. What is made first is a draft, or an answer in the moderators' queue; what follows lets it out.

Acts upon what is there already (hide, show, correct, trash) need no draft: done twice they are done once.
"""

from collections.abc import Callable, Mapping
from typing import Any

from clients.autonomy.vocabulary import ActionKind
from clients.channels.port import (
    Account,
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
)
from clients.channels.rules import is_web_link
from clients.channels.secret import Secrets
from clients.channels.website import check_line
from clients.channels.wordpress import comments, posts
from clients.channels.wordpress.site import Site, kind_of
from tenants.errors import Invalid

Act = Callable[[Site, Outbound], Sent]

# What the account's role must allow, in WordPress's own words; an Editor has them all.
NEEDED = (
    "edit_posts", "publish_posts", "edit_published_posts", "delete_published_posts", "upload_files", "moderate_comments",
)  # fmt: skip

SENDS: dict[tuple[ActionKind, str], Act] = {
    (ActionKind.PUBLISH, ""): posts.publish_post,
    (ActionKind.ANSWER, ""): comments.let_out,
    (ActionKind.HIDE, "comment"): comments.moderate,
    (ActionKind.UNHIDE, "comment"): comments.moderate,
    (ActionKind.DELETE, "post"): posts.trash_post,
    (ActionKind.DELETE, "comment"): comments.trash_comment,
    (ActionKind.CORRECT, "post"): posts.correct_post,
    (ActionKind.CORRECT, "comment"): comments.correct_comment,
}
MADE_FIRST = {ActionKind.PUBLISH: posts.draft_post, ActionKind.ANSWER: comments.draft_answer}
UPON_A_TARGET = frozenset({ActionKind.HIDE, ActionKind.UNHIDE, ActionKind.DELETE, ActionKind.CORRECT})


class WordPressConnector:
    kind = "wordpress"
    fields = (
        SettingField("site", SettingType.SITE),
        SettingField("user"),
        SettingField("password", SettingType.SECRET),
    )
    declares = Capabilities(
        kinds=UPON_A_TARGET | MADE_FIRST.keys(),
        idempotency=Idempotency.TWO_PHASE,
        max_length=100_000,
        max_title=200,
        title_required_for=frozenset({ActionKind.PUBLISH}),  # a comment has none
        max_media=4,
        media_types=frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"}),
        max_media_bytes=8_000_000,
        max_media_pixels=25_000_000,
        target_for=UPON_A_TARGET | {ActionKind.ANSWER},
        self_test=SelfTest.DRAFT,
        proven=Proven.REAL_SERVER,
    )

    def check_settings(self, settings: Mapping[str, Any], secret: Secrets) -> None:
        """A password travels with every call: only over an encrypted line."""
        check_line(settings["site"], "site")

    def prepare(self, outbound: Outbound, until: float) -> str:
        """The draft, or what an act without one is about."""
        _still_fit(self, outbound)
        make = MADE_FIRST.get(outbound.kind)
        return str(outbound.target) if make is None else make(Site.of(outbound, until), outbound)

    def send(self, outbound: Outbound, until: float) -> Sent:
        """Let the draft out, or act upon what is there."""
        _still_fit(self, outbound)
        return _act(outbound)(Site.of(outbound, until), outbound)

    def self_test(self, outbound: Outbound, until: float) -> None:
        posts.try_draft(Site.of(outbound, until), outbound)

    def find(self, outbound: Outbound, until: float) -> Sent | None:
        """What readers see of this act."""
        site = Site.of(outbound, until)
        if outbound.kind is ActionKind.PUBLISH:
            return posts.find_post(site, outbound)
        if outbound.kind is ActionKind.ANSWER:
            return comments.find_answer(site, outbound)
        return _found_done(site, outbound)

    def look(self, outbound: Outbound, until: float) -> Seen:
        """The post or comment as it is now."""
        site = Site.of(outbound, until)
        of_a_post = kind_of(outbound.target) == "post"
        return posts.look_at_post(site, outbound) if of_a_post else comments.look_at_comment(site, outbound)

    def check(self, settings: Mapping[str, Any], secret: Secrets, until: float) -> Account:
        """Who signs in with this application password, and what the role lacks."""
        me = Site(settings, secret, until).ask("users/me", context="edit").fields()
        rights = me.get("capabilities")
        if not isinstance(rights, dict) or not me.get("name"):
            raise SendFailed("answer_unreadable", permanent=False, maybe_sent=False)
        link = str(me.get("link", ""))
        return Account(
            handle=str(me["name"])[:200],
            url=link if is_web_link(link) else "",
            scopes=tuple(right for right in NEEDED if rights.get(right) is True),
            missing=tuple(right for right in NEEDED if rights.get(right) is not True),
        )


def _act(outbound: Outbound) -> Act:
    about = kind_of(outbound.target) if outbound.kind in UPON_A_TARGET else ""
    act = SENDS.get((outbound.kind, about))
    if act is None:
        raise SendFailed("target_not_here", permanent=True, maybe_sent=False)
    return act


def _found_done(site: Site, outbound: Outbound) -> Sent | None:
    """Whether what an act upon a target would do is so already: by whom, nobody there remembers."""
    of_a_post = kind_of(outbound.target) == "post"
    seen = posts.look_at_post(site, outbound) if of_a_post else comments.look_at_comment(site, outbound)
    wanted = {
        ActionKind.DELETE: {SentState.GONE},
        ActionKind.HIDE: {SentState.QUEUED},
        ActionKind.UNHIDE: {SentState.PUBLISHED, SentState.EDITED},
        ActionKind.CORRECT: {SentState.PUBLISHED},
    }[outbound.kind]
    if seen.state not in wanted:
        return None
    said = {ActionKind.HIDE: SentState.ACCEPTED, ActionKind.UNHIDE: SentState.PUBLISHED}
    return Sent(str(outbound.target), seen.url, said.get(outbound.kind, seen.state))


def _still_fit(connector: WordPressConnector, outbound: Outbound) -> None:
    """Once more: the installation may have become stricter since the brand connected the channel."""
    try:
        connector.check_settings(outbound.settings, outbound.secret)
    except Invalid:
        code = "tls_missing"
    else:
        code = "" if outbound.secret.reveal("password") else "secret_unreadable"
    if code:
        raise SendFailed(code, permanent=True, maybe_sent=False)


CONNECTOR = WordPressConnector()
