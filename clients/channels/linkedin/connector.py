"""LinkedIn pages: class C. Its API knows no keys, so a post is found again by its words, pictures, author and moment.

Two acts with the very same words within minutes would be told as one; LinkedIn itself refuses such a double (its
DUPLICATE_POST). Written to the public documentation of the Posts API; not run against the live service.
"""

from collections.abc import Mapping
from typing import Any

from clients.autonomy.vocabulary import ActionKind
from clients.channels.linkedin.acts import ACTS, post_at, target_of, words_of
from clients.channels.linkedin.rest import Rest, little_text
from clients.channels.marks import same_words
from clients.channels.port import (
    Account,
    Capabilities,
    Idempotency,
    OAuth,
    Outbound,
    Proven,
    Seen,
    Sent,
    SentState,
    SettingField,
    SettingType,
)
from clients.channels.secret import Secrets
from tenants.errors import Invalid

SCOPES = ("r_organization_social", "w_organization_social", "rw_organization_admin")


class LinkedInConnector:
    kind = "linkedin"
    api = "https://api.linkedin.com/rest"
    domains = ("linkedin.com",)
    fields = (SettingField("organization"), SettingField("access_token", SettingType.SECRET))
    oauth = OAuth(
        authorize="https://www.linkedin.com/oauth/v2/authorization",
        token="https://www.linkedin.com/oauth/v2/accessToken",  # noqa: S106 - an address
        revoke="https://www.linkedin.com/oauth/v2/revoke",
        scopes=SCOPES,
        client="linkedin",
    )
    declares = Capabilities(
        kinds=frozenset(ACTS),
        idempotency=Idempotency.LOOK_UP,
        max_length=3000,
        max_media=20,
        media_types=frozenset({"image/jpeg", "image/png", "image/gif"}),
        max_media_bytes=8_000_000,
        max_media_pixels=36_000_000,
        max_alt=4000,
        target_for=frozenset(ACTS) - {ActionKind.PUBLISH},
        gap_seconds=2.0,
        settle_seconds=60.0,
        pictures_stay=True,
        proven=Proven.DOCUMENTATION,
    )

    def check_settings(self, settings: Mapping[str, Any], secret: Secrets) -> None:
        """The page's number, as it stands in the address of its administration."""
        if not settings["organization"].isdigit():
            raise Invalid("not_a_number", "organization")

    def send(self, outbound: Outbound, until: float) -> Sent:
        return ACTS[outbound.kind][0](self._rest(outbound.secret, until), outbound)

    def find(self, outbound: Outbound, until: float) -> Sent | None:
        return ACTS[outbound.kind][1](self._rest(outbound.secret, until), outbound)

    def look(self, outbound: Outbound, until: float) -> Seen:
        """Whether it is still there, and with our words. Its counts stand in another product of LinkedIn's."""
        said = post_at(self._rest(outbound.secret, until), target_of(outbound))
        if said is None:
            return Seen(SentState.GONE)
        same = not outbound.text or same_words(str(said.get("commentary", "")), little_text(words_of(outbound)))
        return Seen(SentState.PUBLISHED if same else SentState.EDITED)

    def check(self, settings: Mapping[str, Any], secret: Secrets, until: float) -> Account:
        """The page. LinkedIn does not tell here what was granted: whoever may not see the page gets a refusal."""
        said = self._rest(secret, until).ask(f"organizations/{settings['organization']}")
        vanity, name = said.get("vanityName"), said.get("localizedName") or settings["organization"]
        return Account(str(name), f"https://www.linkedin.com/company/{vanity}" if vanity else "")

    def _rest(self, secret: Secrets, until: float) -> Rest:
        return Rest(self.api, secret.reveal("access_token"), until, self.domains)


CONNECTOR = LinkedInConnector()
