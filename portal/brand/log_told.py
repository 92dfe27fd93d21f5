"""What an entry of the log says beyond its verb, in words: how somebody came in, why their session ended, how often it failed."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.audit.models import Entry
from portal.wording import word
from portal.wording.coming import BESIDE, HOWS, WHYS
from portal.wording.openings import ENDINGS, part_of

Facts = dict[str, Any]


def told(entry: Entry) -> str:
    """'' where the verb says it all. Facts may be whatever raw SQL put there."""
    if entry.verb not in TOLD:
        return ""
    try:
        return TOLD[entry.verb](entry.facts)
    except (KeyError, TypeError, ValueError):
        return ""


def beside(entry: Entry) -> tuple[tuple[str, str], ...]:
    """What is personal of the line and still there, but the name of who acted."""
    found = getattr(entry, "beside", None) or {}
    return tuple(
        (word(BESIDE, name), spelled(value)) for name, value in sorted(found.items()) if name != "name" and value
    )


def spelled(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(spelled(one) for one in value)
    if isinstance(value, dict):
        return " ".join(spelled(one) for one in value.values())
    return str(value)


def _how(facts: Facts) -> str:
    return " + ".join(word(HOWS, how) for how in facts["how"])


def _why(facts: Facts) -> str:
    return word(WHYS, facts["why"]) if facts["why"] != "signed_out" else ""


def _failures(facts: Facts) -> str:
    count = int(facts["count"])
    said = ngettext("%(count)d attempt in an hour", "%(count)d attempts in an hour", count) % {"count": count}
    return f"{said}, {_('locked for a while')}" if facts["locked"] else said


def _page(facts: Facts) -> str:
    """Of a table that an operator read: which, and how much of it."""
    rows = int(facts["rows"])
    said = ngettext("%(table)s: %(rows)s row", "%(table)s: %(rows)s rows", rows)
    return said % {"table": f"{part_of(facts['table'])} ({facts['table']})", "rows": rows}


def _ending(facts: Facts) -> str:
    return word(ENDINGS, facts["how"])


TOLD: dict[str, Callable[[Facts], str]] = {
    "session.entered": _how,
    "session.proved": _how,
    "session.ended": _why,
    "sign_in.failed": _failures,
    "break_glass.read": _page,
    "break_glass.ended": _ending,
}
