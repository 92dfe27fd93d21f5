"""Goals in the briefing, for people: figures by their names, numbers as the reader writes them, in the unit of their figure."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clients.briefings.goals import FIELD, Direction
from portal.brand.figures_rows import language
from portal.wording import word
from portal.wording.fields import GOAL_PERIODS
from reports.facts.definitions import DEFINITIONS
from reports.facts.goals import keys_for_goals
from reports.facts.shapes import Unit
from reports.kinds.charting import label_of
from reports.kinds.values import bound_text, value_text
from reports.rendering.typography import number
from tenants.errors import Invalid

SHOWN = ("figure", "value", "per", "since")
"""Columns that are read; the direction stands with the number."""
WHOLE = {"fr": r"[0-9]{1,3}(?: [0-9]{3})+|[0-9]+", "en": r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+"}
MARK = {"fr": ",", "en": "."}
HUNDREDTHS = 100
_SPACES = re.compile(r"[\s\u00a0\u2009\u202f]+")


def figure_choices(chosen: str) -> list[tuple[str, str, bool]]:
    """Every figure that may be a goal; what an older version chose beside them stays a choice."""
    keys = keys_for_goals()
    known = keys if not chosen or chosen in keys or _unit(chosen) is None else [*keys, chosen]
    return [("", _("Please choose"), not chosen), *((key, _with_unit(key), key == chosen) for key in known)]


def goals_shown(line: Mapping[str, str]) -> dict[str, str]:
    """One goal by `SHOWN`, in words. What is no goal any more (an erasure took a word) is shown as it stands."""
    unit = _unit(line["figure"])
    if unit is None or line["direction"] not in set(Direction) or not line["value"].isdecimal():
        return {column: line[column] for column in SHOWN}
    return {
        "figure": _label(line["figure"]),
        "value": bound_text(Direction(line["direction"]), value_text(int(line["value"]), unit, language())),
        "per": word(GOAL_PERIODS, line["per"]),
        "since": _since(line["since"]),
    }


def goals_written(lines: list[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """Stored goals as the form has them: numbers in the reader's notation, without their unit."""
    return [{**line, "value": _written(line)} for line in lines]


def goals_typed(changes: dict[str, Any]) -> dict[str, Any]:
    """Typed sections with the numbers of goals as they are kept. Raises Invalid('number_unreadable', 'goals.0.value')."""
    if FIELD not in changes:
        return changes
    lines = [{**line, "value": _kept(line, f"{FIELD}.{place}.value")} for place, line in enumerate(changes[FIELD])]
    return changes | {FIELD: lines}


def _kept(line: Mapping[str, str], field: str) -> str:
    text, is_share = _SPACES.sub(" ", line["value"]).strip(), _unit(line["figure"]) is Unit.SHARE
    if not text:
        return ""
    whole, mark = WHOLE[language()], re.escape(MARK[language()])
    part, sign = (rf"(?:{mark}(?P<part>[0-9]{{1,2}}))?", r" ?%?") if is_share else ("(?P<part>)", "")
    found = re.fullmatch(f"(?P<whole>{whole}){part}{sign}", text)
    if found is None:
        example = number(12.5, language(), 1) if is_share else number(1_234, language())
        raise Invalid("number_unreadable", field, example=example)
    digits = re.sub(r"[^0-9]", "", found["whole"])
    return str(int(digits) * HUNDREDTHS + int((found["part"] or "").ljust(2, "0"))) if is_share else str(int(digits))


def _written(line: Mapping[str, str]) -> str:
    unit, text = _unit(line["figure"]), line["value"]
    if unit is None or not text.isdecimal():
        return text
    if unit is not Unit.SHARE:
        return number(int(text), language())
    places = 0 if int(text) % HUNDREDTHS == 0 else 1 if int(text) % 10 == 0 else 2
    return number(int(text) / HUNDREDTHS, language(), places)


def _since(text: str) -> str:
    try:
        return date_format(date.fromisoformat(text), "DATE_FORMAT") if text else _("as soon as it is agreed")
    except ValueError:
        return text


def _label(key: str) -> str:
    code, *parts = key.split(";")
    pairs = [(name, value) for name, _sign, value in (part.partition("=") for part in parts)]
    return label_of(code, pairs, {})


def _with_unit(key: str) -> str:
    match _unit(key):
        case Unit.SHARE:
            unit = "%"
        case Unit.WORKING:
            unit = pgettext("goal", "working minutes")
        case Unit.DURATION:
            unit = pgettext("goal", "minutes")
        case _:
            return _label(key)
    return f"{_label(key)} ({unit})"


def _unit(key: str) -> Unit | None:
    definition = DEFINITIONS.get(key.partition(";")[0])
    return definition.unit if definition else None
