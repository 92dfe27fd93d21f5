"""Words for why a mention is the kind that Relais takes it for, and for what was learnt from corrections."""

from collections.abc import Iterable

from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from portal.wording import word
from portal.wording.triage import MENTION_KINDS

RULES = {
    "spam": _("words of advertising"),
    "links": _("many links"),
    "tags": _("many hashtags"),
    "boycott": _("a call for a boycott"),
    "danger": _("somebody harmed or in danger"),
    "law": _("police, courts or lawyers"),
    "leak": _("stolen or leaked data"),
    "provocation": _("insults or jeers"),
    "medium": _("it comes from a web feed"),
    "complaint": _("words of a complaint"),
    "idea": _("words of a proposal"),
    "question_mark": _("a question mark"),
    "question": _("words of a question"),
    "praise": _("words of praise"),
    "nothing_says": _("no word of our lists stands in it"),
    "words": _("words of earlier ones like it"),
}
PRIORITY = {
    **{code: label for code, (_tone, _icon, label) in MENTION_KINDS.items()},
    "sensitive": _("a topic that needs care"),
    "addressed": _("written to the brand"),
    "matched": _("several watched words"),
}
KEPT_OFF = {
    "off": ("calm", "pause", pgettext_lazy("learning", "switched off")),
    "no_better": ("wait", "pause", pgettext_lazy("learning", "on, but silent: no better than the rules")),
    "proposes": ("go", "check-circle", pgettext_lazy("learning", "on: it proposes")),
    "nothing": ("calm", "hourglass", pgettext_lazy("learning", "nothing learnt yet")),
}


def because(codes: Iterable[str]) -> list[str]:
    """The reasons of `Mention.kind_why`: 'rule' or 'rule: words of the author'."""
    return [_reason(*code.partition(": ")[::2]) for code in codes]


def priority_parts(parts: Iterable[str]) -> list[str]:
    """The parts of `Mention.priority_why`: 'what +n'."""
    return [f"{word(PRIORITY, part.partition(' ')[0])} {part.partition(' ')[2]}".rstrip() for part in parts]


def _reason(rule: str, said: str) -> str:
    if rule == "learnt" and said.isdecimal():
        count = int(said)
        return ngettext("learnt from %(count)d correction", "learnt from %(count)d corrections", count) % {
            "count": count
        }
    return __("%(rule)s (“%(words)s”)") % {"rule": word(RULES, rule), "words": said} if said else word(RULES, rule)
