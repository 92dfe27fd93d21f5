"""Trying a text on a standing approval: each criterion with the sentence that says why it holds or does not. Sends nothing."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.formats import date_format

from clients.approvals.rules import Template, mismatches
from clients.autonomy.vocabulary import ActionKind, Sensitivity
from clients.items.content import Content, MediaRef
from portal.brand.rows import names_of
from portal.wording import SENSITIVITIES, kind_word, word
from portal.wording.standing import HOLDS, holds_sentence, misses_sentence
from tenants.errors import Invalid

A_PICTURE = MediaRef("0" * 64, "")
"""Stands for any picture: a standing approval asks only whether there is one."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion, and what it says of the text."""

    holds: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """Everything a standing approval says of one content on one channel."""

    criteria: tuple[Criterion, ...]

    @property
    def matches(self) -> bool:
        return all(criterion.holds for criterion in self.criteria)


def content_typed(posted: QueryDict) -> Content:
    """What was typed to be tried. Raises Invalid('unknown_kind'|'unknown_sensitivity'|'channel_missing', field)."""
    channel = posted.get("channel", "")
    if not channel:
        raise Invalid("channel_missing", "channel")
    return Content(
        kind=_known(ActionKind, posted.get("kind", ""), "kind"),
        channels=(channel,),
        text=posted.get("text", "").replace("\r\n", "\n"),
        sensitivity=_known(Sensitivity, posted.get("sensitivity", ""), "sensitivity"),
        title=posted.get("title", ""),
        link=posted.get("link", "").strip(),
        media=(A_PICTURE,) if posted.get("media") else (),
    )


def attempt(template: Template, content: Content, names: dict[str, str], today: date) -> Attempt:
    """What does not fit first: that is what the reader came for."""
    (channel,) = content.channels
    missed = mismatches(template, content, channel, today)
    facts = _facts(template, content, names)
    wrong = (Criterion(False, misses_sentence(code, facts[code])) for code in missed)
    right = (Criterion(True, holds_sentence(code, facts[code])) for code in HOLDS if code not in missed)
    return Attempt((*wrong, *right))


def _facts(template: Template, content: Content, names: dict[str, str]) -> dict[str, dict[str, str]]:
    covered = names_of(template.channels, names) if template.channels else names_of(content.channels, names)
    pairs = {
        "kind": (kind_word(template.kind), kind_word(content.kind)),
        "sensitivity": (word(SENSITIVITIES, template.sensitivity), word(SENSITIVITIES, content.sensitivity)),
        "channel": (covered, names_of(content.channels, names)),
        "title": (template.subject, content.title),
        "text": (template.text, content.text),
        "link": (", ".join(template.link_hosts), content.link),
        "media": ("", ""),
        "ended": (date_format(template.until, "DATE_FORMAT") if template.until else "", ""),
        "used_up": ("", ""),
    }
    return {code: {"wanted": wanted, "given": given} for code, (wanted, given) in pairs.items()}


def _known(words: Any, value: str, name: str) -> Any:
    try:
        return words(value)
    except ValueError:
        raise Invalid(f"unknown_{name}", name) from None
