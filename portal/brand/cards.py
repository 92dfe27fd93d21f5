"""The cards of the approvals page, with every string and address prepared: the page draws fifty of them at a time.

What most cards do not have (pictures, a wording of its own for a channel, a date) is drawn apart and only where it is there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clients.channels.models import Channel
from clients.items.models import Item
from clients.people.actor import Actor
from portal.brand.added import added_sentences, added_to
from portal.brand.answers import answers_for
from portal.brand.rows import media_url, names_of, sensitivity_word
from portal.templatetags.portal import badge as badge_tag
from portal.templatetags.portal import icon
from portal.times import when
from portal.wording import ITEM_STATES, badge, kind_word

NOTHING = SafeString("")
BODY = '<div class="approval-body stack">{}<p class="approval-text">{}</p>{}</div>{}'
NOTE = '<p class="approval-why">{}<span>{}</span></p>'


@dataclass(frozen=True, slots=True)
class Card:
    """One item to answer. `here` is the address under which its answers lie; the SafeStrings are drawn already."""

    id: str
    url: str
    here: str
    digest: str
    title: str
    meta: str
    state: SafeString
    facts: SafeString
    body: SafeString
    approve: bool


class _Page:
    """What the cards of one page share: looked up once, however many cards ask."""

    def __init__(self, approvals: str, items: str, channels: dict[str, Channel]) -> None:
        self.approvals, self.items, self.channels = approvals, items, channels
        self.names = {channel_id: channel.name for channel_id, channel in channels.items()}
        self._kinds: dict[str, str] = {}
        self._notes: dict[tuple[str, bool], SafeString] = {}

    def kind(self, kind: str) -> str:
        if kind not in self._kinds:
            self._kinds[kind] = kind_word(kind)
        return self._kinds[kind]

    def notes(self, why: str, own: bool) -> SafeString:
        """Why it waits, and why one's own item has no button."""
        if (why, own) not in self._notes:
            sentences = [why, _("This is your own item: somebody else approves it.") if own else ""]
            drawn = format_html_join("", NOTE, ((icon("info"), sentence) for sentence in sentences if sentence))
            self._notes[why, own] = drawn
        return self._notes[why, own]


def cards_of(actor: Actor, waiting: list[Item], channels: dict[str, Channel], why: dict[UUID, str]) -> list[Card]:
    """In the order given. No queries: whatever is shown came with the items."""
    page = _Page(reverse("approvals"), reverse("items"), channels)
    states = {state: badge_tag(badge(ITEM_STATES, state)) for state in {item.state for item in waiting}}
    return [_card(actor, item, page, why.get(item.pk, ""), states[item.state]) for item in waiting]


def _card(actor: Actor, item: Item, page: _Page, why: str, state: SafeString) -> Card:
    assert item.version is not None
    content, may = item.version.content, answers_for(actor, item)
    return Card(
        id=item.pk.hex,
        url=f"{page.items}{item.pk}/",
        here=f"{page.approvals}{item.pk}/",
        digest=item.version.digest,
        title=item.title,
        meta=_meta(item, page),
        state=state,
        facts=_facts(item),
        body=format_html(BODY, _pictures(content), content["text"], _more(content, page), page.notes(why, may.own)),
        approve=may.approve,
    )


def _meta(item: Item, page: _Page) -> str:
    """What it is, where, to whom and about which post, and who wrote it: nobody says yes to what they were not shown."""
    assert item.version is not None
    content = item.version.content
    about = _("about %(post)s") % {"post": content["target"]} if content["target"] else ""
    where = names_of(content["channels"], page.names)
    parts = (page.kind(item.kind), where, content["recipient"], about, item.author_name)
    return " · ".join(part for part in parts if part)


def _facts(item: Item) -> SafeString:
    sensitivity, moment = sensitivity_word(item.sensitivity), when(item.not_before)
    if not sensitivity and not moment:
        return NOTHING
    return SafeString(render_to_string("components/approval_facts.html", {"sensitivity": sensitivity, "when": moment}))


def _pictures(content: dict[str, Any]) -> SafeString:
    if not content["media"]:
        return NOTHING
    pictures = [(media_url(m["digest"]), m["alt"]) for m in content["media"]]
    return SafeString(render_to_string("components/approval_pictures.html", {"pictures": pictures}))


def _more(content: dict[str, Any], page: _Page) -> SafeString:
    parts, comment, added = content.get("parts", ()), content.get("first_comment", ""), list(_added(content, page))
    if not (content["variants"] or content["link"] or parts or comment or added):
        return NOTHING
    others = [(page.names.get(channel, "?"), text) for channel, text in content["variants"].items()]
    more = {"others": others, "link": content["link"], "parts": parts, "comment": comment, "added": added}
    return SafeString(render_to_string("components/approval_more.html", more))


def _added(content: dict[str, Any], page: _Page) -> Iterator[tuple[str, str]]:
    """(channel, sentence): what readers will see there that nobody wrote."""
    for channel in filter(None, map(page.channels.get, content["channels"])):
        text = content["variants"].get(str(channel.pk), content["text"])
        rest = {name: content[name] for name in ("kind", "title", "link", "recipient")}
        for sentence in added_sentences(added_to(channel, text=text, **rest)):
            yield channel.name, sentence
