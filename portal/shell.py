"""The frame around every page: where one is, where one may go, and the brake. Built from the actor's role, without a query."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clients.people.actor import Actor
from clients.people.rules import Verb, may
from portal.links import BRAND, HUB, hub_url
from portal.wording import ROLES, word


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation; `thumb` ones stand in the bar at the bottom of a phone."""

    name: str
    icon: str
    word: str | Promise
    verb: Verb | None = None
    thumb: bool = False
    shown: Callable[[], bool] | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """An entry ready to draw."""

    url: str
    icon: str
    word: str
    thumb: bool
    current: bool


@dataclass(frozen=True, slots=True)
class Shell:
    """Everything that base.html draws around a page."""

    links: tuple[Link, ...]
    role: str
    may_stop: bool
    hub: str
    stop_url: str
    reads_crises: bool = False
    crisis_url: str = ""

    @property
    def thumbs(self) -> list[Link]:
        return [link for link in self.links if link.thumb]

    @property
    def others(self) -> list[Link]:
        return [link for link in self.links if not link.thumb]


BRAND_ENTRIES = (
    Entry("home", "home", _("Home"), thumb=True),
    Entry("approvals", "check-circle", _("Approvals"), Verb.ITEM_READ, thumb=True),
    Entry("items", "work", _("Items"), Verb.ITEM_READ, thumb=True),
    Entry("inbox", "comment", _("Inbox"), Verb.MENTION_READ),
    Entry("conversations", "people", _("Conversations"), Verb.CONVERSATION_READ),
    Entry("service", "clock", _("Service"), Verb.CONVERSATION_READ),
    Entry("insights", "flag", _("Insights"), Verb.INSIGHT_READ),
    Entry("figures", "work", _("Figures"), Verb.REPORT_READ),
    Entry("moderation", "shield", _("Moderation"), Verb.MENTION_READ),
    Entry("crisis", "alert", _("Crises"), Verb.CRISIS_READ),
    Entry("press", "book", _("Press review"), Verb.MENTION_READ),
    Entry("reports", "receipt", _("Reports"), Verb.REPORT_READ),
    Entry("calendar", "calendar", _("Calendar"), Verb.ITEM_READ),
    Entry("charter", "scroll", _("Charter"), Verb.ITEM_READ, thumb=True),
    Entry("asking", "settings", _("How we are asked"), Verb.ITEM_READ),
    Entry("receipts", "receipt", _("Receipts"), Verb.RECEIPTS_READ),
    Entry("briefing", "book", _("Briefing")),
    Entry("community", "hand", _("Members"), Verb.MEMBER_READ),
    Entry("channels", "channel", _("Channels"), Verb.ITEM_READ),
    Entry("sources", "book", _("Sources"), Verb.SOURCE_READ),
    Entry("people", "people", _("People"), Verb.ITEM_READ),
    Entry("stops", "stop", _("Stops"), Verb.ITEM_READ),
    Entry("look", "image", _("Look"), Verb.LOOK_SET),
    Entry("log", "clock", _("Log"), Verb.AUDIT_READ),
    Entry("disclosures", "out", _("What left"), Verb.DISCLOSURE_READ),
    Entry("keys", "lock", _("Keys"), Verb.KEY_READ),
    Entry("webhooks", "out", _("Webhooks"), Verb.WEBHOOK_READ),
    Entry("crm", "people", _("Customer systems"), Verb.CRM_READ),
    Entry("wall", "wall", _("Memory wall"), shown=lambda: settings.MODE == "development"),
)
HUB_ENTRIES = (
    Entry("hub", "work", _("My work"), thumb=True),
    Entry("hub_inbox", "comment", _("Inbox"), thumb=True),
    Entry("hub_conversations", "people", _("Conversations"), thumb=True),
    Entry("hub_reports", "receipt", _("Reports"), thumb=True),
    Entry("account", "person", _("My account"), thumb=True),
    Entry(
        "mailbox",
        "mail",
        _("Mailbox"),
        thumb=True,
        shown=lambda: getattr(settings, "MAILBOX_MESSAGES", None) is not None,
    ),
)


def shell_of(request: HttpRequest) -> Shell:
    """The shell of a brand's page for its actor, or of the hub."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return Shell(_links(request, HUB_ENTRIES, HUB, None), "", False, hub_url("hub"), "")
    return Shell(
        links=_links(request, BRAND_ENTRIES, BRAND, actor),
        role=word(ROLES, actor.role),
        may_stop=may(actor.role, Verb.BRAKE_STOP),
        hub=hub_url("hub"),
        stop_url=reverse("stops", urlconf=BRAND),
        reads_crises=may(actor.role, Verb.CRISIS_READ),
        crisis_url=reverse("crisis", urlconf=BRAND),
    )


def _links(request: HttpRequest, entries: tuple[Entry, ...], urlconf: str, actor: Actor | None) -> tuple[Link, ...]:
    drawn = []
    for entry in entries:
        allowed = entry.verb is None or actor is None or may(actor.role, entry.verb)
        if not allowed or (entry.shown and not entry.shown()):
            continue
        url = reverse(entry.name, urlconf=urlconf)
        here = request.path == url or (url != "/" and request.path.startswith(url))
        drawn.append(Link(url, entry.icon, str(entry.word), entry.thumb, here))
    return tuple(drawn)
