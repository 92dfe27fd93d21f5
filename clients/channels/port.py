"""The port: what every channel looks like from inside, whatever stands behind it. A connector is written against this.

Types only: no Django, no clock, no network. Who calls a connector, how long it may take and what happens when it breaks
is in `delivery`; which connectors there are is in `registry`; how to write one is in docs/recipes/add-a-channel.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple, Protocol, runtime_checkable
from uuid import UUID

from clients.autonomy.vocabulary import ActionKind
from clients.channels.secret import NO_SECRETS, Secrets

# INVARIANT: no call to the outside outlasts this. The gate holds locks while it sends, and a stop waits for them.
LONGEST_CALL_SECONDS = 15.0


class Idempotency(StrEnum):
    """What makes a repeat harmless, and so what a worker does with an act whose outcome a crash has hidden."""

    REMOTE_KEY = "A"  # the network knows our key: send again
    TWO_PHASE = "B"  # resume from the stored remote draft
    LOOK_UP = "C"  # wait longer than the deadline, look for our marker, then decide
    NONE = "D"  # uncertain: a person decides, never sent again by itself


class Counting(StrEnum):
    """In what a network counts the length of a text."""

    CODE_POINTS = "code_points"
    GRAPHEMES = "graphemes"
    UTF16 = "utf16"
    UTF8 = "utf8"


class SentState(StrEnum):
    """Different truths that must not be told as one: seen by the public, taken over, put in a queue there, gone again."""

    PUBLISHED = "published"
    ACCEPTED = "accepted"
    QUEUED = "queued"  # waits for somebody's moderation there
    SCHEDULED = "scheduled"
    EDITED = "edited"  # seen by the public with other words than ours
    GONE = "gone"


class Proven(StrEnum):
    """Against what a connector was run: told in the docs and on the page where the brand connects one."""

    REAL_SERVER = "real_server"  # its contract passes against the real program on loopback
    DOCUMENTATION = "documentation"  # written to the public documentation; never run against the live service


class SelfTest(StrEnum):
    """What a test over a channel does, so that nobody but the brand sees any of it."""

    MAIL = "mail"  # to the address of whoever asks for it
    DRAFT = "draft"  # made and deleted again
    MESSAGE = "message"  # that only the account itself sees, and taken back


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a connector says about its network. The limits are the network's; 0 means: none of it at all."""

    kinds: frozenset[ActionKind]
    idempotency: Idempotency
    performed_by_person: bool = False
    max_length: int = 0
    max_caption: int = 0  # where a text beside pictures must be shorter; 0: it need not
    counting: Counting = Counting.CODE_POINTS
    link_weight: int | None = None  # what every URL counts for where the network shortens them; None: its own length
    max_title: int = 0
    title_required_for: frozenset[ActionKind] = frozenset()  # kinds that cannot go without one
    max_media: int = 0
    media_types: frozenset[str] = frozenset()
    max_media_bytes: int = 0
    max_media_pixels: int = 0
    alt_text_required: bool = True
    max_alt: int = 1500
    recipient_for: frozenset[ActionKind] = frozenset()  # kinds that go to one person and need their handle
    target_for: frozenset[ActionKind] = frozenset()  # kinds that concern a remote post and need its id
    min_media: int = 0  # pictures without which nothing is published there
    fetches_media: bool = (
        False  # class B: the network fetches the pictures itself, from addresses that the gate lends it
    )
    max_hashtags: int = 0  # where the network limits them; 0: it does not
    looked_for: frozenset[ActionKind] = (
        frozenset()
    )  # kinds of class C on a network of class B: they have no draft there
    max_bytes: int = 0  # where the network limits the UTF-8 bytes of a text besides its length; 0: it does not
    max_parts: int = 1  # posts of a thread, the first included
    first_comment: bool = False  # can put a comment of ours under a new post
    pictures_stay: bool = False  # a correction changes the words alone
    tells_the_named: bool = (
        False  # a direct message goes to everybody whom its text names with an @, and to nobody else
    )
    at_home: str = ""  # the setting at whose host members are called with or without their domain; '': one name alone
    by_tail: bool = False  # '12_34' and '34' are one thing there: its id with and without that of the post before it
    by_mail: bool = False  # its remote ids are those of mails: what comes back names them
    gap_seconds: float = 0.0  # politeness: from one post over a channel to the next
    settle_seconds: float = 0.0  # class C: how long after a call the look-up may still be blind
    self_test: SelfTest | None = None  # None: nothing can be tried there that others would not see
    proven: Proven = Proven.REAL_SERVER
    deadline_seconds: float = LONGEST_CALL_SECONDS

    def __post_init__(self) -> None:
        if not 0 < self.deadline_seconds <= LONGEST_CALL_SECONDS:
            raise ValueError("deadline_out_of_range")
        if (self.fetches_media or self.looked_for) and self.idempotency is not Idempotency.TWO_PHASE:
            raise ValueError("only_with_drafts")

    def idempotency_of(self, kind: ActionKind) -> Idempotency:
        """What makes a repeat of this very kind of act harmless."""
        return Idempotency.LOOK_UP if kind in self.looked_for else self.idempotency


