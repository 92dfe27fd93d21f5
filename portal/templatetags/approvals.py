"""Fifty cards a page: the card's template is drawn once, with a mark for each value, and the marks are filled card by card."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

VALUES = ("id", "url", "here", "digest", "title", "meta", "state", "facts", "body")
# Neither can stand in a text that people wrote: contents with control characters are refused.
OPENS, CLOSES = "\x02", "\x03"


@register.simple_tag(takes_context=True)
def approval_cards(context: template.Context, cards: Sequence[Any]) -> SafeString:
    """All cards (`portal.brand.cards.Card`). Values are escaped as they are filled in; SafeStrings were drawn before."""
    patterns = {approve: _pattern(context, approve) for approve in {card.approve for card in cards}}
    return SafeString("".join(_filled(patterns[card.approve], card) for card in cards))


def _filled(pattern: str, card: Any) -> SafeString:
    return format_html(pattern, **{name: getattr(card, name) for name in VALUES})


def _pattern(context: template.Context, approve: bool) -> str:
    """The template with marks, as a format string. What comes later is only ever an argument to it, never a part of it."""
    marks = {name: f"{OPENS}{name}{CLOSES}" for name in VALUES} | {"approve": approve}
    drawn = render_to_string("components/approval_card.html", {"card": marks, "csrf_token": str(context["csrf_token"])})
    return drawn.replace("{", "{{").replace("}", "}}").replace(OPENS, "{").replace(CLOSES, "}")
