"""A charter read aloud: the sentences of `clients.mandates.sentences` in words."""

from collections.abc import Iterable, Mapping

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from clients.mandates.sentences import OTHERS, Sentence
from portal.times import clock_of
from portal.wording.acts import KINDS, LEVELS, SENSITIVITIES, WEEKDAYS

GRANTS = {
    "grant.0": gettext_lazy("%(kind)s on %(channel)s is closed."),
    "grant.1": gettext_lazy("%(kind)s on %(channel)s: the agency prepares, the brand performs."),
    "grant.2": gettext_lazy("%(kind)s on %(channel)s needs the brand’s approval, item by item."),
    "grant.3": gettext_lazy(
        "%(kind)s on %(channel)s goes out where it matches a standing approval; the rest needs approval."
    ),
    "grant.4": gettext_lazy("%(kind)s on %(channel)s goes out unless the brand vetoes it in time."),
    "grant.5": gettext_lazy("%(kind)s on %(channel)s goes out at once, and the brand is told at once."),
    "grant.6": gettext_lazy("%(kind)s on %(channel)s goes out at once, and stands in the weekly report."),
}
CHANGES = {
    "change.raises": gettext_lazy("%(kind)s on %(channel)s: from “%(before)s” to “%(after)s”. This permits more."),
    "change.lowers": gettext_lazy("%(kind)s on %(channel)s: from “%(before)s” to “%(after)s”. This permits less."),
    "change.shifts": gettext_lazy(
        "%(kind)s on %(channel)s: from “%(before)s” to “%(after)s”. More in one respect, less in another."
    ),
}
SAME_LEVEL = {
    "change.raises": gettext_lazy(
        "%(kind)s on %(channel)s stays at “%(after)s”, with other limits. This permits more."
    ),
    "change.lowers": gettext_lazy(
        "%(kind)s on %(channel)s stays at “%(after)s”, with other limits. This permits less."
    ),
    "change.shifts": gettext_lazy(
        "%(kind)s on %(channel)s stays at “%(after)s”, with other limits. More in one respect, less in another."
    ),
}
WORKDAYS, WEEK = (0, 1, 2, 3, 4), (0, 1, 2, 3, 4, 5, 6)


def charter_sentence(sentence: Sentence, channels: Mapping[str, str]) -> str:
    """One grant as a sentence, with its sensitivity where it is not routine, and its limits."""
    slots = sentence.slots
    words = {"kind": capfirst(_kind(slots["kind"])), "channel": _channel(slots["channel"], channels)}
    return _and_limits(_if_sensitive(str(GRANTS[sentence.code]) % words, slots["sensitivity"]), sentence.limits)


def change_sentence(sentence: Sentence, channels: Mapping[str, str]) -> str:
    """One change between two versions; where the limits change, those before and those after it."""
    slots = sentence.slots
    told = SAME_LEVEL if slots["before"] == slots["after"] else CHANGES
    words = {
        "kind": capfirst(joined(_kind(kind) for kind in slots["kinds"])),
        "channel": joined(_channel(channel, channels) for channel in slots["channels"]),
        "before": LEVELS[str(slots["before"])],
        "after": LEVELS[str(slots["after"])],
    }
    said = _if_sensitive(str(told[sentence.code]) % words, slots["sensitivity"])
    was, limits = tuple(slots["was"]), sentence.limits
    if was == limits:
        return _and_limits(said, limits)
    facts = {"sentence": said, "was": _phrases(was), "limits": _phrases(limits)}
    return _("%(sentence)s Limits before: %(was)s. Limits after: %(limits)s.") % facts


def limit_phrase(limit: Sentence) -> str:
    """One limit: 'on weekdays from 9:00 to 18:00'."""
    slots = limit.slots
    if limit.code == "limit.hours":
        words = {"days": _days(slots["weekdays"]), "start": clock_of(slots["start"]), "end": clock_of(slots["end"])}
        return _("%(days)s from %(start)s to %(end)s") % words
    if limit.code == "limit.daily_cap":
        return ngettext("at most %(count)d a day", "at most %(count)d a day", slots["count"]) % slots
    return _("until %(day)s") % {"day": date_format(slots["day"], "j F Y")}


def joined(words: Iterable[str]) -> str:
    """'a, b and c'."""
    found = list(words)
    if len(found) < 2:
        return "".join(found)
    return _("%(list)s and %(last)s") % {"list": ", ".join(found[:-1]), "last": found[-1]}


def _if_sensitive(sentence: str, sensitivity: str) -> str:
    if sensitivity == "routine":
        return sentence
    words = {"sensitivity": SENSITIVITIES[sensitivity], "sentence": sentence[:1].lower() + sentence[1:]}
    return _("If %(sensitivity)s: %(sentence)s") % words


def _and_limits(sentence: str, limits: tuple[Sentence, ...]) -> str:
    if not limits:
        return sentence
    return _("%(sentence)s Limits: %(limits)s.") % {"sentence": sentence, "limits": _phrases(limits)}


def _phrases(limits: tuple[Sentence, ...]) -> str:
    return ", ".join(limit_phrase(limit) for limit in limits) or pgettext("limits of a line of the charter", "none")


def _kind(kind: str) -> str:
    return str(KINDS.get(kind, kind))


def _channel(channel: str, names: Mapping[str, str]) -> str:
    if channel == OTHERS:
        return _("every other channel")
    return names.get(channel, "?") if channel else _("every channel")


def _days(weekdays: tuple[int, ...]) -> str:
    if weekdays == WORKDAYS:
        return _("on weekdays")
    if weekdays == WEEK:
        return _("every day")
    return joined(str(WEEKDAYS[str(day)]).lower() for day in weekdays)