class SettingType(StrEnum):
    """What kind of value a setting holds; the page draws its input from it, `rules.clean_settings` checks it."""

    TEXT = "text"
    HOST = "host"
    SITE = "site"  # where a server speaks HTTP: scheme, host, port and path, without the last slash
    NUMBER = "number"
    CHOICE = "choice"
    ADDRESS = "address"
    ADDRESSES = "addresses"
    SECRET = "secret"  # noqa: S105 - goes to the vault, never to the settings, never back to a page


@dataclass(frozen=True, slots=True)
class SettingField:
    """One setting that a brand fills in to connect a channel of this kind."""

    name: str
    type: SettingType = SettingType.TEXT
    required: bool = True
    default: Any = None
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuth:
    """How a network hands out tokens for an account. A connector that has such a network declares it as `oauth`.

    `{name}` in an address stands for the setting of that name. The tokens arrive among the channel's secrets as
    `access_token` and, where there is one, `refresh_token`. `client` names the installation's own registration with the
    network (`settings.OAUTH_CLIENTS`); a network with a `register` address needs none.
    """

    authorize: str
    token: str
    scopes: tuple[str, ...]
    revoke: str = ""
    register: str = ""
    client: str = ""
    between: str = " "  # what stands between two scopes
    extra: tuple[tuple[str, str], ...] = ()  # further parameters of the authorize address
    prolong: str = ""  # the grant that makes a token for hours into one for months, where there is one (Meta)


class MediaFile(NamedTuple):
    """A picture as it goes out: already inspected and cleaned by `media`.

    `url`: where the network may fetch these very bytes for a short while, for connectors that declare `fetches_media`.
    """

    data: bytes
    mime: str
    alt: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    """One act on its way to one channel: plain values, so that a connector needs nothing else from the house.

    `key` is the idempotency key: the same act has the same key and the same `moment` for ever, so that a network which
    lets us name our posts can be given the same name again. `target` is the remote id of what is answered, corrected,
    hidden or deleted. The repr names the act and never its content, because it ends in logs.
    """

    key: str
    kind: ActionKind
    brand_id: UUID
    channel_id: UUID
    text: str = field(default="", repr=False)
    title: str = field(default="", repr=False)
    link: str = field(default="", repr=False)
    media: tuple[MediaFile, ...] = field(default=(), repr=False)
    recipient: str | None = field(default=None, repr=False)
    target: str | None = field(default=None, repr=False)
    settings: Mapping[str, Any] = field(default_factory=dict, repr=False)
    secret: Secrets = field(default=NO_SECRETS, repr=False)
    parts: tuple[str, ...] = field(default=(), repr=False)  # what follows `text` in a thread, post by post
    first_comment: str = field(default="", repr=False)
    references: tuple[str, ...] = field(
        default=(), repr=False
    )  # remote ids of the thread up to `target`, the first one first
    draft: str = field(default="", repr=False)  # class B: the remote draft that `prepare` made
    moment: datetime = field(default=datetime(2026, 1, 1, tzinfo=UTC), repr=False)  # when the act was first to leave
    begun: datetime | None = (
        None  # an earlier call of this act may have had its effect, not before then; None: there is none
    )

    def __post_init__(self) -> None:
        if not self.key or len(self.key) > 200:
            raise ValueError("key_out_of_range")


