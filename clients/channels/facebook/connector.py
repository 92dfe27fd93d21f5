"""Facebook Pages: class C. Its API knows no keys, so a post is found again by its words, pictures, author and moment.

What has no words nobody can tell from somebody else's: there a person looks.
Two acts with the very same words within minutes would be told as one; Facebook itself refuses such a double (its
error 506). Written to the public documentation of the Graph API; not run against the live service.
"""

from collections.abc import Mapping
from typing import Any

from clients.autonomy.vocabulary import ActionKind
from clients.channels.facebook.acts import ACTS, target_of
from clients.channels.graph import API, Graph, granted_to, id_in, oauth_for
from clients.channels.marks import same_words
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
from clients.channels.rules import outgoing_text
from clients.channels.secret import Secrets
from tenants.errors import Invalid

SCOPES = (
    "pages_show_list",
    "pages_read_engagement",
    "pages_read_user_content",
    "pages_manage_posts",
    "pages_manage_engagement",
)


class FacebookConnector:
    kind = "facebook"
    api = API
    fields = (SettingField("page"), SettingField("access_token", SettingType.SECRET))
    oauth = oauth_for(SCOPES)
    declares = Capabilities(
        kinds=frozenset(ACTS),
        idempotency=Idempotency.LOOK_UP,
        max_length=63_206,
        max_media=10,
        media_types=frozenset({"image/jpeg", "image/png", "image/gif"}),
        max_media_bytes=4_000_000,
        target_for=frozenset(ACTS) - {ActionKind.PUBLISH},
        gap_seconds=2.0,
        settle_seconds=60.0,
        pictures_stay=True,
        by_tail=True,
        proven=Proven.DOCUMENTATION,
    )

    def check_settings(self, settings: Mapping[str, Any], secret: Secrets) -> None:
        """The page's number, as its page shows it under 'About'."""
        if not settings["page"].isdigit():
            raise Invalid("not_a_number", "page")

    def send(self, outbound: Outbound, until: float) -> Sent:
        return ACTS[outbound.kind][0](self._page(outbound.settings, outbound.secret, until), outbound)

    def find(self, outbound: Outbound, until: float) -> Sent | None:
        return ACTS[outbound.kind][1](self._page(outbound.settings, outbound.secret, until), outbound)

    def look(self, outbound: Outbound, until: float) -> Seen:
        page = self._page(outbound.settings, outbound.secret, until)
        counts = "comments.summary(true).limit(0),reactions.summary(true).limit(0)"
        try:
            said = page.ask(target_of(outbound), fields=f"message,permalink_url,shares,{counts}")
        except SendFailed as failure:
            if failure.code != "target_gone":
                raise
            return Seen(SentState.GONE)
        words = outgoing_text(outbound.text, outbound.link if outbound.media else "")
        same = not outbound.text or same_words(str(said.get("message", "")), words)
        return Seen(
            SentState.PUBLISHED if same else SentState.EDITED,
            str(said.get("permalink_url", "")),
            replies=_count(said, "comments"),
            reactions=_count(said, "reactions"),
            shares=(said.get("shares") or {}).get("count"),
        )

    def check(self, settings: Mapping[str, Any], secret: Secrets, until: float) -> Account:
        """The page, and what the person who connected it has granted."""
        person = Graph(self.api, secret.reveal("access_token"), until)
        granted = granted_to(person)
        said = person.ask(settings["page"], fields="id,name,link")
        handle, url = said.get("name") or id_in(said), said.get("link") or ""
        return Account(str(handle), str(url), granted, tuple(scope for scope in SCOPES if scope not in granted))

    def _page(self, settings: Mapping[str, Any], secret: Secrets, until: float) -> Graph:
        """A page speaks with a token of its own, which the person's opens."""
        said = Graph(self.api, secret.reveal("access_token"), until).ask(settings["page"], fields="access_token")
        token = said.get("access_token")
        if not isinstance(token, str) or not token:
            raise SendFailed("scope_missing", permanent=True, maybe_sent=False)
        return Graph(self.api, token, until)


def _count(said: Mapping[str, Any], name: str) -> int | None:
    found = said.get(name)
    count = (found.get("summary") or {}).get("total_count") if isinstance(found, dict) else None
    return count if isinstance(count, int) else None


CONNECTOR = FacebookConnector()
