"""The cards of the approvals page, with every string and address prepared: the page draws fifty of them at a time.

What most cards do not have (pictures, a wording of its own for a channel, a date) is drawn apart and only where it is there.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clients.items.models import Item
from clients.people.actor import Actor
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


def cards_of(actor: Actor, waiting: list[Item], names: dict[str, str], why: dict[UUID, str]) -> list[Card]:
    """In the order given. No queries: whatever is shown came with the items."""
    base = reverse("approvals")
    states = {state: badge_tag(badge(ITEM_STATES, state)) for state in {item.state for item in waiting}}
    return [_card(actor, item, names, why.get(item.pk, ""), base, states[item.state]) for item in waiting]


def _card(actor: Actor, item: Item, names: dict[str, str], why: str, base: str, state: SafeString) -> Card:
    assert item.version is not None
    content, may = item.version.content, answers_for(actor, item)
    return Card(
        id=item.pk.hex,
        url=reverse("item", args=[item.pk]),
        here=f"{base}{item.pk}/",
        digest=item.version.digest,
        title=item.title,
        meta=_meta(item, names),
        state=state,
        facts=_facts(item),
        body=format_html(BODY, _pictures(content), content["text"], _more(content, names), _notes(why, may.own)),
        approve=may.approve,
    )


def _meta(item: Item, names: dict[str, str]) -> str:
    """What it is, where and to whom it goes, and who wrote it: nobody says yes to somebody they were not shown."""
    assert item.version is not None
    content = item.version.content
    parts = (kind_word(item.kind), names_of(content["channels"], names), content["recipient"], item.author_name)
    return " · ".join(part for part in parts if part)


def _notes(why: str, own: bool) -> SafeString:
    sentences = [why, _("This is your own item: somebody else approves it.") if own else ""]
    return format_html_join("", NOTE, ((icon("info"), sentence) for sentence in sentences if sentence))


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


def _more(content: dict[str, Any], names: dict[str, str]) -> SafeString:
    if not content["variants"] and not content["link"]:
        return NOTHING
    others = [(names.get(channel, "?"), text) for channel, text in content["variants"].items()]
    return SafeString(render_to_string("components/approval_more.html", {"others": others, "link": content["link"]}))
