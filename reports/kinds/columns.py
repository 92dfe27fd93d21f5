"""Columns of listings: what each is called, how its cells are written, and how much room it wants."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from reports.facts.shapes import Cell, Listing
from reports.kinds.handed import DEPARTMENTS
from reports.kinds.objects import objects_text
from reports.kinds.reading import Reading
from reports.kinds.words import Word, value_word, word
from reports.rendering.typography import day, moment, number

NOTHING, BEGUN = "\u2013", 80
RRULE_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES: Mapping[str, Word] = {
    "DAILY": pgettext_lazy("report", "daily"),
    "WEEKLY": pgettext_lazy("report", "weekly"),
    "MONTHLY": pgettext_lazy("report", "monthly"),
}


class Form(StrEnum):
    """What the cells of a column are."""

    TEXT = "text"
    NUMBER = "number"
    MOMENT = "moment"
    DAY = "day"
    DATE = "date"  # a day with its year
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Kept:
    """A column. `weight` is its share of the width; `of`: the dimension that its codes are values of, if not one of its name."""

    label: Word
    form: Form = Form.TEXT
    weight: int = 2
    of: str = ""


WORDY = 5
COLUMNS: dict[str, Kept] = {
    "topic": Kept(pgettext_lazy("report", "Topic"), Form.CODE),
    "label": Kept(pgettext_lazy("report", "Words of the watch list"), weight=WORDY),
    "mentions": Kept(pgettext_lazy("report", "Mentions"), Form.NUMBER),
    "before": Kept(pgettext_lazy("report", "Before"), Form.NUMBER),
    "place": Kept(pgettext_lazy("report", "Place"), weight=1),
    "name": Kept(pgettext_lazy("report", "Name"), weight=WORDY),
    "said": Kept(pgettext_lazy("report", "Said"), Form.NUMBER),
    "conversations": Kept(pgettext_lazy("report", "Conversations"), Form.NUMBER),
    "did": Kept(pgettext_lazy("report", "Done"), weight=WORDY),
    "theme": Kept(pgettext_lazy("report", "Theme")),
    "decision": Kept(pgettext_lazy("report", "Decision"), Form.CODE),
    "at": Kept(pgettext_lazy("report", "When"), Form.MOMENT, 3),
    "title": Kept(pgettext_lazy("report", "Title"), weight=WORDY),
    "words": Kept(pgettext_lazy("report", "What"), weight=WORDY),
    "kind": Kept(pgettext_lazy("report", "Kind"), Form.CODE, 3),
    "channel": Kept(pgettext_lazy("report", "Channel"), weight=3),
    "basis": Kept(pgettext_lazy("report", "By right of"), Form.CODE, 4),
    "level": Kept(pgettext_lazy("report", "Level"), Form.CODE),
    "approved_by": Kept(pgettext_lazy("report", "Approved by")),
    "by": Kept(pgettext_lazy("report", "By"), weight=3),
    "verdict": Kept(pgettext_lazy("report", "Word"), Form.CODE),
    "reason": Kept(pgettext_lazy("report", "Reason"), weight=WORDY),
    "since": Kept(pgettext_lazy("report", "From"), Form.MOMENT, 3),
    "lifted_at": Kept(pgettext_lazy("report", "Lifted"), Form.MOMENT, 3),
    "scope": Kept(pgettext_lazy("report", "Scope"), Form.CODE),
    "held": Kept(pgettext_lazy("report", "What was held"), weight=3),
    "lifted_by": Kept(pgettext_lazy("report", "Lifted by"), weight=3),
    "remedy": Kept(pgettext_lazy("report", "Put right by"), Form.CODE, 3, of="kind"),
    "put_right_at": Kept(pgettext_lazy("report", "Put right"), Form.MOMENT, 3),
    "department": Kept(pgettext_lazy("report", "Department"), weight=3),
    "state": Kept(pgettext_lazy("report", "State"), Form.CODE, 3),
    "who": Kept(pgettext_lazy("report", "Who"), weight=3),
    "side": Kept(pgettext_lazy("report", "Side"), Form.CODE),
    "act": Kept(pgettext_lazy("report", "How"), Form.CODE, 3),
    "object": Kept(pgettext_lazy("report", "What"), weight=4),
    "count": Kept(pgettext_lazy("report", "Count"), Form.NUMBER),
    "class": Kept(pgettext_lazy("report", "Class"), Form.CODE, 4),
    "line": Kept(pgettext_lazy("report", "Line of the log"), Form.NUMBER),
    "way": Kept(pgettext_lazy("report", "Way"), Form.CODE),
    "recipient": Kept(pgettext_lazy("report", "Recipient"), Form.CODE, 4),
    "until": Kept(pgettext_lazy("report", "Until"), Form.MOMENT, 3),
    "day": Kept(pgettext_lazy("report", "Day"), Form.DAY, 3),
    "subject": Kept(pgettext_lazy("report", "Subject"), weight=WORDY),
    "text": Kept(pgettext_lazy("report", "Remark"), weight=WORDY),
    "headline": Kept(pgettext_lazy("report", "Headline"), weight=WORDY),
    "source": Kept(pgettext_lazy("report", "Source"), weight=3),
    "published_at": Kept(pgettext_lazy("report", "Published"), Form.MOMENT, 3),
    "excerpt": Kept(pgettext_lazy("report", "Excerpt"), weight=WORDY),
    "comment": Kept(pgettext_lazy("report", "Comment"), weight=WORDY),
    "licence": Kept(pgettext_lazy("report", "Licence")),
    "asked_at": Kept(pgettext_lazy("report", "Asked"), Form.MOMENT, 3),
    "size": Kept(pgettext_lazy("report", "Lines"), Form.NUMBER),
    "done": Kept(pgettext_lazy("report", "Recomputed"), Form.NUMBER),
    "good": Kept(pgettext_lazy("report", "Held"), Form.NUMBER),
    "ended_at": Kept(pgettext_lazy("report", "Ended"), Form.MOMENT, 3),
    "fault": Kept(pgettext_lazy("report", "First fault")),
}
HANDED_OVER: Mapping[str, Kept] = {
    "agency": Kept(pgettext_lazy("report", "Agency"), weight=3),
    "mandate_state": Kept(pgettext_lazy("report", "State"), Form.CODE),
    "starts_on": Kept(pgettext_lazy("report", "From"), Form.DATE, 3),
    "ends_on": Kept(pgettext_lazy("report", "To"), Form.DATE, 3),
    "notice_days": Kept(pgettext_lazy("report", "Days of notice"), Form.NUMBER),
    "version": Kept(pgettext_lazy("report", "Version"), Form.NUMBER),
    "sensitivity": Kept(pgettext_lazy("report", "Sensitivity"), Form.CODE, 3),
    "hours": Kept(pgettext_lazy("report", "Hours")),
    "weekdays": Kept(pgettext_lazy("report", "Days of the week"), weight=3),
    "daily_cap": Kept(pgettext_lazy("report", "A day at most"), Form.NUMBER),
    "last_day": Kept(pgettext_lazy("report", "Last day"), Form.DATE, 3),
    "part": Kept(pgettext_lazy("report", "Part"), Form.CODE),
    "network": Kept(pgettext_lazy("report", "Network"), Form.CODE, 3),
    "handle": Kept(pgettext_lazy("report", "Name there"), weight=3),
    "channel_state": Kept(pgettext_lazy("report", "State"), Form.CODE),
    "health": Kept(pgettext_lazy("report", "What is wrong"), Form.CODE, 3),
    "expires_at": Kept(pgettext_lazy("report", "Access ends"), Form.MOMENT, 3),
    "medium": Kept(pgettext_lazy("report", "Medium"), Form.CODE, 3),
    "source_state": Kept(pgettext_lazy("report", "State"), Form.CODE),
    "every": Kept(pgettext_lazy("report", "Minutes between looks"), Form.NUMBER),
    "trouble": Kept(pgettext_lazy("report", "What is wrong"), Form.CODE, 3),
    "person": Kept(pgettext_lazy("report", "Name"), weight=3),
    "role": Kept(pgettext_lazy("report", "Role"), Form.CODE, 3),
    "email": Kept(pgettext_lazy("report", "E-mail"), weight=4),
    "talk_state": Kept(pgettext_lazy("report", "State"), Form.CODE, 3),
    "holder": Kept(pgettext_lazy("report", "In whose hands"), weight=3),
    "due_acknowledge": Kept(pgettext_lazy("report", "First word due"), Form.MOMENT, 3),
    "due_answer": Kept(pgettext_lazy("report", "Answer due"), Form.MOMENT, 3),
    "opened_at": Kept(pgettext_lazy("report", "Opened"), Form.MOMENT, 3),
    "rule_text": Kept(pgettext_lazy("report", "How often"), weight=3),
    "clock_text": Kept(pgettext_lazy("report", "At what time")),
    "uses_left": Kept(pgettext_lazy("report", "Uses left"), Form.NUMBER),
    "signed_by": Kept(pgettext_lazy("report", "Signed by"), weight=3),
    "language": Kept(pgettext_lazy("report", "Language"), Form.CODE),
    "step": Kept(pgettext_lazy("report", "With it"), Form.CODE),
    "member": Kept(pgettext_lazy("report", "Name"), weight=3),
    "handles": Kept(pgettext_lazy("report", "On networks"), weight=4),
    "preferred": Kept(pgettext_lazy("report", "Reached best"), Form.CODE, 3),
    "consent": Kept(pgettext_lazy("report", "Consent to be written to"), Form.CODE, 3),
    "due_at": Kept(pgettext_lazy("report", "Due"), Form.MOMENT, 3),
    "ticket_state": Kept(pgettext_lazy("report", "State"), Form.CODE, 3),
    "answer": Kept(pgettext_lazy("report", "What the system said"), weight=4),
}
COLUMNS |= HANDED_OVER
HIDDEN: Mapping[str, frozenset[str]] = {
    "topics": frozenset({"topic"}),
    "pieces": frozenset({"link"}),
    "acts": frozenset({"level", "approved_by"}),
    "told_at_once": frozenset({"level", "approved_by", "basis"}),
    "trusted": frozenset({"level", "approved_by", "basis"}),
    "ambassadors": frozenset({"kind", "level", "approved_by"}),
    "readings": frozenset({"line", "ids"}),
    "disclosures": frozenset({"policy", "to", "digest", "ids"}),
}
"""By listing the columns that are for programs: another one says the same to people."""
Record = Mapping[str, Cell]


def column_word(name: str) -> str:
    """What a column is called in the language in force."""
    return str(COLUMNS[name].label) if name in COLUMNS else name.replace("_", " ")


ALIKE = frozenset({"agency"})
"""Columns that need not be read where they say the same in each of several rows."""


def told_columns(listing: Listing, records: Sequence[Record] = ()) -> list[str]:
    """The columns of a listing that are for people; of `records`, where they are given, those that tell them apart."""
    mute = HIDDEN.get(listing.code, frozenset())
    alike = {name for name in ALIKE if len(records) > 1 and len({record.get(name) for record in records}) == 1}
    return [name for name in listing.columns if name not in mute | alike]


def cell_text(name: str, record: Record, reading: Reading, *, parted: bool = False) -> str:
    """A cell for people, in the language in force: codes as words, moments on their clock. `parted`: it may break there."""
    told = _COMPOSED[name](record, reading.names) if name in _COMPOSED else ""
    return told or _written(name, record[name], reading, parted=parted)


def _written(name: str, value: Cell, reading: Reading, *, parted: bool) -> str:
    kept = COLUMNS.get(name, Kept(""))
    if value is None or value == "":
        return NOTHING
    if kept.form is Form.CODE:
        return value_word(kept.of or name, str(value), reading.names)
    if isinstance(value, int):
        return number(value, reading.language)
    if kept.form is Form.MOMENT:
        return moment(datetime.fromisoformat(value), reading.language, reading.zone, parted=parted)
    if kept.form in {Form.DAY, Form.DATE}:
        return day(date.fromisoformat(value), reading.language, year=kept.form is Form.DATE)
    return value


def _label(record: Record, names: Mapping[str, str]) -> str:
    return str(record["label"] or names.get(str(record["topic"]), record["topic"]))


def _name(record: Record, _names: Mapping[str, str]) -> str:
    return pgettext("report", "a member (not named here)") if record["name"] is None else ""


def _words(record: Record, _names: Mapping[str, str]) -> str:
    """The beginning is enough to know an act again; ready words stand whole."""
    if record["words"] is None:
        return pgettext("report", "(words to one person)")
    words = " ".join(str(record["words"]).split())
    return words if "title" in record or len(words) <= BEGUN else words[:BEGUN].rsplit(" ", 1)[0] + "\u2026"


def _title(record: Record, _names: Mapping[str, str]) -> str:
    return pgettext("report", "(words to one person)") if record["title"] is None else ""


def _right(record: Record, names: Mapping[str, str]) -> str:
    """'approval of the brand: Sophie Martin', 'trust granted by level: Level 6'."""
    right = value_word("basis", str(record["basis"]), names)
    level = value_word("level", str(record.get("level")), names) if record["basis"] == "level" else ""
    more = level or record.get("approved_by") or ""
    return _("%(name)s: %(value)s") % {"name": right, "value": more} if more else right


def _recipient(record: Record, names: Mapping[str, str]) -> str:
    """'a person here: Sophie Martin'."""
    kind = value_word("recipient", str(record["recipient"]), names)
    return _("%(name)s: %(value)s") % {"name": kind, "value": record["to"]} if record["to"] else kind


def _who(record: Record, _names: Mapping[str, str]) -> str:
    return pgettext("report", "by a rule of the brand") if record.get("policy") and not record["who"] else ""


def _object(record: Record, _names: Mapping[str, str]) -> str:
    return objects_text(str(record["object"])) if record["object"] else ""


def _any_channel(record: Record, _names: Mapping[str, str]) -> str:
    """A grant without a channel covers each of them; of an act without one nothing is known."""
    return _("any channel") if "daily_cap" in record and not record["channel"] else ""


def _any_act(record: Record, _names: Mapping[str, str]) -> str:
    return _("any act") if "daily_cap" in record and not record["kind"] else ""


def _department(record: Record, _names: Mapping[str, str]) -> str:
    """One of those that every brand has; the others are called as the brand called them."""
    return word(DEPARTMENTS, str(record["department"])) if record["department"] in DEPARTMENTS else ""


def _weekdays(record: Record, _names: Mapping[str, str]) -> str:
    days = str(record["weekdays"] or "")
    return "" if len(days) == len(WEEKDAYS_ABBR) else ", ".join(str(WEEKDAYS_ABBR[int(one)]) for one in days)


def _often(record: Record, _names: Mapping[str, str]) -> str:
    """'every 2 weeks: Mon, Thu', of the parts of a rule that a series may have."""
    parts = dict(part.split("=", 1) for part in str(record["rule_text"]).split(";") if "=" in part)
    every, unit = parts.get("INTERVAL", "1"), word(FREQUENCIES, parts.get("FREQ", ""))
    days = [str(WEEKDAYS_ABBR[RRULE_DAYS.index(one)]) for one in parts.get("BYDAY", "").split(",") if one in RRULE_DAYS]
    often = unit if every == "1" else f"{unit} × {every}"
    return _("%(name)s: %(value)s") % {"name": often, "value": ", ".join(days)} if days else often


def _held(record: Record, names: Mapping[str, str]) -> str:
    return value_word("kind", str(record["held"]), names) if record["scope"] == "kind" else ""


_COMPOSED: Mapping[str, Callable[[Record, Mapping[str, str]], str]] = {
    "label": _label,
    "name": _name,
    "words": _words,
    "title": _title,
    "basis": _right,
    "held": _held,
    "object": _object,
    "recipient": _recipient,
    "who": _who,
    "channel": _any_channel,
    "kind": _any_act,
    "department": _department,
    "weekdays": _weekdays,
    "rule_text": _often,
}