@dataclass(frozen=True, slots=True)
class RecipientRefused:
    """One of several recipients that the network did not take, while it took the others."""

    recipient: str
    status: int
    permanent: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """What the network answered. `refused` names the recipients it did not take: they are not sent to again."""

    remote_id: str
    url: str = ""
    state: SentState = SentState.PUBLISHED
    refused: tuple[RecipientRefused, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """A post of ours as its network shows it now. A count that the network does not tell is None, never 0."""

    state: SentState
    url: str = ""
    replies: int | None = None
    reactions: int | None = None
    shares: int | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """Who a credential opens: what the network says of it when a channel is connected and whenever it is checked.

    `missing` names the scopes that we need and do not have; `expires_at` is when the credential ends by itself.
    """

    handle: str
    url: str = ""
    scopes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What somebody wrote for one channel, before it is an act: as far as it decides what is added to it."""

    kind: ActionKind
    text: str = field(default="", repr=False)
    title: str = field(default="", repr=False)
    link: str = field(default="", repr=False)
    recipient: str = field(default="", repr=False)
    settings: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What readers will see that nobody wrote. Whoever approves is shown it.

    INVARIANT: it follows from the content and from the settings of its channel alone, so the yes to a digest is a yes to
    it too: the digest holds the content and the channel's id. `author_named`: where the text names them nowhere, a mention
    stands before it of whoever wrote the post that is answered; who that is only the network knows.
    """

    before: str = ""
    title: str = ""
    tags: tuple[str, ...] = ()
    author_named: bool = False


class SendFailed(Exception):
    """The one error of a connector. Never carries the network's words: those may repeat a credential or the content.

    `permanent`: a repeat cannot help. `maybe_sent`: the effect may have happened all the same, and only the connector's
    idempotency class says what may be done next. `status` is the network's number, such as 550. `retry_at`: not before
    then, because the network said so; it counts for every act over the channel.
    """

    def __init__(
        self,
        code: str,
        permanent: bool,
        maybe_sent: bool,
        status: int | None = None,
        retry_at: datetime | None = None,
    ) -> None:
        super().__init__(code, permanent, maybe_sent, status, retry_at)
        self.code = code
        self.permanent = permanent
        self.maybe_sent = maybe_sent
        self.status = status
        self.retry_at = retry_at

    def __str__(self) -> str:
        return self.code


class Connector(Protocol):
    """One network. Stateless: everything it needs stands in the Outbound.

    `send` and `find` run in a thread of their own, with no transaction of ours around them, and must give up at `until`
    (of time.monotonic) so that nothing leaves afterwards. They raise SendFailed and nothing else.
    """

    kind: ClassVar[str]
    declares: ClassVar[Capabilities]
    fields: ClassVar[tuple[SettingField, ...]]

    def check_settings(self, settings: Mapping[str, Any], secret: Secrets) -> None:
        """Raises Invalid(code, field) for what no single field can know."""

    def send(self, outbound: Outbound, until: float) -> Sent:
        """Make the effect. With class A, the same key again gives the first answer and no second effect."""

    def find(self, outbound: Outbound, until: float) -> Sent | None:
        """The effect of this key as the network shows it, or None. Class D cannot know and raises SendFailed."""


@runtime_checkable
class Prepares(Protocol):
    """Class B: first a remote draft that nobody sees, then `send` makes it public. Both may be repeated."""

    def prepare(self, outbound: Outbound, until: float) -> str:
        """The id of the remote draft; looks for the draft of this key first where the network can tell of one, or makes
        another that nobody sees. Never `maybe_sent`: a draft is no effect."""


@runtime_checkable
class Looks(Protocol):
    """A network that shows what became of a post."""

    def look(self, outbound: Outbound, until: float) -> Seen:
        """The post whose remote id is `outbound.target`, compared with `outbound.text` where the network keeps texts."""


@runtime_checkable
class Adds(Protocol):
    """A network that is given more than was written: a mention, a title, tags."""

    def adds(self, written: Written) -> Added:
        """Pure: no network is asked. INVARIANT: `send` adds this and nothing else that readers see."""


@runtime_checkable
class Named(Protocol):
    """A connector whose credential says whose it is, without any network."""

    def handle_of(self, secret: Secrets) -> str:
        """What may be shown of it to tell one channel from another; '' where it says nothing."""


@runtime_checkable
class Checks(Protocol):
    """A network that says whom a credential opens, without any effect that others could see."""

    def check(self, settings: Mapping[str, Any], secret: Secrets, until: float) -> Account:
        """The account. Raises SendFailed, with a code of FAILURES_OF_THE_CHANNEL where a person must repair it."""


@runtime_checkable
class SelfTests(Protocol):
    """A network on which something can be sent that nobody but the brand sees; what it is stands in `declares.self_test`."""

    def self_test(self, outbound: Outbound, until: float) -> None:
        """Send the house's own words, to `outbound.recipient` and nobody else, and take back what can be taken back.

        Raises SendFailed, 'test_left_behind' where something stands there that could not be deleted.
        """
