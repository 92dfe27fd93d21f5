"""Why a text does, or does not, match what the brand approved in advance: one sentence for each criterion."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from clients.approvals.rules import SLOT

HOLDS = {
    "kind": _("The action is the one that was approved: %(wanted)s."),
    "sensitivity": _("The sensitivity is the one that was approved: %(wanted)s."),
    "channel": _("The channel is covered: %(wanted)s."),
    "title": _("The title fits, or there is none."),
    "text": _("The text is the approved one, with its slots filled."),
    "link": _("The link is allowed, or there is none."),
    "media": _("Pictures are allowed, or there is none."),
    "ended": _("Its last day is not past."),
    "used_up": _("It may still be used."),
}

MISSES = {
    "kind": _("The action is another one: “%(given)s” instead of “%(wanted)s”."),
    "sensitivity": _("The sensitivity is another one: “%(given)s” instead of “%(wanted)s”."),
    "channel": _("The channel %(given)s is not covered, only: %(wanted)s."),
    "title": _("The title does not fit the approved one: “%(wanted)s”."),
    "title_none": _("There is a title, and none was approved."),
    "text_words": _("These approved words are not in the text exactly so: “%(missing)s”."),
    "text_slots": _(
        "The words are there, but not in their order, or a slot is filled wrongly: "
        "each takes 1 to 80 characters of one line, without a link or an address."
    ),
    "link": _("The link leads to another host than these: %(wanted)s."),
    "link_none": _("There is a link, and none was approved."),
    "media": _("There is a picture, and none was approved."),
    "ended": _("Its last day is past: %(wanted)s."),
    "used_up": _("It has been used as often as it allowed."),
}

Facts = Mapping[str, str]


def holds_sentence(code: str, facts: Facts) -> str:
    return str(HOLDS[code]) % facts


def misses_sentence(code: str, facts: Facts) -> str:
    """`facts`: what was wanted and what was given, as the reader knows them."""
    if code == "text":
        missing = words_missing(facts["wanted"], facts["given"])
        return str(MISSES["text_words" if missing else "text_slots"]) % {"missing": " … ".join(missing)}
    if code in ("title", "link") and not facts["wanted"]:
        code = f"{code}_none"
    return str(MISSES[code]) % facts


def words_missing(template: str, text: str) -> list[str]:
    """The pieces between the slots that the text does not have at all."""
    return [part.strip() for part in SLOT.split(template) if part.strip() and part not in text]
