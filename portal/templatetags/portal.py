"""The few marks that every page repeats: icons, levels, badges. Each is one format call, for lists draw hundreds."""

from functools import cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from portal.failures import Failure
from portal.shell import Shell, shell_of
from portal.wording import Badge, level_word

register = template.Library()

SPRITE = "portal/icons.svg"
STEPS = 6
PALETTE = 8


@register.simple_tag(takes_context=True)
def shell(context: template.Context) -> Shell:
    """The frame of the page, for our own pages and for allauth's alike."""
    return shell_of(context["request"])


@register.simple_tag
@cache  # no brand in it: a name, a size, an address of ours
def icon(name: str, size: str = "") -> SafeString:
    """A decorative icon: the word beside it carries the meaning."""
    css = f"icon icon-{size}" if size else "icon"
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', css, static(SPRITE), name)


@register.simple_tag
def badge(state: Badge) -> SafeString:
    return format_html('<span class="badge badge-{}">{}{}</span>', state.tone, icon(state.icon), state.word)


@register.simple_tag
def short_badge(state: Badge, short: str) -> SafeString:
    """A badge where a line is narrow: one short word to the eye, the whole one to the ear and under the pointer."""
    return format_html(
        '<span class="badge badge-{} badge-short" title="{}">{}<span aria-hidden="true">{}</span>'
        '<span class="visually-hidden">{}</span></span>',
        state.tone, state.word, icon(state.icon), short, state.word,
    )  # fmt: skip


@register.simple_tag
def level(number: int) -> SafeString:
    """The meter of seven steps: bars, number and word."""
    bars = mark_safe("".join(f"<i{_on(step, number)}></i>" for step in range(1, STEPS + 1)))  # noqa: S308  numbers only
    return format_html(
        '<span class="level"><span class="level-bars" aria-hidden="true">{}</span><span>{} {}</span></span>',
        bars, number, level_word(number),
    )  # fmt: skip


@register.simple_tag
def tile(name: str, key: object = "", size: str = "") -> SafeString:
    """The square with a brand's initial; the colour follows the brand, so that one learns to see where one is."""
    shade = sum(str(key or name).encode()) % PALETTE
    css = f"tile tile-{shade}" + (f" tile-{size}" if size else "")
    return format_html('<span class="{}" aria-hidden="true">{}</span>', css, (name or "?")[0].upper())


@register.simple_tag(takes_context=True)
def wrong(context: template.Context, *fields: str) -> SafeString:
    """Attributes of the control that a refusal is about: marked, and described by what `why_wrong` says beside it."""
    if _refused(context, fields) is None:
        return mark_safe("")
    return format_html(' aria-invalid="true" aria-describedby="wrong-{}"', fields[0])


@register.simple_tag(takes_context=True)
def why_wrong(context: template.Context, *fields: str) -> SafeString:
    """Beside a control: what a refusal says of it. `fields`: the name of the control, and whatever else refusals call it."""
    failure = _refused(context, fields)
    if failure is None:
        return mark_safe("")
    return format_html('<p class="field-error" id="wrong-{}">{} {}</p>', fields[0], icon("alert"), failure.sentence)


def _refused(context: template.Context, fields: tuple[str, ...]) -> Failure | None:
    failure = context.get("failure")
    return failure if isinstance(failure, Failure) and failure.field in fields else None


def _on(step: int, number: int) -> str:
    return ' class="on"' if step <= number else ""
